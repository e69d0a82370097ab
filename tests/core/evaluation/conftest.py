"""A film of a dancer before a plain wall, and a setup whose components know such dancers."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from reenactor import api
from reenactor.catalog import Catalog
from reenactor.catalog.entries import ComponentEntry, Provider
from reenactor.weights import WeightStore

WALL = (40, 160, 60)
SIZE = (160, 200)


def picture(t: int) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """A red person of 30 x 100 pixels, who walks, with a white stripe."""
    out = np.full((*SIZE, 3), WALL, np.uint8)
    x = 40 + 4 * t
    out[30:130, x : x + 30] = (220, 30, 30)
    out[60:70, x : x + 30] = (250, 250, 250)
    return out


@dataclass(frozen=True)
class Studio:
    """What an evaluation needs. `parts` is the module of the components."""

    setup: api.Setup
    folder: Path
    video: Path
    spec: Path
    parts: Any


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    monkeypatch.syspath_prepend(str(Path(__file__).parent / "parts"))
    parts: Any = __import__("evaluation_parts")
    provider = Provider("test", "1", "test", "evaluation_parts")
    catalog = Catalog(tuple(ComponentEntry(info, provider) for info in parts.INFOS))
    setup = api.Setup(
        device="cpu",
        cache=tmp_path / "watched",
        catalog=catalog,
        weights=WeightStore(tmp_path / "weights", offline=True),
    )
    video = tmp_path / "walk.mp4"
    with av.open(str(video), "w") as file:
        options = {"qp": "0", "preset": "ultrafast"}
        stream = file.add_stream("libx264rgb", rate=Fraction(10), options=options)
        stream.height, stream.width = SIZE
        stream.pix_fmt = "rgb24"
        for t in range(14):
            file.mux(stream.encode(av.VideoFrame.from_ndarray(picture(t), format="rgb24")))
        file.mux(stream.encode())
    spec = tmp_path / "box.yaml"
    spec.write_text(parts.SPEC, encoding="utf-8")
    yield Studio(setup, tmp_path, video, spec, parts)
    sys.modules.pop("evaluation_parts", None)
