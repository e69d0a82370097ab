"""From a shot to an example: what is not known is found, then everything is laid on the canvas."""

from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Float, UInt8
from torch import Tensor

from reenactor.errors import NoPersonError, UsageError
from reenactor.ops.boxes import iou
from reenactor.ops.drawing import FACE_SEEN
from reenactor.ops.geometry import crop_frames, crop_labels
from reenactor.ops.silhouette import silhouette_of
from reenactor.pipeline import method
from reenactor.pipeline.backdrop import photo_backdrop
from reenactor.pipeline.target import Portrait, target_on_canvas
from reenactor.pipeline.upright import largest_person
from reenactor.roles import DenseEstimator, Inpainter, Parser, SkeletonEstimator
from reenactor.training.dataset import Shot
from reenactor.training.example import Example, ExampleInfo
from reenactor.values import Dense, Frames, Parsing, People, Skeleton, Target, Window

ROOM = 0.25
"""A person whose box is known is looked for this much around it, in sides of the box."""
OVERLAP = 0.3
"""Somebody found is the person of the box if intersection over union is at least this."""
FACE_POINTS = 10
"""Fewer points make no face."""


@dataclass(frozen=True)
class AnalysisComponents:
    """The components that find what a dataset does not know; `inpainter` only if asked for."""

    estimator: SkeletonEstimator[Any]
    parser: Parser[Any] | None
    dense: DenseEstimator[Any] | None
    inpainter: Inpainter[Any, Any] | None


def example_of(
    shot: Shot, entry: ExampleInfo, annotators: AnalysisComponents, canvas: tuple[int, int]
) -> Example:
    """One person of a picture on the canvas (height, width), with all that is known or found.

    Raises:
        NoPersonError: nobody is where the shot says, or nothing of them could be labelled.
    """
    portrait = portrait_of(shot, annotators)
    target = target_on_canvas(portrait, canvas)
    dense = None if shot.dense is None else _crop_dense(shot.dense, target.window)
    if dense is None and annotators.dense is not None:
        cropped = crop_frames(portrait.photo, target.window)
        dense = method.dense_pose(annotators.dense, cropped, target.skeleton)
    return Example(
        entry=entry,
        image=_bytes(target.image),
        parsing=target.parsing,
        skeleton=target.skeleton,
        dense=dense,
        background=_background(shot, portrait, target, annotators),
        face_box=face_box(target.skeleton),
    )


def portrait_of(shot: Shot, annotators: AnalysisComponents) -> Portrait:
    """Key points and parsing of a shot, in pixels of its picture; raises `NoPersonError`."""
    mask, mask_box = torch.zeros(1, 0, 0, dtype=torch.uint8), torch.zeros(1, 4)
    skeleton = shot.skeleton
    if skeleton is None:
        person = _found(shot, annotators.estimator)
        skeleton = person.skeleton
        mask, mask_box = silhouette_of(person)
    parsing = shot.parsing
    if parsing is None:
        if annotators.parser is None:
            raise UsageError(
                "the spec has no parser, and the dataset no labels for all its pictures",
                advice="name a spec with a parser: --spec default",
            )
        parsing = method.parse(annotators.parser, shot.picture, skeleton)
    return Portrait(shot.picture, skeleton, parsing, mask, mask_box)


def _found(shot: Shot, estimator: SkeletonEstimator[Any]) -> People:
    """The person of a shot: whose box fits best, or the largest where no box is known."""
    box = shot.box
    if box is None and shot.parsing is not None:
        box = labelled_box(shot.parsing)
    if box is None:
        people = method.key_points(estimator, shot.picture)[0]
        if len(people) == 0:
            raise NoPersonError("nobody was found")
        return largest_person(people)
    part, corner = _part_around(shot.picture, box)
    people = method.key_points(estimator, part)[0]
    if len(people) == 0:
        raise NoPersonError("nobody was found where the dataset has somebody")
    people = _moved(people, corner)
    overlap = iou(box.numpy(), people.box.numpy())[0]
    best = int(overlap.argmax())
    if overlap[best] < OVERLAP:
        raise NoPersonError("nobody who was found is where the dataset has somebody")
    return people[best : best + 1]


def labelled_box(parsing: Parsing) -> Float[Tensor, "1 4"] | None:
    """x0, y0, x1, y1 around everything that is not background (T = 1); None for nothing."""
    y, x = torch.nonzero(parsing.labels[0], as_tuple=True)
    if len(y) == 0:
        return None
    return torch.stack([x.min(), y.min(), x.max(), y.max()]).float()[None]


def _part_around(frames: Frames, box: Float[Tensor, "1 4"]) -> tuple[Frames, Float[Tensor, " 2"]]:
    """The part of a picture that a box and some room take up, and its upper left corner.

    In it the person is large, and found although there are many others.
    """
    height, width = frames.size
    x0, y0, x1, y1 = box[0].tolist()
    room = ROOM * max(x1 - x0, y1 - y0)
    left, top = max(0, int(x0 - room)), max(0, int(y0 - room))
    right, bottom = min(width, int(x1 + room) + 2), min(height, int(y1 + room) + 2)
    pixels = frames.pixels[:, top:bottom, left:right].contiguous()
    if 0 in pixels.shape:
        raise NoPersonError("the dataset's box is outside the picture")
    edges = torch.tensor([[left - 0.5, top - 0.5, right - 0.5, bottom - 0.5]])
    window = Window(edges, (bottom - top, right - left))
    part = Frames(pixels, frames.index, frames.name, window)
    return part, torch.tensor([float(left), float(top)])


def _moved(people: People, by: Float[Tensor, " 2"]) -> People:
    matrix = torch.cat([torch.eye(2), by[:, None]], 1)[None].expand(len(people), 2, 3)
    return People(
        people.skeleton.moved(matrix),
        people.score,
        people.box + by.repeat(2),
        people.mask,
        None if people.mask_box is None else people.mask_box + by.repeat(2),
    )


def _crop_dense(dense: Dense, window: Window) -> Dense:
    """A dense pose on the canvas: nearest pixel, for its values cannot be mixed."""
    levels = (dense.uv[0].clamp(0, 1) * 255).round().to(torch.uint8)
    cropped = crop_labels(
        torch.cat([dense.part, levels]), Window(window.box.expand(3, 4), window.canvas)
    )
    return Dense(cropped[:1], cropped[None, 1:].float() / 255)


def _background(
    shot: Shot, portrait: Portrait, target: Target, annotators: AnalysisComponents
) -> UInt8[Tensor, "1 H W 3"] | None:
    """The canvas without the person: the dataset's own, else painted where that is asked for."""
    if shot.background is not None:
        whole = Frames(shot.background, shot.picture.index, shot.picture.name)
        return crop_frames(whole, target.window).pixels
    if annotators.inpainter is None:
        return None
    to_canvas = target.window.to_canvas[0]
    corners = portrait.mask_box.reshape(2, 2) @ to_canvas[:, :2].T + to_canvas[:, 2]
    name, index = portrait.photo.name, portrait.photo.index
    laid_out = Portrait(
        Frames(_bytes(target.image), index, name, target.window),
        target.skeleton,
        target.parsing,
        portrait.mask,
        corners.reshape(1, 4),
    )
    filled = photo_backdrop(laid_out, annotators.inpainter, target.window.canvas)
    return torch.from_numpy(filled)[None]


def _bytes(image: Float[Tensor, "1 3 H W"]) -> UInt8[Tensor, "1 H W 3"]:
    return (image * 255).round().to(torch.uint8).permute(0, 2, 3, 1).contiguous()


def face_box(skeleton: Skeleton) -> Float[Tensor, "1 4"] | None:
    """x0, y0, x1, y1 around the points of the face that are seen (T = 1), if it is one."""
    seen = skeleton.face[0, skeleton.face[0, :, 2] >= FACE_SEEN, :2]
    if len(seen) < FACE_POINTS:
        return None
    return torch.cat([seen.amin(0), seen.amax(0)])[None]
