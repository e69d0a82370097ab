"""Parses a person with a small U-Net on the pose network's features."""

from dataclasses import replace
from math import ceil, cos, sin
from typing import final

import cv2
import numpy as np
import torch
from jaxtyping import Bool, Float, UInt8

from reenactor.roles import Parser
from reenactor.runtime import Runtime
from reenactor.values import Frames, Parsing, Skeleton
from reenactor_plugins.networks.checkpoint import (
    TRAINED_ADVICE,
    for_inference,
    from_state_dict,
    load_trained,
    random_network,
    weights_file,
)
from reenactor_plugins.networks.mediapipe.pose import POSE_SIDE, PoseNetwork
from reenactor_plugins.networks.mediapipe.roi import Roi, roi_of_body
from reenactor_plugins.networks.mediapipe.sigmoid import sigmoid
from reenactor_plugins.parser import cleanup
from reenactor_plugins.parser.edges import ClassScores, labels_of, shrunk
from reenactor_plugins.parser.neck import split_neck
from reenactor_plugins.parser.per_frame import parse_frames
from reenactor_plugins.parser.taps.classes import BAG, in_our_classes
from reenactor_plugins.parser.taps.limbs import LINES, TORSO
from reenactor_plugins.parser.taps.locate import LocatedPerson, completed, locate_person
from reenactor_plugins.parser.taps.network import ParsingNetwork
from reenactor_plugins.parser.taps.options import TapsOptions
from reenactor_plugins.parser.taps.views import VIEWS, LabelRegion, ViewAverager
from reenactor_plugins.parser.taps.weights import PARSER_TAPS

LARGEST = 1024
"""Maximum size of the person's square in pixels. The networks' input is 256, and a larger square,
sampled without smoothing, would alias."""
MARGIN = 0.1
"""Margin around the square that is labelled, in sides of the square."""
SILHOUETTE = 0.25
"""Weight of the pose network's silhouette against the parsing network's."""
PERSON = 0.6
"""Threshold for the person. Background had a low weight in training, so 1/2 would be too low."""
RADIUS = 2.5 / POSE_SIDE
"""Radius of the guided filter, in sides of the square: the networks' resolution."""
SPECK = 1.5e-4
"""Pieces below this share of the square's area are removed: 10 of the network's pixels."""


@final
class TapsParser(Parser[TapsOptions]):
    """Crops a square, predicts class probabilities, and computes edge-aware labels.

    Raises:
        WeightsError: the weights are missing or do not fit.
    """

    def __init__(self, options: TapsOptions, runtime: Runtime) -> None:
        # It runs once a photo. In bfloat16, some of a person's pixels get another class.
        runtime = replace(runtime, dtype=torch.float32)
        super().__init__(options, runtime)
        self._pose = PoseNetwork(runtime)
        network = for_inference(_network(options, runtime), runtime)
        self._viewer = ViewAverager(self._pose, network, runtime.device, runtime.dtype)

    def parse(self, frames: Frames, skeleton: Skeleton) -> Parsing:
        return parse_frames(frames, skeleton, self._labels)

    def _labels(
        self,
        picture: UInt8[np.ndarray, "H W 3"],
        body: Float[np.ndarray, "25 3"],
        face: Float[np.ndarray, "70 3"],
    ) -> UInt8[np.ndarray, "H W"]:
        body = np.where(np.isfinite(body).all(1, keepdims=True), body, 0)
        rough = roi_of_body(completed(body))
        labels: UInt8[np.ndarray, "H W"] = np.zeros(picture.shape[:2], np.uint8)
        if rough is None:
            return labels
        factor = ceil(rough.size / LARGEST)
        small = shrunk(picture, factor)
        seen = locate_person(self._pose, small, _in_small(body, factor))
        if seen is None:
            return labels
        sheet = _sheet(seen.roi, small.shape[:2])
        if sheet.width <= 0 or sheet.height <= 0:
            return labels
        rows, columns = (slice(s.start * factor, s.stop * factor) for s in sheet.part)
        full = picture[rows, columns]
        scores = self._scores(small, seen, sheet)
        radius = max(1, round(RADIUS * seen.roi.size)) if self.options.edges else 0
        found = labels_of(scores, small[sheet.part], full, factor, radius)
        labels[rows, columns] = self._tidied(found, seen, sheet, factor)
        return split_neck(labels, body, face)

    def _scores(self, small: np.ndarray, seen: LocatedPerson, sheet: LabelRegion) -> ClassScores:
        """Combine both networks' probabilities on the region."""
        found = self._viewer.probabilities(small, seen, sheet, VIEWS[self.options.views])
        classes = in_our_classes(found)
        to_crop = seen.roi.to_crop(POSE_SIDE) @ sheet.shift
        silhouette = cv2.warpAffine(
            sigmoid(seen.pose.segmentation),
            to_crop,
            (sheet.width, sheet.height),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        )
        person = (1 - SILHOUETTE) * classes[1:].sum(0) + SILHOUETTE * silhouette
        return ClassScores(classes, person.astype(np.float32), PERSON)

    def _tidied(
        self, labels: UInt8[np.ndarray, "H W"], seen: LocatedPerson, sheet: LabelRegion, factor: int
    ) -> UInt8[np.ndarray, "H W"]:
        """Keep one person, remove specks, and relabel bags according to the options."""
        size = seen.roi.size * factor
        labels = cleanup.keep_person(labels, _bones(seen, sheet, factor, labels.shape))
        labels = cleanup.remove_specks(labels, round(SPECK * size**2))
        reach = max(1, round(size / POSE_SIDE))
        if self.options.bags == "background":
            labels = cleanup.remove_protruding(labels, BAG, reach)
        return cleanup.merge_into_neighbours(labels, BAG, cleanup.GARMENTS, reach)


def _in_small(body: np.ndarray, factor: int) -> np.ndarray:
    """Scale the skeleton to a picture reduced by the factor."""
    result = body.copy()
    result[:, :2] = (body[:, :2] + 0.5) / factor - 0.5
    return result


def _sheet(roi: Roi, size: tuple[int, int]) -> LabelRegion:
    """The region of a picture of the given size around the person."""
    turned = abs(cos(roi.angle)) + abs(sin(roi.angle))
    reach = roi.size * (0.5 * turned + MARGIN)
    left, right = (min(max(round(x), 0), size[1]) for x in (roi.x - reach, roi.x + reach))
    top, bottom = (min(max(round(y), 0), size[0]) for y in (roi.y - reach, roi.y + reach))
    return LabelRegion(left, top, right - left, bottom - top)


def _bones(
    seen: LocatedPerson, sheet: LabelRegion, factor: int, size: tuple[int, int]
) -> Bool[np.ndarray, "H W"]:
    """Mask of the lines between joints, and the torso."""
    canvas = np.zeros(size, np.uint8)
    points = (seen.points - [sheet.left, sheet.top] + 0.5) * factor - 0.5
    fixed = np.clip(points, -(2**15), 2**15).round().astype(np.int32)
    cv2.fillPoly(canvas, [fixed[list(TORSO)]], (1,))
    for a, b in (line for lines in LINES for line in lines):
        cv2.line(canvas, fixed[a].tolist(), fixed[b].tolist(), (1,), 1)
    return canvas > 0


def _network(options: TapsOptions, runtime: Runtime) -> ParsingNetwork:
    if options.weights == "random":
        return random_network(ParsingNetwork, runtime.seed)
    tensors = load_trained(weights_file(options, runtime, PARSER_TAPS), "taps", options)
    return from_state_dict(ParsingNetwork, tensors, "taps", TRAINED_ADVICE)
