"""Detects pants, skirt or dress and their length, from legs and colours."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float32

from reenactor.labels import Label
from reenactor_plugins.parser.guided.body_geometry import ARMS, LEGS, BodyGeometry, J, limb
from reenactor_plugins.parser.guided.colours import ColourModel

STEPS = 24
"""Number of points sampled along a limb."""
FILLED = 0.9
"""Minimum share of the area between the legs, above the hem, that a skirt fills."""
APART, WIDE_APART = 0.2, 0.36
"""Legs closer than this (in trunk lengths) cannot distinguish pants from a skirt. If cloth reaches
the ankles, the legs must be farther apart, because most such garments are pants."""
ALIKE = 0.4
"""A skirt is a dress if its colours overlap with those above the waist by this much."""
LONG = 0.9
"""A hem beyond this share of the leg counts as at the ankle."""


@dataclass(frozen=True)
class GarmentCut:
    """The class below the waist, and where sleeves and trouser legs end.

    `sleeves` and `hems` (left first) are shares of the limb, as in `PartPriors.along_arms`; skin
    is bare beyond them.
    """

    below: Label
    sleeves: tuple[float, float]
    hems: tuple[float, float]


def cut_of(
    figure: BodyGeometry,
    skin: Float32[np.ndarray, "H W"],
    inside: Bool[np.ndarray, "H W"],
    upper: ColourModel | None,
    lower: ColourModel | None,
) -> GarmentCut:
    """Detect garments along the arms and legs, and between the legs.

    Args:
        figure: the person.
        skin: probability of skin for each pixel's colour.
        inside: the silhouette.
        upper: colour model above the waist.
        lower: colour model below the waist.
    """
    sleeves = _both([_end_of_cloth(figure, ARMS[side], skin) for side in (0, 1)])
    hems = _both([_end_of_cloth(figure, LEGS[side], skin) for side in (0, 1)])
    if not _skirted(figure, inside, min(hems)):
        return GarmentCut(Label.PANTS, sleeves, hems)
    alike = upper is not None and lower is not None and upper.overlap(lower) > ALIKE
    return GarmentCut(Label.DRESS if alike else Label.SKIRT, sleeves, hems)


def _both(ends: list[float | None]) -> tuple[float, float]:
    """Ends of both limbs: a hidden limb copies the other; if both are hidden, all is covered."""
    left, right = ends
    if left is None and right is None:
        return 1.0, 1.0
    return (right if left is None else left), (left if right is None else right)  # type: ignore[return-value]


def _points(figure: BodyGeometry, joints: tuple[J, J, J]) -> np.ndarray | None:
    """Points along a limb: `(S, 2)`."""
    lines = limb(figure, joints)
    if not lines:
        return None
    t = (np.arange(STEPS) + 0.5)[:, None] * 2 / STEPS
    (root, middle), (_, end) = lines
    points: np.ndarray = np.where(
        t < 1, root + t * (middle - root), middle + (t - 1) * (end - middle)
    )
    return points


def _sampled(values: np.ndarray, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sample values at points; also return which points are inside the picture."""
    x, y = points.round().astype(int).T
    seen = (x >= 0) & (y >= 0) & (x < values.shape[1]) & (y < values.shape[0])
    return values[y.clip(0, values.shape[0] - 1), x.clip(0, values.shape[1] - 1)], seen


def _end_of_cloth(figure: BodyGeometry, joints: tuple[J, J, J], skin: np.ndarray) -> float | None:
    """The position along a limb that best separates cloth from skin."""
    points = _points(figure, joints)
    if points is None:
        return None
    bare, seen = _sampled(skin, points)
    bare = np.where(seen, bare, 0.5) - 0.5
    # Count skin above the end and cloth below it as errors.
    mistakes = np.concatenate([[0], np.cumsum(bare)])
    return float(mistakes.argmin() / STEPS)


def _skirted(figure: BodyGeometry, inside: np.ndarray, hem: float) -> bool:
    """Whether one garment covers both legs, so that the area between them is filled."""
    left, right = _points(figure, LEGS[0]), _points(figure, LEGS[1])
    if left is None or right is None:
        return False
    apart = (WIDE_APART if hem >= LONG else APART) * figure.unit
    filled: list[bool] = []
    for i in range(round(0.22 * STEPS), round(min(hem, LONG) * 0.92 * STEPS)):
        if np.hypot(*(left[i] - right[i])) < apart:
            continue
        share = np.linspace(0.3, 0.7, 5)[:, None]
        cloth, seen = _sampled(inside, left[i] * (1 - share) + right[i] * share)
        filled.extend(cloth[seen])
    if not filled:
        # If the legs cross or are close, a hem far above the ankles suggests a skirt.
        return 0.2 < hem < LONG
    return float(np.mean(filled)) > FILLED
