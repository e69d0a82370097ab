"""The background of a whole video: its plates, and which of them each frame shows."""

from collections import OrderedDict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from threading import Lock

import cv2
import numpy as np
from jaxtyping import Bool, Float, UInt8

from reenactor.ops.silhouette import disc
from reenactor.roles import Footage
from reenactor_plugins.inpainter.median.camera import (
    MOVED,
    Matrix,
    View,
    followed,
    reduction,
    slid,
    view,
    votes,
)
from reenactor_plugins.inpainter.median.membrane import surroundings
from reenactor_plugins.inpainter.median.options import MedianOptions
from reenactor_plugins.inpainter.median.path import Stretch, camera_path
from reenactor_plugins.inpainter.median.plate import (
    Plate,
    Sample,
    completed,
    median_plate,
    nearest_plate,
)
from reenactor_plugins.inpainter.median.similarity import in_place, thumbnail

Picture = UInt8[np.ndarray, "H W 3"]
Hidden = Bool[np.ndarray, "H W"]
Corners = Float[np.ndarray, "4 1 2"]

SLID = 1.5
"""Pixels of a view by which a plain wall must slide to be a movement."""

ROOM = 0.5
"""Largest extent of a moving camera's plate beyond each edge, as a share of the picture."""

AROUND = 60
"""Frames before and after a stretch from which its plate is composed."""

HELD = 1 << 28
"""Bytes of frames in memory while plates are composed."""

OPEN = 3
"""Plates in memory that are not compressed."""


@dataclass(frozen=True)
class Sight:
    """What a frame shows of a plate.

    Attributes:
        plate: its number.
        matrix: from pixels of the frame to pixels of the plate; None for a still camera.
        share: its weight.
    """

    plate: int
    matrix: Matrix | None
    share: float = 1.0


class Shelf:
    """Plates, compressed without loss except for the last ones used."""

    def __init__(self) -> None:
        self._packed: list[tuple[bytes, bytes, bytes, Matrix]] = []
        self._open: OrderedDict[int, Plate] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._packed)

    def add(self, plate: Plate) -> int:
        number = len(self._packed)
        seen, calm = (_packed(mask.view(np.uint8)) for mask in (plate.seen, plate.calm))
        self._packed.append((_packed(plate.picture), seen, calm, plate.corner))
        self._keep(number, plate)
        return number

    def __getitem__(self, number: int) -> Plate:
        with self._lock:
            plate = self._open.get(number)
            if plate is None:
                picture, seen, calm, corner = self._packed[number]
                masks = _unpacked(seen) > 0, _unpacked(calm) > 0
                plate = Plate(_unpacked(picture), *masks, corner)
            self._keep(number, plate)
        return plate

    def _keep(self, number: int, plate: Plate) -> None:
        self._open[number] = plate
        self._open.move_to_end(number)
        while len(self._open) > OPEN:
            self._open.popitem(last=False)


def _packed(picture: UInt8[np.ndarray, "H W ..."]) -> bytes:
    return bytes(cv2.imencode(".png", picture, [cv2.IMWRITE_PNG_COMPRESSION, 1])[1])


def _unpacked(content: bytes) -> UInt8[np.ndarray, "H W ..."]:
    return np.asarray(
        cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_UNCHANGED), np.uint8
    )


@dataclass
class Background:
    """The plates of a video and what each frame shows of them."""

    plates: Shelf = field(default_factory=Shelf)
    sights: dict[int, tuple[Sight, ...]] = field(default_factory=dict)


def background_of(footage: Footage, options: MedianOptions, seed: int) -> Background:
    """Compose the plates of all shots."""
    found = Background()
    for shot in footage.shots:
        samples = _samples(footage, footage.spread(shot, options.samples), options.margin)
        if _is_still(samples) or not options.moving:
            _add_still(found, shot, samples, seed)
            continue
        del samples
        boxes: dict[int, Corners] = {}
        path = camera_path(_views(footage, shot, options, boxes))
        _add_moving(found, footage, shot, path, boxes, options, seed)
    return found


def _read(
    footage: Footage, indices: range | tuple[int, ...], margin: float
) -> Iterator[tuple[int, Picture, Hidden]]:
    """Frames with their holes, which get a margin."""
    brush = disc(round(margin * footage.size[0]))
    for frames, holes in footage.read(indices):
        hole = cv2.dilate(holes[0].numpy().view(np.uint8), brush) > 0
        yield frames.index[0], frames.pixels[0].numpy(), hole


def _samples(footage: Footage, indices: tuple[int, ...], margin: float) -> list[Sample]:
    return [Sample(picture, hole, None) for _, picture, hole in _read(footage, indices, margin)]


def _is_still(samples: list[Sample]) -> bool:
    """Whether the camera stands still in all samples.

    Most of what can be tracked must stand still, in most parts of the picture: screens, subtitles
    and people who pass are outvoted.
    """
    middle = samples[len(samples) // 2]
    first, small = view(middle.picture, middle.hole), thumbnail(middle.picture, middle.hole)
    unknown = 0
    for sample in samples:
        if sample is middle:
            continue
        now = view(sample.picture, sample.hole)
        still, moving, lost = votes(first, now)
        if still >= max(4, 0.4 * (still + moving)) and still >= 0.25 * (still + moving + lost):
            continue
        found = followed(first, now, np.eye(3))
        if found is None or found.agreeing <= 0.5 or found.kept <= 0.25:
            found = None
            plain = slid(first, now, np.eye(3))
            if plain is not None and np.hypot(*plain.matrix[:2, 2]) > SLID:
                return False
        if found is not None:
            ends = cv2.perspectiveTransform(first.corners, found.matrix)
            if float(np.median(np.linalg.norm(ends - first.corners, axis=-1))) >= MOVED:
                return False
        elif not in_place(small, thumbnail(sample.picture, sample.hole)):
            unknown += 1
    return unknown <= 0.2 * len(samples)


def _add_still(found: Background, shot: slice, samples: list[Sample], seed: int) -> None:
    size = samples[0].hole.shape
    plate = completed(median_plate(samples, (size[0], size[1]), np.eye(3)), seed)
    sight = (Sight(found.plates.add(plate), None),)
    for index in range(shot.start, shot.stop):
        found.sights[index] = sight


def _views(
    footage: Footage, shot: slice, options: MedianOptions, boxes: dict[int, Corners]
) -> Iterator[tuple[int, View]]:
    """The views of all frames; also notes the surroundings of every hole."""
    for index, picture, hole in _read(footage, range(shot.start, shot.stop), options.margin):
        box = surroundings(hole, options.reach + 0.1)
        if box is not None:
            rows, columns = box
            corners = [
                (x, y) for x in (columns.start, columns.stop) for y in (rows.start, rows.stop)
            ]
            boxes[index] = np.array(corners, np.float32)[:, None]
        yield index, view(picture, hole)


def _add_moving(
    found: Background,
    footage: Footage,
    shot: slice,
    path: list[Stretch],
    boxes: dict[int, Corners],
    options: MedianOptions,
    seed: int,
) -> None:
    """One plate per stretch of the path."""
    to_view = reduction(footage.size)
    whole = [_full(stretch, to_view) for stretch in path]
    if len(path) == 1:
        chosen = set(footage.spread(shot, options.samples)) | {shot.start}
        windows = iter([list(_read(footage, tuple(sorted(chosen)), options.margin))])
    else:
        windows = _windows(footage, whole, options.margin)
    before: tuple[Plate, Matrix] | None = None
    numbers: list[int] = []
    for at, window in enumerate(windows):
        stretch = whole[at]
        places = _around(whole, at)
        window.sort(key=lambda one: (abs(one[0] - stretch.anchor), one[0]))
        samples = [
            Sample(picture, hole, places[index])
            for index, picture, hole in window
            if index in places and _overlaps(places[index], footage.size)
        ]
        needed = [
            cv2.perspectiveTransform(boxes[index], np.linalg.inv(places[index]))[:, 0]
            for part in whole[max(0, at - 1) : at + 1]
            for index in part.places
            if index in boxes and index in places
        ]
        size, corner = _canvas(needed, footage.size)
        if stretch.flat:
            plate = median_plate(_thinned(samples, options.samples), size, corner)
        else:
            plate = nearest_plate(samples, size, corner, options.reach)
        carried = None if before is None or stretch.link is None else (before[0], stretch.link)
        plate = completed(plate, seed, carried)
        numbers.append(found.plates.add(plate))
        before = (plate, np.eye(3))
        for index, place in stretch.places.items():
            back = np.linalg.inv(place @ plate.corner)
            found.sights[index] = (Sight(numbers[-1], back),)
    _fade(found, whole, numbers)


def _fade(found: Background, path: list[Stretch], numbers: list[int]) -> None:
    """Blend each plate into the next one, so that nothing pops."""
    for (at, stretch), after in pairwise(enumerate(path)):
        follower = after[1]
        if follower.link is None:
            continue
        corner = found.plates[numbers[at + 1]].corner
        length = follower.anchor - stretch.anchor
        for index, place in stretch.places.items():
            if not stretch.anchor <= index < follower.anchor:
                continue
            share = _smooth(2 * (index - stretch.anchor) / length - 1)
            if share > 0:
                (sight,) = found.sights[index]
                back = np.linalg.inv(place @ np.linalg.inv(follower.link) @ corner)
                found.sights[index] = (
                    Sight(sight.plate, sight.matrix, 1 - share),
                    Sight(numbers[at + 1], back, share),
                )


def _smooth(share: float) -> float:
    share = max(0.0, share)
    return share * share * (3 - 2 * share)


def _full(stretch: Stretch, to_view: Matrix) -> Stretch:
    """The stretch in pixels of the frames."""
    back = np.linalg.inv(to_view)

    def full(matrix: Matrix) -> Matrix:
        return np.asarray(back @ matrix @ to_view)

    link = None if stretch.link is None else full(stretch.link)
    places = {i: full(m) for i, m in stretch.places.items()}
    return Stretch(stretch.anchor, link, places, stretch.agreeing)


def _thinned(samples: list[Sample], count: int) -> list[Sample]:
    """At most so many, with the first one."""
    chosen = np.unique(np.linspace(0, len(samples) - 1, count).round().astype(int))
    return [samples[at] for at in chosen]


def _windows(
    footage: Footage, path: list[Stretch], margin: float
) -> Iterator[list[tuple[int, Picture, Hidden]]]:
    """For each stretch the frames around it, of which only some are held."""
    height, width = footage.size
    stride = max(2, -(-2 * AROUND * 4 * height * width // HELD))
    anchors = {stretch.anchor for stretch in path}
    first, last = path[0].anchor, max(path[-1].places)
    wanted = tuple(sorted(anchors | set(range(first, last + 1, stride))))
    reader = _read(footage, wanted, margin)
    held: deque[tuple[int, Picture, Hidden]] = deque()
    for stretch in path:
        while not held or held[-1][0] < stretch.anchor + AROUND:
            one = next(reader, None)
            if one is None:
                break
            held.append(one)
        while held[0][0] < stretch.anchor - AROUND:
            held.popleft()
        yield list(held)


def _around(path: list[Stretch], at: int) -> dict[int, Matrix]:
    """From the anchor of a stretch to each frame around it, through the neighbouring stretches."""
    anchor = path[at].anchor
    places = dict(path[at].places)
    to = np.eye(3)
    for other in range(at + 1, len(path)):
        link = path[other].link
        if link is None or path[other].anchor > anchor + AROUND:
            break
        to = link @ to
        places |= {index: place @ to for index, place in path[other].places.items()}
    to = np.eye(3)
    for other in range(at - 1, -1, -1):
        link = path[other + 1].link
        if link is None or max(path[other].places) < anchor - AROUND:
            break
        to = np.linalg.inv(link) @ to
        places |= {index: place @ to for index, place in path[other].places.items()}
    return places


def _overlaps(place: Matrix, size: tuple[int, int]) -> bool:
    """Whether a frame shows enough of what the anchor shows."""
    corners = _corners(size)
    ends = cv2.perspectiveTransform(corners, place)[:, 0]
    middle = ends.mean(0) - np.array([size[1], size[0]]) / 2
    extent = np.ptp(ends, axis=0) / [size[1], size[0]]
    near = np.abs(middle / [size[1], size[0]]).max() < 0.8
    return bool(near and extent.min() > 0.4 and extent.max() < 2.5)


def _corners(size: tuple[int, int]) -> np.ndarray:
    height, width = size
    return np.array([[[0, 0]], [[width, 0]], [[0, height]], [[width, height]]], np.float32)


def _canvas(needed: list[np.ndarray], size: tuple[int, int]) -> tuple[tuple[int, int], Matrix]:
    """Size of a plate that shows all these points, and the map from it to its anchor."""
    extent = np.array([size[1], size[0]])
    reach = np.concatenate(needed) if needed else np.zeros((1, 2))
    low = np.floor(np.clip(reach.min(0), -ROOM * extent, extent - 16)).astype(int)
    high = np.ceil(np.clip(reach.max(0), low + 16, (1 + ROOM) * extent)).astype(int)
    corner = np.array([[1, 0, low[0]], [0, 1, low[1]], [0, 0, 1.0]])
    return (int(high[1] - low[1]), int(high[0] - low[0])), corner
