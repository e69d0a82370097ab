from pathlib import Path

import pytest
from pydantic import TypeAdapter, ValidationError

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
    ],
)
def test_what_is_none(given: object, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        ADAPTER.validate_python(given)


def test_a_colour_in_parts() -> None:
    assert Colour(colour="#ff8000").rgb == (1.0, 128 / 255, 0.0)
