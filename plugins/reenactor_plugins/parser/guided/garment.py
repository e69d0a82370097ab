"""What is worn below the waist, judged from legs and colours: pants, a skirt, a dress; how long."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float32

from reenactor.labels import Label
from reenactor_plugins.parser.guided.body_geometry import ARMS, LEGS, BodyGeometry, J, limb
from reenactor_plugins.parser.guided.colours import ColourModel

STEPS = 24
"""Where a leg is looked at: so many points from hip to ankle."""
FILLED = 0.9
"""A skirt fills at least this share of what lies between the legs above its hem."""
APART, WIDE_APART = 0.2, 0.36
"""Legs closer to one another than this (in trunk lengths) do not tell pants from a skirt. Where
cloth reaches the ankles the legs must be farther apart, for most such garments are pants."""
ALIKE = 0.4
"""A skirt whose colours overlap with those above the waist by this much is a dress."""
LONG = 0.9
"""A hem beyond this share of the leg is at the ankle."""


@dataclass(frozen=True)
class GarmentCut:
    """How the clothes are cut: the class below the waist, and where sleeves and legs end.

    `sleeves` and `hems` (left first) are shares of the limb, as in `PartPriors.along_arms`: beyond
    them the skin is bare.
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
    """Look along arms and legs, and between the legs.

    Args:
        figure: the person.
        skin: share of skin in what each pixel's colour speaks for.
        inside: the silhouette.
        upper: colours above the waist.
        lower: colours below it.
    """
    sleeves = _both([_end_of_cloth(figure, ARMS[side], skin) for side in (0, 1)])
    hems = _both([_end_of_cloth(figure, LEGS[side], skin) for side in (0, 1)])
    if not _skirted(figure, inside, min(hems)):
        return GarmentCut(Label.PANTS, sleeves, hems)
    alike = upper is not None and lower is not None and upper.overlap(lower) > ALIKE
    return GarmentCut(Label.DRESS if alike else Label.SKIRT, sleeves, hems)


def _both(ends: list[float | None]) -> tuple[float, float]:
    """An unseen limb is dressed like its partner; where both are, all is covered."""
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
    """The values at some points, and which of the points are in the picture."""
    x, y = points.round().astype(int).T
    seen = (x >= 0) & (y >= 0) & (x < values.shape[1]) & (y < values.shape[0])
    return values[y.clip(0, values.shape[0] - 1), x.clip(0, values.shape[1] - 1)], seen


def _end_of_cloth(figure: BodyGeometry, joints: tuple[J, J, J], skin: np.ndarray) -> float | None:
    """The share of a limb where it is best parted in covered and bare."""
    points = _points(figure, joints)
    if points is None:
        return None
    bare, seen = _sampled(skin, points)
    bare = np.where(seen, bare, 0.5) - 0.5
    # Skin above the end and cloth below it are both mistakes.
    mistakes = np.concatenate([[0], np.cumsum(bare)])
    return float(mistakes.argmin() / STEPS)


def _skirted(figure: BodyGeometry, inside: np.ndarray, hem: float) -> bool:
    """Whether one piece of cloth covers both legs: what is between them belongs to the person."""
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
        # The legs cross or stand close: what ends far above the ankles is more often a skirt.
        return 0.2 < hem < LONG
    return float(np.mean(filled)) > FILLED
