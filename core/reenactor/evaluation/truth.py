"""The ground truth of an evaluation: the driver's motion, crops, and the target photo."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from reenactor import api
from reenactor.errors import NoPersonError, UsageError
from reenactor.evaluation.crops import Crops, emptied, save_crop
from reenactor.evaluation.protocol import Pairing, Protocol, TargetFrame
from reenactor.evaluation.record import finish, is_done
from reenactor.joints import Joint
from reenactor.media.files import make_folder, sha256_of
from reenactor.media.photo import write_photo
from reenactor.media.video import probe, read_frames, read_video
from reenactor.motion_file import SUFFIX, load_motion
from reenactor.ops.windows import extents, following
from reenactor.progress import Progress
from reenactor.values import Motion, Skeleton, Window

ROOM = 0.25
"""Margin around the target in its photo, in heights of its box."""


@dataclass(frozen=True)
class Truth:
    """An analysed driver."""

    pairing: Pairing
    motion: Motion
    window: Window
    crops: Crops
    target: Path
    target_index: int | None
    inputs: Mapping[str, object]
    """A digest of everything that the crops depend on."""

    @property
    def skeleton(self) -> Skeleton:
        """The driver's key points on the crop."""
        return self.motion.skeleton.moved(self.window.to_canvas)

    @property
    def yaw(self) -> Float[Tensor, " T"]:
        """How far the driver is turned from the camera in degrees; NaN where unknown."""
        return torch.where(self.motion.present, self.motion.skeleton.yaw, torch.nan)


def truth_of(
    setup: api.Setup,
    spec: str,
    pairing: Pairing,
    protocol: Protocol,
    canvas: tuple[int, int],
    progress: Progress,
) -> Truth:
    """Analyse a driver, crop it and choose the target's frame, reusing finished work.

    Raises:
        ReenactorError: the video cannot be used, or no dancer is found.
    """
    folder = protocol.output / "truth"
    name = pairing.video.stem
    motion_path = folder / f"{name}{SUFFIX}"
    plan = setup.plan(spec, protocol.overrides)
    inputs: dict[str, object] = {
        "video": sha256_of(pairing.video),
        "canvas": list(canvas),
        "spec": plan.spec_hash,
        "files": plan.contents,
    }
    record = folder / f"{name}.json"
    done = is_done(record, inputs)
    if not done:
        make_folder(folder)
        api.analyze(
            pairing.video,
            motion_path,
            spec=spec,
            overrides=protocol.overrides,
            overwrite=True,
            setup=setup,
            progress=progress,
        )
    motion = load_motion(motion_path)
    window = following(extents(motion.skeleton), canvas, float(motion.fps), motion.clip.cuts)
    crops = Crops(folder / name, tuple(range(len(motion))))
    if not done:
        _cut(pairing.video, window, crops, progress)
        finish(record, inputs, made=[motion_path, crops.folder])
    if pairing.target is not None:
        return Truth(pairing, motion, window, crops, pairing.target, None, inputs)
    index = target_index(motion, protocol.target)
    photo = folder / f"{name}.target.{index:06d}.png"
    taken = photo.with_suffix(".json")
    if not is_done(taken, {**inputs, "frame": index}):
        _take_photo(pairing.video, motion, index, photo)
        finish(taken, {**inputs, "frame": index}, made=[photo])
    return Truth(pairing, motion, window, crops, photo, index, inputs)


def target_index(motion: Motion, wanted: TargetFrame) -> int:
    """The number of the frame to use as the target photo.

    `first` is the first frame with the dancer; `frontal` has the highest `frontality`.

    Raises:
        UsageError: the frame does not exist, or does not show the dancer.
        NoPersonError: no frame shows the dancer.
    """
    present = motion.present.numpy()
    if not present.any():
        raise NoPersonError("no dancer found in the video", given=motion.clip.name)
    if wanted == "first":
        return int(np.flatnonzero(present)[0])
    if wanted == "frontal":
        score = frontality(motion.skeleton)
        return int(torch.where(motion.present, score, -1).argmax())
    if not 0 <= wanted < len(present) or not present[wanted]:
        raise UsageError(
            "invalid target frame",
            given=f"{wanted} of {motion.clip.name}",
            expected=f"a frame from 0 to {len(present) - 1} in which the dancer was found",
        )
    return wanted


def frontality(skeleton: Skeleton) -> Float[Tensor, " T"]:
    """A score for a fully visible person seen from the front, in about [0, 1].

    The product of the mean confidence of the 15 joints of trunk, limbs and head, the ratio of
    shoulder width to trunk (signed: the right shoulder must be on the left of the picture), and
    the ratio of leg length to trunk, both relative to a standing person.
    """
    body = skeleton.body
    xy, sure = body[..., :2], body[:, :15, 2].mean(1)
    trunk = (xy[:, Joint.NECK] - xy[:, Joint.MID_HIP]).norm(dim=-1).clamp(min=1e-6)
    across = (xy[:, Joint.L_SHOULDER, 0] - xy[:, Joint.R_SHOULDER, 0]) / trunk
    ankles = (xy[:, Joint.L_ANKLE, 1] + xy[:, Joint.R_ANKLE, 1]) / 2
    legs = (ankles - xy[:, Joint.MID_HIP, 1]) / trunk
    score: Tensor = sure * (across / 0.7).clamp(0, 1) * (legs / 1.6).clamp(0, 1)
    return score


def _cut(video: Path, window: Window, crops: Crops, progress: Progress) -> None:
    emptied(crops.folder)
    with progress.stage(f"cropping {video.name}", len(crops)) as advance:
        for frame in read_video(video):
            if frame.index < len(crops):
                pixels = torch.from_numpy(frame.pixels)
                save_crop(crops, frame.index, pixels, window[frame.index : frame.index + 1])
                advance(1)


def _take_photo(video: Path, motion: Motion, index: int, photo: Path) -> None:
    """Store the driver's frame around the dancer at full resolution; others may be cut off."""
    x0, y0, x1, y1 = extents(motion.skeleton[index : index + 1])[0].tolist()
    room = ROOM * (y1 - y0)
    frame: Any = next(iter(read_frames(probe(video), [index])))
    height, width = frame.pixels.shape[:2]
    top, bottom = max(0, int(y0 - room)), min(height, int(y1 + room) + 1)
    left, right = max(0, int(x0 - room)), min(width, int(x1 + room) + 1)
    write_photo(photo, np.ascontiguousarray(frame.pixels[top:bottom, left:right]))
