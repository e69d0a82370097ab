"""Analyses a whole clip: sizes, turns, and the depth order of limbs."""

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
# The trunk comes first: without it the clip is a portrait.
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
"""Total length of those bones for an average adult, in metres."""
_BONE_LENGTHS = (0.5, 0.28, 0.28, 0.4, 0.4, 0.4, 0.4)
_SPANS = (
    (J.R_SHOULDER, J.L_SHOULDER, 0.34),
    (J.R_EAR, J.L_EAR, 0.125),
    (J.NOSE, J.NECK, 0.21),
    (J.R_HIP, J.L_HIP, 0.2),
)
"""Further lengths that determine the size in a portrait, in metres."""


@dataclass(frozen=True)
class TurnAngles:
    """Angles in radians: 0 faces the camera, positive turns the face to the picture's right."""

    trunk: Float64[np.ndarray, " T"]
    head: Float64[np.ndarray, " T"]
    pitch: Float64[np.ndarray, " T"]
    feet: Float64[np.ndarray, "T 2"]


@dataclass(frozen=True)
class MotionAnalysis:
    """Slowly varying quantities of a clip. Axes of length 2 are left and right.

    `unit` is pixels per metre in the source skeleton; `behind` is whether the upper arms and the
    forearms are behind the trunk; `left_leg_first` whether the left leg is the farther one;
    `raised` whether a knee is in front of the trunk.
    """

    unit: Float64[np.ndarray, " T"]
    turn: TurnAngles
    behind: Bool[np.ndarray, "T 2 2"]
    left_leg_first: Bool[np.ndarray, " T"]
    raised: Bool[np.ndarray, "T 2"]
    hands: Float64[np.ndarray, "T 2"]


def still(skeleton: Skeleton) -> MotionAnalysis:
    """Analyse a single picture."""
    return _measured(skeleton, 1.0)


def analyse_motion(motion: Motion) -> MotionAnalysis:
    """Analyse a whole clip, each shot separately."""
    fps = max(float(motion.fps), 1.0)
    return _joined([_measured(motion.skeleton[shot], fps) for shot in motion.clip.shots])


def _joined(shots: Sequence[MotionAnalysis]) -> MotionAnalysis:
    """Concatenate the results of a clip's shots."""
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
        # Frames without a person are interpolated.
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
    """Pixels per metre in each frame, for a person of average size.

    NaN for unknown frames, 0 throughout if all are unknown.
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
        # A portrait: the largest length is the least foreshortened one.
        spans = [_longest(body, a, b) / metres for a, b, metres in _SPANS]
        sizes = [np.nanmax([*sizes, *spans, 0.0])]
    return np.full(len(body), float(np.nanmedian(sizes)))


def _size(world: np.ndarray, body: np.ndarray, known: np.ndarray) -> tuple[float, float] | None:
    """Length in metres of the mostly visible bones, and that of an average adult.

    Estimators guess hidden bones much too short, in a portrait nearly all of them: then None.
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
    """The unforeshortened length of a bone in pixels; NaN if it is never visible."""
    both = (body[:, a, 2] > _SEEN) & (body[:, b, 2] > _SEEN)
    lengths = np.linalg.norm(body[both, a, :2] - body[both, b, :2], axis=1)
    return float(np.quantile(lengths, 0.95)) if len(lengths) else np.nan


def _turn_in_space(world: np.ndarray, fps: float, known: np.ndarray) -> TurnAngles:
    def across(left: int, right: int) -> np.ndarray:
        step: np.ndarray = world[:, left] - world[:, right]
        return step[:, [0, 2]]

    def forward(front: np.ndarray, back: np.ndarray) -> np.ndarray:
        """The direction to the left of a forward direction, in the floor plane."""
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
    """Without depth: narrowing shoulders indicate a turn, towards the side of the nose."""
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
    """Depth order of limbs and trunk, without flicker."""
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
    """Threshold a value at zero with hysteresis and a minimum duration.

    A change requires `margin` beyond zero; states shorter than an eighth of a second are removed.
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
    """The unwrapped angle of smoothed vectors."""
    if not len(vectors):
        return np.zeros(0)
    flat = np.stack([_smooth(_held(column, known), sigma) for column in vectors.T], 1)
    angle: np.ndarray = np.unwrap(np.arctan2(flat[:, 1], flat[:, 0]))
    return angle


def _held(values: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Interpolate unknown values; hold the ends."""
    where = np.flatnonzero(known & np.isfinite(values))
    if not len(where):
        return np.asarray(np.nan_to_num(values))
    return np.asarray(np.interp(np.arange(len(values)), where, values[where]))


def _smooth(values: np.ndarray, sigma: float) -> np.ndarray:
    if len(values) < 2:
        return values
    flat = gaussian(values.reshape(len(values), -1).astype(np.float64), max(sigma, 1e-3))
    return flat.reshape(values.shape)
