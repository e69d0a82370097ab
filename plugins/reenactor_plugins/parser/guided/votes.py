"""Scores of each class from spatial priors and colours."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float32, UInt8

from reenactor.labels import NUM_LABELS, Label
from reenactor_plugins.parser.guided.body_geometry import BodyGeometry
from reenactor_plugins.parser.guided.colours import ColourBins, ColourModel, typical
from reenactor_plugins.parser.guided.garment import GarmentCut, cut_of
from reenactor_plugins.parser.guided.part_priors import PartPriors, part_priors

Map = Float32[np.ndarray, "H W"]
Mask = Bool[np.ndarray, "H W"]

ROUNDS = 2
"""How often the colours are learnt: first from places, then from what the votes put there."""
SKIN_SHADES = 8
"""How much further than other models, along light, skin is recognised."""

THIGH = 0.3
"""Down to this share of the leg almost everybody is dressed: where the garment is learnt."""
SHARPNESS = 0.03
"""Uncertainty of the end of a sleeve or hem, in shares of the limb."""
BEYOND, WITHIN = (0.3, 0.6), 0.45
"""Scores for skin beyond the cloth (for any colour, plus for skin colour), and within it."""

ARMS = (Label.LEFT_ARM, Label.RIGHT_ARM)
LEGS = (Label.LEFT_LEG, Label.RIGHT_LEG)
SHOES = (Label.LEFT_SHOE, Label.RIGHT_SHOE)


@dataclass(frozen=True)
class ColourModels:
    """Colour models of skin, hair and clothes; None if nothing was visible to fit."""

    skin: ColourModel | None
    hair: ColourModel | None
    upper: ColourModel | None
    lower: ColourModel | None


@dataclass(frozen=True)
class ColourShares:
    """Posterior of each colour model at each pixel; they sum to 1."""

    skin: Map
    hair: Map
    upper: Map
    lower: Map


def votes_of(
    picture: UInt8[np.ndarray, "H W 3"], inside: Mask, figure: BodyGeometry
) -> Float32[np.ndarray, "22 H W"]:
    """Compute the score of each class at each pixel; the largest wins inside the person."""
    canvas = ColourBins.of(picture)
    places = part_priors(figure, inside.shape)
    models = _from_places(canvas, places, inside)
    for _ in range(ROUNDS):
        shares = _shares(canvas, models)
        cut = cut_of(figure, shares.skin, inside, models.upper, models.lower)
        votes = _votes(places, shares, cut)
        models = _from_votes(canvas, votes, inside, models)
    return votes


def _from_places(canvas: ColourBins, places: PartPriors, inside: Mask) -> ColourModels:
    face = typical(canvas, (places.face > 0) & inside, 0.65)
    limbs = np.maximum.reduce([*places.arms, *places.hands]) > 0.5
    body = inside & (places.face == 0) & (places.neck == 0) & (places.hair < 0.3)
    above = body & (places.trunk > 0) & (places.waist < 0.2) & ~limbs
    legs = np.maximum(*places.legs) > 0.5
    thighs = np.maximum(*places.along_legs) < THIGH
    below = body & (places.waist > 0.8) & legs & thighs & ~limbs
    top = inside & (places.hair > 0.8)
    return ColourModels(
        skin=canvas.model(face, SKIN_SHADES),
        hair=canvas.model(typical(canvas, top, 0.7)),
        upper=canvas.model(typical(canvas, above, 0.85)),
        lower=canvas.model(typical(canvas, below, 0.6)),
    )


def _from_votes(
    canvas: ColourBins, votes: np.ndarray, inside: Mask, before: ColourModels
) -> ColourModels:
    """Refit clothes and hair from the scores; skin keeps the model of the face."""
    label = np.where(inside, votes.argmax(0), 0)

    def learnt(labels: tuple[Label, ...], old: ColourModel | None) -> ColourModel | None:
        return canvas.model(np.isin(label, labels)) or old

    return ColourModels(
        before.skin,
        learnt((Label.HAIR,), before.hair),
        learnt((Label.UPPER_CLOTHES, Label.DRESS), before.upper),
        learnt((Label.PANTS, Label.SKIRT, Label.DRESS), before.lower),
    )


def _shares(canvas: ColourBins, models: ColourModels) -> ColourShares:
    known = (models.skin, models.hair, models.upper, models.lower)
    zero = np.zeros(canvas.index.shape, np.float32)
    likelihoods = [zero if m is None else canvas.likelihood(m) for m in known]
    total = np.maximum(np.sum(likelihoods, 0), 1e-12)
    return ColourShares(*(likelihood / total for likelihood in likelihoods))


def _votes(
    places: PartPriors, shares: ColourShares, cut: GarmentCut
) -> Float32[np.ndarray, "22 H W"]:
    votes = np.zeros((NUM_LABELS, *shares.skin.shape), np.float32)
    above = Label.DRESS if cut.below == Label.DRESS else Label.UPPER_CLOTHES
    top = (1 - places.waist) * (0.35 + 0.3 * (shares.upper - shares.skin))
    hanging = places.waist * (0.15 + 0.35 * (shares.upper - shares.lower))
    votes[above] = np.maximum(top, hanging)
    under = places.waist * (0.35 + 0.3 * (shares.lower - shares.upper))
    votes[cut.below] = np.maximum(votes[cut.below], under)
    votes[Label.FACE] = np.maximum(places.face, places.neck * (0.25 + 0.6 * shares.skin))
    votes[Label.HAIR] = np.maximum(
        places.hair * (0.5 + 0.4 * (shares.hair - shares.skin)),
        places.long_hair * np.clip(1.6 * shares.hair - 0.8, 0, None),
    )
    for side in range(2):
        arm = places.arms[side] * _bare(places.along_arms[side], cut.sleeves[side], shares.skin)
        hand = places.hands[side] * (0.5 + 0.4 * shares.skin)
        votes[ARMS[side]] = np.maximum(arm, hand)
        bare = _bare(places.along_legs[side], cut.hems[side], shares.skin)
        votes[LEGS[side]] = places.legs[side] * places.waist * bare
        votes[SHOES[side]] = places.feet[side] * 0.9
    return votes


def _bare(along: Map, end: float, skin: Map) -> Map:
    """Scores for skin on a limb whose cloth ends at `end`; colours count on both sides."""
    beyond = 1 / (1 + np.exp(np.clip((end - along) / SHARPNESS, -30, 30)))
    votes: Map = beyond * (BEYOND[0] + BEYOND[1] * skin) + (1 - beyond) * WITHIN * skin
    return votes
