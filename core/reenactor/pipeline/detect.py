"""Pass 1: read the driving video once and detect everybody in every frame."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from jaxtyping import UInt8

from reenactor.media.files import sha256_of
from reenactor.media.stream import depth_for, prefetch
from reenactor.media.video import VideoFrame, VideoInfo, read_video
from reenactor.ops.appearance import appearance_of, cuts_to, grid_of
from reenactor.ops.silhouette import silhouette_of
from reenactor.pipeline import method
from reenactor.pipeline.lookback import Lookback
from reenactor.progress import Progress
from reenactor.roles import SkeletonEstimator
from reenactor.values import Clip, Crowd, Extent, Frames, People, Skeleton

BATCH = 8
"""Frames given to an estimator at once; fewer if they are very large."""
FLASH = 0.5
"""Seconds: if the shot is back sooner, a light flashed and there was no cut."""


def detect_crowd(
    video: VideoInfo, clip: Clip, estimator: SkeletonEstimator[Any], progress: Progress
) -> Crowd:
    """Find everybody in every frame.

    Raises:
        InputError: the video cannot be read.
    """
    found: list[Crowd] = []
    before: People | None = None
    cuts: list[int] = []
    earlier: list[tuple[VideoFrame, People]] = []
    lookback = Lookback(
        lambda frame, near: method.key_points(estimator, stack_frames([frame], video), near)[0],
        clip,
    )
    grids: deque[UInt8[np.ndarray, "N 3"]] = deque(maxlen=max(1, round(FLASH * float(clip.fps))))
    height, width = video.size
    batch_size = depth_for(3 * height * width, BATCH)
    ahead = depth_for(3 * height * width, 2 * BATCH)
    stream = prefetch(read_video(video, note=progress.note), ahead)
    with progress.stage("analyzing the driver", video.frames) as advance, closing(stream):
        for batch in batched(stream, batch_size):
            people = method.key_points(estimator, stack_frames(batch, video), before)
            before = people[-1]
            found.append(_crowd(clip, people, batch))
            for frame, here in zip(batch, people, strict=True):
                grid = grid_of(frame.pixels)
                if cuts_to(grid, grids):
                    cuts.append(frame.index)
                    lookback.cut()
                grids.append(grid)
                earlier += lookback.add(frame, here)
            if earlier:
                frames, missed = zip(*earlier, strict=True)
                found.append(_crowd(clip, missed, frames))
                earlier = []
            advance(len(batch))
    return _join(replace(clip, cuts=tuple(cuts)), found)


def describe_clip(video: VideoInfo) -> Clip:
    """The video without its pixels."""
    return Clip(
        times=torch.tensor(video.times, dtype=torch.int64),
        time_base=video.time_base,
        fps=video.fps,
        size=video.size,
        name=video.name,
        source=sha256_of(video.path),
    )


def batched(frames: Iterable[VideoFrame], size: int) -> Iterator[list[VideoFrame]]:
    """Batches of `size` frames; the last may be shorter."""
    batch: list[VideoFrame] = []
    for frame in frames:
        batch.append(frame)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def stack_frames(batch: Sequence[VideoFrame], video: VideoInfo) -> Frames:
    """Decoded frames of a video as the value that components take."""
    pixels = torch.from_numpy(np.stack([frame.pixels for frame in batch]))
    index = tuple(frame.index for frame in batch)
    return Frames(pixels, index, video.name, extent=Extent(video.frames, video.size))


def _crowd(clip: Clip, people: Sequence[People], batch: Sequence[VideoFrame]) -> Crowd:
    """The people of a batch of frames, as one value to save memory."""
    some = [one for one in people if len(one)]
    shapes = [silhouette_of(one) for one in some]
    counts = torch.tensor([len(one) for one in people], dtype=torch.int64)
    if not some:
        return _empty_crowd(clip)
    looks = [
        appearance_of(frame.pixels, body)
        for frame, one in zip(batch, people, strict=True)
        for body in one.skeleton.body.numpy()
    ]
    return replace(
        _empty_crowd(clip),
        frame=torch.repeat_interleave(torch.tensor([frame.index for frame in batch]), counts),
        skeleton=Skeleton.joined([one.skeleton for one in some]),
        score=torch.cat([one.score for one in some]),
        box=torch.cat([one.box for one in some]),
        mask=torch.cat([mask for mask, _ in shapes]),
        mask_box=torch.cat([box for _, box in shapes]),
        appearance=torch.from_numpy(np.stack(looks)),
    )


def _join(clip: Clip, crowds: Sequence[Crowd]) -> Crowd:
    """Crowds joined and sorted by frame."""
    some = [crowd for crowd in crowds if len(crowd.frame)]
    if not some:
        return _empty_crowd(clip)
    everybody = replace(
        _empty_crowd(clip),
        frame=torch.cat([crowd.frame for crowd in some]),
        skeleton=Skeleton.joined([crowd.skeleton for crowd in some]),
        score=torch.cat([crowd.score for crowd in some]),
        box=torch.cat([crowd.box for crowd in some]),
        mask=torch.cat([crowd.mask for crowd in some]),
        mask_box=torch.cat([crowd.mask_box for crowd in some]),
        appearance=torch.cat([crowd.appearance for crowd in some]),
    )
    return everybody[torch.argsort(everybody.frame, stable=True)]


def _empty_crowd(clip: Clip) -> Crowd:
    return Crowd(
        clip=clip,
        frame=torch.zeros(0, dtype=torch.int64),
        skeleton=Skeleton.empty(0),
        score=torch.zeros(0),
        box=torch.zeros(0, 4),
        mask=torch.zeros(0, 0, 0, dtype=torch.uint8),
        mask_box=torch.zeros(0, 4),
        appearance=torch.zeros(0, 0, 0, dtype=torch.uint8),
    )
