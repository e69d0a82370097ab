from fractions import Fraction
from pathlib import Path

import pytest

from reenactor.errors import OutputError, UsageError
from reenactor.media.formats import (
    Format,
    encoded_size,
    expected_bytes,
    format_of,
    frame_path,
    is_pattern,
)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.mp4", Format.MP4),
        ("a.MP4", Format.MP4),
        ("a.m4v", Format.MP4),
        ("a.webm", Format.WEBM),
        ("a.mov", Format.MOV),
        ("frames", Format.FRAMES),
        ("a_%06d.png", Format.FRAMES),
        ("a%d.png", Format.FRAMES),
    ],
)
def test_names_choose_formats(name: str, kind: Format) -> None:
    assert format_of(Path("out") / name) is kind
    if kind is not Format.MP4:
        assert format_of(Path("out") / name, alpha=True) is kind


def test_a_folder_with_a_dot_is_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "v1.0"
    folder.mkdir()
    assert format_of(folder) is Format.FRAMES


def test_other_names_are_refused_with_one_that_works() -> None:
    with pytest.raises(OutputError, match=r"try: +a\.mp4"):
        format_of(Path("a.avi"))
    with pytest.raises(OutputError, match=r"try: +a_%06d\.png"):
        format_of(Path("a.png"))
    with pytest.raises(OutputError, match=r"try: +a\.webm"):
        format_of(Path("a.mp4"), alpha=True)


@pytest.mark.parametrize(
    "name",
    ["x%06d%06d.png", "x%d_%d.png", "x%s.png", "x%%.png", "x%%06d.png", "%%d.png", "x%06d%.png",
     "x%.png", "x%6d.png", "x%-6d.png", "x%x.png", "x%i.png", "x%099999999d.png", "x%06.2f.png",
     "%d%s.PNG", "frames%d", "frames%06d", "frames%s", "100%%", "x%6d", "x%06d.mp4", "x%d.webm",
     "x%d.mov"],
)  # fmt: skip
def test_patterns_of_anything_but_one_number_are_refused(name: str) -> None:
    with pytest.raises(UsageError, match="invalid pattern") as caught:
        format_of(Path("out") / name)
    assert caught.value.given == f"out/{name}"
    assert format_of(Path(caught.value.advice)) is Format.FRAMES


@pytest.mark.parametrize("path", [".", "..", "/", "", "a/..", "../.."])
def test_an_output_has_a_name(path: str) -> None:
    with pytest.raises(UsageError, match="needs a name"):
        format_of(Path(path))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("x%06d.png", Format.FRAMES),
        ("x%0d.png", Format.FRAMES),
        ("%d.PNG", Format.FRAMES),
        ("100%", Format.FRAMES),
        ("100% me", Format.FRAMES),
        ("50% off.mp4", Format.MP4),
        ("50%off.mp4", Format.MP4),
        ("%.webm", Format.WEBM),
    ],
)
def test_a_percent_sign_that_is_no_number_may_be_in_other_names(name: str, kind: Format) -> None:
    assert format_of(Path("50%d") / name) is kind


def test_a_folder_that_is_called_as_a_pattern_is_not_taken_for_one(tmp_path: Path) -> None:
    (tmp_path / "%d.png").mkdir()
    with pytest.raises(UsageError, match="invalid pattern"):
        format_of(tmp_path / "%d.png")


def test_frames_are_named_by_folder_or_pattern() -> None:
    assert frame_path(Path("out"), 7) == Path("out/000007.png")
    assert frame_path(Path("out/a_%04d.png"), 7) == Path("out/a_0007.png")
    assert frame_path(Path("out/a%d.png"), 12) == Path("out/a12.png")
    assert is_pattern(Path("a_%04d.png"))
    assert not is_pattern(Path("a"))


def test_sizes_and_units() -> None:
    assert encoded_size(Format.MP4, (77, 101)) == (78, 102)
    assert encoded_size(Format.WEBM, (77, 101)) == (77, 101)
    assert Format.MP4.time_base(Fraction(1001, 30000)) == Fraction(1, 30000)
    assert Format.WEBM.time_base(Fraction(1, 30000)) == Fraction(1, 1000)
    assert Format.MOV.segment_suffix == ".mov"
    assert Format.FRAMES.segment_suffix == ""


def test_the_guess_of_bytes_grows_with_the_work() -> None:
    small = expected_bytes(Format.MP4, (100, 100), 10)
    assert small < expected_bytes(Format.MP4, (100, 100), 20)
    assert small < expected_bytes(Format.MOV, (100, 100), 10)
    assert expected_bytes(Format.MOV, (100, 100), 10) < expected_bytes(
        Format.MOV, (100, 100), 10, alpha=True
    )
