import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
import torch

from reenactor.errors import InputError, PluginError, SpecError, UsageError
from reenactor.joints import Joint
from reenactor.progress import Silent
from reenactor.training.dataset_config import DatasetConfig
from reenactor.training.pool import build_in_processes
from reenactor.training.prepare import PrepareRequest, PrepareResult, prepare
from reenactor.training.shard_builder import SetupArgs, ShardJob, shard_ranges
from reenactor.training.shards import Shards
from reenactor.training.sheet import sheet_of

PARTS = Path(__file__).parent / "parts"
CANVAS = (128, 80)


@dataclass(frozen=True)
class House:
    """Where things are prepared. `parts` is the module of dataset and components."""

    folder: Path
    parts: Any

    def request(self, **changes: Any) -> PrepareRequest:
        spec = self.folder / "wall.yaml"
        spec.write_text(self.parts.SPEC, encoding="utf-8")
        request = PrepareRequest(
            "wall", self.folder / "out", spec=str(spec), canvas=CANVAS, per_shard=4
        )
        return replace(request, **changes)

    def prepare(self, **changes: Any) -> PrepareResult:
        return prepare(self.parts.setup_in(self.folder), self.request(**changes), Silent())


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.syspath_prepend(str(PARTS))
    yield House(tmp_path, __import__("prepare_parts"))
    sys.modules.pop("prepare_parts", None)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_what_is_prepared_and_what_is_skipped(house: House) -> None:
    made = house.prepare()
    assert (made.items, made.examples, made.shards, made.found) == (10, 8, 3, 0)
    assert [(one.name, one.why) for one in made.skipped] == [
        ("row0/item-3", "the photo is torn"),
        ("row0/item-4", "the dataset knows nobody in it"),
        ("row1/item-5 (person 3)", "nobody was found where the dataset has somebody"),
        ("row1/item-7", "nobody was found"),
    ]
    shards = Shards([house.folder / "out"])
    assert shards.canvas == CANVAS
    assert shards.unfinished == ()
    assert [entry.name.removeprefix("wall/") for entry in shards.entries] == [
        "row0/item-0", "row0/item-1", "row0/item-2", "row1/item-5", "row1/item-5",
        "row1/item-6", "row1/item-8", "row1/item-9",
    ]  # fmt: skip
    walker = shards.entries[1]
    assert (walker.person, walker.source) == ("wall/walker", "wall/walk")
    assert (walker.frame, walker.pose) == (1, "wall/upright")
    assert [entry.person for entry in shards.only(["*-5"]).entries] == ["wall/c0", "wall/c1"]
    state = json.loads((house.folder / "out" / "shards.json").read_text())
    assert state["dataset"] == "wall"
    assert state["options"] == {"items": 10, "pause": 0.0, "odd_names": False}
    assert state["analysis"]["parser"]["use"] == "labels"
    assert state["shards"][1]["skipped"][0]["name"] == "row0/item-4"


def test_what_a_dataset_notes_is_told(house: House) -> None:
    class Listener(Silent):
        heard: list[str] = []  # noqa: RUF012 - one listener

        def note(self, text: str) -> None:
            self.heard.append(text)

    prepare(house.parts.setup_in(house.folder), house.request(), Listener())
    assert "the wall is old" in Listener.heard


def test_an_example_shows_the_person_on_the_canvas(house: House) -> None:
    house.prepare(limit=2)
    example = Shards([house.folder / "out"])[1]
    labels = example.parsing.labels[0]
    rows, columns = torch.nonzero(labels, as_tuple=True)
    # 100 of the canvas's 128 rows are hers, as many as leave 6 % and the head's top free.
    assert 95 <= int(rows.max() - rows.min()) <= 115
    assert abs(float((columns.min() + columns.max()) / 2) - 39.5) <= 1
    image = example.image[0].int()
    painted = (image - torch.tensor(house.parts.RED)).abs().amax(-1) < 60
    assert (painted != (labels > 0)).float().mean() < 0.02  # their edges only
    neck = example.skeleton.body[0, Joint.NECK]
    assert abs(float(neck[0]) - 39.5) <= 1.5
    assert float(neck[2]) == 1
    assert example.dense is not None
    assert set(example.dense.part.flatten().tolist()) == {0, 2}
    assert example.background is None
    assert example.face_box is not None
    x0, y0, x1, y1 = example.face_box[0].tolist()
    assert x0 < 39.5 < x1
    assert y0 == pytest.approx(y1)


def test_what_a_dataset_knows_is_kept(house: House) -> None:
    house.prepare()
    (example,) = Shards([house.folder / "out"]).only(["*-6"])
    assert set(example.parsing.labels.flatten().tolist()) == {0, 7}
    assert example.dense is not None
    assert set(example.dense.part.flatten().tolist()) == {0, 15}
    inside = example.dense.part[0] > 0
    assert torch.allclose(example.dense.uv[0, 0][inside], torch.tensor(51 / 255))
    assert torch.allclose(example.dense.uv[0, 1][inside], torch.tensor(153 / 255))
    assert torch.equal(inside, example.parsing.labels[0] > 0)
    assert example.background is not None
    assert (example.background.int() - 99).abs().max() <= 2


def test_backgrounds_are_painted_if_asked_for(house: House) -> None:
    house.prepare(background=True, limit=1)
    (example,) = Shards([house.folder / "out"])
    assert example.background is not None
    away = (example.background[0].int() - torch.tensor(house.parts.WALL)).abs().amax(-1)
    assert away.float().mean() < 4
    assert (away > 60).float().mean() < 0.001


def test_the_same_command_keeps_what_is_done(house: House) -> None:
    house.prepare(limit=6)
    before = contents(house.folder / "out")
    made = house.prepare(limit=6)
    assert made.found == 6
    assert contents(house.folder / "out") == before
    assert house.prepare().found == 4  # the second shard now has two items more
    assert contents(house.folder / "out")["shard-00000.zip"] == before["shard-00000.zip"]
    whole = contents(house.folder / "out")
    assert house.prepare(folder=house.folder / "again").found == 0
    assert contents(house.folder / "again") == whole


def test_a_damaged_shard_is_made_anew(house: House) -> None:
    house.prepare()
    whole = contents(house.folder / "out")
    path = house.folder / "out" / "shard-00001.zip"
    path.write_bytes(path.read_bytes()[:500])
    assert house.prepare().found == 6
    assert contents(house.folder / "out") == whole
    for damage in ("{", "[" * 100_000, "[]", '{"shards": 5}'):
        (house.folder / "out" / "shards.json").write_text(damage)
        assert house.prepare().found == 0
        assert contents(house.folder / "out") == whole


def test_a_shard_that_is_not_what_was_made_is_made_anew(house: House) -> None:
    """One byte of a picture, or a sound shard in another's place."""
    house.prepare()
    whole = contents(house.folder / "out")
    first, second = (house.folder / "out" / f"shard-0000{n}.zip" for n in (0, 1))
    data = bytearray(first.read_bytes())
    data[data.index(b"000001/image.jpg") + 200] ^= 255
    first.write_bytes(data)
    assert house.prepare().found == 6
    assert contents(house.folder / "out") == whole
    second.write_bytes(first.read_bytes())
    assert house.prepare().found == 6
    assert contents(house.folder / "out") == whole


def test_the_working_folder_may_be_the_output(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    (house.folder / "here").mkdir()
    monkeypatch.chdir(house.folder / "here")
    assert house.prepare(folder=Path(), limit=1).examples == 1


def test_other_settings_are_refused_and_named(house: House) -> None:
    house.prepare()
    with pytest.raises(UsageError, match="other settings") as caught:
        house.prepare(canvas=(64, 40), options=("items=9",))
    assert "canvas: [64, 40]" in caught.value.given
    assert "canvas: [128, 80]" in caught.value.expected
    assert '"items": 9' in caught.value.given
    house.prepare(canvas=(64, 40), options=("items=9",), overwrite=True)
    assert Shards([house.folder / "out"]).canvas == (64, 40)


def test_a_killed_run_goes_on_and_ends_with_the_same_bytes(house: House) -> None:
    house.prepare(folder=house.folder / "whole", options=("pause=0.0",))
    whole = contents(house.folder / "whole")
    script = [sys.executable, str(PARTS / "prepare_parts.py"), str(house.folder), "0.3"]
    process = subprocess.Popen(script)
    state = house.folder / "out" / "shards.json"
    while not (state.exists() and '"shard-00000.zip"' in state.read_text()):
        assert process.poll() is None
        time.sleep(0.05)
    process.kill()
    assert process.wait() == -signal.SIGKILL
    assert Shards([house.folder / "out"]).unfinished == (house.folder / "out",)
    assert len(Shards([house.folder / "out"])) in (3, 6)
    made = house.prepare(options=("pause=0.3",))
    assert made.found in (4, 8)
    found = contents(house.folder / "out")
    states = [json.loads(files.pop("shards.json")) for files in (found, whole)]
    assert found == whole  # nothing half-made is left either
    assert states[0]["shards"] == states[1]["shards"]


def test_several_processes_make_the_same_shards(house: House) -> None:
    house.prepare(folder=house.folder / "one")
    assert house.prepare(folder=house.folder / "two", workers=2).examples == 8
    assert contents(house.folder / "two") == contents(house.folder / "one")


def test_an_error_of_another_process_comes_through(house: House) -> None:
    broken = replace(house.parts.WALL_INFO, target="prepare_parts:Nowhere")
    config = DatasetConfig(broken, house.parts.WallOptions(), "test")
    setup_args = SetupArgs.of(house.parts.setup_in(house.folder))
    job = ShardJob(config, (None,) * 4, setup_args, CANVAS, house.folder)
    with pytest.raises(PluginError, match="cannot be imported"):
        list(build_in_processes(job, shard_ranges(8, 4), lambda _: None, 1))


def test_ray_that_is_not_installed(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(UsageError, match="Ray is not installed") as caught:
        house.prepare(ray=True)
    assert "reenactor[ray]" in caught.value.advice


@pytest.mark.parametrize(
    ("changes", "kind", "told"),
    [
        ({"dataset": "wal"}, PluginError, "did you mean 'wall'"),
        ({"dataset": "odd"}, PluginError, "subclass of reenactor.training.Dataset"),
        ({"options": ("itms=3",)}, SpecError, "did you mean 'items'"),
        ({"options": ("items=many",)}, SpecError, "a whole number"),
        ({"options": ("items",)}, SpecError, "invalid override"),
        ({"options": ("items=0",)}, InputError, "there is no wall"),
        ({"options": ("odd_names=true",)}, PluginError, "names that cannot be"),
    ],
)
def test_mistakes(house: House, changes: dict[str, Any], kind: type[Exception], told: str) -> None:
    with pytest.raises(kind, match=told):
        house.prepare(**changes)
    assert not (house.folder / "out").exists()


def test_nothing_that_could_be_used(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(house.parts, "UNREADABLE", 0)
    with pytest.raises(InputError, match="no example could be made") as caught:
        house.prepare(limit=1)
    assert "row0/item-0: the photo is torn" in caught.value.given


def test_a_defect_of_a_dataset_names_the_item(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house.parts, "picture", lambda *_: 1 / 0)
    with pytest.raises(PluginError, match=r"failed at its item 'row0/item-0': ZeroDivisionError"):
        house.prepare()
    assert not list((house.folder / "out").glob("shard-*"))


def test_a_sheet_shows_the_examples(house: House) -> None:
    house.prepare()
    sheet = sheet_of(Shards([house.folder / "out"]))
    assert sheet.shape[2] == 3
    assert sheet.shape[0] > 3 * 256  # eight examples, three in a row


class FakeRay(ModuleType):
    """As much of Ray as is used; its tasks run here, the last one first."""

    class RayTaskError(Exception):
        def __init__(self, cause: Exception) -> None:
            super().__init__(str(cause))
            self.cause = cause

    def __init__(self) -> None:
        super().__init__("ray")
        self.exceptions = SimpleNamespace(RayTaskError=self.RayTaskError)
        self.begun = False
        self.cancelled: list[Any] = []

    def is_initialized(self) -> bool:
        return self.begun

    def init(self, **options: Any) -> None:
        self.begun = True

    def remote(self, function: Callable[..., Any]) -> SimpleNamespace:
        return SimpleNamespace(remote=lambda *given: partial(function, *given))

    def put(self, value: Any) -> Any:
        return value

    def wait(self, waiting: list[Any]) -> tuple[list[Any], list[Any]]:
        return waiting[-1:], waiting[:-1]

    def get(self, task: Callable[[], Any]) -> Any:
        try:
            return task()
        except Exception as error:
            raise self.RayTaskError(error) from error

    def cancel(self, task: Any, force: bool) -> None:
        self.cancelled.append(task)


@pytest.fixture
def ray(monkeypatch: pytest.MonkeyPatch) -> FakeRay:
    fake = FakeRay()
    monkeypatch.setitem(sys.modules, "ray", fake)
    return fake


def test_ray_makes_the_same_shards(house: House, ray: FakeRay) -> None:
    house.prepare(folder=house.folder / "one")
    assert house.prepare(folder=house.folder / "two", ray=True).examples == 8
    assert ray.begun
    assert contents(house.folder / "two") == contents(house.folder / "one")


def test_an_error_within_ray_comes_through(
    house: House, ray: FakeRay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house.parts, "picture", lambda *_: 1 / 0)
    with pytest.raises(PluginError, match="ZeroDivisionError"):
        house.prepare(ray=True)
    assert len(ray.cancelled) == 3
