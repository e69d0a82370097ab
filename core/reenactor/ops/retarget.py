"""Retargets a driver's motion to the proportions of a target.

Every bone keeps the driver's projected direction and foreshortening; its length is scaled by the
ratio of the target's bone to the driver's. The figure is then scaled to the driver's standing
height, and its lowest foot is placed at the driver's lowest foot, so that standing, squatting and
jumping keep their contact with the ground.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from reenactor.joints import Joint
from reenactor.values import Skeleton

SEEN = 0.3
"""The minimum confidence of joints."""
LONGEST = 1.6
"""Bones longer than this multiple of their length are shortened."""
RATIOS = (0.7, 1.4)
"""Limits of the scale of a bone; a single photo is not more accurate."""

_J = Joint
_EARS = (_J.L_EAR, _J.R_EAR)
_HEAD = (_J.NOSE, _J.R_EYE, _J.L_EYE, _J.R_EAR, _J.L_EAR)
_FEET = tuple(range(_J.L_BIG_TOE, _J.R_HEEL + 1))


@dataclass(frozen=True)
class Bone:
    """A bone, its mirrored bone, and its length relative to the standing height."""

    parent: int
    child: int
    twin: tuple[int, int] | None
    share: float


def _pair(parent: int, child: int, other_parent: int, other_child: int, share: float) -> list[Bone]:
    return [
        Bone(parent, child, (other_parent, other_child), share),
        Bone(other_parent, other_child, (parent, child), share),
    ]


# Parents come before children. Shares are those of an average adult (Drillis and Contini 1966,
# rounded), measured between the joints that BODY_25 names.
BONES: tuple[Bone, ...] = (
    Bone(_J.MID_HIP, _J.NECK, None, 0.29),
    *_pair(_J.NECK, _J.R_SHOULDER, _J.NECK, _J.L_SHOULDER, 0.10),
    *_pair(_J.R_SHOULDER, _J.R_ELBOW, _J.L_SHOULDER, _J.L_ELBOW, 0.17),
    *_pair(_J.R_ELBOW, _J.R_WRIST, _J.L_ELBOW, _J.L_WRIST, 0.145),
    *_pair(_J.MID_HIP, _J.R_HIP, _J.MID_HIP, _J.L_HIP, 0.06),
    *_pair(_J.R_HIP, _J.R_KNEE, _J.L_HIP, _J.L_KNEE, 0.245),
    *_pair(_J.R_KNEE, _J.R_ANKLE, _J.L_KNEE, _J.L_ANKLE, 0.246),
    *_pair(_J.R_ANKLE, _J.R_BIG_TOE, _J.L_ANKLE, _J.L_BIG_TOE, 0.11),
    *_pair(_J.R_ANKLE, _J.R_SMALL_TOE, _J.L_ANKLE, _J.L_SMALL_TOE, 0.10),
    *_pair(_J.R_ANKLE, _J.R_HEEL, _J.L_ANKLE, _J.L_HEEL, 0.04),
)
_STANDING = (
    (_J.MID_HIP, _J.NECK),
    (_J.R_HIP, _J.R_KNEE),
    (_J.R_KNEE, _J.R_ANKLE),
)
_NECK_SHARE = 0.11
_LIMBS = [2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14]
_ALL = list(range(25))


def retarget(driver: Skeleton, target: Skeleton) -> Skeleton:
    """Give the driver's poses the target's proportions.

    Args:
        driver: T frames in source pixels, with `world` where the estimator knows it.
        target: one frame, in any pixels; some joints may be hidden.

    Returns:
        T frames in the driver's source pixels: the target's proportions at the driver's standing
        height, on the driver's ground. Confidences stay; `world`, where the driver has it,
        changes in the same way and keeps its origin between the hips.
    """
    if len(target) != 1:
        raise ValueError(f"one target expected, {len(target)} given")
    if len(driver) == 0:
        return driver
    measured = driver.world is not None and target.world is not None
    own = _lengths(driver, measured)
    ratio = _ratios(own, _lengths(target, measured))
    neck = own.get("neck", _NECK_SHARE), ratio.pop("neck")
    skull = ratio.pop("skull")
    size = _size(own, ratio, neck)
    ratio = {bone: value * size for bone, value in ratio.items()}

    limits = {bone: LONGEST * own[bone] for bone in ratio if bone in own}
    scale = pixels_per_metre(driver) if measured else driver.body.new_ones(len(driver))
    flat = driver.body[..., :2]
    scale = scale.nan_to_num(torch.inf)  # no limit where the scale is unknown
    body = _rebuilt(flat, ratio, {bone: limit * scale for bone, limit in limits.items()})
    body = _headed(body, flat, driver.body[..., 2], neck[1] * size, skull * size)
    body[..., 1] += _grounding(flat, body, driver.body[..., 2])[:, None]
    world = None
    if driver.world is not None:
        world = _rebuilt(driver.world, ratio, {})
        world = _headed(world, driver.world, driver.body[..., 2], neck[1] * size, skull * size)

    hands = torch.stack(
        [
            _carried(driver.hands[:, side], flat[:, wrist], body[:, wrist], factor)
            for side, (wrist, factor) in enumerate(
                (
                    (_J.L_WRIST, ratio[_J.L_ELBOW, _J.L_WRIST]),
                    (_J.R_WRIST, ratio[_J.R_ELBOW, _J.R_WRIST]),
                )
            )
        ],
        1,
    )
    old, new = (_middle(xy, driver.body[..., 2]) for xy in (flat, body))
    face = _carried(driver.face, old, new, skull * size)
    return Skeleton(torch.cat([body, driver.body[..., 2:]], -1), hands, face, world)


def pixels_per_metre(skeleton: Skeleton) -> Float[Tensor, " T"]:
    """The scale of each frame: pixels in the picture for a metre of `world`.

    The ratio of two spreads: the root of the summed squared distances from the centroid, over
    the joints that are seen, in the picture and in `world`'s x and y. Computed from the limbs;
    for a portrait, from all joints. 1 without `world`, NaN where too few joints are seen.
    """
    if skeleton.world is None:
        return skeleton.body.new_ones(len(skeleton))
    limbs = _scale(skeleton, skeleton.world, _LIMBS)
    return torch.where(torch.isfinite(limbs), limbs, _scale(skeleton, skeleton.world, _ALL))


def _scale(
    skeleton: Skeleton, world: Float[Tensor, "T 25 3"], joints: list[int]
) -> Float[Tensor, " T"]:
    """The ratio of spreads over some joints; NaN if fewer than four of them are seen."""
    weight = (skeleton.body[:, joints, 2:] >= SEEN).float()
    total = weight.sum(1, keepdim=True).clamp(min=1)
    metres, pixels = world[:, joints, :2], skeleton.body[:, joints, :2]
    metres = (metres - (metres * weight).sum(1, keepdim=True) / total) * weight
    pixels = (pixels - (pixels * weight).sum(1, keepdim=True) / total) * weight
    world_spread = metres.square().sum((1, 2))
    picture_spread = pixels.square().sum((1, 2))
    good = (world_spread > 1e-3) & (weight.sum((1, 2)) >= 4)
    return torch.where(good, (picture_spread / world_spread.clamp(min=1e-3)).sqrt(), torch.nan)


def _lengths(skeleton: Skeleton, measured: bool) -> dict[object, float]:
    """Lengths of bones over a clip, averaged over both sides; unseen bones are left out.

    In metres: the median over the clip, with x and y from the picture, which are more accurate, and
    the depth from `world`. In pixels: the 95th percentile, because foreshortening only shortens.
    """
    points = skeleton.body[..., :2]
    if measured and skeleton.world is not None:
        flat = points / pixels_per_metre(skeleton)[:, None, None]
        points = torch.cat([flat, skeleton.world[..., 2:]], -1)
    seen = skeleton.body[..., 2] >= SEEN
    quantile = 0.5 if measured else 0.95

    def robust(lengths: Tensor) -> float | None:
        good = lengths[torch.isfinite(lengths) & (lengths > 0)]
        return float(good.quantile(quantile)) if len(good) else None

    def between(a: int, b: int) -> Tensor:
        both = seen[:, a] & seen[:, b]
        steps: Tensor = (points[:, a] - points[:, b])[both]
        lengths: Tensor = torch.linalg.vector_norm(steps, dim=-1)
        return lengths

    found: dict[object, float] = {}
    for bone in BONES:
        sides = [robust(between(bone.parent, bone.child))]
        if bone.twin is not None:
            sides.append(robust(between(*bone.twin)))
        known = [side for side in sides if side is not None]
        if known:
            found[bone.parent, bone.child] = sum(known) / len(known)
    ears = seen[:, _EARS[0]] & seen[:, _EARS[1]]
    middle = points[:, list(_EARS)].mean(1)
    for name, joint in (("neck", _J.NECK), ("skull", _J.NOSE)):
        # Without depth: heads are mostly upright.
        axes = 2 if joint == _J.NECK else points.shape[-1]
        length = robust((points[:, joint] - middle)[..., :axes].norm(dim=-1)[ears & seen[:, joint]])
        if length is not None:
            found[name] = length
    return found


def _ratios(driver: dict[object, float], target: dict[object, float]) -> dict[object, float]:
    """Ratios of target to driver per bone. Hidden bones of the target get average proportions."""
    shares: dict[object, float] = {(bone.parent, bone.child): bone.share for bone in BONES}
    shares["neck"] = shares["skull"] = _NECK_SHARE
    known = [target[key] / shares[key] for key in target if key in driver]
    height = float(torch.tensor(known).median()) if known else 1.0
    own = [driver[key] / shares[key] for key in driver if key in target]
    own_height = float(torch.tensor(own).median()) if own else 1.0
    low, high = (bound * height / own_height for bound in RATIOS)
    ratios = {}
    for key, share in shares.items():
        if key not in driver or not known:
            ratios[key] = height / own_height
            continue
        ratio = target.get(key, share * height) / driver[key]
        ratios[key] = min(max(ratio, low), high)
    return ratios


def _size(own: dict[object, float], ratio: dict[object, float], neck: tuple[float, float]) -> float:
    """The factor that scales the target to the driver's standing height."""
    parts = [(own[bone], ratio[bone]) for bone in _STANDING if bone in own]
    if len(parts) < len(_STANDING):
        parts = [(bone.share, ratio[bone.parent, bone.child]) for bone in BONES]
        parts = [part for part, bone in zip(parts, BONES, strict=True) if _stands(bone)]
    else:
        parts.append(neck)
    return sum(length for length, _ in parts) / sum(length * factor for length, factor in parts)


def _stands(bone: Bone) -> bool:
    return (bone.parent, bone.child) in _STANDING


def _rebuilt(
    points: Float[Tensor, "T 25 D"], ratio: dict[object, float], limits: dict[object, Tensor]
) -> Float[Tensor, "T 25 D"]:
    """Rebuild the figure from the hips outwards, with bones in the driver's directions."""
    out = points.clone()
    for bone in BONES:
        key = bone.parent, bone.child
        step = points[:, bone.child] - points[:, bone.parent]
        if key in limits:
            length = step.norm(dim=-1, keepdim=True).clamp(min=1e-6)
            step = step * (limits[key][:, None] / length).clamp(max=1)
        out[:, bone.child] = out[:, bone.parent] + step * ratio[key]
    return out


def _middle(points: Float[Tensor, "T 25 D"], seen: Float[Tensor, "T 25"]) -> Float[Tensor, "T D"]:
    """The centre of the head: between the ears, or else the nose."""
    ears = (seen[:, list(_EARS)] > 0).all(1, keepdim=True)
    return torch.where(ears, points[:, list(_EARS)].mean(1), points[:, _J.NOSE])


def _headed(
    body: Float[Tensor, "T 25 D"],
    driver: Float[Tensor, "T 25 D"],
    seen: Float[Tensor, "T 25"],
    neck: float,
    skull: float,
) -> Float[Tensor, "T 25 D"]:
    """Place the head on the neck, at the target's size."""
    old = _middle(driver, seen)
    new = body[:, _J.NECK] + (old - driver[:, _J.NECK]) * neck
    head = list(_HEAD)
    body = body.clone()
    body[:, head] = new[:, None] + (driver[:, head] - old[:, None]) * skull
    return body


def _grounding(
    driver: Float[Tensor, "T 25 2"], body: Float[Tensor, "T 25 2"], seen: Float[Tensor, "T 25"]
) -> Float[Tensor, " T"]:
    """The vertical shift per frame that aligns the lowest foot with the driver's.

    Aligning feet in every frame keeps ground contacts exact, whatever the length of the target's
    legs. If no foot is visible (a driver cut at the knees), the hips stay.
    """
    feet = [_J.R_ANKLE, _J.L_ANKLE, *_FEET]
    visible = seen[:, feet] >= SEEN
    low = driver.new_tensor(-torch.inf)
    was = torch.where(visible, driver[:, feet, 1], low).amax(1)
    now = torch.where(visible, body[:, feet, 1], low).amax(1)
    return torch.where(visible.any(1), was - now, torch.zeros_like(was)).nan_to_num(0, 0, 0)


def _carried(
    points: Float[Tensor, "T K 3"],
    old: Float[Tensor, "T 2"],
    new: Float[Tensor, "T 2"],
    factor: float,
) -> Float[Tensor, "T K 3"]:
    """Move points along with a joint and scale them about it."""
    xy = new[:, None] + (points[..., :2] - old[:, None]) * factor
    return torch.cat([xy, points[..., 2:]], -1)
