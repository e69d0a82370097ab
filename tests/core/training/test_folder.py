"""A training's folder after damage, and with two trainings in it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from reenactor.catalog import discover
from reenactor.errors import InputError, OutputError, UsageError, WeightsError
from reenactor.media.lock import locked
from reenactor.progress import Silent
from reenactor.training.config import load_config
from reenactor.training.folder import read_log
from reenactor.training.train import Trained, train

pytest.importorskip("lightning_fabric", reason="training needs the extra `train`")
pytest.importorskip("tensorboard", reason="training needs the extra `train`")

MakeShards = Callable[..., Path]


class Notes(Silent):
    """Keeps what was noted."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def note(self, text: str) -> None:
        self.texts.append(text)


@pytest.fixture
def go(drawn_shards: MakeShards, tmp_path: Path) -> Callable[..., Trained]:
    """Trains for four steps in `run`, or goes on there; a save after each step."""
    data = drawn_shards()

    def start(*overrides: str, notes: Notes | None = None, folder: str = "run") -> Trained:
        given = (
            "training.steps=4",
            "training.checkpoint_every=1",
            "training.validate_every=2",
            *overrides,
        )
        config = load_config(discover(), "p2b", "tiny", given, [data])
        return train(config, tmp_path / folder, "cpu", notes or Silent())

    return start


@pytest.fixture
def run(go: Callable[..., Trained], tmp_path: Path) -> Path:
    """The folder of a finished training."""
    go()
    return tmp_path / "run"


def test_two_trainings_in_one_folder(run: Path, go: Callable[..., Trained]) -> None:
    before = {path: path.read_bytes() for path in run.glob("*.*")}
    with locked(run / "config.yaml"), pytest.raises(OutputError, match="another run is writing"):
        go()
    assert {path: path.read_bytes() for path in run.glob("*.*")} == before
    go()


def test_what_a_killed_training_left_is_removed(run: Path, go: Callable[..., Trained]) -> None:
    left = [run / ".last.pt.0a1b2c3d.part", run / "samples" / ".0000004.jpg.00000000.part"]
    mine = run / ".mine.part"
    for path in (*left, mine):
        path.write_bytes(b"half")
    go()
    assert not any(path.exists() for path in left)
    assert mine.exists()


def test_half_a_line_of_the_log_is_dropped(run: Path, go: Callable[..., Trained]) -> None:
    file = run / "log.jsonl"
    whole = read_log(run)
    assert [line["step"] for line in whole] == [4]
    for damage in (b'{"step": 5, "entr', b"\xff\xfe{", b"[" * 100_000, b"[]", b'{"step": "4"}'):
        with file.open("ab") as log:
            log.write(damage)
        assert read_log(run) == whole
        notes = Notes()
        go(notes=notes)
        assert any("log.jsonl" in text for text in notes.texts)
        assert [json.loads(line) for line in file.read_text().splitlines()] == whole


def test_a_damaged_config_is_told_and_can_be_removed(run: Path, go: Callable[..., Trained]) -> None:
    config = run / "config.yaml"
    whole = config.read_bytes()
    for damage in (
        b"", b"network: [", b"\xff\xfe", b"[" * 5000, b"a: &a [1]\nb: *a\n", b"words", b"- a list",
    ):  # fmt: skip
        config.write_bytes(damage)
        with pytest.raises(InputError, match=r"config\.yaml") as caught:
            go()
        assert "remove" in caught.value.advice
    config.unlink()
    with pytest.raises(UsageError, match=r"training\.learning_rate: 0.0002 before, 0.001 now"):
        go("training.learning_rate=0.001")  # the save knows its config
    assert not config.exists()
    assert go().steps == 4
    assert config.read_bytes() == whole


def saved(run: Path) -> Any:
    return torch.load(run / "last.pt", weights_only=True)


def without(*keys: Any) -> Callable[[Any], Any]:
    def change(state: Any) -> Any:
        inner = state
        for key in keys[:-1]:
            inner = inner[key]
        del inner[keys[-1]]
        return state

    return change


def put(*keys: Any, value: Any) -> Callable[[Any], Any]:
    def change(state: Any) -> Any:
        inner = state
        for key in keys[:-1]:
            inner = inner[key]
        inner[keys[-1]] = value
        return state

    return change


CHANGES: tuple[Callable[[Any], Any], ...] = (
    lambda state: [],
    lambda state: torch.zeros(3),
    without("step"),
    without("config"),
    without("scalars"),
    without("state"),
    without("state", "network"),
    without("state", "optimizer", "param_groups"),
    put("step", value="4"),
    put("step", value=-1),
    put("step", value=5),
    put("scalars", value={"entropy": "much"}),
    put("state", "network", value=[]),
    put("state", "ema", value={"of": torch.zeros(2)}),
    put("state", "optimizer", "state", 0, "exp_avg", value=torch.zeros(7)),
    put("state", "optimizer", "state", 0, "exp_avg", value="small"),
)


def test_a_save_that_is_none_is_told(run: Path, go: Callable[..., Trained]) -> None:
    whole = (run / "last.pt").read_bytes()
    for number, change in enumerate(CHANGES):
        (run / "last.pt").write_bytes(whole)
        torch.save(change(saved(run)), run / "last.pt")
        with pytest.raises(WeightsError, match=r"last\.pt") as caught:
            go()
        assert "remove that file" in caught.value.advice, number


def test_a_save_of_an_older_format_is_told_and_can_be_removed(
    run: Path, go: Callable[..., Trained]
) -> None:
    older = saved(run)
    del older["version"]
    torch.save(older, run / "last.pt")
    with pytest.raises(WeightsError, match="another version") as caught:
        go()
    assert "version 1" in caught.value.given
    assert "remove that file" in caught.value.advice
    (run / "last.pt").unlink()
    assert go().steps == 4


def test_changed_bytes_of_a_save_are_noticed(run: Path, go: Callable[..., Trained]) -> None:
    """A tensor's bytes are as good as any others to torch."""
    file = run / "last.pt"
    whole = file.read_bytes()
    data = bytearray(whole)
    bias = next(v for k, v in saved(run)["state"]["network"].items() if k.endswith("bias"))
    data[data.index(bias.numpy().tobytes())] ^= 1
    for damaged in (bytes(data), whole[: len(whole) // 2], b"", b"no zip"):
        file.write_bytes(damaged)
        with pytest.raises(WeightsError, match="damaged"):
            go()
    file.unlink()
    weights = (run / "weights.safetensors").read_bytes()
    go()  # from the first step on, as the advice says
    assert (run / "weights.safetensors").read_bytes() == weights


def test_the_save_of_another_training_is_not_taken_up(
    run: Path, go: Callable[..., Trained]
) -> None:
    (run.parent / "other").mkdir()
    (run.parent / "other" / "last.pt").write_bytes((run / "last.pt").read_bytes())
    with pytest.raises(UsageError, match=r"network\.hands: True before, False now"):
        go("network.hands=false", folder="other")
