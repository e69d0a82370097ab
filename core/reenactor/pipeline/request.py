"""A request that was checked, and making sure that its outputs replace nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reenactor.errors import InputError
from reenactor.media.contents import NOTHING, Inputs
from reenactor.media.credentials import Credentials
from reenactor.media.files import read_json
from reenactor.media.formats import format_of
from reenactor.media.mark import is_synthetic
from reenactor.media.outputs import nothing_own, require_free, require_short
from reenactor.pipeline.driver import CrowdCache
from reenactor.pipeline.job import Job
from reenactor.pipeline.output import output_paths
from reenactor.spec.model import Spec

REPORT_SUFFIX = ".json"
"""What the report's file name adds to the output's."""


@dataclass(frozen=True)
class ResolvedRequest:
    """A request that was checked against what is installed.

    Attributes:
        target: a photo.
        driver: a video or motion file.
        output: the video, folder or pattern to write.
        spec: the pipeline.
        crowd_cache: where detected people are kept.
        fingerprint: everything the frames depend on: spec, versions, weights, content of the
            inputs.
        extras: other videos to write.
        start: seconds of the driver.
        stop: seconds of the driver; None is its end.
        inputs: all files that are read.
        overwrite: replace existing outputs.
        credentials: sign the outputs with these.
        notes: what is known about the spec before the run, for the user.
    """

    target: Path
    driver: Path
    output: Path
    spec: Spec
    crowd_cache: CrowdCache
    fingerprint: Mapping[str, object]
    extras: tuple[str, ...] = ()
    start: float = 0.0
    stop: float | None = None
    inputs: Inputs = NOTHING
    overwrite: bool = False
    credentials: Credentials | None = None
    notes: tuple[str, ...] = ()


def report_path(output: Path) -> Path:
    """The file beside an output that records how it was made."""
    return output.with_name(output.name + REPORT_SUFFIX)


def require_outputs_free(request: ResolvedRequest) -> None:
    """Make sure that a run replaces nothing but what an interrupted run of it left.

    Raises:
        UsageError, OutputError: as `require_free` does.
    """
    require_short(request.output)
    job = Job(request.output, request.fingerprint)
    job.require_ours()
    own = _is_ours if job.was_joining else nothing_own
    inputs = request.inputs.paths.values()
    outputs = output_paths(request.output, request.extras)
    require_free(outputs, inputs, request.overwrite, format_of(request.output), own)
    require_free([report_path(request.output)], inputs, request.overwrite, own=own)
    if request.credentials is not None:
        request.credentials.require_usable(format_of(request.output))


def _is_ours(path: Path) -> bool:
    """Whether a file or folder is a result or the report of one."""
    if path.is_dir():
        return all(is_synthetic(file) for file in path.iterdir())
    if path.suffix != REPORT_SUFFIX:
        return is_synthetic(path)
    try:
        told = read_json(path)
    except InputError:
        return False
    return isinstance(told, dict) and told.get("synthetic") is True


def preview_path(output: Path) -> Path:
    """The preview's path, beside the output."""
    return output.with_name(f"{output.stem}.preview.png")
