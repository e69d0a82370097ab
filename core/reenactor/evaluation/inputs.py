"""Checks the inputs of an evaluation before the long work begins."""

from pathlib import Path

from reenactor import api
from reenactor.errors import InputError, UsageError
from reenactor.evaluation.protocol import (
    BACKGROUND,
    BySpec,
    EvaluationRequest,
    GivenFrames,
    Pairing,
)
from reenactor.media.photo import read_photo
from reenactor.media.video import probe


def inspect(setup: api.Setup, request: EvaluationRequest) -> None:
    """Check every video, photo, folder and spec, and construct every component once.

    Raises:
        ReenactorError: one of them cannot be used.
    """
    protocol = request.protocol
    for video in protocol.videos:
        frames = probe(video).frames
        if isinstance(protocol.target, int) and protocol.target >= frames:
            raise UsageError(
                "invalid target frame",
                given=f"{protocol.target} of {video}",
                expected=f"a frame from 0 to {frames - 1}",
            )
    for photo in protocol.targets:
        read_photo(photo)
    for method in request.methods:
        if isinstance(method, GivenFrames):
            for pairing in request.pairings:
                read_photo(given_frames(method, pairing)[0])
    for method in request.methods:
        if isinstance(method, BySpec):
            overrides = overrides_of(request.protocol.overrides)
            api.try_components(method.spec, overrides, setup=setup)


def overrides_of(overrides: tuple[str, ...]) -> tuple[str, ...]:
    """The overrides of a spec to measure, with the shared background."""
    return (*overrides, f"background={BACKGROUND}")


def given_frames(method: GivenFrames, pairing: Pairing) -> list[Path]:
    """The PNG files of another method's frames of a video.

    Raises:
        InputError: there are none, or some are JPEG.
    """
    folder = method.folder / pairing.name
    if not folder.is_dir():
        raise InputError(
            f"the method {method.name!r} has no frames of {pairing.name}",
            given=f"no folder {folder}",
            expected=f"PNG files {folder / '000000.png'}, … numbered as the driver's frames",
        )
    lossy = sorted(p.name for p in folder.iterdir() if p.suffix.lower() in (".jpg", ".jpeg"))
    if lossy:
        raise InputError(
            f"the method {method.name!r} has JPEG files: their artefacts would be measured too",
            given=f"{lossy[0]} in {folder}",
            expected="PNG",
        )
    paths = sorted(folder.glob("*.png"))
    if not paths:
        raise InputError(f"the method {method.name!r} has no PNG files", given=str(folder))
    return paths
