"""Inputs as people have them: odd, turned, silent or with sound, short, uneven, half broken."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest

from reenactor.errors import InputError, NoPersonError, OutputError, UsageError
from reenactor.media.lock import locked
from reenactor.media.video import probe
from reenactor.pipeline.run import render_preview, render_video
from reenactor.progress import Silent
from reenactor.spec.motion import ByIndex

WALL = (40, 160, 60)
RED, BLUE = (220, 30, 30), (30, 30, 220)


def picture(*people: tuple[int, tuple[int, int, int]], size: tuple[int, int] = (120, 160)) -> Any:
    """A wall with columns, 20 wide and 60 high, at some x."""
    out = np.full((*size, 3), WALL, np.uint8)
    for x, colour in people:
        out[40:100, x : x + 20] = colour
    return out


def decoded(path: Path) -> list[np.ndarray]:
    with av.open(str(path)) as file:
        return [frame.to_ndarray(format="rgb24") for frame in file.decode(video=0)]


def yellow(frame: np.ndarray) -> np.ndarray:
    return (frame[..., 0] > 180) & (frame[..., 1] > 180) & (frame[..., 2] < 90)


def heard(file: Any) -> float:
    """Seconds of sound in an open file."""
    audio = file.streams.audio[0]
    ticks = sum(packet.duration or 0 for packet in file.demux(audio))
    return float(ticks * audio.time_base)


def sound(path: Path, video: Path, seconds: float) -> Path:
    """The video with a tone."""
    with av.open(str(video)) as source, av.open(str(path), "w") as file:
        stream = source.streams.video[0]
        copy = file.add_stream_from_template(stream)
        audio: Any = file.add_stream("aac", rate=44100)
        for packet in source.demux(stream):
            if packet.dts is not None:
                packet.stream = copy
                file.mux(packet)
        wave = (np.sin(np.arange(int(44100 * seconds)) / 15) * 9000).astype(np.int16)
        for start in range(0, len(wave), 1024):
            piece = np.repeat(wave[start : start + 1024], 2)[None]
            frame = av.AudioFrame.from_ndarray(piece, format="s16", layout="stereo")
            frame.sample_rate, frame.pts = 44100, start
            file.mux(audio.encode(frame))
        file.mux(audio.encode(None))
    return path


def test_29_97_frames_a_second_with_sound(stage: Any) -> None:
    driver = sound(stage.folder / "sound.mp4", stage.driver, 100 / 29.97)
    render_video(stage.request(driver=driver), stage.components, Silent())
    out = probe(stage.folder / "out.mp4")
    assert out.fps == Fraction(30000, 1001)
    assert out.frames == 100
    assert out.has_audio
    with av.open(str(stage.folder / "out.mp4")) as file:
        assert abs(heard(file) - 100 / 29.97) < 0.06


def test_a_part_of_the_driver_has_its_part_of_the_sound(stage: Any) -> None:
    driver = sound(stage.folder / "sound.mp4", stage.driver, 100 / 29.97)
    render_video(stage.request(driver=driver, start=1.0, stop=2.0), stage.components, Silent())
    out = probe(stage.folder / "out.mp4")
    assert out.frames in (29, 30)
    frames = decoded(stage.folder / "out.mp4")
    # Frame 30 of the driver: the dancer's left edge is at x = 50.
    assert abs(np.argwhere(yellow(frames[0]))[:, 1].mean() - 59.5) < 2.5
    with av.open(str(stage.folder / "out.mp4")) as file:
        assert abs(heard(file) - 1.0) < 0.08


def test_uneven_times_stay_uneven(stage: Any, make_film: Callable[..., Path]) -> None:
    times = [0, 1, 2, 5, 6, 10, 11, 12, 20, 21]
    path = stage.folder / "uneven.mp4"
    with av.open(str(path), "w") as file:
        stream: Any = file.add_stream("libx264rgb", rate=10, options={"qp": "0", "bf": "0"})
        stream.height, stream.width, stream.pix_fmt = 120, 160, "rgb24"
        stream.codec_context.time_base = Fraction(1, 10)
        for t in times:
            frame = av.VideoFrame.from_ndarray(picture((20 + t, RED)), format="rgb24")
            frame.pts, frame.time_base = t, Fraction(1, 10)
            file.mux(stream.encode(frame))
        file.mux(stream.encode())
    render_video(stage.request(driver=path), stage.components, Silent())
    out = probe(stage.folder / "out.mp4")
    seconds = [float((time - out.times[0]) * out.time_base) for time in out.times]
    np.testing.assert_allclose(seconds, np.array(times) / 10, atol=1e-3)


def test_one_frame(stage: Any, make_film: Callable[..., Path]) -> None:
    driver = make_film(stage.folder / "one.mp4", [picture((60, RED))])
    assert render_video(stage.request(driver=driver), stage.components, Silent()).frames == 1
    assert len(decoded(stage.folder / "out.mp4")) == 1


def test_odd_sizes(stage: Any, make_film: Callable[..., Path]) -> None:
    pictures = [picture((60 + t, RED), size=(121, 163)) for t in range(5)]
    driver = make_film(stage.folder / "odd.mp4", pictures)
    render_video(stage.request("frames", driver=driver), stage.components, Silent())
    first = cv2.imread(str(stage.folder / "frames" / "000000.png"))
    assert first is not None
    assert first.shape == (121, 163, 3)  # pictures keep the odd size
    render_video(stage.request(driver=driver), stage.components, Silent())
    assert decoded(stage.folder / "out.mp4")[0].shape == (122, 164, 3)  # H.264 cannot


def test_a_turned_video(stage: Any) -> None:
    """A phone held upright stores a lying picture and a turn."""
    upright = [picture((60, RED), size=(160, 120)) for _ in range(5)]
    path = stage.folder / "turned.mp4"
    with av.open(str(path), "w") as file:
        stream: Any = file.add_stream("libx264rgb", rate=25, options={"qp": "0"})
        stream.height, stream.width, stream.pix_fmt = 120, 160, "rgb24"
        stream.set_display_rotation(90)
        for one in upright:
            lying = np.ascontiguousarray(np.rot90(one, -1))
            file.mux(stream.encode(av.VideoFrame.from_ndarray(lying, format="rgb24")))
        file.mux(stream.encode())
    info = probe(path)
    assert info.size == (160, 120)
    render_video(stage.request(driver=path), stage.components, Silent())
    frame = decoded(stage.folder / "out.mp4")[0]
    assert frame.shape == (160, 120, 3)
    assert abs(np.argwhere(yellow(frame)).mean(0)[1] - 69.5) < 2.5


def test_two_people_the_larger_dances_and_the_other_can(
    stage: Any, make_film: Callable[..., Path]
) -> None:
    pictures = []
    for t in range(20):
        both = picture((20 + t, RED))
        both[60:100, 110:130] = RED  # a smaller one who stands still
        pictures.append(both)
    driver = make_film(stage.folder / "two.mp4", pictures)
    report = render_video(stage.request(driver=driver), stage.components, Silent())
    assert report.people == 2
    frame = decoded(stage.folder / "out.mp4")[0]
    assert np.argwhere(yellow(frame))[:, 1].max() < 60
    small = stage.request("small.mp4", driver=driver, motion={"subject": 1})
    assert isinstance(small.spec.motion.subject, ByIndex)
    render_video(small, stage.components, Silent())
    frame = decoded(stage.folder / "small.mp4")[0]
    assert np.argwhere(yellow(frame))[:, 1].min() > 100
    with pytest.raises(NoPersonError, match="one of 2 people"):
        render_video(
            stage.request("x.mp4", driver=driver, motion={"subject": 2}), stage.components, Silent()
        )


def test_frames_without_the_dancer_show_the_background(
    stage: Any, make_film: Callable[..., Path]
) -> None:
    pictures = [picture((20 + t, RED)) if t < 20 or t >= 60 else picture() for t in range(80)]
    driver = make_film(stage.folder / "gone.mp4", pictures)
    report = render_video(stage.request(driver=driver), stage.components, Silent())
    assert set(range(25, 55)) <= set(report.absent)
    frames = decoded(stage.folder / "out.mp4")
    assert not yellow(frames[40]).any()
    assert yellow(frames[10]).any()


def test_nobody_in_the_video(stage: Any, make_film: Callable[..., Path]) -> None:
    driver = make_film(stage.folder / "empty.mp4", [picture()] * 5)
    with pytest.raises(NoPersonError, match="driving video"):
        render_video(stage.request(driver=driver), stage.components, Silent())
    assert not list(stage.folder.glob("out*"))


@pytest.mark.parametrize("content", [b"", b"this is no video", b"\x00\x00\x00\x18ftypmp42" * 9])
def test_files_that_are_no_video(stage: Any, content: bytes) -> None:
    path = stage.folder / "broken.mp4"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        render_video(stage.request(driver=path), stage.components, Silent())
    assert caught.value.advice
    assert not list(stage.folder.glob("out*"))


def test_several_people_in_the_photo_are_told(stage: Any) -> None:
    both = picture((70, BLUE))
    both[70:100, 10:30] = BLUE
    cv2.imwrite(str(stage.target), both[..., ::-1])
    report = render_video(stage.request(stop=0.3), stage.components, Silent())
    assert any("the photo shows 2 people" in note for note in report.notes)


def test_a_cut_out_is_taken_at_its_word(stage: Any) -> None:
    """Alpha says where the person is, whatever stands under it."""
    rgba = np.dstack([picture((70, BLUE)), np.zeros((120, 160), np.uint8)])
    rgba[40:100, 70:90, 3] = 255
    path = stage.folder / "cut.png"
    cv2.imwrite(str(path), cv2.cvtColor(rgba, cv2.COLOR_RGBA2BGRA))
    seen = {}
    original = stage.renderer.prepare

    def prepare(target: Any, motion: Any) -> None:
        seen["labels"] = target.parsing.labels
        original(target, motion)

    stage.renderer.prepare = prepare
    stage.target = path
    render_video(stage.request(stop=0.2), stage.components, Silent())
    share = float((seen["labels"] > 0).float().mean())
    # The canvas is cut around the person: 20 of 60 pixels wide, with margins.
    assert 0.1 < share < 0.5


def test_a_turned_photo_stands_upright(stage: Any) -> None:
    from PIL import Image

    path = stage.folder / "turned.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6  # shown after a quarter turn to the right
    lying = Image.fromarray(np.ascontiguousarray(np.rot90(picture((70, BLUE)), 1)))
    lying.save(path, exif=exif, quality=95)
    stage.target = path
    assert render_video(stage.request(stop=0.2), stage.components, Silent()).frames == 6


def test_four_thousand_pixels(stage: Any, make_film: Callable[..., Path]) -> None:
    large = [cv2.resize(picture((60 + t, RED)), (3840, 2160)) for t in range(2)]
    driver = make_film(stage.folder / "large.mp4", large)
    render_video(stage.request(driver=driver), stage.components, Silent())
    frame = decoded(stage.folder / "out.mp4")[0]
    assert frame.shape == (2160, 3840, 3)
    assert yellow(frame).any()


def test_a_full_disk(stage: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Found out before anything is rendered, and said with figures."""
    import shutil
    from collections import namedtuple

    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10**9, 10**9 - 1000, 1000))
    with pytest.raises(OutputError) as caught:
        render_video(stage.request(), stage.components, Silent())
    assert "free" in str(caught.value)
    assert not (stage.folder / "out.mp4").exists()


def test_two_runs_with_one_output_do_not_trample_each_other(stage: Any) -> None:
    one, other = (
        stage.request("one.mp4", extras=("mask",)),
        stage.request("one.mov", extras=("mask",)),
    )
    for held in ("one.mov", "one.mov.json", "one.mask.mp4"):
        with locked(stage.folder / held), pytest.raises(OutputError, match="another run") as caught:
            render_video(other, stage.components, Silent())
        assert str(stage.folder / held) in caught.value.problem
    with locked(stage.folder / "one.mov"):
        render_video(one, stage.components, Silent())
    assert not list(stage.folder.glob(".*.lock"))


def test_a_preview_is_made_by_one_at_a_time(stage: Any) -> None:
    request = stage.request("one.mp4")
    with locked(stage.folder / "one.preview.png"), pytest.raises(OutputError, match="another run"):
        render_preview(request, stage.components, 1, Silent())


def test_a_folder_that_is_not_there_is_made_and_one_that_cannot_be_is_told(stage: Any) -> None:
    render_video(stage.request("new/folder/out.mp4", stop=0.2), stage.components, Silent())
    assert len(decoded(stage.folder / "new/folder/out.mp4")) == 6
    (stage.folder / "file").write_text("no folder")
    with pytest.raises((OutputError, UsageError)):
        render_video(stage.request("file/out.mp4", stop=0.2), stage.components, Silent())
