import os
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file

from reenactor.errors import WeightsError
from reenactor.weights.tensors import load_tensors

TENSORS = {"a.weight": torch.arange(6.0).reshape(2, 3), "b": torch.ones(1)}


class Trap:
    """Runs a command when it is unpickled without care."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.path),)


def same(found: dict[str, torch.Tensor]) -> bool:
    return found.keys() == TENSORS.keys() and all(
        torch.equal(found[name], TENSORS[name]) for name in TENSORS
    )


def test_safetensors(tmp_path: Path) -> None:
    save_file(TENSORS, tmp_path / "a.safetensors")
    assert same(load_tensors(tmp_path / "a.safetensors"))


@pytest.mark.parametrize("name", ["a.pt", "a.PTH", "a.pth.tar"])
def test_state_dicts(tmp_path: Path, name: str) -> None:
    torch.save(TENSORS, tmp_path / name)
    assert same(load_tensors(tmp_path / name))


def test_a_checkpoint_around_a_state_dict(tmp_path: Path) -> None:
    torch.save({"epoch": 3, "state_dict": TENSORS}, tmp_path / "a.pt")
    assert same(load_tensors(tmp_path / "a.pt"))


def test_a_checkpoint_of_several_networks(tmp_path: Path) -> None:
    torch.save({"G": TENSORS, "D": {"c": torch.zeros(2)}, "n_iter": 7}, tmp_path / "a.pth")
    assert same(load_tensors(tmp_path / "a.pth", inside="G"))


def test_code_in_a_file_is_never_run(tmp_path: Path) -> None:
    torch.save({"a": Trap(tmp_path / "sprung")}, tmp_path / "a.pt")
    with pytest.raises(WeightsError, match="without executing code"):
        load_tensors(tmp_path / "a.pt")
    assert not (tmp_path / "sprung").exists()


def test_keys_that_make_one_name_are_refused(tmp_path: Path) -> None:
    torch.save({1: torch.zeros(2), "1": torch.ones(2), "a": torch.ones(2)}, tmp_path / "a.pt")
    with pytest.raises(WeightsError, match="two tensors of one name") as caught:
        load_tensors(tmp_path / "a.pt")
    assert caught.value.given == f"1 in {tmp_path / 'a.pt'}"


@pytest.mark.parametrize("name", ["a.pt", "a.safetensors"])
def test_a_damaged_file(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"no weights at all")
    with pytest.raises(WeightsError, match="damaged"):
        load_tensors(tmp_path / name)


@pytest.mark.parametrize("name", ["a.bin", "a.pkl", "a.ckpt", "a"])
def test_other_kinds_are_not_loaded(tmp_path: Path, name: str) -> None:
    with pytest.raises(WeightsError, match="unsupported weight format") as caught:
        load_tensors(tmp_path / name)
    assert caught.value.expected == ".safetensors, .pt, .pth, .pth.tar"


@pytest.mark.parametrize("loaded", [[torch.ones(1)], {"a": torch.ones(1), "epoch": 3}])
def test_what_is_no_state_dict(tmp_path: Path, loaded: object) -> None:
    torch.save(loaded, tmp_path / "a.pt")
    with pytest.raises(WeightsError, match="tensors"):
        load_tensors(tmp_path / "a.pt")
