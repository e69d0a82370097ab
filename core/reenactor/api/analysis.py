"""Analysing a driving video without rendering it."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reenactor.api.request import PathLike, require_type
from reenactor.api.resolve import crowd_cache, part_of_facet
from reenactor.api.setup import Setup
from reenactor.catalog.build import build
from reenactor.errors import UsageError
from reenactor.manifest import Facet
from reenactor.media.contents import Inputs
from reenactor.media.lock import locked
from reenactor.media.outputs import require_free
from reenactor.media.photo import write_photo
from reenactor.media.video import probe
from reenactor.motion_file import SUFFIX, require_name, save_motion
from reenactor.pipeline.driver import analyze_video
from reenactor.pipeline.sheet import draw_sheet
from reenactor.progress import Progress, Silent
from reenactor.runtime import float32_by_default
from reenactor.spec import Spec


@dataclass(frozen=True)
class Analysis:
    """What `analyze` wrote and found.

    Attributes:
        motion: the motion file.
        sheet: a picture of everybody who was found, with their numbers.
        frames: of the video.
        present: frames in which the dancer was found.
        people: how many people were found.
    """

    motion: Path
    sheet: Path
    frames: int
    present: int
    people: int

    def as_json(self) -> dict[str, Any]:
        """The fields as values that `json` can write."""
        return {key: str(v) if isinstance(v, Path) else v for key, v in vars(self).items()}


@float32_by_default()
def analyze(
    video: PathLike,
    output: PathLike | None = None,
    *,
    spec: str | Path | Spec = "default",
    overrides: Sequence[str] = (),
    overwrite: bool = False,
    setup: Setup | None = None,
    progress: Progress | None = None,
) -> Analysis:
    """Find everybody in a driving video, choose the dancer, and save their motion and a sheet.

    Args:
        video: a video of a dancer.
        output: the motion file; by default `VIDEO.motion` beside the video.
        spec: the pipeline, by name, file or value, whose pose estimator is used.
        overrides: changes to the spec, such as `motion.subject=1`.
        overwrite: replace existing outputs.
        setup: as in `reenact`.
        progress: as in `reenact`.

    Raises:
        ReenactorError: what went wrong and what to do.
    """
    setup, progress = Setup.of(setup), progress or Silent()
    require_type("video", video, str | os.PathLike, "a path")
    require_type("output", output, str | os.PathLike | None, "a path, or None")
    path = Path(video)
    motion_path = Path(output) if output is not None else path.with_suffix(SUFFIX)
    if motion_path.suffix != SUFFIX:
        raise UsageError("wrong suffix for a motion file", given=str(output), expected=SUFFIX)
    sheet_path = motion_path.with_suffix(".people.png")
    require_name(motion_path)
    plan = setup.plan(spec, overrides)
    part = part_of_facet(plan, Facet.SKELETON)
    made = (motion_path, sheet_path)
    require_free(made, [path, *part.paths.values()], overwrite)
    inputs = Inputs.seen({"video": path, **part.paths}, made)
    estimator: Any = build(part.info, part.options, setup.runtime(), part.provider)
    with locked(*made):
        memory = crowd_cache(setup, part, path, inputs)
        info = probe(path, progress.note)
        found = analyze_video(info, estimator, plan.spec.motion, memory, progress)
        sheet = draw_sheet(found, progress.note)
        inputs.require_unchanged()
        require_free(made, inputs.paths.values(), overwrite)
        write_photo(sheet_path, sheet)
        save_motion(found.motion, motion_path)
    return Analysis(
        motion=motion_path,
        sheet=sheet_path,
        frames=len(found.motion),
        present=int(found.motion.present.sum()),
        people=len(found.tracked.order),
    )
