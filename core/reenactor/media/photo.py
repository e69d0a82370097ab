"""Reading and writing one picture."""

import io
import warnings
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
from jaxtyping import Float32, UInt8
from PIL import ExifTags, Image, ImageCms, UnidentifiedImageError

from reenactor.errors import InputError
from reenactor.inputs import require_regular_file
from reenactor.media.colour import over_white
from reenactor.media.files import input_error, write_bytes
from reenactor.media.mark import with_text

LONGEST = 4096
"""Largest side in pixels; larger pictures are shrunk. No canvas is larger."""

FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "DIB", "GIF", "TIFF", "AVIF", "JPEG2000", "PPM")
"""The formats that are read. Pillow supports more, some of which start other programs (EPS:
Ghostscript)."""

_PICTURES = "a picture such as JPEG, PNG, WebP, AVIF, BMP or TIFF"
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What turns a picture upright, by its EXIF orientation (EXIF 2.3, 4.6.4)."""
_OTHERS = (
    (0, b"%!PS", "an EPS or PostScript drawing"),
    (0, b"\xc5\xd0\xd3\xc6", "an EPS drawing"),
    (0, b"%PDF", "a PDF document"),
    (0, b"8BPS", "a Photoshop document"),
    (0, b"<svg", "an SVG drawing"),
    (0, b"<?xml", "an SVG drawing or another XML document"),
    (0, b"\x1a\x45\xdf\xa3", "a video"),
    (4, b"ftyphe", "a HEIC photo"),
    (4, b"ftypmif1", "a HEIC photo"),
    (4, b"ftypcrx", "a camera's raw data"),
    (4, b"ftyp", "a video"),
    (0, b"\xff\x0a", "a JPEG XL photo"),
    (4, b"JXL ", "a JPEG XL photo"),
)
"""Signatures of files that are often mistaken for photos: offset, bytes, kind."""


@dataclass(frozen=True)
class Photo:
    """An upright picture in sRGB.

    Attributes:
        pixels: the picture, over white where `alpha` is less than 255.
        alpha: 255 is opaque; None if the whole picture is.
        name: the file's stem.
    """

    pixels: UInt8[np.ndarray, "H W 3"]
    alpha: UInt8[np.ndarray, "H W"] | None
    name: str


def read_photo(path: Path) -> Photo:
    """Read a picture of any common format, depth and colour space.

    It is rotated upright (EXIF), converted to sRGB (embedded profile) and 8 bits, and shrunk if a
    side is longer than `LONGEST`. Of an animation the first frame is read.

    Raises:
        InputError: the file is missing, damaged, not a picture, completely transparent, or has
            more than 178 million pixels (a decompression bomb).
    """
    if path.is_dir():
        raise InputError(f"{path} is a folder", given="a folder", expected=_PICTURES)
    require_regular_file(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about large pictures and odd metadata
            with opened_picture(path) as file:
                picture = _upright(file)
    except FileNotFoundError as error:
        raise input_error(path, error) from error
    except Image.DecompressionBombError as error:
        raise InputError(
            f"{path} is too large",
            given="more than 178 million pixels",
            expected="a photo",
            advice=f"shrink it to at most {LONGEST} pixels a side",
        ) from error
    except Exception as error:  # of damaged files Pillow raises almost anything
        raise InputError(
            f"{path} cannot be read as an image",
            given=_describe(path, error),
            expected=_PICTURES,
            advice="open it in another program and save it as JPEG or PNG",
        ) from error
    pixels = np.array(picture)
    if pixels.shape[2] == 3:
        return Photo(pixels, None, path.stem)
    alpha = np.ascontiguousarray(pixels[..., 3])
    if not alpha.any():
        raise InputError(f"{path} is completely transparent", expected="a picture of a person")
    return Photo(over_white(pixels), alpha if alpha.min() < 255 else None, path.stem)


def opened_picture(source: Path | bytes) -> Image.Image:
    """Open a picture file, or its content, if Pillow itself decodes the format.

    Raises:
        OSError: another format (`UnidentifiedImageError`), or a damaged or missing file.
        Image.DecompressionBombError: more than 178 million pixels.
    """
    Image.init()
    file = io.BytesIO(source) if isinstance(source, bytes) else source
    return Image.open(file, formats=[name for name in FORMATS if name in Image.OPEN])


def is_animated(path: Path) -> bool:
    """Whether a file is an animated WebP, PNG, AVIF or GIF; False where it cannot be opened."""
    with suppress(Exception):  # of damaged files Pillow raises almost anything
        require_regular_file(path)
        with opened_picture(path) as file:
            several = getattr(file, "n_frames", 1) > 1
            return several and file.format in ("WEBP", "PNG", "AVIF", "GIF")
    return False


def _describe(path: Path, error: Exception) -> str:
    if path.stat().st_size == 0:
        return "an empty file"
    if isinstance(error, UnidentifiedImageError):
        with path.open("rb") as file:
            head = file.read(16)
        for place, begin, kind in _OTHERS:
            if head.startswith(begin, place):
                return kind
        return f"an unknown kind of file ({path.suffix or 'no suffix'})"
    return str(error) or type(error).__name__


def _upright(file: Image.Image) -> Image.Image:
    """The first frame as 8-bit RGB or RGBA in sRGB, upright, at most `LONGEST` pixels a side."""
    if file.format == "JPEG":
        file.draft(None, (LONGEST, LONGEST))  # decodes at a half or a quarter if that suffices
    profile = file.info.get("icc_profile")
    turn = _turn_of(file)
    picture = _eight_bits(file)
    picture.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
    if turn is not None:
        picture = picture.transpose(turn)
    alpha = _alpha_of(picture)
    picture = _in_srgb(picture, profile)
    if alpha is not None:
        picture.putalpha(alpha)
    return picture


def _alpha_of(picture: Image.Image) -> Image.Image | None:
    if not picture.has_transparency_data:
        return None
    return picture.convert("RGBA").getchannel("A")


def _turn_of(file: Image.Image) -> Image.Transpose | None:
    """How the picture is turned upright by its EXIF orientation; the rest of EXIF is ignored."""
    try:
        return _TURNS.get(file.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # of damaged EXIF data Pillow raises almost anything
        return None


def _eight_bits(picture: Image.Image) -> Image.Image:
    """Convert grey of 16 or 32 bits to 8, which Pillow would clip."""
    if picture.mode.startswith("I") or picture.mode == "F":
        values = np.array(picture, np.float32)
        finite = np.isfinite(values)
        if not finite.any():
            raise ValueError("no finite values")
        values[~finite] = 0
        top = _white(values, whole=picture.mode != "F")
        return Image.fromarray(np.clip(values / top * 255 + 0.5, 0, 255).astype(np.uint8))
    return picture


def _white(values: Float32[np.ndarray, "H W"], whole: bool) -> float:
    """The value that is shown as white: the top of the usual range that holds the values.

    Few values beyond that range (highlights, marks of missing data) do not count.
    """
    most = float(values.max())
    if whole and most <= 65535:
        return 255.0 if most <= 255 else 65535.0
    usual, high = np.quantile(values[:: 1 + len(values) // 1000], (0.99, 0.999), method="lower")
    for top in (255.0, 65535.0) if whole else (1.0, 255.0, 65535.0):
        if usual <= 1.1 * top:
            return top
    return float(high)


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Convert to RGB, with the embedded profile if it fits.

    CMYK without a profile is converted approximately.
    """
    if picture.mode in ("P", "PA", "LA", "1", "La", "RGBa", "RGBA", "RGBX"):
        picture = picture.convert("L" if picture.mode in ("LA", "La", "1") else "RGB")
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(picture, source, target, outputMode="RGB")
            return cast(Image.Image, converted)
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # ignore a profile that is damaged or of another colour space
    return picture.convert("RGB")


def write_photo(
    path: Path, pixels: UInt8[np.ndarray, "H W C"], metadata: Mapping[str, str] | None = None
) -> None:
    """Write a PNG (RGB or RGBA) with text entries, atomically.

    Raises:
        OutputError: the file cannot be written.
    """
    write_bytes(path, with_text(as_png(pixels), metadata or {}))


def as_png(pixels: UInt8[np.ndarray, "H W C"]) -> bytes:
    """Encode a picture (RGB, or RGBA with straight alpha) as PNG."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG", compress_level=3)
    return file.getvalue()
