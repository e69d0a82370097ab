"""Pass 2: from the motion to finished pictures, streaming.

Three workers overlap, each an ordinary loop with a bounded queue to the next:

    reader    decode the driver, make the background
    networks  crop, dense pose, body, frame, face (the calling thread)
    writer    paste back, encode (`reenactor.pipeline.output`)

Memory does not grow with the length of the video, and hardly with the size of its frames: where
they are large, fewer are on their way.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from reenactor.media.stream import depth_for, prefetch
from reenactor.media.video import VideoFrame, VideoInfo, read_video
from reenactor.ops.geometry import crop_each, paste, paste_transparent
from reenactor.pipeline import method
from reenactor.pipeline.backdrop import Backdrop
from reenactor.pipeline.stopwatch import Stopwatch
from reenactor.progress import Progress
from reenactor.roles import BodyGenerator, DenseEstimator, FaceRefiner, FrameRenderer
from reenactor.values import Dense, Extent, Layer, Motion, Parsing, Pose, Target, Window

Picture = npt.NDArray[np.uint8]

BATCH = 4
"""Frames rendered at once, unless the renderer wants another number, or they are very large."""
SEGMENT = 48
"""Frames between two points from which an interrupted run can go on. No batch crosses them, so
that a frame is rendered among the same neighbours whether or not the run was interrupted."""


@dataclass(frozen=True)
class Components:
    """The components of pass 2; None where the spec, or nobody's need, asks for none."""

    renderer: FrameRenderer[Any, Any]
    body: BodyGenerator[Any, Any] | None = None
    dense: DenseEstimator[Any] | None = None
    refiner: FaceRefiner[Any, Any] | None = None


@dataclass(frozen=True)
class Scene:
    """Everything that pass 2 renders from."""

    target: Target
    motion: Motion
    window: Window
    backdrop: Backdrop
    video: VideoInfo | None
    size: tuple[int, int]
    shows_driver: bool = False
    """Whether an extra output shows the driver's own frames."""

    @property
    def frame_bytes(self) -> int:
        """What a frame on its way holds: the driver's own and what is behind the person."""
        sizes = (self.motion.clip.size, self.size)
        return sum(3 * height * width for height, width in sizes)


@dataclass(frozen=True)
class Rendered:
    """One finished frame before it is pasted: T = 1 in each value."""

    index: int
    layer: Layer
    window: Window
    behind: Picture | None
    body: Parsing | None
    pose: Pose
    frame: VideoFrame | None
    past: Layer | None
    """At the end of a segment: what a renderer with a history must see to go on from here."""

    def picture(self, size: tuple[int, int]) -> Picture:
        """Eq. 7 at full size: RGB over what is behind the person, RGBA where nothing is."""
        if self.behind is None:
            return paste_transparent(self.layer, self.window, size)
        return paste(self.layer, self.window, self.behind)


@dataclass(frozen=True)
class Read:
    """A frame before the networks: the driver's own, and what is behind the person."""

    index: int
    frame: VideoFrame | None
    behind: Picture | None


class Renderer:
    """Renders any frames of a scene, in order."""

    def __init__(
        self, scene: Scene, components: Components, watch: Stopwatch, progress: Progress
    ) -> None:
        self.scene = scene
        self.components = components
        self.watch = watch
        self.progress = progress
        self.batch = components.renderer.batch or depth_for(scene.frame_bytes, BATCH)
        with watch.timing("prepare"), torch.inference_mode():
            self.prepared = components.renderer.prepare(scene.target, scene.motion)
            self.body = (
                components.body.prepare(scene.target, scene.motion) if components.body else None
            )
            self.face = components.refiner.prepare(scene.target) if components.refiner else None

    def frames(self, indices: Sequence[int], past: Layer | None = None) -> Iterator[Rendered]:
        """Render the given frames, ascending.

        Args:
            indices: frames of the clip.
            past: what a renderer with a history saw before the first of them.
        """
        ahead = depth_for(self.scene.frame_bytes, 2 * self.batch)
        with closing(prefetch(self.read(indices), ahead)) as reader:
            yield from self.rendered(reader, past)

    def rendered(self, reads: Iterator[Read], past: Layer | None = None) -> Iterator[Rendered]:
        """Run the networks over what was read, batch after batch, in the calling thread."""
        for batch, ends in _batches(reads, self.batch):
            rendered = self._render(batch, past)
            past = remembered(
                self.components.renderer.history, past, [one.layer for one in rendered]
            )
            if ends:
                rendered[-1] = replace(rendered[-1], past=past)
            yield from rendered

    def read(self, indices: Sequence[int]) -> Iterator[Read]:
        """Decode, and make the backgrounds."""
        frames = self._decode(indices)
        for index in indices:
            with self.watch.timing("decode"):
                frame = next(frames)
            with self.watch.timing("background"):
                behind = self.scene.backdrop.behind(index, frame)
            yield Read(index, frame, behind)

    def _decode(self, indices: Sequence[int]) -> Iterator[VideoFrame | None]:
        if self.scene.video is None or not self._needs_frames():
            yield from (None for _ in indices)
            return
        wanted = set(indices)
        first, last = min(indices), max(indices)
        for frame in read_video(self.scene.video, first, last + 1, note=self.progress.note):
            if frame.index in wanted:
                yield frame

    def _needs_frames(self) -> bool:
        scene = self.scene
        return (
            scene.backdrop.needs_driver or scene.shows_driver or self.components.dense is not None
        )

    @torch.inference_mode()
    def _render(self, batch: Sequence[Read], past: Layer | None) -> list[Rendered]:
        index = [one.index for one in batch]
        window = Window(self.scene.window.box[index], self.scene.window.canvas)
        skeleton = self.scene.motion.skeleton[torch.tensor(index)].moved(window.to_canvas)
        pose = Pose(skeleton, None, tuple(index), window.canvas)
        if self.components.dense is not None:
            with self.watch.timing("dense"):
                pose = replace(pose, dense=self._dense(batch, window, pose))
        body = None
        if self.components.body is not None:
            with self.watch.timing("body"):
                body = method.generate_body(self.components.body, self.body, pose)
        with self.watch.timing("frame"):
            layer = method.render(self.components.renderer, self.prepared, pose, body, past)
        present = self.scene.motion.present[index]
        if not bool(present.all()):
            layer = Layer(layer.image, layer.mask * present.float()[:, None, None, None])
        if self.components.refiner is not None:
            with self.watch.timing("face"):
                layer = self._refined(batch, window, layer, pose, body, self.components.refiner)
        return [
            Rendered(
                one.index,
                layer[t : t + 1],
                window[t : t + 1],
                one.behind,
                None if body is None else Parsing(body.labels[t : t + 1]),
                replace(
                    pose,
                    skeleton=skeleton[t : t + 1],
                    dense=None
                    if pose.dense is None
                    else Dense(pose.dense.part[t : t + 1], pose.dense.uv[t : t + 1]),
                    index=(one.index,),
                ),
                one.frame,
                None,
            )
            for t, one in enumerate(batch)
        ]

    def _dense(self, batch: Sequence[Read], window: Window, pose: Pose) -> Dense:
        """Dense pose of the driver's crops (black ones where there is no video)."""
        estimator = self.components.dense
        if estimator is None:
            raise ValueError("no dense estimator was given")
        decoded = [None if one.frame is None else one.frame.pixels for one in batch]
        clip = self.scene.motion.clip
        extent = Extent(len(clip), clip.size)
        crops = crop_each(decoded, window, pose.index, clip.name, extent)
        return method.dense_pose(estimator, crops, pose.skeleton)

    def _refined(
        self,
        batch: Sequence[Read],
        window: Window,
        layer: Layer,
        pose: Pose,
        body: Parsing | None,
        refiner: FaceRefiner[Any, Any],
    ) -> Layer:
        """Eqs. 7 and 8 on the canvas, then the refiner's change carried back into the layer.

        What it changed is divided by the mask and added to z, so that Eq. 7 at full size gives
        the same and the background need not be resampled.
        """
        behind = crop_each([one.behind for one in batch], window, pose.index, "").images
        f0 = method.blend(layer, behind)
        f = method.refine(refiner, self.face, f0, pose, body)
        change = (f - f0) / layer.mask.clamp(min=0.05)
        image = torch.where(layer.mask > 0.05, layer.image + change, layer.image)
        return Layer(image.clamp(0, 1), layer.mask)


def remembered(history: int, past: Layer | None, new: Sequence[Layer]) -> Layer | None:
    """The last `history` frames of those before and the new ones; None where `history` is 0."""
    if history == 0:
        return None
    layers = ([] if past is None else [past]) + [*new]
    image = torch.cat([layer.image for layer in layers])[-history:]
    mask = torch.cat([layer.mask for layer in layers])[-history:]
    return Layer(image, mask)


def _batches(items: Iterator[Read], size: int) -> Iterator[tuple[list[Read], bool]]:
    """Batches of at most `size`, and whether each ends a segment."""
    batch: list[Read] = []
    for position, item in enumerate(items, start=1):
        batch.append(item)
        ends = position % SEGMENT == 0
        if len(batch) == size or ends:
            yield batch, ends
            batch = []
    if batch:
        yield batch, True
