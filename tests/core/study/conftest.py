"""Small studies: squares that slide over grey, a colour for each method."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
import yaml

from reenactor.media.photo import write_photo
from reenactor.study.load import Study, load_study
from reenactor.study.server import StudyServer

COLOURS = {"ours": (200, 60, 60), "warp": (60, 160, 60), "spt": (60, 60, 200)}
Maker = Callable[..., Study]
Serving = Callable[[Study], StudyServer]


def film(
    path: Path,
    colour: tuple[int, int, int] = (200, 60, 60),
    size: tuple[int, int] = (96, 64),
    frames: int = 20,
    codec: str = "libx264",
) -> None:
    """A square that slides for two seconds (10 frames each)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w") as file:
        stream: Any = file.add_stream(codec, rate=Fraction(10))
        stream.height, stream.width = size
        stream.pix_fmt = "yuv420p"
        for t in range(frames):
            picture = np.full((*size, 3), 128, np.uint8)
            picture[30:60, 2 * t : 2 * t + 20] = colour
            file.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        file.mux(stream.encode())


@pytest.fixture(scope="session")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film of each method, made once."""
    folder = tmp_path_factory.mktemp("films")
    for name, colour in COLOURS.items():
        film(folder / f"{name}.mp4", colour)
    write_photo(folder / "photo.png", np.full((96, 64, 3), 90, np.uint8))
    return folder


@pytest.fixture
def study_of(tmp_path: Path, films: Path) -> Maker:
    """Makes a study of so many videos; keywords are fields of study.yaml."""

    def make(count: int = 3, beside: bool = False, **fields: object) -> Study:
        folder = tmp_path / "study"
        for number in range(count):
            for name in COLOURS:
                place = folder / name / f"dance{number}.mp4"
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes((films / f"{name}.mp4").read_bytes())
            if beside:
                for inside, made in (("photos", "photo.png"), ("driving", "spt.mp4")):
                    place = folder / inside / f"dance{number}{Path(made).suffix}"
                    place.parent.mkdir(exist_ok=True)
                    place.write_bytes((films / made).read_bytes())
        if beside:
            fields |= {"targets": "photos", "drivers": "driving"}
        given = {"version": 1, "methods": {name: name for name in COLOURS}, **fields}
        (folder / "study.yaml").write_text(yaml.safe_dump(given, sort_keys=False), "utf-8")
        return load_study(folder)

    return make


@contextmanager
def served(study: Study, port: int = 0) -> Iterator[StudyServer]:
    """A server that runs in a thread."""
    pytest.importorskip("waitress", reason="serving needs the extra `study`")
    with StudyServer(study, port=port) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def serving() -> Iterator[Serving]:
    """Serves a study until the test ends."""
    with ExitStack() as stack:
        yield lambda study: stack.enter_context(served(study))
