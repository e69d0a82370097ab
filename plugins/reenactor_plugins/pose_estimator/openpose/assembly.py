"""People from points and part affinity fields: the surest limbs first (Cao et al. 2018).

The score of a limb between two points is the mean, along the line between them, of the field's
share in the line's direction.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from jaxtyping import Float, Float32
from torch import Tensor
from torch.nn import functional as F

from reenactor_plugins.pose_estimator.openpose.layout import KeypointLayout, LimbField
from reenactor_plugins.pose_estimator.openpose.network import STRIDE
from reenactor_plugins.pose_estimator.openpose.peaks import SEEN, Points

ALONG = 0.05
"""Share of the field in the limb's direction from which a sample counts ..."""
MOST_OF = 0.95
"""... and more than this part of the samples must count (both OpenPose's)."""
SAMPLES = (5, 25)
"""Fewest and most samples of a limb; between, the root of five times its length."""
FEWEST = 4
"""Points of a person, at least, as in the authors' Python program."""
NEAR = 1 / 150
"""Two points nearer than this share of the input's size, the root of its area, may be connected
without the field: it is too coarse for so short a limb ..."""
NEAR_SCORE = SEEN + 1e-6
"""... though with so low a score that a limb which the field bears out comes first (both
OpenPose's)."""


@dataclass(frozen=True)
class Connection:
    """A limb between two points, given by their places in the lists of `maxima`."""

    limb: LimbField
    first: int
    second: int
    score: float


@dataclass(eq=False)  # two people may have equal scores
class PersonCandidate:
    """Points by kind, and their heights with the scores of the limbs between them."""

    points: dict[int, int] = field(default_factory=dict)
    score: float = 0.0


def assemble_people(
    points: Sequence[Points],
    fields: Float[Tensor, "F h w"],
    layout: KeypointLayout,
    min_score: float,
) -> Float32[np.ndarray, "N K 3"]:
    """Everybody, the surest first; points that are not seen are 0, 0, 0.

    Args:
        points: of every kind, in pixels of the network's input.
        fields: as the network gives them.
        layout: whose points and fields these are.
        min_score: what a person needs for each of its points.
    """
    connections = [found for limb in layout.limbs for found in _limbs(points, fields, limb)]
    people = [
        person
        for person in _grown(connections, points)
        if sum(kind < layout.trunk for kind in person.points) >= FEWEST
        and person.score / len(person.points) >= min_score
    ]
    out = np.zeros((len(people), layout.points, 3), np.float32)
    for n, person in enumerate(sorted(people, key=lambda person: -person.score)):
        for kind, place in person.points.items():
            out[n, kind] = points[kind][place]
    return out


def limb_scores(
    first: Points, second: Points, fields: Float[Tensor, "2 h w"]
) -> Float[Tensor, "N M"]:
    """How well the field runs from each of the first points to each of the second; 0 is not.

    Points that are very near each other get `NEAR_SCORE` where it does not.
    """
    a, b = torch.from_numpy(first[:, :2]), torch.from_numpy(second[:, :2])
    way = b[None] - a[:, None]
    length = way.norm(dim=-1)
    count = (5 * way.abs().amax(-1)).sqrt().round().clamp(*SAMPLES)
    step = torch.arange(SAMPLES[1])
    inside = step < count[..., None]
    at = a[:, None, None] + way[:, :, None] * (step / count[..., None])[..., None]
    along = _read(fields, at) * (way / length.clamp(min=1e-6)[..., None])[:, :, None]
    share = along.sum(-1)
    counts = inside & (share > ALONG)
    number = counts.sum(-1)
    mean = (share * counts).sum(-1) / number.clamp(min=1)
    near = NEAR * STRIDE * (fields.shape[1] * fields.shape[2]) ** 0.5
    otherwise = torch.where(length < near, NEAR_SCORE, 0.0)
    score = torch.where(number / count > MOST_OF, mean, otherwise)
    return torch.where(length > 1e-6, score, 0.0)


def _read(fields: Float[Tensor, "2 h w"], at: Float[Tensor, "N M S 2"]) -> Float[Tensor, "N M S 2"]:
    """The fields at places in the network's input, between their pixels."""
    size = at.new_tensor([fields.shape[2], fields.shape[1]]) * STRIDE
    grid = ((2 * at + 1) / size - 1).reshape(1, -1, 1, 2)
    read = F.grid_sample(fields[None], grid, padding_mode="border", align_corners=False)
    return read[0, :, :, 0].T.reshape(at.shape)


def _limbs(
    points: Sequence[Points], fields: Float[Tensor, "F h w"], limb: LimbField
) -> list[Connection]:
    """Every limb of one kind that the field bears out."""
    first, second = points[limb.first], points[limb.second]
    if not (len(first) and len(second)):
        return []
    scores = limb_scores(first, second, fields[limb.channel : limb.channel + 2])
    return [
        Connection(limb, i, j, float(scores[i, j])) for i, j in (scores > 1e-6).nonzero().tolist()
    ]


def _grown(connections: Sequence[Connection], points: Sequence[Points]) -> list[PersonCandidate]:
    """People grown limb by limb: the surest first, spare ones last."""

    def rank(found: Connection) -> tuple[bool, float]:
        ends = _height(points, found.limb.first, found.first)
        ends += _height(points, found.limb.second, found.second)
        return found.limb.spare, -(found.score + 0.1 * ends)

    people: list[PersonCandidate] = []
    owner: dict[tuple[int, int], PersonCandidate] = {}
    for found in sorted(connections, key=rank):
        ends = (found.limb.first, found.first), (found.limb.second, found.second)
        owners = [owner[end] for end in ends if end in owner]
        body = owners[0] if owners else PersonCandidate()
        if not owners:
            people.append(body)
        elif owners[-1] is not body:
            if not _merged(body, owners[-1], owner):
                continue
            people.remove(owners[-1])
        _join(body, ends, found.score, points, owner)
    return people


def _merged(
    one: PersonCandidate, other: PersonCandidate, owner: dict[tuple[int, int], PersonCandidate]
) -> bool:
    """Make one of two halves; not of two with a point of the same kind, for they are two."""
    if one.points.keys() & other.points.keys():
        return False
    one.points |= other.points
    one.score += other.score
    owner.update(dict.fromkeys(other.points.items(), one))
    return True


def _join(
    body: PersonCandidate,
    ends: tuple[tuple[int, int], tuple[int, int]],
    score: float,
    points: Sequence[Points],
    owner: dict[tuple[int, int], PersonCandidate],
) -> None:
    """Add a limb to a person, unless the person has another point of the new one's kind."""
    if any(body.points.get(kind, place) != place for kind, place in ends):
        return
    for kind, place in ends:
        if kind not in body.points:
            body.points[kind] = place
            body.score += _height(points, kind, place)
            owner[kind, place] = body
    body.score += score


def _height(points: Sequence[Points], kind: int, place: int) -> float:
    return float(points[kind][place, 2])
