"""What a caller asks for."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reenactor.errors import UsageError
from reenactor.media.credentials import Credentials
from reenactor.spec import Spec

PathLike = str | os.PathLike[str]


@dataclass(frozen=True)
class Request:
    """What to make of which files.

    Attributes:
        target: a photo of one person.
        driver: a video of a dancer, or a motion file that `analyze` saved.
        output: .mp4, .webm, .mov, a folder, or a pattern such as `frames/%06d.png`.
        spec: the pipeline, by name, file or value.
        overrides: changes to the spec, such as `motion.retarget=none`.
        extras: videos to write beside the output: `parsing`, `mask`, `skeleton`, `beside`.
        start: where to begin, in seconds of the driver.
        stop: where to end, in seconds of the driver; None is its end.
        overwrite: replace existing outputs.
        credentials: sign the outputs with these (C2PA).
    """

    target: PathLike
    driver: PathLike
    output: PathLike
    spec: str | Path | Spec = "default"
    overrides: Sequence[str] = ()
    extras: Sequence[str] = ()
    start: float = 0.0
    stop: float | None = None
    overwrite: bool = False
    credentials: Credentials | None = None

    def __post_init__(self) -> None:
        """Raise `UsageError` for values of the wrong type."""
        for name in ("target", "driver", "output"):
            require_type(name, getattr(self, name), str | os.PathLike, "a path")
        require_strings("overrides", self.overrides)
        require_strings("extras", self.extras)
        require_type("start", self.start, int | float, "a number of seconds")
        require_type("stop", self.stop, int | float | None, "a number of seconds, or None")
        if not isinstance(self.overwrite, bool):
            raise _wrong("overwrite", self.overwrite, "True or False")
        require_type("credentials", self.credentials, Credentials | None, "Credentials, or None")


def require_type(name: str, value: object, kind: Any, expected: str) -> None:
    """Raise `UsageError` if an argument is not of a type. A bool is not a number here."""
    if isinstance(value, bool) or not isinstance(value, kind):
        raise _wrong(name, value, expected)


def require_strings(name: str, values: object) -> None:
    """Raise `UsageError` if an argument is not a list or tuple of strings; a single string is
    not one."""
    if not isinstance(values, list | tuple) or not all(isinstance(v, str) for v in values):
        raise _wrong(name, values, "a list of strings")


def _wrong(name: str, value: object, expected: str) -> UsageError:
    return UsageError(
        f"{name} is of the wrong type",
        given=f"{name}={repr(value)[:80]} ({type(value).__name__})",
        expected=expected,
    )
