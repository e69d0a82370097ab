import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from reenactor.errors import OutputError
from reenactor.media.formats import Format
from reenactor.media.writer import SegmentWriter

UNIT, FPS = Fraction(1, 30000), Fraction(30000, 1001)
VIDEOS = [Format.MP4, Format.WEBM, Format.MOV]


def picture(index: int, size: tuple[int, int] = (48, 64), alpha: bool = False) -> np.ndarray:
    """A slope of colours that moves; with alpha, a disc that covers, in a ring of half."""
    rows, columns = np.mgrid[: size[0], : size[1]]
    layers = [(columns * 3 + 5 * index) % 256, (rows * 4) % 256, np.full(size, 90)]
    if alpha:
        far = np.hypot(rows - size[0] / 2, columns - size[1] / 2)
        layers.append(np.where(far < 12, 255, np.where(far < 20, 128, 0)))
    return np.stack(layers, -1).astype(np.uint8)


def write(
    path: Path, kind: Format, frames: range, size: tuple[int, int] = (48, 64), alpha: bool = False
) -> Path:
    with SegmentWriter(path, kind, size, UNIT, FPS, alpha) as writer:
        for index in frames:
            writer.write(picture(index, size, alpha), 1001 * index)
    assert writer.frames == len(frames)
    return path


def frames_in(path: Path, kind: Format) -> int:
    if kind is Format.FRAMES:
        return len(names(path))
    with av.open(str(path)) as file:
        return sum(1 for _ in file.decode(video=0))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("kind", VIDEOS)
@pytest.mark.parametrize("alpha", [False, True])
def test_the_same_frames_give_the_same_bytes(tmp_path: Path, kind: Format, alpha: bool) -> None:
    if alpha and not kind.holds_alpha:
        return
    first = write(tmp_path / "a", kind, range(20, 40), alpha=alpha)
    second = write(tmp_path / "b", kind, range(20, 40), alpha=alpha)
    assert first.read_bytes() == second.read_bytes()
    assert names(tmp_path) == ["a", "b"]
    assert frames_in(first, kind) == 20


_WRITE = """
import sys
from fractions import Fraction
from pathlib import Path
import numpy as np
from reenactor.media.formats import Format
from reenactor.media.writer import SegmentWriter

noise = np.random.default_rng(0).integers(0, 256, (90, 68, 3), np.uint8)
still = np.kron(noise, np.ones((8, 8, 1), np.uint8))
path = Path(sys.argv[1])
with SegmentWriter(path, Format(path.suffix[1:]), (720, 540), Fraction(1, 25), Fraction(25)) as to:
    for index in range(12):
        to.write(np.ascontiguousarray(np.roll(still, 3 * index, 1)[:720, :540]), index)
"""


@pytest.mark.parametrize("kind", VIDEOS)
def test_the_bytes_do_not_depend_on_what_memory_held(tmp_path: Path, kind: Format) -> None:
    """New memory is filled with one value or another, which glibc does when asked."""
    written = []
    for fill in ("1", "85"):
        path = tmp_path / f"{fill}.{kind.value}"
        large = {"MALLOC_MMAP_THRESHOLD_": "1000000000"}
        env = {**os.environ, **large, "MALLOC_PERTURB_": fill}
        subprocess.run([sys.executable, "-c", _WRITE, str(path)], env=env, check=True)
        written.append(path.read_bytes())
    assert written[0] == written[1]


@pytest.mark.parametrize("kind", VIDEOS)
def test_colours_survive_and_are_tagged(tmp_path: Path, kind: Format) -> None:
    colours = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0), (200, 30, 90)]
    path = tmp_path / "a"
    with SegmentWriter(path, kind, (48, 64), UNIT, FPS) as writer:
        for index, colour in enumerate(colours):
            writer.write(np.full((48, 64, 3), colour, np.uint8), 1001 * index)
    with av.open(str(path), "r") as file:
        frames = list(file.decode(video=0))
    for frame, colour in zip(frames, colours, strict=True):
        assert (frame.colorspace, frame.color_range) == (1, 1)
        pixels = frame.to_ndarray(format="rgb24", src_colorspace=1, src_color_range=1)
        assert np.abs(pixels[24, 32].astype(int) - colour).max() <= 4
    with av.open(str(path), "r") as file:
        context = file.streams.video[0].codec_context
        assert (context.color_primaries, context.color_trc) == (1, 1)


@pytest.mark.parametrize("kind", VIDEOS)
@pytest.mark.parametrize("alpha", [False, True])
def test_odd_sizes(tmp_path: Path, kind: Format, alpha: bool) -> None:
    if alpha and not kind.holds_alpha:
        return
    path = write(tmp_path / "a", kind, range(3), (77, 101), alpha)
    with av.open(str(path), "r") as file:
        frame = next(file.decode(video=0))
        assert (frame.height, frame.width) == ((78, 102) if kind is Format.MP4 else (77, 101))
        pixels = frame.to_ndarray(format="rgb24", src_colorspace=1).astype(int)
    miss = np.abs(pixels[:77, :101] - picture(0, (77, 101)))
    assert np.median(miss) <= 4
    if kind is Format.MP4:
        assert np.abs(pixels[77] - pixels[76]).max() <= 12
        assert np.abs(pixels[:, 101] - pixels[:, 100]).max() <= 12


def test_nothing_waits_for_a_later_frame(tmp_path: Path) -> None:
    path = write(tmp_path / "a", Format.MP4, range(60))
    with av.open(str(path), "r") as file:
        packets = [packet for packet in file.demux(video=0) if packet.size]
    assert packets[0].is_keyframe
    assert [packet.pts for packet in packets] == [packet.dts for packet in packets]
    assert [packet.pts for packet in packets] == [1001 * index for index in range(60)]


@pytest.mark.parametrize("alpha", [False, True])
def test_a_folder_of_frames(tmp_path: Path, alpha: bool) -> None:
    path = write(tmp_path / "seg", Format.FRAMES, range(3), alpha=alpha)
    assert names(path) == ["000000.png", "000001.png", "000002.png"]
    with Image.open(path / "000002.png") as file:
        assert np.array_equal(np.asarray(file), picture(2, alpha=alpha))
    write(path, Format.FRAMES, range(2))
    assert names(path) == ["000000.png", "000001.png"]


@pytest.mark.parametrize("kind", Format)
def test_an_error_leaves_nothing(tmp_path: Path, kind: Format) -> None:
    def fail() -> None:
        with SegmentWriter(tmp_path / "a", kind, (48, 64), UNIT, FPS) as writer:
            writer.write(picture(0), 0)
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert names(tmp_path) == []


@pytest.mark.parametrize("kind", Format)
def test_what_a_killed_writer_left_does_no_harm(tmp_path: Path, kind: Format) -> None:
    part = tmp_path / ".a.part"
    if kind is Format.FRAMES:
        part.mkdir()
        part = part / "000000.png"
    part.write_bytes(b"half a frame")
    path = write(tmp_path / "a", kind, range(2))
    assert names(tmp_path) == ["a"]
    assert frames_in(path, kind) == 2


def test_wrong_use_is_an_error_at_once(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="alpha"):
        SegmentWriter(tmp_path / "a", Format.MP4, (48, 64), UNIT, FPS, alpha=True)
    with SegmentWriter(tmp_path / "a", Format.MP4, (48, 64), UNIT, FPS) as writer:
        with pytest.raises(ValueError, match="shape"):
            writer.write(picture(0, alpha=True), 0)
        writer.write(picture(0), 5)
        with pytest.raises(ValueError, match="is not after"):
            writer.write(picture(1), 5)
        writer.abort()
    assert names(tmp_path) == []


@contextmanager
def small_files(limit: int) -> Iterator[None]:
    """No file may grow beyond `limit` bytes: what the system refuses is refused for true."""
    resource = pytest.importorskip("resource", reason="needs limits of the system")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("kind", Format)
def test_a_disk_that_fills_up_is_told_and_leaves_nothing(tmp_path: Path, kind: Format) -> None:
    def fill() -> None:
        noise = np.random.default_rng(0)
        with SegmentWriter(tmp_path / "a", kind, (240, 320), UNIT, FPS) as writer:
            for index in range(40):
                writer.write(noise.integers(0, 255, (240, 320, 3), np.uint8), 1001 * index)

    with small_files(150_000), pytest.raises(OutputError, match="no space left") as caught:
        fill()
    assert "at least" in caught.value.expected
    assert names(tmp_path) == []


@pytest.mark.parametrize("kind", Format)
def test_an_error_of_a_segment_names_the_output(tmp_path: Path, kind: Format) -> None:
    output, segment = tmp_path / f"dance.{kind}", tmp_path / "work" / "segment"

    def fill() -> None:
        noise = np.random.default_rng(0)
        with SegmentWriter(segment, kind, (240, 320), UNIT, FPS, output=output) as writer:
            for index in range(40):
                writer.write(noise.integers(0, 255, (240, 320, 3), np.uint8), 1001 * index)

    with small_files(150_000), pytest.raises(OutputError, match="no space left") as caught:
        fill()
    assert str(output) in caught.value.problem
    assert "at least" in caught.value.expected


def test_encoders_are_silent(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for kind in VIDEOS:
        write(tmp_path / kind.value, kind, range(3))
    assert capfd.readouterr() == ("", "")
