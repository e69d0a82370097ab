"""Pass 2: from the motion to finished frames, streaming.

Three workers run at once, each a loop with a bounded queue to the next:

    reader    decode the driver, make the background
    networks  crop, dense pose, body, frame, face (the calling thread)
    writer    paste, encode (`reenactor.pipeline.output`)

Memory does not grow with the length of the video, and hardly with its frame size: the larger the
frames, the fewer are in the queues.
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
"""Frames rendered at once, unless the renderer sets its own number or the frames are very large."""
SEGMENT = 48
"""Frames per segment; an interrupted run continues at a segment's start. No batch crosses segments,
so a frame is rendered with the same neighbours whether or not the run was interrupted."""


@dataclass(frozen=True)
class RenderComponents:
    """The components of pass 2; None where the spec has none or no other component needs it."""

    renderer: FrameRenderer[Any, Any]
    body: BodyGenerator[Any, Any] | None = None
    dense: DenseEstimator[Any] | None = None
    refiner: FaceRefiner[Any, Any] | None = None


@dataclass(frozen=True)
class Scene:
    """What pass 2 renders."""

    target: Target
    motion: Motion
    window: Window
    backdrop: Backdrop
    video: VideoInfo | None
    size: tuple[int, int]
    shows_driver: bool = False
    """Whether an extra output shows the driver's frames."""

    @property
    def frame_bytes(self) -> int:
        """Bytes of one frame in a queue: the driver's frame and the background."""
        sizes = (self.motion.clip.size, self.size)
        return sum(3 * height * width for height, width in sizes)


@dataclass(frozen=True)
class RenderedFrame:
    """One rendered frame before it is pasted; T = 1 in each value."""

    index: int
    layer: Layer
    window: Window
    background: Picture | None
    body: Parsing | None
    pose: Pose
    frame: VideoFrame | None
    past: Layer | None
    """Set at the end of a segment: the frames a renderer with a history needs to continue."""

    def picture(self, size: tuple[int, int]) -> Picture:
        """Eq. 7 at full size: RGB over the background, or RGBA without one."""
        if self.background is None:
            return paste_transparent(self.layer, self.window, size)
        return paste(self.layer, self.window, self.background)


@dataclass(frozen=True)
class DecodedFrame:
    """A frame before the networks: the driver's frame and the background."""

    index: int
    frame: VideoFrame | None
    background: Picture | None


class Renderer:
    """Renders frames of a scene, in order."""

    def __init__(
        self, scene: Scene, components: RenderComponents, stopwatch: Stopwatch, progress: Progress
    ) -> None:
        self.scene = scene
        self.components = components
        self.stopwatch = stopwatch
        self.progress = progress
        self.batch = components.renderer.batch or depth_for(scene.frame_bytes, BATCH)
        with stopwatch.timing("prepare"), torch.inference_mode():
            self.prepared = components.renderer.prepare(scene.target, scene.motion)
            self.body = (
                components.body.prepare(scene.target, scene.motion) if components.body else None
            )
            self.face = components.refiner.prepare(scene.target) if components.refiner else None

    def frames(self, indices: Sequence[int], past: Layer | None = None) -> Iterator[RenderedFrame]:
        """Render frames.

        Args:
            indices: frames of the clip, ascending.
            past: the frames before the first one, for a renderer with a history.
        """
        ahead = depth_for(self.scene.frame_bytes, 2 * self.batch)
        with closing(prefetch(self.decode(indices), ahead)) as reader:
            yield from self.render(reader, past)

    def render(
        self, reads: Iterator[DecodedFrame], past: Layer | None = None
    ) -> Iterator[RenderedFrame]:
        """Run the networks on decoded frames, batch by batch, in the calling thread."""
        for batch, ends in _batches(reads, self.batch):
            rendered = self._render(batch, past)
            past = last_layers(
                self.components.renderer.history, past, [one.layer for one in rendered]
            )
            if ends:
                rendered[-1] = replace(rendered[-1], past=past)
            yield from rendered

    def decode(self, indices: Sequence[int]) -> Iterator[DecodedFrame]:
        """Decode the driver and make the backgrounds."""
        frames = self._driver_frames(indices)
        for index in indices:
            with self.stopwatch.timing("decode"):
                frame = next(frames)
            with self.stopwatch.timing("background"):
                background = self.scene.backdrop.picture(index, frame)
            yield DecodedFrame(index, frame, background)

    def _driver_frames(self, indices: Sequence[int]) -> Iterator[VideoFrame | None]:
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
    def _render(self, batch: Sequence[DecodedFrame], past: Layer | None) -> list[RenderedFrame]:
        index = [one.index for one in batch]
        window = Window(self.scene.window.box[index], self.scene.window.canvas)
        skeleton = self.scene.motion.skeleton[torch.tensor(index)].moved(window.to_canvas)
        pose = Pose(skeleton, None, tuple(index), window.canvas)
        if self.components.dense is not None:
            with self.stopwatch.timing("dense"):
                pose = replace(pose, dense=self._dense(batch, window, pose))
        body = None
        if self.components.body is not None:
            with self.stopwatch.timing("body"):
                body = method.generate_body(self.components.body, self.body, pose)
        with self.stopwatch.timing("frame"):
            layer = method.render(self.components.renderer, self.prepared, pose, body, past)
        present = self.scene.motion.present[index]
        if not bool(present.all()):
            layer = Layer(layer.image, layer.mask * present.float()[:, None, None, None])
        if self.components.refiner is not None:
            with self.stopwatch.timing("face"):
                layer = self._refined(batch, window, layer, pose, body, self.components.refiner)
        return [
            RenderedFrame(
                one.index,
                layer[t : t + 1],
                window[t : t + 1],
                one.background,
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

    def _dense(self, batch: Sequence[DecodedFrame], window: Window, pose: Pose) -> Dense:
        """Dense pose of the driver's crops (black without a video)."""
        estimator = self.components.dense
        if estimator is None:
            raise ValueError("no dense pose estimator")
        decoded = [None if one.frame is None else one.frame.pixels for one in batch]
        clip = self.scene.motion.clip
        extent = Extent(len(clip), clip.size)
        crops = crop_each(decoded, window, pose.index, clip.name, extent)
        return method.dense_pose(estimator, crops, pose.skeleton)

    def _refined(
        self,
        batch: Sequence[DecodedFrame],
        window: Window,
        layer: Layer,
        pose: Pose,
        body: Parsing | None,
        refiner: FaceRefiner[Any, Any],
    ) -> Layer:
        """Eqs. 7 and 8 on the canvas; the refiner's change is then moved into the layer.

        The change is divided by the mask and added to z, so that Eq. 7 at full size gives the same
        result without resampling the background.
        """
        b = crop_each([one.background for one in batch], window, pose.index, "").images
        f0 = method.blend(layer, b)
        f = method.refine(refiner, self.face, f0, pose, body)
        change = (f - f0) / layer.mask.clamp(min=0.05)
        image = torch.where(layer.mask > 0.05, layer.image + change, layer.image)
        return Layer(image.clamp(0, 1), layer.mask)


def last_layers(history: int, past: Layer | None, new: Sequence[Layer]) -> Layer | None:
    """The last `history` of the past and new frames; None if `history` is 0."""
    if history == 0:
        return None
    layers = ([] if past is None else [past]) + [*new]
    image = torch.cat([layer.image for layer in layers])[-history:]
    mask = torch.cat([layer.mask for layer in layers])[-history:]
    return Layer(image, mask)


def _batches(items: Iterator[DecodedFrame], size: int) -> Iterator[tuple[list[DecodedFrame], bool]]:
    """Batches of at most `size` frames, and whether each ends a segment."""
    batch: list[DecodedFrame] = []
    for position, item in enumerate(items, start=1):
        batch.append(item)
        ends = position % SEGMENT == 0
        if len(batch) == size or ends:
            yield batch, ends
            batch = []
    if batch:
        yield batch, True
