from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from reenactor.errors import InputError
from reenactor.runtime import Runtime
from reenactor_plugins.datasets.videos.dataset import Videos
from reenactor_plugins.datasets.videos.options import VideosOptions


def film(path: Path, frames: int) -> None:
    """Frame t is grey of 10 t."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w") as file:
        stream = file.add_stream("libx264rgb", rate=Fraction(10), options={"qp": "0", "g": "4"})
        stream.height, stream.width, stream.pix_fmt = 32, 48, "rgb24"
        for t in range(frames):
            picture = np.full((32, 48, 3), 10 * t, np.uint8)
            file.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        file.mux(stream.encode())


def test_frames_of_videos(tmp_path: Path, runtime: Runtime) -> None:
    film(tmp_path / "walk.mp4", 9)
    film(tmp_path / "more" / "run.mp4", 3)
    videos = Videos(VideosOptions(folder=tmp_path, stride=4), runtime)
    assert list(videos.names()) == [
        "more/run/000000", "walk/000000", "walk/000004", "walk/000008",
    ]  # fmt: skip
    # Whatever was asked for before, an item is the same.
    for index, grey in ((1, 0), (3, 80), (2, 40), (2, 40), (0, 0), (3, 80)):
        (shot,) = videos.shots(index)
        assert (shot.picture.pixels.int() - grey).abs().max() <= 1
        assert shot.picture.index == (shot.frame,)
        assert shot.frame == grey // 10
    assert (shot.person, shot.source, shot.picture.name) == ("walk", "walk", "walk")


def test_one_file(tmp_path: Path, runtime: Runtime) -> None:
    film(tmp_path / "walk.mp4", 3)
    videos = Videos(VideosOptions(folder=tmp_path / "walk.mp4", stride=1), runtime)
    assert list(videos.names()) == ["walk/000000", "walk/000001", "walk/000002"]


def test_what_is_no_video(tmp_path: Path, runtime: Runtime) -> None:
    with pytest.raises(InputError, match="has no videos"):
        Videos(VideosOptions(folder=tmp_path), runtime)
    with pytest.raises(InputError, match=r"video or folder .* does not exist"):
        Videos(VideosOptions(folder=tmp_path / "x.mp4"), runtime)


def test_a_video_that_is_cut_short_is_told_of(tmp_path: Path, runtime: Runtime) -> None:
    film(tmp_path / "sound.mkv", 24)
    film(tmp_path / "cut.mkv", 24)
    whole = (tmp_path / "cut.mkv").read_bytes()
    (tmp_path / "cut.mkv").write_bytes(whole[: len(whole) * 6 // 10])
    (note,) = Videos(VideosOptions(folder=tmp_path), runtime).notes()
    assert note.startswith("cut.mkv ")
