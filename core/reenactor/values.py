"""The values that components exchange: frozen, typed, with shapes.

Conventions:

* Colours are RGB. `Frames` holds pixels as decoded, uint8 `(T, H, W, 3)`; every other picture is
  float32 in [0, 1], `(T, 3, H, W)`. Masks are float32 in [0, 1], `(T, 1, H, W)`, 1 = person.
* Coordinates are pixels, x to the right, y down, pixel centres at whole numbers.
* Key points are `(T, K, 3)`: x, y, confidence in [0, 1]. Confidence 0 means "not seen"; x and
  y are then meaningless.
* `T` counts frames (or, in `People`, the people of one frame).

`Frames` uses uint8 because drivers are read at full resolution: converting a 1920x1080 frame to
float32 costs more than finding the dancer in it. `Frames.images` converts when needed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

import torch
from jaxtyping import Bool, Float, Float64, Int64, UInt8
from torch import Tensor

from reenactor.joints import MIRRORED_BODY, MIRRORED_FACE, Joint
from reenactor.labels import MIRRORED, NUM_LABELS


@dataclass(frozen=True)
class Extent:
    """How many frames a source has (1: a photo), and their height and width in pixels."""

    frames: int
    size: tuple[int, int]


@dataclass(frozen=True)
class Frames:
    """Decoded pictures from one source.

    `index` is the number of each frame in the source (0 for a photo) and `name` the stem of the
    source's file name, so that components can find prepared files. `window` is the part of the
    source's frames that the pixels show (on its canvas); None for whole frames. `extent` is that of
    the whole source, if known.
    """

    pixels: UInt8[Tensor, "T H W 3"]
    index: tuple[int, ...]
    name: str
    window: "Window | None" = None
    extent: Extent | None = None

    def __post_init__(self) -> None:
        if len(self.index) != self.pixels.shape[0]:
            raise ValueError(f"{self.pixels.shape[0]} frames but {len(self.index)} indices")

    def __len__(self) -> int:
        return len(self.index)

    @property
    def size(self) -> tuple[int, int]:
        """Height and width in pixels."""
        return self.pixels.shape[1], self.pixels.shape[2]

    @property
    def images(self) -> Float[Tensor, "T 3 H W"]:
        """The pictures as float32 in [0, 1], channels first. Computed at each call."""
        return self.pixels.permute(0, 3, 1, 2).float().div_(255)

    def __getitem__(self, part: slice) -> "Frames":
        window = None if self.window is None else self.window[part]
        return Frames(self.pixels[part], self.index[part], self.name, window, self.extent)


@dataclass(frozen=True)
class Skeleton:
    """Key points of one person over T frames, in OpenPose's layout (`reenactor.joints`).

    `hands` has the person's left hand first. `world`, if the estimator provides it, is the body in
    metres with the origin between the hips: x right and y down in the picture, z away from the
    camera. It is used to order limbs and to undo foreshortening.
    """

    body: Float[Tensor, "T 25 3"]
    hands: Float[Tensor, "T 2 21 3"]
    face: Float[Tensor, "T 70 3"]
    world: Float[Tensor, "T 25 3"] | None = None

    def __len__(self) -> int:
        return self.body.shape[0]

    def __getitem__(self, part: slice | Tensor) -> "Skeleton":
        world = None if self.world is None else self.world[part]
        return Skeleton(self.body[part], self.hands[part], self.face[part], world)

    @property
    def yaw(self) -> Float[Tensor, " T"]:
        """How far the trunk is turned from the camera in degrees; NaN where `world` does not say.

        0 faces the camera, 90 shows the person's right side, 180 the back. It is the direction of
        the shoulder line and the hip line, both of length 1 seen from above, added.
        """
        if self.world is None:
            return torch.full((len(self),), torch.nan)
        left = self.world[:, [Joint.L_SHOULDER, Joint.L_HIP]]
        right = self.world[:, [Joint.R_SHOULDER, Joint.R_HIP]]
        lines = (left - right)[..., [0, 2]].double()
        across = torch.nn.functional.normalize(lines, dim=-1).sum(1)
        angle = torch.rad2deg(torch.atan2(across[:, 1], across[:, 0])).float()
        return torch.where(across.norm(dim=-1) > 1e-3, angle, torch.nan)

    def moved(self, matrix: Float[Tensor, "T 2 3"]) -> "Skeleton":
        """Apply affine maps to all coordinates except `world`."""

        def move(points: Tensor) -> Tensor:
            flat = points.flatten(1, -2)
            xy = flat[..., :2] @ matrix[:, :, :2].transpose(1, 2) + matrix[:, None, :, 2]
            return torch.cat([xy, flat[..., 2:]], -1).reshape(points.shape)

        return replace(self, body=move(self.body), hands=move(self.hands), face=move(self.face))

    def mirrored(self, width: int) -> "Skeleton":
        """Flip left to right in a picture of that width."""

        def flip(points: Tensor) -> Tensor:
            sign = points.new_tensor([-1, 1, 1])
            return points * sign + points.new_tensor([width - 1, 0, 0])

        world = None
        if self.world is not None:
            world = self.world[:, list(MIRRORED_BODY)] * self.world.new_tensor([-1, 1, 1])
        return Skeleton(
            flip(self.body)[:, list(MIRRORED_BODY)],
            flip(self.hands).flip(1),
            flip(self.face)[:, list(MIRRORED_FACE)],
            world,
        )

    @classmethod
    def empty(cls, length: int) -> "Skeleton":
        """`length` frames without a person."""
        return cls(
            torch.zeros(length, 25, 3), torch.zeros(length, 2, 21, 3), torch.zeros(length, 70, 3)
        )

    @classmethod
    def joined(cls, parts: Sequence["Skeleton"]) -> "Skeleton":
        """Concatenate in time. `world` is kept only if every part has it."""
        worlds = [part.world for part in parts if part.world is not None]
        return cls(
            torch.cat([part.body for part in parts]),
            torch.cat([part.hands for part in parts]),
            torch.cat([part.face for part in parts]),
            torch.cat(worlds) if parts and len(worlds) == len(parts) else None,
        )


@dataclass(frozen=True)
class People:
    """All people found in one frame, best score first.

    `box` is x0, y0, x1, y1 around the whole person in pixels. `mask`, if the estimator provides it,
    covers the square `mask_box` and is 1 on the person.
    """

    skeleton: Skeleton
    score: Float[Tensor, " N"]
    box: Float[Tensor, "N 4"]
    mask: Float[Tensor, "N 1 S S"] | None = None
    mask_box: Float[Tensor, "N 4"] | None = None

    def __len__(self) -> int:
        return len(self.skeleton)

    def __getitem__(self, part: slice | Tensor) -> "People":
        return People(
            self.skeleton[part],
            self.score[part],
            self.box[part],
            None if self.mask is None else self.mask[part],
            None if self.mask_box is None else self.mask_box[part],
        )

    @classmethod
    def nobody(cls) -> "People":
        return cls(Skeleton.empty(0), torch.zeros(0), torch.zeros(0, 4))


@dataclass(frozen=True)
class Parsing:
    """A class of `reenactor.labels` for every pixel (the argmax of the paper's p^M)."""

    labels: UInt8[Tensor, "T H W"]

    @property
    def one_hot(self) -> Float[Tensor, "T 22 H W"]:
        """One channel per class, 0 or 1."""
        one_hot = torch.nn.functional.one_hot(self.labels.long(), NUM_LABELS)
        return one_hot.permute(0, 3, 1, 2).float()

    @property
    def mask(self) -> Float[Tensor, "T 1 H W"]:
        """The person: all classes but background (Eq. 17's threshold at zero)."""
        return (self.labels > 0).float()[:, None]

    def mirrored(self) -> "Parsing":
        """Flip left to right, and swap left and right classes."""
        table = torch.tensor(MIRRORED, dtype=torch.uint8, device=self.labels.device)
        return Parsing(table[self.labels.flip(-1).long()])


@dataclass(frozen=True)
class Dense:
    """Dense pose in DensePose's terms: part I in 0..24 (0 = background), U and V in [0, 1]."""

    part: UInt8[Tensor, "T H W"]
    uv: Float[Tensor, "T 2 H W"]

    @property
    def image(self) -> Float[Tensor, "T 3 H W"]:
        """I/24, U, V as one picture: three input channels of P2B."""
        return torch.cat([self.part[:, None].float() / 24, self.uv], 1)


@dataclass(frozen=True)
class Window:
    """A rectangle in each source frame, and the size of the canvas that shows it.

    `box` is x0, y0, x1, y1 in source pixels (edges, so a whole frame is -0.5 .. W-0.5) and may
    extend beyond the frame. `canvas` is height and width; the box has the canvas's aspect ratio.
    """

    box: Float[Tensor, "T 4"]
    canvas: tuple[int, int]

    def __len__(self) -> int:
        return self.box.shape[0]

    def __getitem__(self, part: slice) -> "Window":
        return Window(self.box[part], self.canvas)

    @property
    def to_canvas(self) -> Float[Tensor, "T 2 3"]:
        """Affine maps from source to canvas coordinates."""
        height, width = self.canvas
        x0, y0, x1, y1 = self.box.unbind(-1)
        sx, sy = width / (x1 - x0), height / (y1 - y0)
        zero = torch.zeros_like(sx)
        rows = [sx, zero, -x0 * sx - 0.5, zero, sy, -y0 * sy - 0.5]
        return torch.stack(rows, -1).reshape(-1, 2, 3)

    @property
    def to_source(self) -> Float[Tensor, "T 2 3"]:
        """Affine maps from canvas to source coordinates."""
        height, width = self.canvas
        x0, y0, x1, y1 = self.box.unbind(-1)
        sx, sy = (x1 - x0) / width, (y1 - y0) / height
        zero = torch.zeros_like(sx)
        rows = [sx, zero, x0 + sx / 2, zero, sy, y0 + sy / 2]
        return torch.stack(rows, -1).reshape(-1, 2, 3)


@dataclass(frozen=True)
class Pose:
    """The poses of a batch of driving frames in canvas coordinates (Eq. 2).

    `index` are the frame numbers in the driving video (and the `Motion`).
    """

    skeleton: Skeleton
    dense: Dense | None
    index: tuple[int, ...]
    canvas: tuple[int, int]

    def __len__(self) -> int:
        return len(self.index)


@dataclass(frozen=True)
class Target:
    """The person to reenact: the photo's crop on the canvas, and its annotations.

    Everything but `photo` is in canvas coordinates with T = 1. `window` is the position of the
    canvas in the photo.
    """

    photo: Frames
    window: Window
    image: Float[Tensor, "1 3 H W"]
    parsing: Parsing
    skeleton: Skeleton


@dataclass(frozen=True)
class Layer:
    """A rendered person: picture z and blending mask m of Eq. 6. Colours are not premultiplied."""

    image: Float[Tensor, "T 3 H W"]
    mask: Float[Tensor, "T 1 H W"]

    def __getitem__(self, part: slice) -> "Layer":
        return Layer(self.image[part], self.mask[part])

    def over(self, background: Float[Tensor, "T 3 H W"]) -> Float[Tensor, "T 3 H W"]:
        """Eq. 7: f = z * m + b * (1 - m)."""
        return self.image * self.mask + background * (1 - self.mask)


@dataclass(frozen=True)
class Clip:
    """A driving video without its pixels: frame times and source file.

    `times` are presentation times in units of `time_base` seconds; `size` is height and width;
    `source` is the file's sha256; `cuts` are the first frames of new shots, ascending.
    """

    times: Int64[Tensor, " T"]
    time_base: Fraction
    fps: Fraction
    size: tuple[int, int]
    name: str
    source: str
    cuts: tuple[int, ...] = ()

    def __len__(self) -> int:
        return self.times.shape[0]

    @property
    def seconds(self) -> Float64[Tensor, " T"]:
        """Presentation times relative to the first frame."""
        return (self.times - self.times[:1]).double() * float(self.time_base)

    @property
    def shots(self) -> tuple[slice, ...]:
        """The frames of each shot; a clip without cuts is one shot."""
        return tuple(slice(a, b) for a, b in pairwise((0, *self.cuts, len(self))))


@dataclass(frozen=True)
class Crowd:
    """All people found in all frames of a clip: M detections, ordered by frame.

    `mask` are the silhouettes in the squares `mask_box`, one bit per pixel, packed along x (`S = 8
    B`; S = 0 if the estimator has none). `appearance` are the colour histograms of R regions
    (`reenactor.ops.appearance`).
    """

    clip: Clip
    frame: Int64[Tensor, " M"]
    skeleton: Skeleton
    score: Float[Tensor, " M"]
    box: Float[Tensor, "M 4"]
    mask: UInt8[Tensor, "M S B"]
    mask_box: Float[Tensor, "M 4"]
    appearance: UInt8[Tensor, "M R C"]

    def __getitem__(self, part: Tensor) -> "Crowd":
        """Some of the detections, in their order."""
        return replace(
            self,
            frame=self.frame[part],
            skeleton=self.skeleton[part],
            score=self.score[part],
            box=self.box[part],
            mask=self.mask[part],
            mask_box=self.mask_box[part],
            appearance=self.appearance[part],
        )


@dataclass(frozen=True)
class Motion:
    """The chosen dancer over a whole clip: the result of pass 1.

    `skeleton` is in source pixels, smoothed, with gaps bridged; `present` is false in frames where
    the dancer was not found and the gap could not be bridged (all confidences are 0). `mask` is as
    in `Crowd`.
    """

    clip: Clip
    skeleton: Skeleton
    present: Bool[Tensor, " T"]
    box: Float[Tensor, "T 4"]
    mask: UInt8[Tensor, "T S B"]
    mask_box: Float[Tensor, "T 4"]

    def __len__(self) -> int:
        return len(self.clip)

    @property
    def fps(self) -> Fraction:
        """Frames per second of the clip."""
        return self.clip.fps
