"""A parser without training: bones give the possible places of classes, colours decide."""

from typing import final

import numpy as np
from jaxtyping import Bool, Float, UInt8

from reenactor.options import NoOptions
from reenactor.roles import Parser
from reenactor.values import Frames, Parsing, Skeleton
from reenactor_plugins.parser import cleanup
from reenactor_plugins.parser.edges import ClassScores, labels_of, shrunk
from reenactor_plugins.parser.guided.body_geometry import (
    ARMS,
    LEGS,
    SEEN,
    BodyGeometry,
    J,
    body_geometry,
    distance_to,
)
from reenactor_plugins.parser.guided.silhouette import silhouette
from reenactor_plugins.parser.guided.votes import votes_of
from reenactor_plugins.parser.neck import split_neck
from reenactor_plugins.parser.per_frame import parse_frames

TRUNK = 90
"""Length of the trunk in pixels at working size: people are about 300 pixels tall."""
MARGIN = 1.0
"""Margin around the key points, in trunk lengths."""
RADIUS = 0.06
"""Radius of the guided filter, in trunk lengths."""
SPECK = 0.05
"""Pieces with an area below the square of this, in trunk lengths, are removed."""


@final
class GuidedParser(Parser[NoOptions]):
    """GrabCut silhouette from the skeleton, votes from places and colours, edge-aware labels."""

    def parse(self, frames: Frames, skeleton: Skeleton) -> Parsing:
        return parse_frames(frames, skeleton, self._labels)

    def _labels(
        self,
        picture: UInt8[np.ndarray, "H W 3"],
        body: Float[np.ndarray, "25 3"],
        face: Float[np.ndarray, "70 3"],
    ) -> UInt8[np.ndarray, "H W"]:
        labels: UInt8[np.ndarray, "H W"] = np.zeros(picture.shape[:2], np.uint8)
        rough = body_geometry(body, face)
        if rough is None:
            return labels
        factor = max(1, round(rough.unit / TRUNK))
        rows, columns = _around(rough, labels.shape, factor)
        full = picture[rows, columns]
        if full.size == 0:
            return labels
        small = shrunk(full, factor)
        figure = body_geometry(
            *(_moved(p, columns.start, rows.start, factor) for p in (body, face))
        )
        if figure is None:
            return labels
        person = silhouette(small, figure, self.runtime.seed)
        scores = ClassScores(votes_of(small, person > 0.5, figure), person)
        found = labels_of(scores, small, full, factor, max(1, round(RADIUS * figure.unit)))
        bones = _bones(rough, columns.start, rows.start, found.shape)
        found = cleanup.keep_person(found, bones)
        found = cleanup.remove_specks(found, max(2, round((SPECK * rough.unit) ** 2)))
        labels[rows, columns] = found
        return split_neck(labels, body, face)


def _around(figure: BodyGeometry, size: tuple[int, int], factor: int) -> tuple[slice, slice]:
    """Rows and columns around the person, starting at multiples of the factor."""
    seen = figure.body[figure.body[:, 2] > SEEN, :2]
    low = np.floor((seen.min(0) - MARGIN * figure.unit) / factor) * factor
    high = np.ceil(seen.max(0) + MARGIN * figure.unit)
    (left, top), (right, bottom) = (
        np.clip(corner, 0, [size[1], size[0]]).astype(int) for corner in (low, high)
    )
    return slice(int(top), int(bottom)), slice(int(left), int(right))


def _moved(points: np.ndarray, left: int, top: int, factor: int) -> np.ndarray:
    """Transform key points to a crop that is reduced by the factor."""
    result = points.copy()
    result[:, :2] = (points[:, :2] - [left, top] + 0.5) / factor - 0.5
    return result


def _bones(
    figure: BodyGeometry, left: int, top: int, size: tuple[int, int]
) -> Bool[np.ndarray, "H W"]:
    """Mask of the bones in a crop of the picture."""
    lines = figure.chain((J.NOSE, J.NECK, J.MID_HIP))
    for side in (0, 1):
        lines += figure.chain(ARMS[side]) + figure.chain(LEGS[side]) + figure.foot(side)
    corner = np.array([left, top])
    return distance_to([(a - corner, b - corner) for a, b in lines], size) < 1
