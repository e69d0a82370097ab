"""What components of each role may not return, and who is named for it.

In the tests values check their own shapes; a plugin's run without that, so broken ones are forged.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from reenactor.catalog import Provider
from reenactor.catalog.guard import guarded
from reenactor.errors import PluginError, WeightsError
from reenactor.manifest import ComponentInfo, Role
from reenactor.options import NoOptions
from reenactor.roles import (
    BodyGenerator,
    DenseEstimator,
    FaceRefiner,
    Footage,
    FrameRenderer,
    Inpainter,
    Parser,
    SkeletonEstimator,
)
from reenactor.runtime import Runtime
from reenactor.values import Dense, Frames, Layer, Parsing, People, Pose, Skeleton

T, H, W = 2, 64, 48
THEIRS = Provider("reenactor-mine", "4.2", "mine", "reenactor_mine.manifest")
INFO = ComponentInfo(
    Role.PARSER, "mine", "reenactor_mine.it:It", "reenactor.options:NoOptions", "a test", "MIT"
)


def no_weights(weight: object) -> Path:
    raise WeightsError("none")


RUNTIME = Runtime(weight=no_weights)
Answer = Callable[..., Any]


class Parses(Parser[Any]):
    answer: Answer

    def parse(self, frames: Frames, skeleton: Skeleton) -> Any:
        return self.answer(frames, skeleton)


class Estimates(SkeletonEstimator[Any]):
    answer: Answer

    def estimate(self, frames: Frames, before: People | None = None) -> Any:
        return self.answer(frames, before)


class Finds(DenseEstimator[Any]):
    answer: Answer

    def dense(self, frames: Frames, skeleton: Skeleton) -> Any:
        return self.answer(frames, skeleton)


class Fills(Inpainter[Any, Any]):
    answer: Answer

    def prepare(self, footage: Footage) -> Any:
        return None

    def inpaint(self, prepared: Any, frames: Frames, holes: torch.Tensor) -> Any:
        return self.answer(frames, holes)


class Draws(BodyGenerator[Any, Any]):
    answer: Answer

    def prepare(self, target: Any, motion: Any) -> Any:
        return None

    def generate(self, prepared: Any, pose: Pose) -> Any:
        return self.answer(pose)


class Renders(FrameRenderer[Any, Any]):
    answer: Answer

    def prepare(self, target: Any, motion: Any) -> Any:
        return None

    def render(self, prepared: Any, pose: Pose, body: Parsing | None, past: Layer | None) -> Any:
        return self.answer(pose)


class Refines(FaceRefiner[Any, Any]):
    answer: Answer

    def prepare(self, target: Any) -> Any:
        return None

    def refine(self, prepared: Any, frames: torch.Tensor, pose: Pose, body: Parsing | None) -> Any:
        return self.answer(frames)


def forged(kind: type, **fields: Any) -> Any:
    """A value whose fields nobody looked at."""
    made: Any = object.__new__(kind)
    vars(made).update(fields)
    return made


def frames() -> Frames:
    pixels = torch.arange(T * H * W * 3, dtype=torch.int64).remainder(251).to(torch.uint8)
    return Frames(pixels.reshape(T, H, W, 3), (7, 8), "film")


def holes() -> torch.Tensor:
    found = torch.zeros(T, H, W, dtype=torch.bool)
    found[:, 20:40, 10:30] = True
    return found


POSE = Pose(Skeleton.empty(T), None, (7, 8), (H, W))
PICTURES = torch.full((T, 3, H, W), 0.5)
GIVEN: dict[type, tuple[Any, ...]] = {
    Parses: (frames(), Skeleton.empty(T)),
    Estimates: (frames(), None),
    Finds: (frames(), Skeleton.empty(T)),
    Fills: (None, frames(), holes()),
    Draws: (None, POSE),
    Renders: (None, POSE, None, None),
    Refines: (None, PICTURES, POSE, None),
}
METHOD: dict[type, str] = {
    Parses: "parse", Estimates: "estimate", Finds: "dense", Fills: "inpaint",
    Draws: "generate", Renders: "render", Refines: "refine",
}  # fmt: skip


def call(kind: type, answer: Answer) -> Any:
    component = kind(NoOptions(), RUNTIME)
    component.answer = answer
    watched = guarded(component, INFO, THEIRS)
    return getattr(watched, METHOD[kind])(*GIVEN[kind])


def labels(value: int = 3, dtype: torch.dtype = torch.uint8, size: Any = (T, H, W)) -> Any:
    return torch.full(size, value, dtype=dtype)


def people(**changes: Any) -> Any:
    """Two people in a frame, with a mask."""
    skeleton = {
        "body": torch.zeros(2, 25, 3),
        "hands": torch.zeros(2, 2, 21, 3),
        "face": torch.zeros(2, 70, 3),
        "world": None,
    }
    fields = {
        "score": torch.tensor([0.9, 0.5]),
        "box": torch.tensor([[0.0, 0, 9, 9], [1, 1, 5, 5]]),
        "mask": torch.ones(2, 1, 16, 16),
        "mask_box": torch.tensor([[0.0, 0, 9, 9], [1, 1, 5, 5]]),
    }
    for name, value in changes.items():
        (skeleton if name in skeleton else fields)[name] = value
    return forged(People, skeleton=forged(Skeleton, **skeleton), **fields)


def nan(*size: int) -> torch.Tensor:
    value = torch.zeros(*size)
    value.view(-1)[value.numel() // 2] = float("nan")
    return value


def layer(image: Any = None, mask: Any = None) -> Any:
    image = PICTURES if image is None else image
    return forged(Layer, image=image, mask=torch.ones(T, 1, H, W) if mask is None else mask)


def dense(part: Any = None, uv: Any = None) -> Any:
    part = labels() if part is None else part
    return forged(Dense, part=part, uv=torch.zeros(T, 2, H, W) if uv is None else uv)


def filled(given: Frames, where: torch.Tensor) -> Any:
    return Frames(
        torch.where(where[..., None], torch.tensor(9, dtype=torch.uint8), given.pixels),
        given.index,
        given.name,
    )


def one_pixel_off(given: Frames, where: torch.Tensor) -> Any:
    made = filled(given, where)
    made.pixels[1, 63, 47, 2] += 1
    return made


SOUND: list[tuple[type, Answer]] = [
    (Parses, lambda *_: Parsing(labels(21))),
    (Estimates, lambda *_: (People.nobody(), people())),
    (Finds, lambda *_: dense()),
    (Fills, filled),
    (Draws, lambda *_: Parsing(labels())),
    (Renders, lambda *_: layer()),
    (Refines, lambda given: given.clone()),
]


@pytest.mark.parametrize(("kind", "answer"), SOUND)
def test_what_is_sound_passes_as_it_is(kind: type, answer: Answer) -> None:
    made: list[Any] = []

    def remember(*given: Any) -> Any:
        made.append(answer(*given))
        return made[0]

    assert call(kind, remember) is made[0]


BREACHES: list[tuple[type, Answer, str]] = [
    *((kind, lambda *_: None, "NoneType") for kind in METHOD),
    *((kind, lambda *_: np.zeros((T, H, W), np.uint8), "ndarray") for kind in METHOD),
    *((kind, lambda *_: [], "list") for kind in METHOD),
    (Parses, lambda *_: forged(Parsing, labels=labels(dtype=torch.int64)), "int64"),
    (Parses, lambda *_: forged(Parsing, labels=labels(size=(T, W, H))), "(2, 48, 64)"),
    (Parses, lambda *_: forged(Parsing, labels=labels(size=(1, H, W))), "(1, 64, 48)"),
    (Parses, lambda *_: forged(Parsing, labels=labels(size=(T, H // 2, W // 2))), "(2, 32, 24)"),
    (Parses, lambda *_: forged(Parsing, labels=labels(22)), "22"),
    (Parses, lambda *_: forged(Parsing, labels=labels(255)), "255"),
    (Parses, lambda *_: forged(Parsing, labels=labels().numpy()), "ndarray"),
    (Draws, lambda *_: forged(Parsing, labels=labels(40)), "40"),
    (Draws, lambda *_: forged(Parsing, labels=labels(size=(T + 1, H, W))), "(3, 64, 48)"),
    (Estimates, lambda *_: (people(),), "1"),
    (Estimates, lambda *_: [people(), people()], "list"),
    (Estimates, lambda *_: (people(), None), "NoneType"),
    (Estimates, lambda *_: (people(), people(body=nan(2, 25, 3))), "1 of them"),
    (Estimates, lambda *_: (people(), people(face=nan(2, 70, 3))), "1 of them"),
    (Estimates, lambda *_: (people(), people(body=torch.zeros(2, 18, 3))), "(2, 18, 3)"),
    (Estimates, lambda *_: (people(), people(body=torch.full((2, 25, 3), 1.5))), "1.5"),
    (Estimates, lambda *_: (people(), people(hands=None)), "NoneType"),
    (Estimates, lambda *_: (people(), people(score=torch.tensor([0.1, 0.9]))), "0.8"),
    (Estimates, lambda *_: (people(), people(box=torch.tensor([[9.0, 9, 0, 0]] * 2))), "9.0"),
    (Estimates, lambda *_: (people(), people(box=torch.zeros(2, 4).double())), "float64"),
    (Estimates, lambda *_: (people(), people(mask=torch.full((2, 1, 16, 16), 2.0))), "2"),
    (Estimates, lambda *_: (people(), people(mask=torch.ones(2, 1, 15, 15))), "15"),
    (Estimates, lambda *_: (people(), people(mask_box=None)), "None"),
    (Finds, lambda *_: dense(part=labels(25)), "25"),
    (Finds, lambda *_: dense(uv=nan(T, 2, H, W)), "1 of them"),
    (Finds, lambda *_: dense(uv=torch.full((T, 2, H, W), 255.0)), "255"),
    (Fills, one_pixel_off, "by up to 1"),
    (Fills, lambda given, _: forged(Frames, **{**vars(given), "index": (0, 1)}), "(0, 1)"),
    (Fills, lambda given, _: forged(Frames, **{**vars(given), "name": "other"}), "other"),
    (Fills, lambda given, _: forged(Frames, **{**vars(given), "pixels": PICTURES}), "(2, 3,"),
    (Renders, lambda *_: layer(image=nan(T, 3, H, W)), "1 of them"),
    (Renders, lambda *_: layer(mask=nan(T, 1, H, W)), "1 of them"),
    (Renders, lambda *_: layer(image=PICTURES / 0), "of them"),
    (Renders, lambda *_: layer(image=PICTURES * 255), "127.5"),
    (Renders, lambda *_: layer(image=PICTURES - 1), "-0.5"),
    (Renders, lambda *_: layer(image=PICTURES[:1]), "(1, 3, 64, 48)"),
    (Renders, lambda *_: layer(image=PICTURES.transpose(2, 3)), "(2, 3, 48, 64)"),
    (Renders, lambda *_: layer(image=PICTURES.double()), "float64"),
    (Renders, lambda *_: layer(image=PICTURES.half()), "float16"),
    (Renders, lambda *_: layer(image=PICTURES.clone().requires_grad_()), "requires"),
    (Renders, lambda *_: layer(image=torch.empty(T, 3, H, W, device="meta")), "meta"),
    (Renders, lambda *_: layer(mask=torch.ones(T, 3, H, W)), "(2, 3, 64, 48)"),
    (Refines, lambda given: given[..., ::2, ::2], "(2, 3, 32, 24)"),
    (Refines, lambda given: given * 300, "150"),
    (Refines, lambda given: given.to(torch.uint8), "uint8"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "answer", "given"), BREACHES)
def test_what_breaks_the_contract_names_role_component_and_plugin(
    kind: type, answer: Answer, given: str
) -> None:
    with pytest.raises(PluginError) as caught:
        call(kind, answer)
    told = caught.value
    assert "parser 'mine' violates the contract of its role" in told.problem
    assert f"`{METHOD[kind]}`" in told.problem
    assert "reenactor-mine 4.2" in told.problem
    assert given in told.given
    assert told.expected


def write_by_torch(given: Frames, *rest: Any) -> Any:
    given.pixels[0, 0, 0, 0] += 1
    return Parsing(labels())


def write_by_numpy(given: Frames, *rest: Any) -> Any:
    given.pixels.numpy()[:, 10:40, 10:40] = 0
    return Parsing(labels())


@pytest.mark.parametrize(
    ("write", "inference"),
    [(write_by_torch, False), (write_by_numpy, False), (write_by_numpy, True)],
)
def test_inputs_stay_as_they_were(write: Answer, inference: bool) -> None:
    with torch.inference_mode(inference):
        component = Parses(NoOptions(), RUNTIME)
        component.answer = write
        watched = guarded(component, INFO, THEIRS)
        assert isinstance(watched, Parser)
        with pytest.raises(PluginError) as caught:
            watched.parse(frames(), Skeleton.empty(T))
    assert "modified" in caught.value.given


def test_what_a_component_prepared_it_may_change() -> None:
    class Counts(Draws):
        def generate(self, prepared: Any, pose: Pose) -> Parsing:
            prepared += 1
            return Parsing(labels())

    watched = guarded(Counts(NoOptions(), RUNTIME), INFO, THEIRS)
    assert isinstance(watched, BodyGenerator)
    watched.generate(torch.zeros(3), POSE)


@pytest.mark.parametrize(("name", "value"), [("batch", 0), ("batch", "4"), ("history", -1)])
def test_an_appetite_that_makes_no_sense(name: str, value: Any) -> None:
    component = Renders(NoOptions(), RUNTIME)
    setattr(component, name, value)
    with pytest.raises(PluginError, match=name):
        guarded(component, INFO, THEIRS)


class Quits(BaseException):
    pass


def deep(frames: Any, skeleton: Any) -> Any:
    return deep(frames, skeleton)  # 3.13.0 does not count calls that leave parameters out


@pytest.mark.parametrize(
    "raised", [ValueError("bad"), SystemExit(0), StopIteration(), Quits("so"), KeyError("k")]
)
def test_whatever_is_raised_names_the_plugin(raised: BaseException) -> None:
    def answer(*_: Any) -> Any:
        raise raised

    with pytest.raises(PluginError) as caught:
        call(Parses, answer)
    told = caught.value
    assert told.exit_code == 6
    assert f"the parser 'mine' failed in `parse`: {type(raised).__name__}" in told.problem
    assert told.given == "reenactor-mine 4.2, reenactor_mine.it:It"
    assert "--debug" in told.advice
    assert told.__cause__ is raised


def test_endless_recursion_is_the_plugins_too() -> None:
    with pytest.raises(PluginError, match="RecursionError"):
        call(Parses, deep)


def test_ctrl_c_and_our_own_errors_pass() -> None:
    for raised in (KeyboardInterrupt(), WeightsError("no weights")):

        def answer(*_: Any, raised: BaseException = raised) -> Any:
            raise raised

        with pytest.raises(type(raised)):
            call(Parses, answer)


@pytest.mark.parametrize(
    "raised",
    [
        MemoryError(),
        torch.cuda.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 GiB"),
        RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes"),
    ],
)
def test_too_little_memory_is_nobodys_fault(raised: BaseException) -> None:
    def answer(*_: Any) -> Any:
        raise raised

    with pytest.raises(Exception, match="not enough memory") as caught:
        call(Parses, answer)
    assert not isinstance(caught.value, PluginError)


class Slotted(Parser[Any]):
    @property
    def parse(self) -> Any:  # a plugin may write anything
        raise ValueError("no method")


def test_a_method_that_cannot_be_had_is_the_plugins_failure() -> None:
    with pytest.raises(PluginError, match="has no usable `parse`: ValueError: no method") as caught:
        guarded(Slotted(NoOptions(), RUNTIME), INFO, THEIRS)
    assert "reenactor-mine 4.2" in caught.value.given
