"""What only a whole clip can tell: sizes, turns, and which limb is in front."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from jaxtyping import Bool, Float64

from reenactor.joints import Joint
from reenactor.ops.retarget import pixels_per_metre
from reenactor.ops.smoothing import gaussian
from reenactor.values import Motion, Skeleton

J = Joint
_SEEN = 0.05
# The trunk comes first: who lacks it is a portrait.
_BONES = (
    (J.NECK, J.MID_HIP),
    (J.R_SHOULDER, J.R_ELBOW),
    (J.L_SHOULDER, J.L_ELBOW),
    (J.R_HIP, J.R_KNEE),
    (J.L_HIP, J.L_KNEE),
    (J.R_KNEE, J.R_ANKLE),
    (J.L_KNEE, J.L_ANKLE),
)
_BONES_LENGTH = 2.66
"""The sum of those bones of an average adult, in metres."""
_BONE_LENGTHS = (0.5, 0.28, 0.28, 0.4, 0.4, 0.4, 0.4)
_SPANS = (
    (J.R_SHOULDER, J.L_SHOULDER, 0.34),
    (J.R_EAR, J.L_EAR, 0.125),
    (J.NOSE, J.NECK, 0.21),
    (J.R_HIP, J.L_HIP, 0.2),
)
"""What else tells the size of somebody in a portrait, and its metres."""


@dataclass(frozen=True)
class TurnAngles:
    """Angles in radians: 0 faces the camera, positive turns the face to the picture's right."""

    trunk: Float64[np.ndarray, " T"]
    head: Float64[np.ndarray, " T"]
    pitch: Float64[np.ndarray, " T"]
    feet: Float64[np.ndarray, "T 2"]


@dataclass(frozen=True)
class MotionAnalysis:
    """A clip's slow quantities. Axes of length 2 are the left and the right side.

    `unit` is the pixels of a metre in the pixels of the skeleton it was made from; `behind` says
    of the upper arms and of the forearms whether they are behind the trunk; `left_leg_first`
    whether the left leg is the farther one; `raised` whether a knee is in front of the trunk.
    """

    unit: Float64[np.ndarray, " T"]
    turn: TurnAngles
    behind: Bool[np.ndarray, "T 2 2"]
    left_leg_first: Bool[np.ndarray, " T"]
    raised: Bool[np.ndarray, "T 2"]
    hands: Float64[np.ndarray, "T 2"]


def still(skeleton: Skeleton) -> MotionAnalysis:
    """The same of a single picture."""
    return _measured(skeleton, 1.0)


def analyse_motion(motion: Motion) -> MotionAnalysis:
    """Measure a whole clip, each shot by itself: nothing goes on over a cut."""
    fps = max(float(motion.fps), 1.0)
    return _joined([_measured(motion.skeleton[shot], fps) for shot in motion.clip.shots])


def _joined(shots: Sequence[MotionAnalysis]) -> MotionAnalysis:
    """The timeline of a clip from those of its shots."""
    turns = [shot.turn for shot in shots]
    return MotionAnalysis(
        np.concatenate([shot.unit for shot in shots]),
        TurnAngles(
            np.concatenate([turn.trunk for turn in turns]),
            np.concatenate([turn.head for turn in turns]),
            np.concatenate([turn.pitch for turn in turns]),
            np.concatenate([turn.feet for turn in turns]),
        ),
        np.concatenate([shot.behind for shot in shots]),
        np.concatenate([shot.left_leg_first for shot in shots]),
        np.concatenate([shot.raised for shot in shots]),
        np.concatenate([shot.hands for shot in shots]),
    )


def _measured(skeleton: Skeleton, fps: float) -> MotionAnalysis:
    length = len(skeleton)
    body = skeleton.body.double().numpy()
    known = np.asarray((body[:, [J.NECK, J.MID_HIP], 2] > 0).any(1))
    world = None if skeleton.world is None else np.nan_to_num(skeleton.world.double().numpy())
    if world is not None:
        # Where nobody is, key points say nothing: the dance goes on as it was, or will be.
        flat = world.reshape(length, -1)
        world = np.stack([_held(column, known) for column in flat.T], 1).reshape(world.shape)
    unit = _smooth(_held(_units(skeleton, known), known), 0.5 * fps)
    hands = (skeleton.hands[..., 2].double().numpy().min(-1) > 0).astype(float)
    if world is None:
        turn = _turn_in_picture(body, unit, fps, known)
        no = np.zeros((length, 2), bool)
        behind, first, raised = np.zeros((length, 2, 2), bool), no[:, 0], no
    else:
        turn = _turn_in_space(world, fps, known)
        behind, first, raised = _order(world, fps)
    return MotionAnalysis(unit, turn, behind, first, raised, _smooth(hands, 0.08 * fps))


def _units(skeleton: Skeleton, known: np.ndarray) -> np.ndarray:
    """Pixels of a metre in each frame, for a person of average size.

    NaN where a frame does not tell, 0 throughout where none does.
    """
    body = skeleton.body.double().numpy()
    if skeleton.world is not None:
        size = _size(skeleton.world.double().numpy(), body, known)
        scale = pixels_per_metre(skeleton).double().numpy()
        if size is not None and np.isfinite(scale[known]).any():
            units: np.ndarray = scale * max(size[0], 1e-3) / size[1]
            return units
    bones = zip(_BONES, _BONE_LENGTHS, strict=True)
    sizes = [_longest(body, a, b) / metres for (a, b), metres in bones]
    if not np.isfinite(sizes[0]):
        # A portrait. What looks largest is the least foreshortened, and not beyond the picture.
        spans = [_longest(body, a, b) / metres for a, b, metres in _SPANS]
        sizes = [np.nanmax([*sizes, *spans, 0.0])]
    return np.full(len(body), float(np.nanmedian(sizes)))


def _size(world: np.ndarray, body: np.ndarray, known: np.ndarray) -> tuple[float, float] | None:
    """The length in metres of the bones that are mostly seen, and that of an average adult.

    Other bones an estimator guesses, and much too short; in a portrait it guesses nearly all of
    them. None for one.
    """
    lengths = np.stack([np.linalg.norm(world[:, a] - world[:, b], axis=1) for a, b in _BONES], 1)
    seen = np.stack([(body[:, [a, b], 2] > _SEEN).all(1) for a, b in _BONES], 1)
    there = known & (lengths.sum(1) > 0)
    mostly = seen[there].sum(0) * 2 >= max(int(there.sum()), 1)
    if not mostly[0]:
        return None
    usual = _BONES_LENGTH if mostly.all() else float(np.array(_BONE_LENGTHS)[mostly].sum())
    return float(np.median(lengths[there][:, mostly].sum(1))), usual


def _longest(body: np.ndarray, a: int, b: int) -> float:
    """The length of a bone in pixels, foreshortening aside; NaN where it is never seen."""
    both = (body[:, a, 2] > _SEEN) & (body[:, b, 2] > _SEEN)
    lengths = np.linalg.norm(body[both, a, :2] - body[both, b, :2], axis=1)
    return float(np.quantile(lengths, 0.95)) if len(lengths) else np.nan


def _turn_in_space(world: np.ndarray, fps: float, known: np.ndarray) -> TurnAngles:
    def across(left: int, right: int) -> np.ndarray:
        step: np.ndarray = world[:, left] - world[:, right]
        return step[:, [0, 2]]

    def forward(front: np.ndarray, back: np.ndarray) -> np.ndarray:
        """The direction to the left of a direction ahead, in the plane of the floor."""
        step = front - back
        return np.stack([-step[:, 2], step[:, 0]], 1)

    ears = world[:, [J.L_EAR, J.R_EAR]].mean(1)
    head = _unit(across(J.L_EAR, J.R_EAR)) + 1.5 * _unit(forward(world[:, J.NOSE], ears))
    trunk = across(J.L_SHOULDER, J.R_SHOULDER) + 0.6 * across(J.L_HIP, J.R_HIP)
    ahead = world[:, J.NOSE] - ears
    pitch = np.arctan2(ahead[:, 1], np.maximum(np.hypot(ahead[:, 0], ahead[:, 2]), 1e-3))
    feet = [
        forward(world[:, toe], world[:, heel])
        for toe, heel in ((J.L_BIG_TOE, J.L_HEEL), (J.R_BIG_TOE, J.R_HEEL))
    ]
    return TurnAngles(
        _angle(trunk, 0.12 * fps, known),
        _angle(head, 0.10 * fps, known),
        _smooth(_held(pitch, known), 0.10 * fps),
        np.stack([_angle(foot, 0.12 * fps, known) for foot in feet], 1),
    )


def _turn_in_picture(
    body: np.ndarray, unit: np.ndarray, fps: float, known: np.ndarray
) -> TurnAngles:
    """Without depth: shoulders that come close turn, to the side to which the nose points."""
    unit = np.maximum(unit, 1e-3)
    broad = _seen(body, J.L_SHOULDER, J.R_SHOULDER)
    width = (body[:, J.L_SHOULDER, 0] - body[:, J.R_SHOULDER, 0]) / (0.34 * unit)
    ears = body[:, [J.L_EAR, J.R_EAR], 0].mean(1)
    aside = np.clip((body[:, J.NOSE, 0] - ears) / (0.11 * unit), -1, 1)
    aside = np.where(_seen(body, J.NOSE, J.L_EAR, J.R_EAR), aside, 0)
    width = np.where(broad, np.clip(width, -1, 1), 1)
    trunk = np.stack([width, np.sign(aside) * np.sqrt(np.maximum(0.8 - width**2, 0))], 1)
    head = np.stack([np.sqrt(1 - aside**2), aside], 1)
    feet = []
    for toe, heel in ((J.L_BIG_TOE, J.L_HEEL), (J.R_BIG_TOE, J.R_HEEL)):
        shod = _seen(body, toe, heel)
        step = np.clip((body[:, toe, 0] - body[:, heel, 0]) / (0.2 * unit), -1, 1)
        step = np.where(shod, step, 0)
        aim = np.stack([np.sqrt(1 - step**2), step], 1)
        feet.append(_angle(aim, 0.12 * fps, known & shod))
    return TurnAngles(
        _angle(trunk, 0.2 * fps, known & broad),
        _angle(head, 0.12 * fps, known),
        np.zeros(len(body)),
        np.stack(feet, 1),
    )


def _seen(body: np.ndarray, *joints: int) -> np.ndarray:
    return np.asarray((body[:, list(joints), 2] > 0).all(1))


def _order(world: np.ndarray, fps: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Depths of limbs against the trunk's axis, made into decisions that do not flicker."""
    neck, hips = world[:, J.NECK], world[:, J.MID_HIP]
    rise = np.where(np.abs(hips[:, 1] - neck[:, 1]) < 0.05, 0.05, hips[:, 1] - neck[:, 1])

    def depth(point: np.ndarray) -> np.ndarray:
        share = np.clip((point[:, 1] - neck[:, 1]) / rise, 0, 1)
        axis = neck[:, 2] + share * (hips[:, 2] - neck[:, 2])
        return np.asarray(point[:, 2] - axis)

    behind = np.zeros((len(world), 2, 2), bool)
    raised = np.zeros((len(world), 2), bool)
    sides = (
        (J.L_SHOULDER, J.L_ELBOW, J.L_WRIST, J.L_KNEE),
        (J.R_SHOULDER, J.R_ELBOW, J.R_WRIST, J.R_KNEE),
    )
    for side, (shoulder, elbow, wrist, knee) in enumerate(sides):
        upper = (depth(world[:, shoulder]) + 2 * depth(world[:, elbow])) / 3
        lower = (depth(world[:, elbow]) + 2 * depth(world[:, wrist])) / 3
        behind[:, side, 0] = decided(upper - 0.09, 0.03, fps)
        behind[:, side, 1] = decided(lower - 0.09, 0.03, fps)
        over = world[:, J.MID_HIP, 1] - world[:, knee, 1]
        near = world[:, J.MID_HIP, 2] - world[:, knee, 2]
        raised[:, side] = decided(np.minimum(over + 0.05, near - 0.15), 0.03, fps)
    left, right = (world[:, [knee, ankle], 2].mean(1) for knee, ankle in ((13, 14), (10, 11)))
    return behind, decided(left - right, 0.03, fps), raised


def decided(value: np.ndarray, margin: float, fps: float) -> np.ndarray:
    """True while a value is above zero, changing only when it is clearly across, and for long.

    It must pass `margin` beyond zero to change, and what does not last for an eighth of a second
    is not followed.
    """
    value = _smooth(value, 0.06 * fps)
    state = np.zeros(len(value), bool)
    now = bool(len(value)) and bool(np.median(value[: max(1, round(0.3 * fps))]) > 0)
    for t, v in enumerate(value):
        if v > margin:
            now = True
        elif v < -margin:
            now = False
        state[t] = now
    return _without_blinks(state, max(1, round(fps / 8)))


def _without_blinks(state: np.ndarray, shortest: int) -> np.ndarray:
    out = state.copy()
    edges = np.flatnonzero(np.diff(out)) + 1
    bounds = [0, *edges.tolist(), len(out)]
    for start, end in pairwise(bounds[1:-1]):
        if end - start < shortest:
            out[start:end] = out[start - 1]
    return out


def _unit(vectors: np.ndarray) -> np.ndarray:
    unit: np.ndarray = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
    return unit


def _angle(vectors: np.ndarray, sigma: float, known: np.ndarray) -> np.ndarray:
    """The direction of smoothed vectors, continued over the half turn."""
    if not len(vectors):
        return np.zeros(0)
    flat = np.stack([_smooth(_held(column, known), sigma) for column in vectors.T], 1)
    angle: np.ndarray = np.unwrap(np.arctan2(flat[:, 1], flat[:, 0]))
    return angle


def _held(values: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Unknown stretches interpolated; the ends held."""
    where = np.flatnonzero(known & np.isfinite(values))
    if not len(where):
        return np.asarray(np.nan_to_num(values))
    return np.asarray(np.interp(np.arange(len(values)), where, values[where]))


def _smooth(values: np.ndarray, sigma: float) -> np.ndarray:
    if len(values) < 2:
        return values
    flat = gaussian(values.reshape(len(values), -1).astype(np.float64), max(sigma, 1e-3))
    return flat.reshape(values.shape)
