"""What a run is asked for, and making sure that doing it destroys nothing."""

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
from reenactor.pipeline.driver import Memory
from reenactor.pipeline.job import Job
from reenactor.pipeline.output import outputs_of
from reenactor.spec.model import Spec

SIDECAR = ".json"
"""What the report's name adds to the output's."""


@dataclass(frozen=True)
class Order:
    """What is wanted: the files, the spec, and what of the clip.

    `start` and `stop` are seconds on the driver's clock. `fingerprint` is everything outside
    this order that the frames depend on: spec, versions, weights, content of the inputs. `inputs`
    are all files that are read.
    """

    target: Path
    driver: Path
    output: Path
    spec: Spec
    memory: Memory
    fingerprint: Mapping[str, object]
    extras: tuple[str, ...] = ()
    start: float = 0.0
    stop: float | None = None
    inputs: Inputs = NOTHING
    overwrite: bool = False
    credentials: Credentials | None = None
    notes: tuple[str, ...] = ()
    """What is known of the spec before the run, for its user."""


def sidecar_of(output: Path) -> Path:
    """The file beside an output that tells how it was made."""
    return output.with_name(output.name + SIDECAR)


def claim(order: Order) -> None:
    """Make sure that a run destroys nothing; what an interrupted run of it left may go.

    Raises:
        UsageError, OutputError: as `require_free` does.
    """
    require_short(order.output)
    job = Job(order.output, order.fingerprint)
    job.require_ours()
    own = _is_ours if job.was_joining else nothing_own
    inputs = order.inputs.paths.values()
    outputs = outputs_of(order.output, order.extras)
    require_free(outputs, inputs, order.overwrite, format_of(order.output), own)
    require_free([sidecar_of(order.output)], inputs, order.overwrite, own=own)
    if order.credentials is not None:
        order.credentials.require_usable(format_of(order.output))


def _is_ours(path: Path) -> bool:
    """Whether a file or folder is a result, or the report of one."""
    if path.is_dir():
        return all(is_synthetic(file) for file in path.iterdir())
    if path.suffix != SIDECAR:
        return is_synthetic(path)
    try:
        told = read_json(path)
    except InputError:
        return False
    return isinstance(told, dict) and told.get("synthetic") is True


def preview_path(output: Path) -> Path:
    """Where the preview of an output is."""
    return output.with_name(f"{output.stem}.preview.png")
