"""Setting up the scene: the target on the canvas, the motion in place, and the background."""

from dataclasses import replace
from typing import Any

import torch

from reenactor.errors import UsageError
from reenactor.media.background import open_background
from reenactor.ops.placement import into_photo
from reenactor.ops.retarget import retarget
from reenactor.ops.windows import extents, following, useful_height
from reenactor.pipeline.backdrop import (
    Backdrop,
    DriverBackdrop,
    FileBackdrop,
    InpaintedBackdrop,
    StillBackdrop,
    TransparentBackdrop,
    photo_backdrop,
)
from reenactor.pipeline.driver import Driver
from reenactor.pipeline.render import Scene
from reenactor.pipeline.target import Portrait, target_on_canvas
from reenactor.progress import Progress
from reenactor.roles import Inpainter
from reenactor.spec.background import Background, Colour, Folder, Image, SceneBackground, Video
from reenactor.spec.model import Spec
from reenactor.spec.motion import PAPER_CANVAS, canvas_of_height
from reenactor.values import Motion, Window

LONGEST_SIDE = 1920
"""Largest side, in pixels, of a video in the photo's surroundings."""


def build_scene(
    portrait: Portrait,
    driver: Driver,
    spec: Spec,
    inpainter: Inpainter[Any, Any] | None,
    progress: Progress,
) -> Scene:
    """What pass 2 renders.

    Raises:
        UsageError: the background cannot be made from these inputs.
    """
    canvas = spec.output.canvas
    target = target_on_canvas(portrait, canvas or PAPER_CANVAS)
    motion = driver.motion
    if spec.motion.retarget == "proportions":
        motion = replace(motion, skeleton=retarget(motion.skeleton, target.skeleton))
    size = driver.motion.clip.size
    if isinstance(spec.background, SceneBackground) and spec.background.scene == "target":
        size = _photo_size(portrait)
        motion = _in_photo(motion, portrait, size)
    window = _window(motion, target.window.canvas)
    if canvas is None:
        canvas = canvas_of_height(useful_height(window, motion.present, target.window))
        target, window = target_on_canvas(portrait, canvas), _window(motion, canvas)
    return Scene(
        target=target,
        motion=motion,
        window=window,
        backdrop=_backdrop(portrait, driver, spec.background, inpainter, size, progress),
        video=driver.video,
        size=size,
    )


def _window(motion: Motion, canvas: tuple[int, int]) -> Window:
    return following(extents(motion.skeleton), canvas, float(motion.fps), motion.clip.cuts)


def _photo_size(portrait: Portrait) -> tuple[int, int]:
    height, width = portrait.photo.size
    scale = min(1.0, LONGEST_SIDE / max(height, width))
    return round(height * scale), round(width * scale)


def _in_photo(motion: Motion, portrait: Portrait, size: tuple[int, int]) -> Motion:
    """The motion where the target stands in the photo, which is shown at `size`."""
    scale = size[0] / portrait.photo.size[0]
    shrink = torch.tensor([[[scale, 0.0, 0.0], [0.0, scale, 0.0]]])
    photo = portrait.skeleton.moved(shrink)
    return replace(motion, skeleton=motion.skeleton.moved(into_photo(motion.skeleton, photo)))


def _backdrop(
    portrait: Portrait,
    driver: Driver,
    background: Background,
    inpainter: Inpainter[Any, Any] | None,
    size: tuple[int, int],
    progress: Progress,
) -> Backdrop:
    note = progress.note
    match background:
        case SceneBackground(scene="transparent"):
            return TransparentBackdrop()
        case SceneBackground(scene="driver"):
            if driver.video is None or driver.removal is None:
                raise UsageError(
                    "a motion file has no pictures for the background",
                    given="background: driver",
                    expected="target, transparent, a colour, an image, a folder or a video",
                    advice="--background target",
                )
            if inpainter is None:
                progress.note("this spec has no inpainter: the real dancer stays visible")
                return DriverBackdrop()
            return InpaintedBackdrop(driver.video, driver.removal, inpainter, progress)
        case SceneBackground(scene="target"):
            return StillBackdrop(photo_backdrop(portrait, inpainter, size))
        case Colour(colour=source):
            opened = open_background(source, size, note=note)
        case Image(image=path):
            opened = open_background(path, size, note=note)
        case Folder(folder=path):
            opened = open_background(path, size, after="hold", note=note)
        case Video(video=path, mode=mode):
            opened = open_background(path, size, driver.motion.clip.fps, mode, note)
    return FileBackdrop(opened, driver.motion.clip)
