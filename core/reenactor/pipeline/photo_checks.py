"""Checks of what a photo shows of the person."""

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
"""Share of the photo's sides: shoulders and hips nearer to the border count as outside."""
_BENT = 0.5
"""Cosine of the largest angle between trunk and thigh of a standing person: 60 degrees."""
_TOWARDS = {
    "thigh": (0.5, ((J.L_HIP, J.L_KNEE), (J.R_HIP, J.R_KNEE))),
    "lower leg": (0.88, ((J.L_KNEE, J.L_ANKLE), (J.R_KNEE, J.R_ANKLE))),
    "upper arm": (0.9, ((J.L_SHOULDER, J.L_ELBOW), (J.R_SHOULDER, J.R_ELBOW))),
}
"""Limbs, left and right, and the largest share of their length in depth. In 119 street photos of
standing people the largest shares are 0.34, 0.80 and 0.84. Forearms are not checked: they point at
the camera in many photos and do little harm."""
_BORDER = 0.06
"""Share of the photo's width that counts as its edge."""
_CUT = 0.3
"""Smallest share of the person's rows at one edge of a photo that cuts the person lengthwise. In
427 labelled street photos the largest share is 0.19; in 20 photos cut at the hip, 0.42 or more."""
_AREA = 3.6
"""Largest labelled area, in squares of the trunk's length. 44 street photos have 1.7 to 3.1, even
with dresses and coats; key points invented for half a person, 4 or more."""
_DARKEST, _BRIGHTEST = 20, 235
"""Range of a person's mean brightness, 0 to 255. The same 44 photos have 45 to 188."""


def photo_warnings(photo: Photo, skeleton: Skeleton) -> Iterator[str]:
    """Warnings about the person's key points in a photo.

    Raises:
        NoPersonError: the photo shows neither shoulders nor hips.
    """
    size = torch.tensor(photo.pixels.shape[1::-1])
    xy, sure = skeleton.body[0, :, :2], skeleton.body[0, :, 2]
    well = ((xy >= _RIM * size) & (xy < (1 - _RIM) * size)).all(1)
    inside = ((xy >= 0) & (xy < size)).all(1)
    if not bool((well & (sure > FAINT))[list(_TRUNK)].any()):
        raise NoPersonError(
            "the photo shows neither the person's shoulders nor their hips",
            given=photo.name,
            expected="one person, ideally from head to feet, at least head and shoulders",
            advice="use a photo taken from farther away",
        )
    seen = inside & (sure >= SEEN)
    missing = [part for part, joints in _PARTS.items() if not bool(seen[list(joints)].any())]
    if "the knees" in missing:
        below = "anything below the " + ("waist" if "the hips" in missing else "hips")
        missing = [part for part in missing if part == "the head"] + [below]
    if missing:
        yield (
            f"the photo does not show {' or '.join(missing)}, so the result will not either: use a "
            "photo from head to feet"
        )
    hidden = foreshortened(skeleton)
    if hidden:
        verb = "points" if len(hidden) == 1 else "point"
        yield (
            f"in the photo {' and '.join(hidden)} {verb} at the camera or away from it, so the "
            "result will look torn there: use a photo of the person standing with straight limbs"
        )
    elif is_crouching(skeleton):
        yield "the person in the photo sits or crouches: use a photo of a standing person"


def foreshortened(skeleton: Skeleton) -> list[str]:
    """The limbs that point at the camera or away from it; none if depth is unknown."""
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


def is_crouching(skeleton: Skeleton) -> bool:
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
    """The side of the photo that cuts the person lengthwise: "left", "right", or "" for none."""
    person = labels > 0
    rows = max(int(person.any(1).sum()), 1)
    rim = max(1, round(_BORDER * labels.shape[1]))
    shares = {
        "left": person[:, :rim].any(1).sum() / rows,
        "right": person[:, -rim:].any(1).sum() / rows,
    }
    cut = [side for side, share in shares.items() if share > _CUT]
    return cut[0] if len(cut) == 1 else ""


def label_warnings(
    labels: UInt8[np.ndarray, "H W"], skeleton: Skeleton, pixels: UInt8[np.ndarray, "H W 3"]
) -> Iterator[str]:
    """Warnings about labels that do not match the key points, and about bad light."""
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
            "the photo's key points and labels do not match: it may show only part of a person, "
            "and the result may look wrong; use a photo from head to feet"
        )
    if person.any():
        brightness = float(pixels[person].mean())
        if not _DARKEST <= brightness <= _BRIGHTEST:
            tone = "dark" if brightness < _DARKEST else "bright"
            yield f"the person in the photo is too {tone}: use a photo in better light"
