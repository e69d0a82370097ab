"""What a caller asks for."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

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
