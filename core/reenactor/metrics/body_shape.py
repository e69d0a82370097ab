"""Body shape: compares the proportions of the generated person with the target's.

The paper claims that targets keep their body shape, but its Table 1 has no metric for it. This one
is our own. Widths of the parsing are measured perpendicular to the bones at three places of
each, up to where the person ends or another limb is nearer; lengths are those of the bones.
Left and right count as one. A clip's width is the median of its frames and a clip's length the
90th percentile, since a limb that points at the camera only looks shorter. All are divided by
the body height that the same person's torso and legs give, so that no scale is left.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import torch
from jaxtyping import Float, UInt8
from torch import Tensor

from reenactor.joints import Joint

Array = npt.NDArray[np.float64]
Bone = tuple[Joint, Joint]
Measures = list[tuple[str, float]]
"""Widths and lengths in one frame, with their names."""

LIMBS: Mapping[str, tuple[Bone, Bone]] = MappingProxyType(
    {
        "upper arm": ((Joint.L_SHOULDER, Joint.L_ELBOW), (Joint.R_SHOULDER, Joint.R_ELBOW)),
        "forearm": ((Joint.L_ELBOW, Joint.L_WRIST), (Joint.R_ELBOW, Joint.R_WRIST)),
        "thigh": ((Joint.L_HIP, Joint.L_KNEE), (Joint.R_HIP, Joint.R_KNEE)),
        "shin": ((Joint.L_KNEE, Joint.L_ANKLE), (Joint.R_KNEE, Joint.R_ANKLE)),
    }
)
TORSO: Bone = (Joint.NECK, Joint.MID_HIP)
QUAD = (Joint.R_SHOULDER, Joint.L_SHOULDER, Joint.L_HIP, Joint.R_HIP)
PLACES = (0.3, 0.5, 0.7)
"""The measured places along a bone."""
SEEN = 0.3
"""The minimum confidence of key points."""
HEIGHT = 1.3
"""Standing height over torso + thigh + shin, for adults (anthropometric tables, rounded)."""


@dataclass(frozen=True)
class Shape:
    """Widths and lengths by name, in body heights; those that could not be measured are absent."""

    measures: Mapping[str, float]
    height: float
    """Body height in the units of `scale`; NaN if torso or legs were never seen."""


def body_shape(
    labels: UInt8[Tensor, "T H W"],
    body: Float[Tensor, "T 25 3"],
    scale: Float[Tensor, " T"] | None = None,
) -> Shape:
    """Measure one person over T frames.

    Args:
        labels: the parsing; all labels but 0 are the person.
        body: key points in pixels of the parsing.
        scale: pixels per unit of length in each frame; 1 by default.
    """
    return shape_of(measured_frames(labels, body, scale))


def measured_frames(
    labels: UInt8[Tensor, "T H W"],
    body: Float[Tensor, "T 25 3"],
    scale: Float[Tensor, " T"] | None = None,
) -> list[Measures]:
    """All widths and lengths in each frame, in units of length; see `body_shape`."""
    return [
        [
            (name, value / (1.0 if scale is None else float(scale[t])))
            for name, value in _measured(labels[t].numpy() > 0, body[t].double().numpy())
        ]
        for t in range(labels.shape[0])
    ]


def shape_of(frames: Iterable[Measures]) -> Shape:
    """The shape of one person by the measures of some frames."""
    found: dict[str, list[float]] = {}
    for name, value in chain.from_iterable(frames):
        found.setdefault(name, []).append(value)
    raw = {
        name: float(np.median(v) if name.endswith("width") else np.quantile(v, 0.9))
        for name, v in found.items()
    }
    parts = [raw.get(f"{name} length", np.nan) for name in ("torso", "thigh", "shin")]
    height = HEIGHT * float(sum(parts))
    if not np.isfinite(height) or height <= 0:
        return Shape({}, float("nan"))
    return Shape({name: value / height for name, value in sorted(raw.items())}, height)


def standing_height(body: Float[Tensor, "T 25 3"]) -> float:
    """The height of a person by the lengths of torso and legs, in pixels; NaN if never seen."""
    return shape_of(_lengths(frame) for frame in body.double().numpy()).height


def shape_difference(generated: Shape, target: Shape) -> float:
    """Mean absolute difference in body heights of the common measures; NaN if there are none."""
    common = generated.measures.keys() & target.measures.keys()
    if not common:
        return float("nan")
    return float(np.mean([abs(generated.measures[n] - target.measures[n]) for n in sorted(common)]))


def _measured(person: npt.NDArray[np.bool_], body: Array) -> Measures:
    """All widths and lengths in one frame."""
    bones = [bone for pair in LIMBS.values() for bone in pair if _seen(body, bone)]
    quad = body[list(QUAD), :2] if _seen(body, QUAD) else None
    out = _lengths(body)
    if _seen(body, TORSO) and quad is not None and not _arm_in_front(body, quad):
        rivals = [_segment(body, bone) for bone in bones]
        out += _widths("torso", person, _segment(body, TORSO), rivals, quad, is_torso=True)
    for name, pair in LIMBS.items():
        for bone in pair:
            if bone not in bones:
                continue
            rivals = [_segment(body, other) for other in bones if other != bone]
            out += _widths(name, person, _segment(body, bone), rivals, quad, is_torso=False)
    return out


def _lengths(body: Array) -> Measures:
    """The lengths of torso and limbs in one frame."""
    bones = {"torso": (TORSO,), **LIMBS}
    return [
        (f"{name} length", _length(body, bone))
        for name, same in bones.items()
        for bone in same
        if _seen(body, bone)
    ]


def _widths(
    name: str,
    person: npt.NDArray[np.bool_],
    own: Array,
    rivals: list[Array],
    quad: Array | None,
    is_torso: bool,
) -> Measures:
    """Widths at three places of a bone (`own`: its two ends)."""
    along = own[1] - own[0]
    length = float(np.hypot(*along))
    if length < 4:  # in pixels; too short to have a direction
        return []
    across = np.array([-along[1], along[0]]) / length
    out = []
    for place in PLACES:
        centre = own[0] + place * along
        if not is_torso and quad is not None and _inside(centre[None], quad)[0]:
            continue  # the edge of a limb in front of the trunk is not visible
        sides = [_reach(person, centre, s * across, own, rivals, quad, is_torso) for s in (1, -1)]
        if all(np.isfinite(sides)):
            out.append((f"{name} width", sum(sides)))
    return out


def _reach(
    person: npt.NDArray[np.bool_],
    centre: Array,
    direction: Array,
    own: Array,
    rivals: list[Array],
    quad: Array | None,
    is_torso: bool,
) -> float:
    """Pixels from the bone to the edge of the person or limb; NaN at the picture's border."""
    steps = np.arange(0.0, max(person.shape), 0.25)
    points = centre + steps[:, None] * direction
    x, y = np.round(points).astype(int).T
    framed = (x >= 0) & (y >= 0) & (x < person.shape[1]) & (y < person.shape[0])
    there = np.zeros(len(steps), bool)
    there[framed] = person[y[framed], x[framed]]
    trunk = np.full(len(steps), np.inf) if quad is None else _to_quad(points, quad)
    mine = trunk if is_torso else _to_segment(points, own)
    others = [_to_segment(points, rival) for rival in rivals] + ([] if is_torso else [trunk])
    nearest = np.min(others, axis=0) if others else np.full(len(steps), np.inf)
    belongs = there & (mine <= nearest)
    if not belongs[0]:
        return float("nan")
    end = int(np.argmin(belongs)) if not belongs.all() else len(steps)
    if end == len(steps) or not framed[end]:
        return float("nan")
    return float(steps[end])


def _seen(body: Array, joints: tuple[Joint, ...]) -> bool:
    return bool((body[list(joints), 2] >= SEEN).all())


def _segment(body: Array, bone: Bone) -> Array:
    return body[list(bone), :2]


def _length(body: Array, bone: Bone) -> float:
    return float(np.hypot(*(body[bone[0], :2] - body[bone[1], :2])))


def _arm_in_front(body: Array, quad: Array) -> bool:
    """Whether an arm hides an edge of the trunk, or might."""
    joints = [Joint.L_ELBOW, Joint.L_WRIST, Joint.R_ELBOW, Joint.R_WRIST]
    seen = [j for j in joints if body[j, 2] >= SEEN]
    return bool(_inside(body[seen, :2], quad).any()) if seen else False


def _to_segment(points: Array, segment: Array) -> Array:
    """Distances of `(N, 2)` points to a line segment."""
    along = segment[1] - segment[0]
    place = ((points - segment[0]) @ along / max(float(along @ along), 1e-9)).clip(0, 1)
    out: Array = np.linalg.norm(points - segment[0] - place[:, None] * along, axis=-1)
    return out


def _to_quad(points: Array, quad: Array) -> Array:
    """Distances of points to the trunk; 0 inside."""
    edges = [np.stack([quad[i], quad[(i + 1) % 4]]) for i in range(4)]
    nearest = np.min([_to_segment(points, edge) for edge in edges], axis=0)
    return np.where(_inside(points, quad), 0.0, nearest)


def _inside(points: Array, quad: Array) -> npt.NDArray[np.bool_]:
    """Which points lie in a quadrilateral, by counting ray crossings."""
    inside = np.zeros(len(points), bool)
    for i in range(4):
        (x0, y0), (x1, y1) = quad[i], quad[(i + 1) % 4]
        if y0 == y1:
            continue
        between = (y0 > points[:, 1]) != (y1 > points[:, 1])
        crossing = x0 + (points[:, 1] - y0) * (x1 - x0) / (y1 - y0)
        inside ^= between & (points[:, 0] < crossing)
    return inside


def scale_of(to_canvas: Float[Tensor, "T 2 3"]) -> Float[Tensor, " T"]:
    """Canvas pixels per source pixel, from a window's affine maps."""
    scale: Tensor = torch.linalg.det(to_canvas[:, :, :2].double()).abs().sqrt().float()
    return scale
