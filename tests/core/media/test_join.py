"""The joined output, looked at with PyAV alone."""

import errno
import os
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from reenactor.errors import InputError, OutputError
from reenactor.media.formats import Format
from reenactor.media.join import join
from reenactor.media.mark import COMMENT, SYNTHETIC
from reenactor.media.writer import SegmentWriter

Film = Callable[..., Path]
UNIT, FPS = Fraction(1, 30000), Fraction(30000, 1001)
VIDEOS = [Format.MP4, Format.WEBM, Format.MOV]


def grey(index: int, alpha: bool) -> np.ndarray:
    shade = np.full((48, 64, 3), 20 + 6 * (index % 35), np.uint8)
    if not alpha:
        return shade
    cover = np.zeros((48, 64, 1), np.uint8)
    cover[8:40, 8 : 40 + index % 8] = 255
    return np.concatenate([shade, cover], 2)


def segments(
    folder: Path,
    kind: Format,
    times: Sequence[int],
    lengths: Sequence[int],
    alpha: bool = False,
    unit: Fraction = UNIT,
) -> list[Path]:
    """Frames 0, 1, ... at the given times, in segments of the given lengths."""
    paths = []
    done = 0
    for length in lengths:
        path = folder / f"{done:06d}{kind.segment_suffix}"
        with SegmentWriter(path, kind, (48, 64), unit, FPS, alpha) as writer:
            for index in range(done, done + length):
                writer.write(grey(index, alpha), times[index])
        paths.append(path)
        done += length
    assert done == len(times)
    return paths


def even(count: int, first: int = 0) -> list[int]:
    return [first + 1001 * index for index in range(count)]


def packets(path: Path, kind: str = "video") -> list[Any]:
    with av.open(str(path)) as file:
        stream = file.streams.get({kind: 0})[0]
        return [packet for packet in file.demux(stream) if packet.size]


def seconds(path: Path, kind: str = "video") -> list[Fraction]:
    return [packet.pts * packet.time_base for packet in packets(path, kind)]


def milliseconds(times: list[Fraction]) -> list[Fraction]:
    """Rounded, halves up."""
    return [Fraction((time * 1000 + Fraction(1, 2)).__floor__(), 1000) for time in times]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("kind", VIDEOS)
def test_every_frame_is_there_at_its_time(tmp_path: Path, kind: Format) -> None:
    output = tmp_path / "out" / f"a{kind.segment_suffix}"
    parts = segments(tmp_path / "parts", kind, even(20), [8, 8, 4])
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


def test_mp4_keeps_the_time_base_and_the_duration(tmp_path: Path) -> None:
    output = tmp_path / "a.mp4"
    join(segments(tmp_path / "p", Format.MP4, even(5), [5]), output, Format.MP4,
         time_base=UNIT, fps=FPS)  # fmt: skip
    found = packets(output)
    assert {packet.time_base for packet in found} == {UNIT}
    assert [packet.duration for packet in found] == [1001] * 5
    content = output.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")  # players start before the end


@pytest.mark.parametrize("kind", VIDEOS)
def test_variable_times_are_kept(tmp_path: Path, kind: Format) -> None:
    times = [0, 20, 50, 56, 110, 600]
    unit = Fraction(1, 600)
    parts = segments(tmp_path / "p", kind, times, [2, 3, 1], unit=unit)
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
    tmp_path: Path, kind: Format, first: int
) -> None:
    parts = segments(tmp_path / "p", kind, even(6, first), [3, 3])
    output = tmp_path / f"a{kind.segment_suffix}"
    join(parts, output, kind, time_base=UNIT, fps=FPS)
    found = seconds(output)
    assert found[0] == 0
    exact = [Fraction(1001 * index, 30000) for index in range(6)]
    tolerance = Fraction(1, 1000) if kind is Format.WEBM else 0
    assert all(abs(a - b) <= tolerance for a, b in zip(found, exact, strict=True))


@pytest.mark.parametrize("kind", [Format.WEBM, Format.MOV])
def test_alpha_survives(tmp_path: Path, kind: Format) -> None:
    parts = segments(tmp_path / "p", kind, even(10), [5, 5], alpha=True)
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
        assert np.abs(found[..., 3] - grey(index, True)[..., 3]).max() <= 40
        assert np.abs(found[..., 3] - grey(index, True)[..., 3]).mean() <= 1
        assert np.abs(found[16:32, 16:32, :3].mean() - (20 + 6 * index)) <= 3


@pytest.mark.parametrize("kind", VIDEOS)
def test_the_output_says_that_it_is_synthetic(tmp_path: Path, kind: Format) -> None:
    parts = segments(tmp_path / "p", kind, even(2), [2])
    output = tmp_path / f"a{kind.segment_suffix}"
    join(parts, output, kind, time_base=UNIT, fps=FPS, metadata={"spec": "ü✨", "comment": "no"})
    with av.open(str(output)) as file:
        found = {key.lower(): value for key, value in file.metadata.items()}
    assert found["comment"] == COMMENT
    assert found["digital_source_type"] == SYNTHETIC
    assert found["spec"] == "ü✨"


@pytest.mark.parametrize("kind", VIDEOS)
def test_two_runs_give_the_same_bytes(tmp_path: Path, kind: Format, film: Film) -> None:
    driver = film("d.mp4", 16, rate=FPS, sound=0.6)
    results = []
    for run in ("first", "second"):
        parts = segments(tmp_path / run, kind, even(16), [8, 8])
        output = tmp_path / f"{run}{kind.segment_suffix}"
        join(parts, output, kind, time_base=UNIT, fps=FPS, audio_from=driver)
        results.append(output.read_bytes())
    assert results[0] == results[1]
    mixed = [tmp_path / "first" / parts[0].name, tmp_path / "second" / parts[1].name]
    join(mixed, output, kind, time_base=UNIT, fps=FPS, audio_from=driver)
    assert output.read_bytes() == results[0]


def loudness(path: Path) -> np.ndarray:
    """The decoded sound as mono at 48 kHz."""
    resampler = av.AudioResampler("s16", "mono", 48000)
    with av.open(str(path)) as file:
        pieces = [
            piece.to_ndarray()[0]
            for frame in file.decode(audio=0)
            for piece in resampler.resample(frame)
        ]
    return np.concatenate(pieces).astype(float)


def test_sound_is_copied_bit_for_bit(tmp_path: Path, film: Film) -> None:
    driver = film("d.mp4", 20, rate=FPS, sound=0.7)
    parts = segments(tmp_path / "p", Format.MP4, even(20), [10, 10])
    output = tmp_path / "a.mp4"
    join(parts, output, Format.MP4, time_base=UNIT, fps=FPS, audio_from=driver)
    before, after = packets(driver, "audio"), packets(output, "audio")
    assert [bytes(packet) for packet in after] == [bytes(packet) for packet in before]
    assert seconds(output, "audio") == seconds(driver, "audio")
    assert seconds(output) == sorted(seconds(driver))
    assert np.array_equal(loudness(output), loudness(driver))


def lag(part: np.ndarray, whole: np.ndarray) -> int:
    """Where in `whole` the samples of `part` are, by correlation."""
    return int(np.correlate(whole, part, "valid").argmax())


@pytest.mark.parametrize(
    ("source", "codec", "kind", "expected"),
    [
        ("d.mp4", "aac", Format.WEBM, "opus"),
        ("d.mov", "pcm_s16le", Format.MP4, "aac"),
        ("d.mov", "pcm_s16le", Format.MOV, "pcm_s16le"),
        ("d.mkv", "flac", Format.MP4, "aac"),
        ("d.mkv", "libmp3lame", Format.MP4, "mp3float"),
        ("d.ts", "aac", Format.MP4, "aac"),
        ("d.webm", "libopus", Format.WEBM, "opus"),
    ],
)
def test_sound_is_encoded_where_the_container_needs_it(
    tmp_path: Path, film: Film, source: str, codec: str, kind: Format, expected: str
) -> None:
    picture = "libvpx-vp9" if source == "d.webm" else "libx264"
    rate = FPS
    driver = film(source, 20, rate=rate, codec=picture, sound=0.7, sound_codec=codec)
    with av.open(str(driver)) as file:
        video, audio = file.streams.video[0], file.streams.audio[0]
        assert video.start_time is not None
        assert audio.start_time is not None
        assert video.time_base is not None
        assert audio.time_base is not None
        first = video.start_time * video.time_base
        ahead = first - audio.start_time * audio.time_base
    unit = Fraction(1, 90000)
    times = [round((first + index / rate) / unit) for index in range(20)]
    parts = segments(tmp_path / "p", kind, times, [20], unit=unit)
    output = tmp_path / f"a{kind.segment_suffix}"
    join(parts, output, kind, time_base=unit, fps=rate, audio_from=driver)
    with av.open(str(output)) as file:
        assert file.streams.audio[0].codec_context.name.startswith(expected[:4])
    assert abs(seconds(output)[0] - max(Fraction(0), ahead)) < Fraction(2, 1000)
    wave = loudness(output)
    assert abs(len(wave) / 48000 - 0.7) < 0.06
    assert abs(lag(wave[9600:24000], loudness(driver)) - 9600) <= 480


@pytest.mark.parametrize("kind", VIDEOS)
def test_sound_of_a_range_is_cut_and_stays_in_step(
    tmp_path: Path, film: Film, kind: Format
) -> None:
    """Frames 30 to 60 of a clip whose sound begins to sound at frame 40."""
    driver = film("d.mp4", 90, rate=FPS, sound=2.0, sound_start=40 * 1001 * 44100 // 30000)
    parts = segments(tmp_path / "p", kind, even(30, 30 * 1001), [30])
    output = tmp_path / f"a{kind.segment_suffix}"
    join(
        parts,
        output,
        kind,
        time_base=UNIT,
        fps=FPS,
        audio_from=driver,
        start_time=30 * 1001 * UNIT,
        stop_time=60 * 1001 * UNIT,
    )
    assert seconds(output)[0] == 0
    found = seconds(output, "audio")
    expected = 10 * 1001 / 30000
    assert abs(found[0] - Fraction(expected)) < Fraction(40, 1000)  # a packet and its priming
    assert found[-1] < Fraction(1001, 1000)
    with av.open(str(output)) as file:
        frames = list(file.decode(audio=0))
    start = next(
        frame.time + np.abs(frame.to_ndarray()).max(0).argmax() / frame.sample_rate
        for frame in frames
        if np.abs(frame.to_ndarray().astype(float)).max() > 0.1
    )
    assert abs(start - expected) < 0.03


def test_sound_from_the_middle_begins_at_the_cut(tmp_path: Path, film: Film) -> None:
    driver = film("d.mp4", 60, rate=FPS, sound=2.0)
    whole = loudness(driver)
    for kind in (Format.MP4, Format.MOV, Format.WEBM):
        parts = segments(tmp_path / kind, kind, even(10, 20 * 1001), [10])
        output = tmp_path / f"a{kind.segment_suffix}"
        span: dict[str, Any] = {"start_time": 20 * 1001 * UNIT, "stop_time": 30 * 1001 * UNIT}
        join(parts, output, kind, time_base=UNIT, fps=FPS, audio_from=driver, **span)
        begin = 20 * 1001 * 48000 // 30000
        found = lag(loudness(output)[2400:12000], whole)
        assert abs(found - (begin + 2400)) <= 48  # a millisecond
        assert seconds(output)[0] == 0


def test_sound_that_begins_before_the_pictures_is_kept(tmp_path: Path, film: Film) -> None:
    driver = film("d.mp4", 20, rate=FPS, times=even(20, 15015), time_base=UNIT, sound=1.0)
    parts = segments(tmp_path / "p", Format.MP4, even(20, 15015), [20])
    output = tmp_path / "a.mp4"
    join(parts, output, Format.MP4, time_base=UNIT, fps=FPS, audio_from=driver)
    assert seconds(output)[0] == Fraction(15015, 30000)
    assert np.array_equal(loudness(output), loudness(driver))


def test_any_file_with_sound_will_do(tmp_path: Path, film: Film, notes: list[str]) -> None:
    parts = segments(tmp_path / "p", Format.MP4, even(5), [5])
    output = tmp_path / "a.mp4"
    options: dict[str, Any] = {"time_base": UNIT, "fps": FPS, "note": notes.append}
    join(parts, output, Format.MP4, audio_from=film("silent.mp4", 3), **options)
    with av.open(str(output)) as file:
        assert not file.streams.audio
    music = tmp_path / "music.wav"
    with av.open(str(music), "w") as file:
        stream: Any = file.add_stream("pcm_s16le", rate=8000)
        stream.layout = "mono"
        samples = av.AudioFrame.from_ndarray(np.ones((1, 4000), np.int16), "s16", "mono")
        samples.sample_rate = 8000
        file.mux(stream.encode(samples))
    join(parts, output, Format.MP4, audio_from=music, **options)
    assert abs(len(loudness(output)) / 48000 - 0.5) < 0.05
    with pytest.raises(InputError):
        join(parts, output, Format.MP4, audio_from=tmp_path / "missing.mp4", **options)
    assert notes == []


def test_damaged_sound_is_no_reason_to_fail(tmp_path: Path, film: Film) -> None:
    driver = film("d.mp4", 60, rate=FPS, sound=2.0)
    whole = loudness(driver)
    struck = packets(driver, "audio")[30]
    content = bytearray(driver.read_bytes())
    content[struck.pos : struck.pos + struck.size] = b"\xff" * struck.size
    driver.write_bytes(content)
    parts = segments(tmp_path / "p", Format.WEBM, even(60), [60])
    output = tmp_path / "a.webm"
    join(parts, output, Format.WEBM, time_base=UNIT, fps=FPS, audio_from=driver)
    wave = loudness(output)
    assert abs(lag(wave[48000:57600], whole) - 48000) <= 480  # behind the damage, in step


def test_frames_become_a_folder(tmp_path: Path, notes: list[str], film: Film) -> None:
    parts = segments(tmp_path / "p", Format.FRAMES, even(7), [3, 4], alpha=True)
    output = tmp_path / "new" / "out"
    options: dict[str, Any] = {"time_base": UNIT, "fps": FPS, "note": notes.append}
    join(parts, output, Format.FRAMES, audio_from=film("d.mp4", 2, sound=0.1), **options)
    assert notes == ["a folder of frames holds no sound: it is left out"]
    assert names(output) == [f"{index:06d}.png" for index in range(7)]
    assert names(output.parent) == ["out"]
    for index in range(7):
        with Image.open(output / f"{index:06d}.png") as file:
            file.load()
            assert np.array_equal(np.asarray(file), grey(index, True))
            assert file.info["digital_source_type"] == SYNTHETIC
    join(parts[:1], output, Format.FRAMES, **options)  # an earlier result is replaced
    assert len(names(output)) == 3
    (output / "mine.txt").touch()
    with pytest.raises(OutputError, match="holds other files"):
        join(parts, output, Format.FRAMES, **options)
    assert len(names(output)) == 4


def test_a_folder_of_other_pictures_is_not_replaced(tmp_path: Path) -> None:
    parts = segments(tmp_path / "p", Format.FRAMES, even(2), [2])
    output = tmp_path / "out"
    output.mkdir()
    Image.new("RGB", (3, 3)).save(output / "000000.png")
    with pytest.raises(OutputError, match="holds other files"):
        join(parts, output, Format.FRAMES, time_base=UNIT, fps=FPS)
    assert names(output) == ["000000.png"]


def test_frames_become_files_by_a_pattern(tmp_path: Path) -> None:
    parts = segments(tmp_path / "p", Format.FRAMES, even(5), [5])
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "mine.txt").touch()
    pattern = folder / "dance_%04d.png"
    join(parts, pattern, Format.FRAMES, time_base=UNIT, fps=FPS)
    assert names(folder) == [*(f"dance_{index:04d}.png" for index in range(5)), "mine.txt"]
    shorter = segments(tmp_path / "q", Format.FRAMES, even(2), [2])
    join(shorter, pattern, Format.FRAMES, time_base=UNIT, fps=FPS)
    assert names(folder) == ["dance_0000.png", "dance_0001.png", "mine.txt"]


@pytest.mark.parametrize("kind", Format)
def test_a_failure_leaves_the_earlier_output(
    tmp_path: Path, kind: Format, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = segments(tmp_path / "p", kind, even(4), [2, 2])
    folder = tmp_path / "out"
    output = folder / f"a{kind.segment_suffix}"
    join(parts[:1], output, kind, time_base=UNIT, fps=FPS)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OutputError, match="there is no room") as caught:
            join(parts, output, kind, time_base=UNIT, fps=FPS)
    assert "at least" in caught.value.expected
    assert {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()} == before


def test_space_is_asked_for_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = segments(tmp_path / "p", Format.MP4, even(2), [2])
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 100}))
    with pytest.raises(OutputError, match="not enough room") as caught:
        join(parts, tmp_path / "a.mp4", Format.MP4, time_base=UNIT, fps=FPS)
    assert caught.value.given == "100 bytes free"


def test_segments_that_do_not_fit(tmp_path: Path) -> None:
    parts = segments(tmp_path / "p", Format.MP4, even(6), [3, 3])
    other = segments(tmp_path / "q", Format.WEBM, even(3, 3003), [3])
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(parts[1].read_bytes()[:-200])
    for chosen, told in [
        ([parts[0], other[0]], "another encoding"),
        ([parts[1], parts[0]], "do not come after"),
        ([parts[0], cut], "cannot be joined"),
        ([parts[0], tmp_path / "missing.mp4"], "cannot be joined"),
    ]:
        with pytest.raises(OutputError, match=told) as caught:
            join(chosen, tmp_path / "a.mp4", Format.MP4, time_base=UNIT, fps=FPS)
        assert "run again" in caught.value.advice
    assert names(tmp_path) == ["cut.mp4", "p", "q"]
