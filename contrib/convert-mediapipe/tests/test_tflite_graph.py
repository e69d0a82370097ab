from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

tflite = pytest.importorskip("tflite")


@dataclass
class Level:
    """One axis of a sparse tensor: dense with `size`, or sparse with segments and indices."""

    size: int = 0
    segments: tuple[int, ...] = ()
    indices: tuple[int, ...] = ()

    def Format(self) -> int:  # noqa: N802 - the schema's name
        return int(tflite.DimensionType.SPARSE_CSR if self.segments else tflite.DimensionType.DENSE)

    def DenseSize(self) -> int:  # noqa: N802  # TFLite's own name
        return self.size

    def ArraySegmentsType(self) -> Any:  # noqa: N802  # TFLite's own name
        return self.segments

    def ArrayIndicesType(self) -> Any:  # noqa: N802  # TFLite's own name
        return self.indices

    def ArraySegments(self) -> None:  # noqa: N802  # TFLite's own name
        return None

    def ArrayIndices(self) -> None:  # noqa: N802  # TFLite's own name
        return None


@dataclass
class Sparsity:
    order: tuple[int, ...]
    blocks: tuple[int, ...]
    levels: tuple[Level, ...]

    def TraversalOrderAsNumpy(self) -> np.ndarray:  # noqa: N802  # TFLite's own name
        return np.array(self.order)

    def BlockMapAsNumpy(self) -> np.ndarray:  # noqa: N802  # TFLite's own name
        return np.array(self.blocks)

    def BlockMapLength(self) -> int:  # noqa: N802  # TFLite's own name
        return len(self.blocks)

    def DimMetadata(self, i: int) -> Level:  # noqa: N802  # TFLite's own name
        return self.levels[i]

    def DimMetadataLength(self) -> int:  # noqa: N802  # TFLite's own name
        return len(self.levels)


@pytest.fixture
def dense(monkeypatch: pytest.MonkeyPatch) -> Any:
    import tflite_graph

    monkeypatch.setattr(tflite_graph, "_vector", lambda values, _: np.array(values))
    return tflite_graph._dense


def test_compressed_rows(dense: Any) -> None:
    # Row 0 has columns 1 and 3, row 1 none, row 2 column 0.
    rows = Sparsity((0, 1), (), (Level(size=3), Level(segments=(0, 2, 2, 3), indices=(1, 3, 0))))
    found = dense(np.array([5.0, 6.0, 7.0]), [3, 4], rows)
    assert found.tolist() == [[0, 5, 0, 6], [0, 0, 0, 0], [7, 0, 0, 0]]


def test_blocks_of_two_columns(dense: Any) -> None:
    # A 2 x 4 matrix in blocks of 1 x 2: row 0 has the right block, row 1 the left one.
    levels = (Level(size=2), Level(segments=(0, 1, 2), indices=(1, 0)), Level(size=2))
    found = dense(np.array([1.0, 2.0, 3.0, 4.0]), [2, 4], Sparsity((0, 1, 2), (1,), levels))
    assert found.tolist() == [[0, 0, 1, 2], [3, 4, 0, 0]]
