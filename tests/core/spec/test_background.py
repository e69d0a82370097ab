from pathlib import Path

import pytest
from PIL import Image as PillowImage
from pydantic import TypeAdapter, ValidationError

from reenactor.inputs import PICTURE_SUFFIXES
from reenactor.media.photo import FORMATS
from reenactor.spec.background import Background, Colour, Folder, Image, SceneBackground, Video

ADAPTER: TypeAdapter[object] = TypeAdapter(Background)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("driver", SceneBackground(scene="driver")),
        ("target", SceneBackground(scene="target")),
        ("transparent", SceneBackground(scene="transparent")),
        ("White", Colour(colour="#ffffff")),
        ("#20A040", Colour(colour="#20a040")),
        ("wall.PNG", Image(image=Path("wall.PNG"))),
        ("a/b.mp4", Video(video=Path("a/b.mp4"))),
        ("./frames", Folder(folder=Path("frames"))),
        ("frames/v1.2", Folder(folder=Path("frames/v1.2"))),
        ("bg.avif", Image(image=Path("bg.avif"))),
        ("IMG_1.HEIC", Image(image=Path("IMG_1.HEIC"))),
        ({"image": "white"}, Image(image=Path("white"))),
        ({"folder": "frames.mp4"}, Folder(folder=Path("frames.mp4"))),
        ({"video": "x", "mode": "hold"}, Video(video=Path("x"), mode="hold")),
    ],
)
def test_forms(given: object, expected: object) -> None:
    assert ADAPTER.validate_python(given) == expected


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("drver", "invalid background"),
        ("#ff00", "invalid colour"),
        ("frames", "invalid background"),
        (None, "no value"),
        (5, "invalid background"),
        ({}, "invalid background"),
        ({"video": "x", "mode": "bounce"}, "'loop' or 'hold'"),
        ({"image": "x", "mode": "loop"}, "not permitted"),
        ({"image": "a.png", "folder": "b"}, "2 forms at once"),
        ({"scene": "driver", "video": "a.mp4", "colour": "#000000"}, "3 forms at once"),
    ],
)
def test_what_is_none(given: object, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        ADAPTER.validate_python(given)


def test_a_colour_in_parts() -> None:
    assert Colour(colour="#ff8000").rgb == (1.0, 128 / 255, 0.0)


def test_every_suffix_of_a_picture_that_is_read_is_a_picture_here_too() -> None:
    """Pillow's own table says which formats the suffixes stand for."""
    PillowImage.init()
    known = {end for end, name in PillowImage.EXTENSION.items() if name in FORMATS}
    assert {".jpg", ".png", ".webp", ".tiff", ".bmp", ".jp2", ".ppm"} <= known
    assert known & PICTURE_SUFFIXES == PICTURE_SUFFIXES - ({".avif"} - known)
    for suffix in PICTURE_SUFFIXES:
        assert ADAPTER.validate_python(f"a{suffix}") == Image(image=Path(f"a{suffix}"))
