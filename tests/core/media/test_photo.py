import io
import struct
import zlib
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms, ImageFile, features

from reenactor.errors import InputError, OutputError
from reenactor.media.photo import LONGEST, read_photo, write_photo

RED, GREEN, BLUE = (255, 0, 0), (0, 128, 0), (0, 0, 255)


def quarters() -> Image.Image:
    """64 x 32: red, green over blue, white."""
    pixels = np.zeros((32, 64, 3), np.uint8)
    pixels[:16, :32], pixels[:16, 32:] = RED, GREEN
    pixels[16:, :32], pixels[16:, 32:] = BLUE, (255, 255, 255)
    return Image.fromarray(pixels)


def corners(pixels: np.ndarray) -> list[tuple[int, ...]]:
    """The colours top left, top right, bottom left, bottom right."""
    height, width = pixels.shape[:2]
    rows, columns = (height // 4, height * 3 // 4), (width // 4, width * 3 // 4)
    return [tuple(pixels[row, column].tolist()) for row in rows for column in columns]


UPRIGHT = [RED, GREEN, BLUE, (255, 255, 255)]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_applied(tmp_path: Path, orientation: int) -> None:
    """Each file stores what a viewer that obeys the tag shows upright (EXIF 2.3, 4.6.4)."""
    undo = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    stored = quarters() if undo is None else quarters().transpose(undo)
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / "o.png"
    stored.save(path, exif=exif)
    photo = read_photo(path)
    assert photo.pixels.shape == (32, 64, 3)
    assert corners(photo.pixels) == UPRIGHT
    assert photo.alpha is None
    assert photo.name == "o"


@pytest.mark.parametrize("suffix", ["jpg", "webp", "bmp", "tiff", "gif"])
def test_kinds_of_file(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"p.{suffix}"
    quarters().save(path)
    assert np.abs(np.subtract(corners(read_photo(path).pixels), UPRIGHT)).max() <= 6


def test_alpha_is_kept_and_laid_over_white(tmp_path: Path) -> None:
    picture = quarters().convert("RGBA")
    alpha = np.full((32, 64), 255, np.uint8)
    alpha[:, 32:] = 51
    picture.putalpha(Image.fromarray(alpha))
    path = tmp_path / "cut.png"
    picture.save(path)
    photo = read_photo(path)
    assert photo.alpha is not None
    assert np.array_equal(photo.alpha, alpha)
    assert corners(photo.pixels) == [RED, (204, 230, 204), BLUE, (255, 255, 255)]


def test_an_alpha_that_covers_all_is_none(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    quarters().convert("RGBA").save(path)
    assert read_photo(path).alpha is None


def test_a_picture_of_nothing_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.new("RGBA", (10, 10)).save(path)
    with pytest.raises(InputError, match="completely transparent"):
        read_photo(path)


def test_a_palette_with_a_transparent_colour(tmp_path: Path) -> None:
    path = tmp_path / "p.png"
    picture = quarters().quantize(4)
    picture.save(path, transparency=picture.getpixel((1, 1)))
    photo = read_photo(path)
    assert photo.alpha is not None
    assert [photo.alpha[8, 16], photo.alpha[8, 48], photo.alpha[24, 16]] == [0, 255, 255]
    assert corners(photo.pixels) == [(255, 255, 255), *UPRIGHT[1:]]


@pytest.mark.parametrize("mode", ["L", "LA", "1", "I;16"])
def test_grey(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "g.png"
    if mode == "I;16":
        Image.fromarray(np.full((10, 10), 32896, np.uint16)).save(path)
    else:
        Image.new("L", (10, 10), 255 if mode == "1" else 128).convert(mode).save(path)
    pixels = read_photo(path).pixels
    assert pixels.shape == (10, 10, 3)
    assert set(pixels.flat) == {255 if mode == "1" else 128}


def test_cmyk(tmp_path: Path) -> None:
    path = tmp_path / "c.jpg"
    quarters().convert("CMYK").save(path, quality=95)
    assert np.abs(np.subtract(corners(read_photo(path).pixels), UPRIGHT)).max() <= 8


def test_an_embedded_profile_is_obeyed(tmp_path: Path) -> None:
    """In a profile with red and blue exchanged, red is blue."""
    srgb = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, blue = srgb.index(b"rXYZ"), srgb.index(b"bXYZ")
    srgb[red : red + 4], srgb[blue : blue + 4] = b"bXYZ", b"rXYZ"
    path = tmp_path / "i.png"
    quarters().save(path, icc_profile=bytes(srgb))
    found = corners(read_photo(path).pixels)
    assert np.abs(np.subtract(found[0], BLUE)).max() <= 3
    assert np.abs(np.subtract(found[2], RED)).max() <= 3
    quarters().save(path, icc_profile=b"no profile at all")
    assert corners(read_photo(path).pixels) == UPRIGHT


def test_an_animation_gives_its_first_frame(tmp_path: Path) -> None:
    path = tmp_path / "a.webp"
    frames = [Image.new("RGB", (16, 16), colour) for colour in (RED, BLUE)]
    frames[0].save(path, save_all=True, append_images=frames[1:], lossless=True)
    assert read_photo(path).pixels[8, 8].tolist() == list(RED)


def test_a_large_picture_is_shrunk(tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    quarters().resize((LONGEST + 904, 1000), Image.Resampling.NEAREST).save(path)
    photo = read_photo(path)
    assert photo.pixels.shape == (819, LONGEST, 3)  # 1000 * 4096 / 5000
    assert corners(photo.pixels) == UPRIGHT


def test_a_decompression_bomb_is_refused(tmp_path: Path) -> None:
    """A few kilobytes that promise 400 million pixels."""
    path = tmp_path / "bomb.png"
    Image.new("1", (20000, 20000)).save(path)
    with pytest.raises(InputError, match="too large"):
        read_photo(path)


def test_files_that_are_no_picture(tmp_path: Path) -> None:
    empty, text, cut, noise = (tmp_path / name for name in ("e.png", "t.png", "c.png", "n.jpg"))
    empty.touch()
    text.write_text("no picture")
    buffer = io.BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (99, 99, 3), np.uint8)).save(
        buffer, "PNG"
    )
    cut.write_bytes(buffer.getvalue()[:5000])
    noise.write_bytes(np.random.default_rng(0).bytes(5000))
    for path, told in [
        (empty, "an empty file"),
        (text, "unknown kind"),
        (cut, "as an image"),
        (noise, "unknown kind"),
        (tmp_path, "is a folder"),
        (tmp_path / "missing.png", "file not found"),
    ]:
        with pytest.raises(InputError, match=told):
            read_photo(path)


@pytest.mark.parametrize("depth", [3, 4])
def test_write_photo(tmp_path: Path, depth: int) -> None:
    pixels = np.random.default_rng(0).integers(0, 255, (13, 17, depth), np.uint8)
    path = tmp_path / "new" / "p.png"
    write_photo(path, pixels, {"comment": "made of ✨", "spec": "abc"})
    with Image.open(path) as file:
        file.load()
        assert np.array_equal(np.asarray(file), pixels)
        assert dict(file.info) == {"comment": "made of ✨", "spec": "abc"}
    assert [item.name for item in path.parent.iterdir()] == ["p.png"]


def test_write_photo_where_that_is_not_possible(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError):
        write_photo(tmp_path / "file" / "p.png", np.zeros((2, 2, 3), np.uint8))


POSTSCRIPT = (
    b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 60 40\n%%EndComments\n"
    b"0 0 moveto 60 40 lineto stroke\nshowpage\n%%EOF\n"
)


@pytest.mark.parametrize("suffix", [".jpg", ".eps", ".png", ""])
def test_no_picture_starts_a_program(
    tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pillow hands EPS to Ghostscript where that is installed: a stand-in says so."""
    ghost = tmp_path / "bin" / "gs"
    ghost.parent.mkdir()
    ghost.write_text(f"#!/bin/sh\n: > {tmp_path}/started\n")
    ghost.chmod(0o755)
    monkeypatch.setattr("PIL.EpsImagePlugin.gs_binary", str(ghost))
    path = tmp_path / f"photo{suffix}"
    path.write_bytes(POSTSCRIPT)
    with pytest.raises(InputError) as caught:
        read_photo(path)
    assert "PostScript" in caught.value.given
    assert not (tmp_path / "started").exists()


@pytest.mark.parametrize(
    ("begin", "named"),
    [
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "a HEIC photo"),
        (b"%PDF-1.7\n", "a PDF document"),
        (b"8BPS\0\1", "a Photoshop document"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG drawing"),
        (b"\0\0\0\x20ftypisom\0\0\2\0", "a video"),
        (b"\0\0\0\x0cJXL \x0d\x0a\x87\x0a", "a JPEG XL photo"),
    ],
)
def test_what_is_often_given_for_a_photo_is_named(tmp_path: Path, begin: bytes, named: str) -> None:
    path = tmp_path / "me.jpg"
    path.write_bytes(begin + bytes(100))
    with pytest.raises(InputError) as caught:
        read_photo(path)
    assert caught.value.given == named
    assert "JPEG" in caught.value.expected


def test_formats_that_are_promised_are_read(tmp_path: Path) -> None:
    """Those that this Pillow was built with."""
    picture = Image.new("RGB", (40, 30), (200, 100, 50))
    for suffix in ("jpg", "png", "webp", "bmp", "gif", "tif", "avif", "jp2", "ppm"):
        path = tmp_path / f"a.{suffix}"
        try:
            picture.save(path)
        except (KeyError, OSError, ValueError):
            continue
        assert read_photo(path).pixels.shape == (30, 40, 3), suffix


def test_sloppy_exif_still_turns_the_picture(tmp_path: Path) -> None:
    """A width that is a text, which Pillow reads but cannot write back."""
    text, turn = b"x" * 11, struct.pack(">HHIHH", 0x0112, 3, 1, 6, 0)
    entries = struct.pack(">HHII", 0x0100, 2, len(text), 38) + turn
    body = struct.pack(">H", 2) + entries + bytes(4) + text
    path = tmp_path / "o.jpg"
    stored = quarters().transpose(Image.Transpose.ROTATE_90)
    stored.save(path, exif=b"Exif\0\0MM\0*\0\0\0\x08" + body, quality=95)
    photo = read_photo(path)
    assert photo.pixels.shape == (32, 64, 3)
    assert np.abs(np.subtract(corners(photo.pixels), UPRIGHT)).max() <= 12


@pytest.mark.parametrize("raised", [struct.error, TypeError, KeyError, IndexError, RuntimeError])
def test_whatever_exif_makes_pillow_raise_is_ignored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, raised: type[Exception]
) -> None:
    def fail(self: object) -> None:
        raise raised("unpack requires a buffer of 4 bytes")

    quarters().save(tmp_path / "o.png")
    monkeypatch.setattr(Image.Image, "getexif", fail)
    assert corners(read_photo(tmp_path / "o.png").pixels) == UPRIGHT


RAISED = [RuntimeError, MemoryError, OverflowError, EOFError, KeyError, IndexError, SyntaxError]
RAISED += [struct.error, zlib.error, TypeError, AttributeError, ZeroDivisionError, RecursionError]


@pytest.mark.parametrize("raised", RAISED)
@pytest.mark.parametrize("place", ["open", "load"])
def test_whatever_pillow_raises_is_an_input_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, raised: type[Exception], place: str
) -> None:
    def fail(*given: object, **named: object) -> None:
        raise raised

    quarters().save(tmp_path / "p.png")
    owner = Image if place == "open" else ImageFile.ImageFile
    monkeypatch.setattr(owner, place, fail)
    with pytest.raises(InputError, match="cannot be read as an image") as caught:
        read_photo(tmp_path / "p.png")
    assert caught.value.given


def test_a_damaged_avif_is_an_input_error(tmp_path: Path) -> None:
    if not features.check("avif"):
        pytest.skip("this Pillow writes no AVIF")
    path = tmp_path / "p.avif"
    quarters().save(path)
    whole = path.read_bytes()
    for cut in range(20, len(whole), 7):
        path.write_bytes(whole[:cut] + bytes([whole[cut] ^ 0xFF]) + whole[cut + 1 :])
        with suppress(InputError):  # or it is read in spite of it
            read_photo(path)


GREY = np.tile(np.linspace(0, 1, 64, dtype=np.float32), (48, 1))
"""A ramp: 0 is black, 1 is white."""


@pytest.mark.parametrize("top", [1, 255, 65535, 1e6])
@pytest.mark.parametrize("odd", [None, float("nan"), float("inf"), -float("inf"), 3e38, -99, 1.04])
def test_grey_of_floats_keeps_its_range_whatever_one_value_is(
    tmp_path: Path, top: float, odd: float | None
) -> None:
    values = GREY * np.float32(top)
    if odd is not None:
        values[0, 0] = odd * top if odd == 1.04 else odd
    path = tmp_path / "f.tif"
    Image.fromarray(values).save(path)
    ramp = read_photo(path).pixels[10, :, 0].astype(int)
    assert np.abs(ramp - GREY[0] * 255).max() <= 3


@pytest.mark.parametrize("top", [255, 65535, 100_000, 2**30])
def test_grey_of_whole_numbers_of_32_bits_keeps_its_range(tmp_path: Path, top: int) -> None:
    values = (GREY.astype(np.float64) * top).round().astype(np.int32)
    values[0, 0] = -(2**31)
    path = tmp_path / "i.tif"
    Image.fromarray(values).save(path)
    ramp = read_photo(path).pixels[10, :, 0].astype(int)
    assert np.abs(ramp - GREY[0] * 255).max() <= 3


def test_a_large_picture_of_floats_is_not_darkened_by_shrinking_it(tmp_path: Path) -> None:
    """The filter that shrinks overshoots at an edge: beyond 1, which is not 255."""
    values = np.zeros((4, LONGEST * 2), np.float32)
    values[:, LONGEST:] = 1
    Image.fromarray(values).save(tmp_path / "f.tif")
    pixels = read_photo(tmp_path / "f.tif").pixels
    assert pixels.shape[1] == LONGEST
    assert pixels[0, -1, 0] == 255
    assert pixels[0, 0, 0] == 0


def test_a_picture_of_no_numbers_at_all_is_refused(tmp_path: Path) -> None:
    Image.fromarray(np.full((8, 8), np.nan, np.float32)).save(tmp_path / "f.tif")
    with pytest.raises(InputError, match="cannot be read as an image"):
        read_photo(tmp_path / "f.tif")
