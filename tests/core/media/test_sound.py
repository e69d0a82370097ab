"""The driver's sound in joined outputs, looked at with PyAV alone."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from reenactor.errors import InputError
from reenactor.media.formats import Format
from reenactor.media.join import join

Film = Callable[..., Path]
Segments = Callable[..., list[Path]]
Picture = Callable[..., np.ndarray]
Packets = Callable[..., list[Any]]
Seconds = Callable[..., list[Fraction]]
UNIT, FPS = Fraction(1, 30000), Fraction(30000, 1001)
VIDEOS = [Format.MP4, Format.WEBM, Format.MOV]


def even(count: int, first: int = 0) -> list[int]:
    return [first + 1001 * index for index in range(count)]


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


def test_sound_is_copied_bit_for_bit(
    tmp_path: Path, film: Film, segments: Segments, packets: Packets, seconds: Seconds
) -> None:
    driver = film("d.mp4", 20, rate=FPS, sound=0.7)
    parts = segments("p", Format.MP4, even(20), [10, 10])
    output = tmp_path / "a.mp4"
    join(parts, output, Format.MP4, time_base=UNIT, fps=FPS, audio_from=driver)
    before, after = packets(driver, "audio"), packets(output, "audio")
    assert [bytes(packet) for packet in after] == [bytes(packet) for packet in before]
    assert seconds(output, "audio") == seconds(driver, "audio")
    assert seconds(output) == sorted(seconds(driver))
    assert np.array_equal(loudness(output), loudness(driver))


def lag(part: np.ndarray, whole: np.ndarray) -> int:
    """Where in `whole` the samples of `part` are, by correlation."""
    length = len(whole) + len(part)
    spectrum = np.fft.rfft(whole, length) * np.conj(np.fft.rfft(part, length))
    return int(np.fft.irfft(spectrum, length)[: len(whole)].argmax())


@pytest.mark.parametrize(
    ("source", "codec", "kind", "expected"),
    [
        ("d.mp4", "aac", Format.WEBM, "opus"),
        ("d.mov", "pcm_s16le", Format.MP4, "aac"),
        ("d.mov", "pcm_s16le", Format.MOV, "pcm_s16le"),
        ("d.mkv", "flac", Format.MP4, "aac"),
        ("d.mkv", "libmp3lame", Format.MP4, "mp3float"),
        ("slow.mkv", "libmp3lame", Format.MP4, "aac"),  # MP4 refuses MP3 of 8 kHz
        ("d.ts", "aac", Format.MP4, "aac"),
        ("d.webm", "libopus", Format.WEBM, "opus"),
    ],
)
def test_sound_is_encoded_where_the_container_needs_it(
    tmp_path: Path,
    film: Film,
    source: str,
    codec: str,
    kind: Format,
    expected: str,
    segments: Segments,
    seconds: Seconds,
) -> None:
    picture = "libvpx-vp9" if source == "d.webm" else "libx264"
    pitch = 8000 if source == "slow.mkv" else 44100
    rate = FPS
    driver = film(
        source,
        20,
        rate=rate,
        codec=picture,
        sound=0.7,
        sound_codec=codec,
        sound_rate={"libopus": 48000, "libmp3lame": pitch}.get(codec, 44100),
    )
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
    parts = segments("p", kind, times, [20], unit=unit)
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
    tmp_path: Path, film: Film, kind: Format, segments: Segments, seconds: Seconds
) -> None:
    """Frames 30 to 60 of a clip whose sound begins to sound at frame 40."""
    driver = film("d.mp4", 90, rate=FPS, sound=2.0, sound_start=40 * 1001 * 44100 // 30000)
    parts = segments("p", kind, even(30, 30 * 1001), [30])
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


def test_sound_from_the_middle_begins_at_the_cut(
    tmp_path: Path, film: Film, segments: Segments, seconds: Seconds
) -> None:
    driver = film("d.mp4", 60, rate=FPS, sound=2.0)
    whole = loudness(driver)
    for kind in (Format.MP4, Format.MOV, Format.WEBM):
        parts = segments(kind, kind, even(10, 20 * 1001), [10])
        output = tmp_path / f"a{kind.segment_suffix}"
        span: dict[str, Any] = {"start_time": 20 * 1001 * UNIT, "stop_time": 30 * 1001 * UNIT}
        join(parts, output, kind, time_base=UNIT, fps=FPS, audio_from=driver, **span)
        begin = 20 * 1001 * 48000 // 30000
        found = lag(loudness(output)[2400:12000], whole)
        assert abs(found - (begin + 2400)) <= 48  # a millisecond
        assert seconds(output)[0] == 0


def test_sound_that_begins_before_the_pictures_is_kept(
    tmp_path: Path, film: Film, segments: Segments, seconds: Seconds
) -> None:
    driver = film("d.mp4", 20, rate=FPS, times=even(20, 15015), time_base=UNIT, sound=1.0)
    parts = segments("p", Format.MP4, even(20, 15015), [20])
    output = tmp_path / "a.mp4"
    join(parts, output, Format.MP4, time_base=UNIT, fps=FPS, audio_from=driver)
    assert seconds(output)[0] == Fraction(15015, 30000)
    assert np.array_equal(loudness(output), loudness(driver))


def test_any_file_with_sound_will_do(
    tmp_path: Path, film: Film, notes: list[str], segments: Segments
) -> None:
    parts = segments("p", Format.MP4, even(5), [5])
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


def test_damaged_sound_is_no_reason_to_fail(
    tmp_path: Path, film: Film, segments: Segments, packets: Packets
) -> None:
    driver = film("d.mp4", 60, rate=FPS, sound=2.0)
    whole = loudness(driver)
    struck = packets(driver, "audio")[30]
    content = bytearray(driver.read_bytes())
    content[struck.pos : struck.pos + struck.size] = b"\xff" * struck.size
    driver.write_bytes(content)
    parts = segments("p", Format.WEBM, even(60), [60])
    output = tmp_path / "a.webm"
    join(parts, output, Format.WEBM, time_base=UNIT, fps=FPS, audio_from=driver)
    wave = loudness(output)
    assert abs(lag(wave[48000:57600], whole) - 48000) <= 480  # behind the damage, in step


def test_mp2_in_mpeg_ts_is_heard(
    tmp_path: Path, film: Film, segments: Segments, notes: list[str]
) -> None:
    """Its header says that samples are floats, and they are whole numbers."""
    driver = film("d.ts", 20, sound=0.8, sound_codec="mp2")
    parts = segments("p", Format.MP4, even(20), [20])
    output = tmp_path / "a.mp4"
    whole = {"time_base": UNIT, "fps": FPS, "note": notes.append}
    join(parts, output, Format.MP4, audio_from=driver, **whole)  # type: ignore[arg-type]  # arguments of several types
    assert notes == []
    heard, played = loudness(output), loudness(driver)
    assert abs(len(heard) / 48000 - 0.8) < 0.06
    assert np.abs(heard).mean() > 0.8 * np.abs(played).mean()


def test_sound_that_changes_on_the_way_is_heard_to_its_end(
    tmp_path: Path, film: Film, segments: Segments, notes: list[str]
) -> None:
    """A recorder that goes from one rate to another: two transport streams, one after the other."""
    first = film("a.ts", 10, sound=0.4, sound_codec="mp2", sound_rate=44100)
    second = film(
        "b.ts", 10, sound=0.4, sound_codec="mp2", sound_rate=48000,
        times=range(10, 20), sound_start=19200,
    )  # fmt: skip
    driver = tmp_path / "d.ts"
    driver.write_bytes(first.read_bytes() + second.read_bytes())
    parts = segments("p", Format.MP4, even(20), [20])
    output = tmp_path / "a.mp4"
    whole = {"time_base": UNIT, "fps": FPS, "note": notes.append}
    join(parts, output, Format.MP4, audio_from=driver, **whole)  # type: ignore[arg-type]  # arguments of several types
    assert notes == []
    heard = loudness(output)
    assert abs(len(heard) / 48000 - 0.8) < 0.1
    assert np.abs(heard[-9600:-4800]).mean() > 3000
