"""Segments and the driver's sound become the output, without encoding the pictures again."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path

from reenactor.media.formats import Format
from reenactor.media.video import Note


def join(
    segments: Sequence[Path],
    output: Path,
    kind: Format,
    *,
    time_base: Fraction,
    fps: Fraction,
    audio_from: Path | None = None,
    start_time: Fraction | None = None,
    stop_time: Fraction | None = None,
    metadata: Mapping[str, str] | None = None,
    note: Note = lambda _: None,
) -> None:
    """Make `output`, whole or not at all. Raises `OutputError`.

    `start_time` and `stop_time` are seconds on the driver's clock (`VideoInfo.times` times
    `time_base`): give them when a range of frames is rendered; the sound is cut to them.
    The output is marked as synthetic; `metadata` is stored besides.
    """
