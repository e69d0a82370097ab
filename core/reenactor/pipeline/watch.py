"""Pass 1: read every frame of the driving video once and note everybody in it."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from typing import Any

import numpy as np
import torch
from torch import Tensor

from reenactor.media.files import sha256_of
from reenactor.media.stream import prefetch
from reenactor.media.video import VideoFrame, VideoInfo, read_video
from reenactor.ops.silhouette import silhouette_of
from reenactor.progress import Progress
from reenactor.roles import SkeletonEstimator
from reenactor.values import Clip, Crowd, Frames, People, Skeleton

BATCH = 8
"""Frames that an estimator is given at once."""


def watch(video: VideoInfo, estimator: SkeletonEstimator[Any], progress: Progress) -> Crowd:
    """Find everybody in every frame.

    Raises:
        InputError: the video cannot be read.
    """
    found: list[People] = []
    silhouettes: list[tuple[Tensor, Tensor]] = []
    before: People | None = None
    stream = prefetch(read_video(video, note=progress.note), 2 * BATCH)
    with progress.stage("watching the driver", video.frames) as advance, closing(stream):
        for batch in batched(stream, BATCH):
            people = estimator.estimate(as_frames(batch, video.name), before)
            before = people[-1]
            for one in people:
                silhouettes.append(silhouette_of(one))
                found.append(People(one.skeleton, one.score, one.box))
            advance(len(batch))
    return _crowd(clip_of(video), found, silhouettes)


def clip_of(video: VideoInfo) -> Clip:
    """What the video is, without its pixels."""
    return Clip(
        times=torch.tensor(video.times, dtype=torch.int64),
        time_base=video.time_base,
        fps=video.fps,
        size=video.size,
        name=video.name,
        source=sha256_of(video.path),
    )


def batched(frames: Iterable[VideoFrame], size: int) -> Iterator[list[VideoFrame]]:
    """Lists of `size` frames; the last may be shorter."""
    batch: list[VideoFrame] = []
    for frame in frames:
        batch.append(frame)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def as_frames(batch: Sequence[VideoFrame], name: str) -> Frames:
    """Decoded frames as the value that roles take."""
    pixels = torch.from_numpy(np.stack([frame.pixels for frame in batch]))
    return Frames(pixels, tuple(frame.index for frame in batch), name)


def _crowd(
    clip: Clip, found: Sequence[People], silhouettes: Sequence[tuple[Tensor, Tensor]]
) -> Crowd:
    """All frames' people, one after another. Frames without anybody say nothing of shapes."""
    counts = torch.tensor([len(people) for people in found], dtype=torch.int64)
    some = [people for people in found if len(people)]
    masks = [mask for mask, _ in silhouettes if len(mask)]
    return Crowd(
        clip=clip,
        frame=torch.repeat_interleave(torch.arange(len(found)), counts),
        skeleton=Skeleton.joined([people.skeleton for people in some])
        if some
        else Skeleton.empty(0),
        score=torch.cat([people.score for people in found]),
        box=torch.cat([people.box for people in found]),
        mask=torch.cat(masks) if masks else torch.zeros(0, 0, 0, dtype=torch.uint8),
        mask_box=torch.cat([box for _, box in silhouettes]),
    )
