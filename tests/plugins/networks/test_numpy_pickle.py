"""Pickled arrays are read, anything else that a pickle can ask for is refused."""

import pickle
from pathlib import Path

import numpy as np
import pytest

from reenactor.errors import WeightsError
from reenactor_plugins.networks.checkpoint import load_checkpoint
from reenactor_plugins.networks.numpy_pickle import load_arrays

# As Python 2 wrote it (protocol 2, strings without an encoding): {"w": array([1, 2], float32)}.
PYTHON_2 = (
    b"\x80\x02}U\x01w"
    b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85U\x01b\x87R"
    b"(K\x01K\x02\x85cnumpy\ndtype\nU\x02f4K\x00K\x01\x87R"
    b"(K\x03U\x01<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89"
    b"U\x08\x00\x00\x80?\x00\x00\x00@tbs."
)


def test_arrays_of_python_2(tmp_path: Path) -> None:
    file = tmp_path / "resnet50_ft_weight.pkl"
    file.write_bytes(PYTHON_2)
    assert load_checkpoint(file, "faces", "VGGFace2")["w"].tolist() == [1.0, 2.0]


@pytest.mark.parametrize("protocol", [2, 4])
def test_arrays_of_python_3(tmp_path: Path, protocol: int) -> None:
    arrays = {"a": np.arange(6, dtype=np.float32).reshape(2, 3), "b": np.array([[1.0], [2.0]])}
    (tmp_path / "x.pkl").write_bytes(pickle.dumps(arrays, protocol=protocol))
    loaded = load_arrays(tmp_path / "x.pkl")
    for name, array in arrays.items():
        np.testing.assert_array_equal(loaded[name].numpy(), array)


def test_arrays_within_a_checkpoint(tmp_path: Path) -> None:
    held = {"model": {"a": np.ones(2)}, "__author__": "somebody"}
    (tmp_path / "x.pkl").write_bytes(pickle.dumps(held))
    assert load_arrays(tmp_path / "x.pkl", "model")["a"].tolist() == [1, 1]
    with pytest.raises(WeightsError, match="does not contain named arrays"):
        load_arrays(tmp_path / "x.pkl")


class Evil:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return Path.touch, (Path("touched"),)  # type: ignore[return-value]


def test_nothing_is_executed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("evil.pkl").write_bytes(pickle.dumps({"a": Evil()}))
    with pytest.raises(WeightsError, match="without executing code"):
        load_arrays(Path("evil.pkl"))
    assert not Path("touched").exists()


@pytest.mark.parametrize("content", [b"", b"no pickle", pickle.dumps([1]), pickle.dumps({"a": 1})])
def test_other_files_are_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.pkl").write_bytes(content)
    with pytest.raises(WeightsError):
        load_arrays(tmp_path / "x.pkl")
