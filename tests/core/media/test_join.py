"""The joined output, looked at with PyAV alone."""

import errno
import os
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from reenactor.errors import OutputError
from reenactor.media.formats import Format
from reenactor.media.join import join
from reenactor.media.mark import COMMENT, KEY, SYNTHETIC

Film = Callable[..., Path]
Segments = Callable[..., list[Path]]
Picture = Callable[..., np.ndarray]
Packets = Callable[..., list[Any]]
Seconds = Callable[..., list[Fraction]]
UNIT, FPS = Fraction(1, 30000), Fraction(30000, 1001)
VIDEOS = [Format.MP4, Format.WEBM, Format.MOV]


def even(count: int, first: int = 0) -> list[int]:
    return [first + 1001 * index for index in range(count)]


def milliseconds(times: list[Fraction]) -> list[Fraction]:
    """Rounded, halves up."""
    return [Fraction((time * 1000 + Fraction(1, 2)).__floor__(), 1000) for time in times]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("kind", VIDEOS)
def test_every_frame_is_there_at_its_time(
    tmp_path: Path, kind: Format, segments: Segments, seconds: Seconds
) -> None:
    output = tmp_path / "out" / f"a{kind.segment_suffix}"
    parts = segments("parts", kind, even(20), [8, 8, 4])
    join(parts, output, kind, time_base=UNIT, fps=FPS)
    exact = [Fraction(1001 * index, 30000) for index in range(20)]
    if kind is Format.WEBM:
        exact = milliseconds(exact)
    assert seconds(output) == exact
    with av.open(str(output)) as file:
        stream = file.streams.video[0]
        assert stream.average_rate == FPS
        found = [frame.to_ndarray(format="rgb24").mean() for frame in file.decode(stream)]
    assert np.abs(np.subtract(found, [20 + 6 * index for index in range(20)])).max() <= 3
    assert names(output.parent) == [output.name]
    assert len(parts) == 3
    assert all(part.exists() for part in parts)


def test_mp4_keeps_the_time_base_and_the_duration(
    tmp_path: Path, segments: Segments, packets: Packets
) -> None:
    output = tmp_path / "a.mp4"
    join(segments("p", Format.MP4, even(5), [5]), output, Format.MP4,
         time_base=UNIT, fps=FPS)  # fmt: skip
    found = packets(output)
    assert {packet.time_base for packet in found} == {UNIT}
    assert [packet.duration for packet in found] == [1001] * 5
    content = output.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")  # players start before the end


@pytest.mark.parametrize("kind", VIDEOS)
def test_variable_times_are_kept(
    tmp_path: Path, kind: Format, segments: Segments, seconds: Seconds
) -> None:
    times = [0, 20, 50, 56, 110, 600]
    unit = Fraction(1, 600)
    parts = segments("p", kind, times, [2, 3, 1], unit=unit)
    output = tmp_path / f"a{kind.segment_suffix}"
    join(parts, output, kind, time_base=unit, fps=Fraction(25), stop_time=Fraction(2))
    exact = [Fraction(time, 600) for time in times]
    if kind is Format.WEBM:
        exact = milliseconds(exact)
    assert seconds(output) == exact
    with av.open(str(output)) as file:
        assert file.duration == 2_000_000  # the last frame lasts until `stop_time`


@pytest.mark.parametrize("kind", VIDEOS)
@pytest.mark.parametrize("first", [-3003, 90090, 30000 * 7200])
def test_the_first_frame_is_at_zero_wherever_the_driver_begins(
    tmp_path: Path, kind: Format, first: int, segments: Segments, seconds: Seconds
) -> None:
    parts = segments("p", kind, even(6, first), [3, 3])
    output = tmp_path / f"a{kind.segment_suffix}"
    join(parts, output, kind, time_base=UNIT, fps=FPS)
    found = seconds(output)
    assert found[0] == 0
    exact = [Fraction(1001 * index, 30000) for index in range(6)]
    tolerance = Fraction(1, 1000) if kind is Format.WEBM else 0
    assert all(abs(a - b) <= tolerance for a, b in zip(found, exact, strict=True))


@pytest.mark.parametrize("kind", [Format.WEBM, Format.MOV])
def test_alpha_survives(tmp_path: Path, kind: Format, segments: Segments, picture: Picture) -> None:
    parts = segments("p", kind, even(10), [5, 5], alpha=True)
    output = tmp_path / f"a{kind.segment_suffix}"
    join(parts, output, kind, time_base=UNIT, fps=FPS)
    with av.open(str(output)) as file:
        stream = file.streams.video[0]
        decoder: Any = stream.codec_context
        if kind is Format.WEBM:  # FFmpeg's own decoder of VP9 drops alpha
            assert b"\x53\xc0\x81\x01" in output.read_bytes()[:2000]  # AlphaMode: players look
            decoder = av.CodecContext.create("libvpx-vp9", "r")
        frames = [
            frame
            for packet in file.demux(stream)
            for frame in decoder.decode(packet if packet.size else None)
        ]
    assert len(frames) == 10
    for index, frame in enumerate(frames):
        found = frame.to_ndarray(format="rgba").astype(int)
        assert np.abs(found[..., 3] - picture(index, True)[..., 3]).max() <= 40
        assert np.abs(found[..., 3] - picture(index, True)[..., 3]).mean() <= 1
        assert np.abs(found[16:32, 16:32, :3].mean() - (20 + 6 * index)) <= 3


@pytest.mark.parametrize("kind", VIDEOS)
def test_the_output_says_that_it_is_synthetic(
    tmp_path: Path, kind: Format, segments: Segments
) -> None:
    parts = segments("p", kind, even(2), [2])
    output = tmp_path / f"a{kind.segment_suffix}"
    join(parts, output, kind, time_base=UNIT, fps=FPS, metadata={"spec": "ü✨", KEY: "no"})
    with av.open(str(output)) as file:
        found = {key.lower(): value for key, value in file.metadata.items()}
    assert found["comment"] == COMMENT
    assert found[KEY] == SYNTHETIC
    assert found["spec"] == "ü✨"


@pytest.mark.parametrize("kind", VIDEOS)
def test_two_runs_give_the_same_bytes(
    tmp_path: Path, kind: Format, film: Film, segments: Segments
) -> None:
    driver = film("d.mp4", 16, rate=FPS, sound=0.6)
    results = []
    for run in ("first", "second"):
        parts = segments(run, kind, even(16), [8, 8])
        output = tmp_path / f"{run}{kind.segment_suffix}"
        join(parts, output, kind, time_base=UNIT, fps=FPS, audio_from=driver)
        results.append(output.read_bytes())
    assert results[0] == results[1]
    mixed = [tmp_path / "first" / parts[0].name, tmp_path / "second" / parts[1].name]
    join(mixed, output, kind, time_base=UNIT, fps=FPS, audio_from=driver)
    assert output.read_bytes() == results[0]


@pytest.mark.parametrize("kind", Format)
def test_a_failure_leaves_the_earlier_output(
    tmp_path: Path, kind: Format, monkeypatch: pytest.MonkeyPatch, segments: Segments
) -> None:
    parts = segments("p", kind, even(4), [2, 2])
    folder = tmp_path / "out"
    output = folder / f"a{kind.segment_suffix}"
    join(parts[:1], output, kind, time_base=UNIT, fps=FPS)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OutputError, match="no space left") as caught:
            join(parts, output, kind, time_base=UNIT, fps=FPS)
    assert "at least" in caught.value.expected
    assert {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()} == before


def test_space_is_asked_for_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, segments: Segments
) -> None:
    parts = segments("p", Format.MP4, even(2), [2])
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 100}))
    with pytest.raises(OutputError, match="not enough space") as caught:
        join(parts, tmp_path / "a.mp4", Format.MP4, time_base=UNIT, fps=FPS)
    assert caught.value.given == "100 bytes free"


def test_segments_that_do_not_fit(tmp_path: Path, segments: Segments) -> None:
    parts = segments("p", Format.MP4, even(6), [3, 3])
    other = segments("q", Format.WEBM, even(3, 3003), [3])
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(parts[1].read_bytes()[:-200])
    for chosen, told in [
        ([parts[0], other[0]], "another encoding"),
        ([parts[1], parts[0]], "are not after"),
        ([parts[0], cut], "cannot join the segment"),
        ([parts[0], tmp_path / "missing.mp4"], "cannot join the segment"),
    ]:
        with pytest.raises(OutputError, match=told) as caught:
            join(chosen, tmp_path / "a.mp4", Format.MP4, time_base=UNIT, fps=FPS)
        assert "run again" in caught.value.advice
    assert names(tmp_path) == ["cut.mp4", "p", "q"]
