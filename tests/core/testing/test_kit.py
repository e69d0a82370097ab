"""Every check of the kit can be passed, and every one can be failed."""

import sys
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from jaxtyping import Bool, Float
from pydantic import ConfigDict, Field
from torch import Tensor

from reenactor.errors import UsageError, WeightsError
from reenactor.manifest import ComponentInfo, Facet, Role, Weight
from reenactor.options import NoOptions, Options
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
from reenactor.testing import Candidate, CheckError, check_component, checks
from reenactor.testing.samples import CANVAS, SIZE
from reenactor.values import (
    Dense,
    Frames,
    Layer,
    Motion,
    Parsing,
    People,
    Pose,
    Skeleton,
    Target,
)


def no_weights(weight: Weight) -> Path:
    raise WeightsError(f"no {weight.name}")


RUNTIME = Runtime(weight=no_weights)


def bluish(frames: Frames) -> Bool[Tensor, "T H W"]:
    """The drawn dancer's shirt."""
    colours = frames.pixels.int()
    return colours[..., 2] - colours[..., 0] > 40


class GoodParser(Parser[NoOptions]):
    """Bluish pixels are a shirt."""

    def parse(self, frames: Frames, skeleton: Skeleton) -> Parsing:
        return Parsing((bluish(frames) * 5).to(torch.uint8))


class GoodSkeletons(SkeletonEstimator[NoOptions]):
    """Whoever wears a bluish shirt is a point in its middle."""

    def estimate(self, frames: Frames, before: People | None = None) -> tuple[People, ...]:
        return tuple(self._people(shirt) for shirt in bluish(frames))

    def _people(self, shirt: Bool[Tensor, "H W"]) -> People:
        if not shirt.any():
            return People.nobody()
        y, x = shirt.nonzero().float().mean(0)
        empty = Skeleton.empty(1)
        body = torch.stack([x, y, torch.tensor(0.5)]).expand(1, 25, 3).clone()
        skeleton = Skeleton(body, empty.hands, empty.face, torch.zeros(1, 25, 3))
        square = torch.stack([x, y, x + 8, y + 8])[None]
        return People(skeleton, torch.ones(1), square, torch.ones(1, 1, 8, 8), square)


class GoodDense(DenseEstimator[NoOptions]):
    """A trunk wherever the picture is bluish."""

    def dense(self, frames: Frames, skeleton: Skeleton) -> Dense:
        part = (bluish(frames) * 2).to(torch.uint8)
        return Dense(part, torch.full((len(frames), 2, *frames.size), 0.5))


class GoodInpainter(Inpainter[NoOptions, None]):
    """Fills holes with the mean of the rest."""

    def prepare(self, footage: Footage) -> None:
        return None

    def inpaint(self, prepared: None, frames: Frames, holes: Bool[Tensor, "T H W"]) -> Frames:
        pixels = frames.pixels.clone()
        for picture, hole in zip(pixels, holes, strict=True):
            rest = picture[~hole].double()
            picture[hole] = rest.mean(0).byte() if len(rest) else picture.new_zeros(3)
        return Frames(pixels, frames.index, frames.name)


class GoodBody(BodyGenerator[NoOptions, Parsing]):
    """The target's parsing, whatever the pose."""

    def prepare(self, target: Target, motion: Motion) -> Parsing:
        return target.parsing

    def generate(self, prepared: Parsing, pose: Pose) -> Parsing:
        return Parsing(prepared.labels.repeat(len(pose), 1, 1))


class GoodRenderer(FrameRenderer[NoOptions, Layer]):
    """The photo's cut-out where somebody is."""

    def prepare(self, target: Target, motion: Motion) -> Layer:
        return Layer(target.image, target.parsing.mask)

    def render(
        self, prepared: Layer, pose: Pose, body: Parsing | None, past: Layer | None
    ) -> Layer:
        seen = (pose.skeleton.body[..., 2].amax(1) > 0).float()[:, None, None, None]
        return Layer(prepared.image.repeat(len(pose), 1, 1, 1), prepared.mask * seen)


class GoodRefiner(FaceRefiner[NoOptions, None]):
    """Darkens the picture where there is a face."""

    def prepare(self, target: Target) -> None:
        return None

    def refine(
        self,
        prepared: None,
        frames: Float[Tensor, "T 3 H W"],
        pose: Pose,
        body: Parsing | None,
    ) -> Float[Tensor, "T 3 H W"]:
        seen = (pose.skeleton.face[..., 2].amax(1) > 0)[:, None, None, None]
        return torch.where(seen, frames * 0.9, frames)


class Rolling(GoodRenderer):
    """A renderer that mixes in what it rendered before."""

    history = 2

    def render(
        self, prepared: Layer, pose: Pose, body: Parsing | None, past: Layer | None
    ) -> Layer:
        layer = super().render(prepared, pose, body, past)
        if past is None:
            return layer
        assert len(past.image) <= 2
        return Layer((layer.image + past.image.mean(0)) / 2, layer.mask)


GOOD: dict[type, tuple[Role, str, frozenset[Facet]]] = {
    GoodParser: (Role.PARSER, "parse", frozenset({Facet.PARSING})),
    GoodSkeletons: (
        Role.POSE_ESTIMATOR,
        "estimate",
        frozenset({Facet.SKELETON, Facet.WORLD, Facet.MASK}),
    ),
    GoodDense: (Role.POSE_ESTIMATOR, "dense", frozenset({Facet.DENSE})),
    GoodInpainter: (Role.INPAINTER, "inpaint", frozenset()),
    GoodBody: (Role.BODY_GENERATOR, "generate", frozenset({Facet.BODY})),
    GoodRenderer: (Role.FRAME_RENDERER, "render", frozenset()),
    GoodRefiner: (Role.FACE_REFINER, "refine", frozenset()),
}
"""Each good component, its role, the method that does the work, and what it provides."""


def info_of(good: type, target: str = "", **changes: Any) -> ComponentInfo:
    role, _, provides = GOOD[good]
    known: dict[str, Any] = {
        "role": role,
        "name": "mine",
        "target": target or f"{__name__}:{good.__name__}",
        "options": "reenactor.options:NoOptions",
        "summary": "does what its role asks",
        "licence": "MIT",
        "provides": provides,
    }
    return ComponentInfo(**(known | changes))


@pytest.mark.parametrize("good", GOOD, ids=lambda good: good.__name__)
def test_good_components_pass(good: type) -> None:
    check_component(info_of(good), runtime=RUNTIME)


def test_a_renderer_with_a_history_passes() -> None:
    check_component(info_of(GoodRenderer, f"{__name__}:Rolling"), runtime=RUNTIME)


# --- what every role may do wrong ------------------------------------------------------------

Work = Callable[..., Any]
Spoil = Callable[[Any, Work, tuple[Any, ...]], Any]
"""Takes the component, its method as it should be, and the arguments."""


def altered(value: Any) -> Any:
    """Another value of the same kind."""
    if isinstance(value, tuple):
        return tuple(altered(one) for one in value)
    if isinstance(value, Tensor):
        return (value + 3) % 20 if value.dtype == torch.uint8 else 1 - value
    changes = {f.name: getattr(value, f.name) for f in fields(value)}
    for name, part in changes.items():
        if isinstance(part, Tensor) or is_dataclass(part):
            return replace(value, **{name: altered(part)})
    return value


def of_wrong_type(value: Any) -> Any:
    """The same value with tensors of another type, past every check of types."""
    if isinstance(value, Tensor):
        return value.double()
    names = {f.name: getattr(value, f.name) for f in fields(value)}
    wrong = {
        n: v.long() if v.dtype == torch.uint8 else v.double()
        for n, v in names.items()
        if isinstance(v, Tensor)
    }
    return SimpleNamespace(**(names | wrong))


def length_of(value: Any) -> int:
    first = value if isinstance(value, Tensor) else next(iter(vars(value).values()))
    return int(first.shape[0])


def size_of(arguments: tuple[Any, ...]) -> tuple[int, int]:
    """Height and width of what a method was given."""
    for value in arguments:
        if isinstance(value, Frames):
            return value.size
        if isinstance(value, Pose):
            return value.canvas
    raise AssertionError("neither frames nor a pose")


def wrong_type(self: Any, work: Work, given: tuple[Any, ...]) -> Any:
    return of_wrong_type(work(self, *given))


def picky(self: Any, work: Work, given: tuple[Any, ...]) -> Any:
    if size_of(given) not in (SIZE, CANVAS):
        raise ValueError("only my own size")
    return work(self, *given)


def moody(self: Any, work: Work, given: tuple[Any, ...]) -> Any:
    self.calls = getattr(self, "calls", 0) + 1
    result = work(self, *given)
    return altered(result) if self.calls % 2 else result


def lonely(self: Any, work: Work, given: tuple[Any, ...]) -> Any:
    result = work(self, *given)
    return altered(result) if length_of(result) == 1 else result


def positional(self: Any, work: Work, given: tuple[Any, ...]) -> Any:
    """Only the first frame of a batch is as it should be."""
    result = work(self, *given)
    other = altered(result)
    names = (
        []
        if isinstance(result, Tensor)
        else [f.name for f in fields(result) if isinstance(getattr(result, f.name), Tensor)]
    )
    if not names:
        return torch.cat([result[:1], other[1:]])
    joined = {n: torch.cat([getattr(result, n)[:1], getattr(other, n)[1:]]) for n in names}
    return replace(result, **joined)


def scribbler(self: Any, work: Work, given: tuple[Any, ...]) -> Any:
    result = work(self, *given)
    for value in given:
        if isinstance(value, Frames):
            value.pixels.fill_(7)
        if isinstance(value, Pose):
            value.skeleton.body.fill_(7)
    return result


def homesick(self: Any, work: Work, given: tuple[Any, ...]) -> Any:
    if self.runtime.device.index is not None:
        raise RuntimeError("only where I was born")
    return work(self, *given)


SPOILS: dict[str, Spoil] = {
    "result": wrong_type,
    "sizes": picky,
    "repeats": moody,
    "batch": lonely,
    "order": positional,
    "inputs": scribbler,
    "device": homesick,
}
"""For each check that every role has: somebody who fails it."""


def spoiled(good: type, spoil: Spoil, method: str = "") -> type:
    """The component with one method gone bad."""
    name = method or GOOD[good][1]
    work = getattr(good, name)

    def bad(self: Any, *given: Any) -> Any:
        return spoil(self, work, given)

    return type(f"{good.__name__}{spoil.__name__.title()}", (good,), {name: bad, "__doc__": "Bad."})


def failing(bad: type, good: type, name: str, monkeypatch: pytest.MonkeyPatch, **info: Any) -> str:
    """What a check says to a bad component."""
    monkeypatch.setattr(sys.modules[__name__], bad.__name__, bad, raising=False)
    candidate = Candidate(info_of(good, f"{__name__}:{bad.__name__}", **info), None, RUNTIME)
    check = next(
        c for c in checks(candidate.info.role) if c.name == name and c.applies(candidate.info)
    )
    with pytest.raises(CheckError) as caught:
        check(candidate)
    assert f"fails the check {name!r}" in str(caught.value)
    return str(caught.value)


FRAME_BY_FRAME = [good for good in GOOD if good is not GoodSkeletons]


@pytest.mark.parametrize("name", SPOILS)
@pytest.mark.parametrize("good", FRAME_BY_FRAME, ids=lambda good: good.__name__)
def test_every_role_can_fail(good: type, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(spoiled(good, SPOILS[name]), good, name, monkeypatch)


# --- what each role may do wrong in its own way ----------------------------------------------


def always(value: Callable[..., Any]) -> Spoil:
    """Gives something else, made from the arguments."""

    def instead(self: Any, work: Work, given: tuple[Any, ...]) -> Any:
        return value(work(self, *given), *given)

    return instead


def with_people(change: Callable[[People], People]) -> Spoil:
    return always(
        lambda found, *given: tuple(change(people) if len(people) else people for people in found)
    )


def nan_in_mask(layer: Layer, *given: Any) -> Layer:
    return Layer(layer.image, layer.mask / 0)


def forgetful(self: Any, work: Work, given: tuple[Any, ...]) -> Any:
    """Moves people when it is told who was there before."""
    found = work(self, *given)
    before = given[1] if len(given) > 1 else None
    if before is None:
        return found
    moved = Skeleton(found[0].skeleton.body + 5, found[0].skeleton.hands, found[0].skeleton.face)
    return (replace(found[0], skeleton=moved), *found[1:])


def seeing_ghosts(self: Any, work: Work, given: tuple[Any, ...]) -> Any:
    ghost = People(Skeleton.empty(1), torch.ones(1), torch.zeros(1, 4))
    return tuple(people if len(people) else ghost for people in work(self, *given))


def peeping(filled: Frames, prepared: None, frames: Frames, holes: Tensor) -> Frames:
    return replace(filled, pixels=filled.pixels // 2 + frames.pixels // 2)


def smearing(filled: Frames, *given: Any) -> Frames:
    return replace(filled, pixels=filled.pixels.roll(1, 2))


def untouched(filled: Frames, prepared: None, frames: Frames, holes: Tensor) -> Frames:
    return frames


def renamed(filled: Frames, *given: Any) -> Frames:
    return replace(filled, name="other")


def only_with_a_rest(filled: Frames, prepared: None, frames: Frames, holes: Tensor) -> Frames:
    if holes.all():
        raise ZeroDivisionError("nothing to average")
    return filled


OWN: list[tuple[type, str, Spoil, str]] = [
    (GoodParser, "nobody", always(lambda p, *_: Parsing(p.labels + 1)), "only background"),
    (GoodParser, "result", always(lambda p, *_: Parsing(p.labels + 20)), "0 .. 21"),
    (GoodSkeletons, "people", always(lambda found, *_: list(found)), "a tuple"),
    (GoodSkeletons, "people", always(lambda found, *_: found[:1]), "each of 3 frames"),
    (
        GoodSkeletons,
        "people",
        with_people(lambda p: replace(p, skeleton=replace(p.skeleton, body=p.skeleton.body * 3))),
        "0 .. 1",
    ),
    (
        GoodSkeletons,
        "people",
        with_people(lambda p: replace(p, skeleton=replace(p.skeleton, world=None))),
        "world",
    ),
    (GoodSkeletons, "people", with_people(lambda p: replace(p, mask=None)), "mask"),
    (GoodSkeletons, "people", with_people(lambda p: replace(p, box=-p.box)), "x0, y0, x1, y1"),
    (GoodSkeletons, "people", with_people(lambda p: replace(p, score=p.score / 0)), "NaN"),
    (GoodSkeletons, "people, sizes", picky, "only my own size"),
    (GoodSkeletons, "people, repeats", moody, "makes no difference"),
    (GoodSkeletons, "people, before", forgetful, "makes no difference"),
    (GoodSkeletons, "people, nobody", seeing_ghosts, "nobody"),
    (GoodSkeletons, "people, inputs", scribbler, "modified"),
    (GoodDense, "result", always(lambda d, *_: Dense(d.part * 20, d.uv)), "0 .. 24"),
    (GoodDense, "result", always(lambda d, *_: Dense(d.part, d.uv * 3)), "0 .. 1"),
    (GoodInpainter, "outside", always(smearing), "outside the holes"),
    (GoodInpainter, "outside", always(renamed), "name"),
    (GoodInpainter, "no hole", always(smearing), "to be unchanged"),
    (GoodInpainter, "all hole", always(only_with_a_rest), "nothing to average"),
    (GoodInpainter, "blind", always(peeping), "the content of the holes"),
    (GoodInpainter, "photo", always(untouched), "person to be removed"),
    (GoodBody, "result", always(lambda p, *_: Parsing(p.labels + 20)), "0 .. 21"),
    (GoodBody, "nobody", always(lambda p, *_: Parsing(p.labels + 20)), "0 .. 21"),
    (GoodRenderer, "result", always(nan_in_mask), "NaN"),
    (GoodRenderer, "nobody", always(lambda z, *_: Layer(z.image, z.mask + 0.1)), "below 0.05"),
    (GoodRefiner, "result", always(lambda f, *_: f * 2), "0 .. 1"),
    (GoodRefiner, "faceless", always(lambda f, *_: f * 0.99), "without a face"),
]
"""A good component, the check it is to fail, how it goes bad, and what must be said of it."""


@pytest.mark.parametrize(("good", "name", "spoil", "said"), OWN)
def test_each_role_can_fail_in_its_own_way(
    good: type, name: str, spoil: Spoil, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert said in failing(spoiled(good, spoil), good, name, monkeypatch)


class Greedy(GoodRenderer):
    """Wants no frames at all."""

    batch = 0


def test_a_renderer_must_want_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "at least 1" in failing(Greedy, GoodRenderer, "batching", monkeypatch)


class Shrinking(GoodInpainter):
    """Lets some of the person stay."""

    def grown(
        self, prepared: None, frames: Frames, holes: Bool[Tensor, "T H W"]
    ) -> Bool[Tensor, "T H W"]:
        holes[:, ::2] = False
        return holes


def test_holes_must_not_shrink(monkeypatch: pytest.MonkeyPatch) -> None:
    said = failing(Shrinking, GoodInpainter, "grown", monkeypatch)
    assert "contain the given ones" in said


class Unfinished(Parser[NoOptions]):
    """Has no method."""


def test_a_class_must_do_all_of_its_role(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "does not implement parse" in failing(Unfinished, GoodParser, "class", monkeypatch)
    assert "does not implement its role" in failing(GoodBody, GoodParser, "class", monkeypatch)


# --- manifests and options -------------------------------------------------------------------


class Loose(Options):
    """Takes anything."""

    model_config = ConfigDict(extra="ignore")


class Mumbling(Options):
    """Says nothing of its option."""

    strength: float = 1


class Needy(Options):
    """Cannot do without."""

    folder: Path = Field(description="Where.")


@pytest.mark.parametrize(
    ("name", "changes", "said"),
    [
        ("manifest", {"licence": ""}, "licence"),
        ("manifest", {"summary": "One. Two."}, "one sentence"),
        ("manifest", {"summary": "one\ntwo"}, "a one-line summary"),
        ("manifest", {"weights": (Weight("w", "w.pt", "abc", 1, "MIT", "here"),)}, "64 hex"),
        ("options", {"options": f"{__name__}:Loose"}, "unknown option"),
        ("options", {"options": f"{__name__}:Mumbling"}, "strength"),
        ("light", {"options": "reenactor.values:Frames"}, "torch"),
        ("light", {"options": "no_such_module:Options"}, "no_such_module"),
    ],
)
def test_manifests_and_options_can_fail(
    name: str, changes: dict[str, Any], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert said in failing(GoodParser, GoodParser, name, monkeypatch, **changes)


def test_every_check_is_failed_by_somebody() -> None:
    own = {(GOOD[good][0], name) for good, name, *_ in OWN}
    every = {(GOOD[good][0], name) for good in FRAME_BY_FRAME for name in SPOILS}
    declared = {(role, name) for role in Role for name in ("manifest", "options", "light", "class")}
    alone = {(Role.FRAME_RENDERER, "batching"), (Role.INPAINTER, "grown")}
    known = own | every | declared | alone
    assert known == {(role, check.name) for role in Role for check in checks(role)}


# --- the whole --------------------------------------------------------------------------------


def test_all_failures_are_told_and_those_alike_together(monkeypatch: pytest.MonkeyPatch) -> None:
    bad = spoiled(GoodParser, homesick)

    def crash(self: Any, *given: Any) -> Any:
        raise RuntimeError("broken")

    bad.parse = crash  # type: ignore[attr-defined]  # a method on an instance
    monkeypatch.setattr(sys.modules[__name__], bad.__name__, bad, raising=False)
    with pytest.raises(AssertionError) as caught:
        check_component(info_of(GoodParser, f"{__name__}:{bad.__name__}"), runtime=RUNTIME)
    said = str(caught.value)
    assert said.count("it raised RuntimeError: broken") == 1
    assert "'result'" in said
    assert "'nobody'" in said


def test_checks_can_be_skipped_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    bad = spoiled(GoodRenderer, always(lambda z, *_: Layer(z.image, z.mask.clamp(min=0.1))))
    monkeypatch.setattr(sys.modules[__name__], bad.__name__, bad, raising=False)
    check_component(
        info_of(GoodRenderer, f"{__name__}:{bad.__name__}"), runtime=RUNTIME, skip=["nobody"]
    )
    with pytest.raises(UsageError, match="no such check"):
        check_component(info_of(GoodRenderer), runtime=RUNTIME, skip=["nobodies"])


class Heavy(GoodParser):
    """Needs weights that nobody has."""

    def __init__(self, options: NoOptions, runtime: Runtime) -> None:
        super().__init__(options, runtime)
        runtime.weight(Weight("w", "w.pt", "0" * 64, 1, "MIT", "here"))


def test_missing_weights_are_no_failure_but_said() -> None:
    with pytest.raises(WeightsError, match="no w"):
        check_component(info_of(GoodParser, f"{__name__}:Heavy"), runtime=RUNTIME)


def test_options_without_a_default_must_be_given() -> None:
    with pytest.raises(UsageError, match="without a default") as caught:
        check_component(info_of(GoodParser, options=f"{__name__}:Needy"), runtime=RUNTIME)
    assert caught.value.given == "folder"


def test_a_check_says_what_it_is() -> None:
    for role in Role:
        names = [str(check) for check in checks(role)]
        assert len(set(names)) == len(names)
        assert all(check.says for check in checks(role))
