"""From a decoded frame to upright RGB with square pixels.

Defaults are those of players: the colour matrix is BT.709 from 720 lines or 1280 columns on, else
BT.601; the range is limited. HDR (PQ and HLG, BT.2100) is tone-mapped to BT.709: reference white
(203 nits, BT.2408) is just below 255, and brighter light is compressed, not clipped. Alpha is
composited over white. Interlaced video is not deinterlaced.
"""

import math
from fractions import Fraction
from functools import cache
from typing import cast

import av
import cv2
import numpy as np
from av.sidedata.sidedata import SideDataContainer, Type
from av.video.reformatter import ColorRange, Colorspace, Interpolation
from jaxtyping import Float32, UInt8, UInt16

SCALING = (
    Interpolation.BICUBIC
    | Interpolation.ACCURATE_RND
    | Interpolation.FULL_CHR_H_INT
    | Interpolation.BITEXACT
)
"""Within 1 of exact arithmetic, and the same on every machine. swscale's defaults are faster but
darken every picture by 1 to 2 levels, which would be visible where it is pasted."""

_UNSPECIFIED = 2
"""Unspecified, in AVColorSpace."""
_PQ, _HLG = 16, 18
"""AVColorTransferCharacteristic."""
_WHITE = 203.0
"""Nits of reference white (BT.2408)."""
_BRIGHTEST = 10000 / _WHITE
"""PQ's maximum, in units of reference white."""
_BT2020_TO_BT709 = np.array(
    [[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]],
    np.float32,
)
"""Linear light (BT.2087)."""
_BT2020_LUMA = np.array([[0.2627, 0.6780, 0.0593]], np.float32)

Turn = tuple[int, int, int, int]
"""A display matrix's a, b, c, d as -1, 0 or 1: x' = a x + c y, y' = b x + d y."""

UPRIGHT: Turn = (1, 0, 0, 1)


def turn_of(frame: av.VideoFrame) -> Turn:
    """How a frame must be rotated and mirrored, to the nearest quarter turn.

    Call this for one frame of a video only: reading a frame's side data creates a reference cycle,
    which keeps its memory until the garbage collector runs.
    """
    try:
        data = bytes(cast(SideDataContainer, frame.side_data)[Type.DISPLAYMATRIX])
    except KeyError:
        return UPRIGHT
    a, b, _, c, d = np.frombuffer(data, np.int32)[:5].tolist()
    if abs(a) + abs(d) >= abs(b) + abs(c):
        return (-1 if a < 0 else 1, 0, 0, -1 if d < 0 else 1)
    return (0, -1 if b < 0 else 1, -1 if c < 0 else 1, 0)


def degrees_of(turn: Turn) -> int:
    """The clockwise rotation of a turn, before mirroring: 0, 90, 180 or 270."""
    a, b, _, _ = turn
    return {(1, 0): 0, (0, 1): 90, (-1, 0): 180, (0, -1): 270}[a, b]


def believable(declared: Fraction | None) -> Fraction:
    """Width over height of a stored pixel; 1 if undeclared or implausible (beyond 4:1)."""
    if declared is None or not Fraction(1, 4) <= declared <= 4:
        return Fraction(1)
    return declared


def shown_size(frame: av.VideoFrame, pixel_aspect: Fraction, turn: Turn) -> tuple[int, int]:
    """Height and width of an upright frame with square pixels.

    Pixels are stretched, never shrunk, so that no detail is lost.
    """
    height, width = frame.height, frame.width
    if pixel_aspect > 1:
        width = round(width * pixel_aspect)
    elif pixel_aspect < 1:
        height = round(height / pixel_aspect)
    return (height, width) if turn[0] else (width, height)


def shown(
    frame: av.VideoFrame, size: tuple[int, int], turn: Turn = UPRIGHT
) -> UInt8[np.ndarray, "H W 3"]:
    """A frame's pixels, rotated upright and stretched to `size` (height, width)."""
    height, width = size if turn[0] else (size[1], size[0])
    if frame.color_trc in (_PQ, _HLG):
        pixels = tone_mapped(_converted(frame, height, width, "rgb48le"), frame.color_trc == _PQ)
    elif any(part.is_alpha for part in frame.format.components):
        pixels = over_white(_converted(frame, height, width, "rgba"))
    else:
        pixels = _converted(frame, height, width, "rgb24")
    return turned(pixels, turn)


def _converted(
    frame: av.VideoFrame, height: int, width: int, layout: str
) -> UInt8[np.ndarray, "H W C"] | UInt16[np.ndarray, "H W C"]:
    """The frame as RGB by swscale, with the file's or the default matrix and range."""
    space = None
    limited = None
    if not frame.format.is_rgb and not frame.format.has_palette:
        if frame.colorspace == _UNSPECIFIED:
            large = frame.height >= 720 or frame.width >= 1280
            space = Colorspace.ITU709 if large else Colorspace.ITU601
        if frame.color_range == ColorRange.UNSPECIFIED:
            full = frame.format.name.startswith("yuvj") or len(frame.format.components) == 1
            limited = ColorRange.JPEG if full else ColorRange.MPEG
    picture = frame.reformat(
        width=width,
        height=height,
        format=layout,
        src_colorspace=space,
        src_color_range=limited,
        dst_color_range=ColorRange.JPEG,
        interpolation=SCALING,
        threads=1,
    )
    return np.ascontiguousarray(picture.to_ndarray())  # rows may be padded


def turned(pixels: UInt8[np.ndarray, "H W 3"], turn: Turn) -> UInt8[np.ndarray, "h w 3"]:
    """Rotate and mirror a picture."""
    a, b, c, d = turn
    if a == 0:
        pixels = cv2.transpose(pixels)
        a, d = c, b
    if (a, d) == (1, 1):
        return pixels
    return cv2.flip(pixels, {(-1, 1): 1, (1, -1): 0, (-1, -1): -1}[a, d])


def over_white(pixels: UInt8[np.ndarray, "H W 4"]) -> UInt8[np.ndarray, "H W 3"]:
    """Composite a picture with straight alpha over white."""
    alpha = pixels[..., 3:].astype(np.uint16)
    mixed = pixels[..., :3] * alpha + 255 * (255 - alpha)
    return ((mixed + 127) // 255).astype(np.uint8)


def tone_mapped(pixels: UInt16[np.ndarray, "H W 3"], pq: bool) -> UInt8[np.ndarray, "H W 3"]:
    """Tone-map HDR signals (BT.2100, 0..65535) to BT.709, display-referred.

    HLG is shown as on a display of 1000 nits.
    """
    light = (_pq_light() if pq else _hlg_light())[pixels >> 4]
    if not pq:  # the display's own curve, over luminance: gamma 1.2 at 1000 nits
        luma = cv2.transform(light, _BT2020_LUMA)[..., None]
        light *= np.float32(1000 / _WHITE) * np.power(luma, np.float32(0.2))
    light = cv2.transform(light, _BT2020_TO_BT709)
    curve = _sdr_signal()
    place = np.sqrt(np.clip(light, 0, _BRIGHTEST)) * np.float32((len(curve) - 1) / _BRIGHTEST**0.5)
    return curve[(place + 0.5).astype(np.uint16)]


@cache
def _pq_light() -> Float32[np.ndarray, " 4096"]:
    """Light in units of reference white for each PQ signal (SMPTE ST 2084)."""
    power = np.linspace(0, 1, 4096) ** (1 / 78.84375)
    light = (np.maximum(power - 0.8359375, 0) / (18.8515625 - 18.6875 * power)) ** (
        1 / 0.1593017578125
    )
    return (light * _BRIGHTEST).astype(np.float32)


@cache
def _hlg_light() -> Float32[np.ndarray, " 4096"]:
    """Scene light in [0, 1] for each HLG signal (ARIB STD-B67)."""
    signal = np.linspace(0, 1, 4096)
    high = (np.exp((signal - 0.55991073) / 0.17883277) + 0.28466892) / 12
    return np.where(signal <= 0.5, signal**2 / 3, high).astype(np.float32)


@cache
def _sdr_signal() -> UInt8[np.ndarray, " N"]:
    """The 8-bit signal for light up to the brightest, by even steps of its square root.

    Up to 3/4 of reference white light stays as it is; beyond, it nears 1 without reaching it.
    The signal is BT.1886's (gamma 2.4).
    """
    light = np.linspace(0, math.sqrt(_BRIGHTEST), 16384) ** 2
    knee = 0.75
    bent = knee + (1 - knee) * -np.expm1(-(light - knee) / (1 - knee))
    light = np.where(light > knee, bent, light)
    return np.round(255 * light ** (1 / 2.4)).astype(np.uint8)
