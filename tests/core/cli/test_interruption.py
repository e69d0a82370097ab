"""Whole runs of the default pipeline in processes of their own, killed at every stage.

However a run ends, the same command gives the same frames as if nothing had happened, and no
half-made file ever bears the output's name.
"""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest

from reenactor.cli.demo import material
from reenactor.media.video import probe
from reenactor.pipeline.bench import repeat_video

FRAMES = 60  # more than one segment of 48
LIMIT = 1800
"""Seconds after which a run is taken to hang: on a machine that does much else, one of these takes
minutes."""
SMALL = ("--set", "output.height=256", "--set", "output.width=160")


class Place:
    """A folder with a short dance, and a cache of its own."""

    def __init__(self, folder: Path, cache: Path, dance: Path) -> None:
        self.folder, self.cache, self.dance = folder, cache, dance
        self.output = folder / "out.mp4"
        self.job = folder / ".out.mp4.reenactor"

    def arguments(self, *more: str) -> list[str]:
        photo = str(material().target)
        files = ["-t", photo, "-d", str(self.dance), "-o", str(self.output)]
        return ["run", *files, *SMALL, *more]

    def start(
        self, *more: str, code: str = "from reenactor.cli import main"
    ) -> subprocess.Popen[str]:
        run = f"import sys\n{code}\nsys.exit(main(sys.argv[1:]))"
        return subprocess.Popen(
            [sys.executable, "-c", run, *self.arguments(*more)],
            env={**os.environ, "XDG_CACHE_HOME": str(self.cache)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def finish(self, *more: str) -> dict[str, object]:
        """Run to the end; gives the report."""
        process = self.start("--json", *more)
        out, err = process.communicate(timeout=LIMIT)
        assert process.returncode == 0, err
        report: dict[str, object] = json.loads(out)
        return report


def frames_of(path: Path) -> np.ndarray:
    with av.open(str(path)) as file:
        return np.stack([frame.to_ndarray(format="rgb24") for frame in file.decode(video=0)])


def share(frames: np.ndarray, **limits: tuple[int, int]) -> np.ndarray:
    """For each frame, how much of it lies within the limits of the three colours."""
    inside = np.ones(frames.shape[:3], bool)
    for channel, name in enumerate(("red", "green", "blue")):
        low, high = limits[name]
        inside &= (frames[..., channel] >= low) & (frames[..., channel] < high)
    return np.asarray(inside.mean((1, 2)))


def at_the_first_segment(number: signal.Signals) -> str:
    """A program whose run is sent a signal as soon as its first segment is durable.

    The run sends it to itself: on a busy machine, whoever waits for the file of the segment may
    see it when the run has ended. Nothing more is written before the signal has arrived.
    """
    return f"""
import os, signal, threading
from reenactor.cli import main
from reenactor.pipeline.output import OutputWriter
commit, arrived = OutputWriter._commit, threading.Event()
def on_signal(*given):
    arrived.set()
    signal.default_int_handler(*given)
def commit_and_signal(self, *given):
    commit(self, *given)
    os.kill(os.getpid(), {number.value})
    arrived.wait()
OutputWriter._commit = commit_and_signal
signal.signal(signal.SIGINT, on_signal)
"""


KILLED_AT_THE_TWENTIETH_FRAME = """
import os, signal
from reenactor.cli import main
from reenactor.pipeline import detect
grid_of, detected = detect.grid_of, []
def grid_or_end(pixels):
    detected.append(len(detected))
    if len(detected) == 20:
        os.kill(os.getpid(), signal.SIGKILL)
    return grid_of(pixels)
detect.grid_of = grid_or_end
"""
"""A program whose run is killed while people are detected: `grid_of` looks at every frame."""


@pytest.fixture(scope="module")
def dance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first two seconds of the demo's dance, twice."""
    return repeat_video(material().driver, FRAMES, tmp_path_factory.mktemp("dance") / "dance.mp4")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, dance: Path) -> Place:
    """A run that nothing interrupted."""
    folder = tmp_path_factory.mktemp("whole")
    place = Place(folder, folder / "cache", dance)
    report = place.finish()
    assert report["frames"] == FRAMES
    assert report["resumed_at"] == 0
    return place


@pytest.fixture
def place(tmp_path: Path, dance: Path) -> Place:
    return Place(tmp_path, tmp_path / "cache", dance)


def test_the_dancer_of_the_photo_is_in_every_frame(whole: Place) -> None:
    video, source = frames_of(whole.output), frames_of(whole.dance)
    assert video.shape == source.shape
    assert probe(whole.output).fps == probe(whole.dance).fps
    # The target's shirt is orange and the driver's yellow: one is there, the other is gone.
    assert share(video, red=(160, 256), blue=(0, 110), green=(60, 140)).min() > 0.01
    assert share(source, red=(160, 256), blue=(0, 60), green=(140, 256)).min() > 0.005
    assert share(video, red=(160, 256), blue=(0, 60), green=(140, 256)).max() < 0.001


def test_killed_while_watching(place: Place, whole: Place) -> None:
    process = place.start(code=KILLED_AT_THE_TWENTIETH_FRAME)
    process.communicate(timeout=LIMIT)
    assert process.returncode == -signal.SIGKILL
    assert not place.output.exists()
    place.finish()
    assert place.output.read_bytes() == whole.output.read_bytes()


def test_killed_while_rendering_and_encoding(place: Place, whole: Place) -> None:
    place.cache = whole.cache  # watched already
    process = place.start(code=at_the_first_segment(signal.SIGKILL))
    process.communicate(timeout=LIMIT)
    assert process.returncode == -signal.SIGKILL
    assert not place.output.exists()
    report = place.finish()
    assert report["resumed_at"] == 48
    assert place.output.read_bytes() == whole.output.read_bytes()
    assert not place.job.exists()


def test_killed_while_joining(place: Place, whole: Place) -> None:
    place.cache = whole.cache
    code = (
        "import os, reenactor.pipeline.output as o;"
        "from reenactor.cli import main;"
        "o.join = lambda *a, **k: os.kill(os.getpid(), 9)"
    )
    process = place.start(code=code)
    process.communicate(timeout=LIMIT)
    assert process.returncode == -signal.SIGKILL
    assert not place.output.exists()
    report = place.finish()
    assert report["resumed_at"] == FRAMES
    assert place.output.read_bytes() == whole.output.read_bytes()


def test_ctrl_c_ends_with_130_and_no_half_file(place: Place, whole: Place) -> None:
    place.cache = whole.cache
    process = place.start(code=at_the_first_segment(signal.SIGINT))
    _, err = process.communicate(timeout=LIMIT)
    assert process.returncode == 130, err
    assert "Traceback" not in err
    assert "run the same command again to continue" in err
    assert sorted(path.name for path in place.folder.iterdir() if path != place.cache) == [
        place.job.name
    ] or not list(place.folder.glob("out*"))
    assert (place.job / "result-000000.mp4").exists()
    # Nothing but finished segments waits in the job's folder.
    assert {path.name for path in place.job.iterdir()} <= {"job.json", "result-000000.mp4"}
    place.finish()
    assert place.output.read_bytes() == whole.output.read_bytes()


def test_an_output_that_is_there_is_not_replaced_unasked(whole: Place) -> None:
    before = whole.output.read_bytes()
    process = whole.start()
    _, err = process.communicate(timeout=LIMIT)
    assert process.returncode == 2
    assert "--overwrite" in err
    assert whole.output.read_bytes() == before
