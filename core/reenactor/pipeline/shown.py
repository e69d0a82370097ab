"""What a photo shows of a person, and what it shows too little of to make a dancer of."""

from collections.abc import Iterator

import numpy as np
import torch
from jaxtyping import UInt8

from reenactor.errors import NoPersonError
from reenactor.joints import Joint
from reenactor.labels import PART_GROUPS
from reenactor.media.photo import Photo
from reenactor.ops.windows import SEEN as FAINT
from reenactor.pipeline.upright import SEEN
from reenactor.values import Skeleton

J = Joint
_TRUNK = (J.NECK, J.L_SHOULDER, J.R_SHOULDER, J.MID_HIP, J.L_HIP, J.R_HIP)
_PARTS = {
    "the head": (J.NOSE, J.L_EYE, J.R_EYE, J.L_EAR, J.R_EAR),
    "the hips": (J.MID_HIP, J.L_HIP, J.R_HIP),
    "the knees": (J.L_KNEE, J.R_KNEE),
    "the feet": (J.L_ANKLE, J.R_ANKLE),
}
_RIM = 0.03
"""Of the photo's sides: shoulders and hips nearer to its border are hardly in it."""
_BENT = 0.5
"""Cosine of the angle between trunk and thigh from which on somebody stands: 60 degrees."""
_TOWARDS = {
    "thigh": (0.5, ((J.L_HIP, J.L_KNEE), (J.R_HIP, J.R_KNEE))),
    "lower leg": (0.88, ((J.L_KNEE, J.L_ANKLE), (J.R_KNEE, J.R_ANKLE))),
    "upper arm": (0.9, ((J.L_SHOULDER, J.L_ELBOW), (J.R_SHOULDER, J.R_ELBOW))),
}
"""Limbs, the left one first, and the share of their length in depth beyond which too little of
them is seen. Of 119 street photos of people who stand the largest shares are 0.34, 0.80 and 0.84;
forearms point at the camera in many of them, and do little harm."""
_BORDER = 0.06
"""Of the photo's width: what is nearer to a side of the photo lies at it."""
_CUT = 0.3
"""The share of a person's rows at one side of the photo from which on the photo cuts the person
in half. Of 427 labelled street photos the largest share is 0.19; of 20 photos that were cut at
the hip, 0.42 and more."""
_AREA = 3.6
"""Labelled pixels, in squares of the trunk's length. 44 street photos have 1.7 to 3.1, also with
dresses and coats; key points that were invented for half a person, 4 and more."""
_DARKEST, _BRIGHTEST = 20, 235
"""Mean brightness of a person, 0 to 255, outside of which little is seen. The same 44 photos have
45 to 188."""


def lacks(photo: Photo, skeleton: Skeleton) -> Iterator[str]:
    """What is to be noted of a person's key points in a photo.

    Raises:
        NoPersonError: the photo shows no trunk.
    """
    size = torch.tensor(photo.pixels.shape[1::-1])
    xy, sure = skeleton.body[0, :, :2], skeleton.body[0, :, 2]
    well = ((xy >= _RIM * size) & (xy < (1 - _RIM) * size)).all(1)
    inside = ((xy >= 0) & (xy < size)).all(1)
    if not bool((well & (sure > FAINT))[list(_TRUNK)].any()):
        raise NoPersonError(
            "the photo shows neither the shoulders nor the hips of the person",
            given=photo.name,
            expected="one person, best seen from head to feet, at least head and shoulders",
            advice="a photo taken from farther away",
        )
    seen = inside & (sure >= SEEN)
    missing = [part for part, joints in _PARTS.items() if not bool(seen[list(joints)].any())]
    if "the knees" in missing:
        below = "anything below the " + ("waist" if "the hips" in missing else "hips")
        missing = [part for part in missing if part == "the head"] + [below]
    if missing:
        yield (
            f"the photo does not show {' or '.join(missing)}, and neither will the result: for a "
            "whole dancer use a photo from head to feet"
        )
    hidden = pointing(skeleton)
    if hidden:
        verb = "points" if len(hidden) == 1 else "point"
        yield (
            f"in the photo {' and '.join(hidden)} {verb} at the camera or away from it: too little "
            "is seen to draw that at its full length, and the result will look torn there; use a "
            "photo in which the person stands with straight limbs"
        )
    elif crouches(skeleton):
        yield "the person in the photo sits or crouches: one who stands gives a better dancer"


def pointing(skeleton: Skeleton) -> list[str]:
    """The limbs that point at the camera or away from it; none where depth is not known."""
    if skeleton.world is None:
        return []
    body, world = skeleton.body[0].double().numpy(), skeleton.world[0].double().numpy()
    found = []
    for name, (most, sides) in _TOWARDS.items():
        for side, (start, end) in zip(("left", "right"), sides, strict=True):
            step = world[end] - world[start]
            seen = min(body[start, 2], body[end, 2]) >= SEEN
            if seen and abs(step[2]) > most * np.linalg.norm(step):
                found.append(f"the {side} {name}")
    return found


def crouches(skeleton: Skeleton) -> bool:
    """Whether both thighs are bent away from the trunk by more than 60 degrees."""
    body = skeleton.body[0].double().numpy()
    trunk = body[J.MID_HIP, :2] - body[J.NECK, :2]
    bent = []
    for hip, knee in ((J.L_HIP, J.L_KNEE), (J.R_HIP, J.R_KNEE)):
        if (body[[J.MID_HIP, J.NECK, hip, knee], 2] < SEEN).any():
            return False
        thigh = body[knee, :2] - body[hip, :2]
        bent.append(thigh @ trunk < _BENT * np.hypot(*thigh) * np.hypot(*trunk))
    return all(bent)


def cut_side(labels: UInt8[np.ndarray, "H W"]) -> str:
    """The side of the photo ("left", "right") that cuts the person lengthwise; empty if none."""
    person = labels > 0
    rows = max(int(person.any(1).sum()), 1)
    rim = max(1, round(_BORDER * labels.shape[1]))
    shares = {
        "left": person[:, :rim].any(1).sum() / rows,
        "right": person[:, -rim:].any(1).sum() / rows,
    }
    cut = [side for side, share in shares.items() if share > _CUT]
    return cut[0] if len(cut) == 1 else ""


def doubtful(
    labels: UInt8[np.ndarray, "H W"], skeleton: Skeleton, pixels: UInt8[np.ndarray, "H W 3"]
) -> Iterator[str]:
    """What is to be noted where key points and labels hardly show a person, or in no light."""
    person = labels > 0
    body = skeleton.body[0].double().numpy()
    trunk = body[J.NECK, :2] - body[J.MID_HIP, :2]
    length = max(float(np.hypot(*trunk)), 1.0)
    known = min(body[J.NECK, 2], body[J.MID_HIP, 2]) >= SEEN
    faceless = False
    x, y, sure = body[J.NOSE]
    if known and sure >= SEEN and 0 <= x < labels.shape[1] and 0 <= y < labels.shape[0]:
        reach = 0.2 * length
        top, bottom = max(int(y - reach), 0), int(y + reach) + 1
        left, right = max(int(x - reach), 0), int(x + reach) + 1
        faceless = not np.isin(labels[top:bottom, left:right], PART_GROUPS["face"]).any()
    if known and (faceless or person.sum() > _AREA * length**2):
        yield (
            "the key points and the labels of the photo do not agree: it may show only part of a "
            "person, and the result may not look like one; use a photo from head to feet"
        )
    if person.any():
        brightness = float(pixels[person].mean())
        if not _DARKEST <= brightness <= _BRIGHTEST:
            tone = "dark" if brightness < _DARKEST else "bright"
            yield f"the person in the photo is too {tone} to show much: use a photo in better light"
