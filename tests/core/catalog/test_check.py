import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from reenactor.catalog import Catalog, ComponentEntry, Provider, check, discover, examine, make_plan
from reenactor.manifest import ComponentInfo, Facet, Role, Weight
from reenactor.spec import Kind, Problem, Spec, SpecMistakesError, load_spec
from reenactor.weights import WeightStore

Make = Callable[..., ComponentInfo]
OURS = Provider("reenactor", "0.1.0", "builtin", "reenactor_plugins.manifest")
NOTHING: frozenset[Facet] = frozenset()
SPEC = """\
version: 1
parser: segmenter
pose_estimator: [points]
inpainter: fill
body_generator: mover
frame_renderer: painter
background: white
"""


@pytest.fixture
def infos(info: Make) -> dict[str, ComponentInfo]:
    """A component for each role, as a spec wants them."""
    found = [
        info(name="segmenter"),
        info(
            role=Role.POSE_ESTIMATOR,
            name="points",
            needs=NOTHING,
            provides=frozenset({Facet.SKELETON}),
        ),
        info(
            role=Role.POSE_ESTIMATOR,
            name="surfaces",
            needs=NOTHING,
            provides=frozenset({Facet.DENSE}),
        ),
        info(role=Role.INPAINTER, name="fill", needs=NOTHING, provides=NOTHING),
        info(role=Role.BODY_GENERATOR, name="mover", provides=frozenset({Facet.BODY})),
        info(
            role=Role.FRAME_RENDERER,
            name="painter",
            needs=frozenset({Facet.BODY, Facet.PARSING}),
            provides=NOTHING,
        ),
    ]
    return {one.name: one for one in found}


@pytest.fixture
def special_options(install: Callable[..., Path]) -> None:
    """Models of options with a file, and with none of the weights."""
    source = (
        "from pathlib import Path\n"
        "from reenactor.options import Options\n"
        "class WithFile(Options):\n    file: Path\n"
        "class WithoutWeights(Options):\n"
        "    def required_weights(self, names):\n        return frozenset()\n"
    )
    install("reenactor-options", {"o.py": source})


def catalog_of(infos: dict[str, ComponentInfo]) -> Catalog:
    return Catalog(tuple(ComponentEntry(one, OURS) for one in infos.values()))


@pytest.fixture
def find(tmp_path: Path, infos: dict[str, ComponentInfo]) -> Callable[..., list[Problem]]:
    """Checks the spec above, changed by overrides, against components changed by name."""

    def find_problems(
        overrides: tuple[str, ...] = (),
        store: WeightStore | None = None,
        text: str = SPEC,
        **changed: ComponentInfo,
    ) -> list[Problem]:
        path = tmp_path / "spec.yaml"
        path.write_text(text, encoding="utf-8")
        return check(load_spec(path, overrides), catalog_of({**infos, **changed}), store)

    return find_problems


Find = Callable[..., list[Problem]]


def test_a_sound_spec(find: Find, infos: dict[str, ComponentInfo], tmp_path: Path) -> None:
    assert find() == []
    plan = make_plan(load_spec(tmp_path / "spec.yaml"), catalog_of(infos))
    assert [part.info.name for part in plan.parts] == [
        "segmenter",
        "points",
        "fill",
        "mover",
        "painter",
    ]
    assert plan.needs == {Facet.SKELETON, Facet.BODY, Facet.PARSING}


def test_unknown_names_and_options_are_found_together_each_in_its_place(find: Find) -> None:
    text = SPEC.replace("mover", "{use: mover, speed: 3}").replace("segmenter", "segmentre")
    first, second = find(text=text)
    assert (str(first.position).rpartition("spec.yaml:")[2], first.kind) == ("2:9", Kind.PLUGIN)
    assert first.advice == "did you mean 'segmenter'?"
    assert str(second.position).rpartition("spec.yaml:")[2] == "5:30"
    assert second.field == ("body_generator", "speed")
    assert second.expected == "no options"


def test_a_need_that_nobody_meets(find: Find, infos: dict[str, ComponentInfo]) -> None:
    needy = replace(infos["painter"], needs=frozenset({Facet.DENSE}))
    (problem,) = find(painter=needy)
    assert problem.problem == "'painter' needs the facet 'dense', which no component provides"
    assert problem.field == ("frame_renderer",)
    assert problem.position.line == 6
    assert problem.advice == "installed components provide it: pose_estimator: surfaces"
    assert find(("pose_estimator=[points, surfaces]",), painter=needy) == []


FIVE = """\
version: 1
parser: segmentre
pose_estimator: [points]
inpainter: {use: fill, radius: 3}
body_generator: mover
frame_renderer: painter
backgruond: white
background: beach/none.png
output: {height: tall, width: 100}
"""


def test_mistakes_of_every_kind_are_told_at_once(
    infos: dict[str, ComponentInfo], tmp_path: Path
) -> None:
    """A key, a type, a bound, a name, an option, a file and a need: none hides another."""
    infos["painter"] = replace(infos["painter"], needs=frozenset({Facet.DENSE}))
    path = tmp_path / "spec.yaml"
    path.write_text(FIVE, encoding="utf-8")
    found = check(catalog_of(infos).draft(path), catalog_of(infos))
    told = {(problem.position.line, problem.problem) for problem in found}
    assert told == {
        (2, "no parser of that name is installed"),
        (4, "unknown key"),
        (6, "'painter' needs the facet 'dense', which no component provides"),
        (7, "unknown key"),
        (8, "no such file"),
        (9, "wrong type"),
        (9, "out of range"),
    }
    with pytest.raises(SpecMistakesError, match="7 mistakes"):
        make_plan(catalog_of(infos).draft(path), catalog_of(infos))


def test_what_an_unknown_component_might_provide_is_not_missed(
    infos: dict[str, ComponentInfo], tmp_path: Path
) -> None:
    path = tmp_path / "spec.yaml"
    path.write_text(SPEC.replace("[points]", "[poinst]"), encoding="utf-8")
    (problem,) = check(load_spec(path), catalog_of(infos))
    assert problem.advice == "did you mean 'points'?"


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("component.py", "", "cannot be imported: AttributeError"),
        ("component.py", "import no_such_module\n", "cannot be imported: the Python package"),
        ("component.py", "raise SystemExit(0)\n", "cannot be imported: SystemExit"),
        ("component.py", None, "cannot be imported: ModuleNotFoundError"),
        (
            "component.py",
            "from reenactor.roles import Inpainter\nclass It(Inpainter):\n"
            "    def prepare(self, samples, holes): ...\n"
            "    def inpaint(self, prepared, frames, holes): ...\n",
            "does not implement its role",
        ),
        (
            "component.py",
            "from reenactor.roles import Parser\nclass It(Parser): ...\n",
            "is abstract: it does not implement parse",
        ),
        ("options.py", "class Its: ...\n", "must subclass reenactor.options.Options"),
        (
            "options.py",
            "from pydantic import field_validator\nfrom reenactor.options import Options\n"
            "class Its(Options):\n    scale: int = 1\n"
            "    @field_validator('scale')\n    @classmethod\n    def two(cls, v): return v / 0\n",
            "cannot be read: ZeroDivisionError",
        ),
        (
            "options.py",
            "from reenactor.options import Options\nclass Its(Options):\n    scale: int = 1\n"
            "    def required_weights(self, names): return None\n",
            "cannot be read: TypeError",
        ),
    ],
)
def test_a_plugins_own_code_is_looked_at(
    plugin: Callable[..., Path],
    infos: dict[str, ComponentInfo],
    tmp_path: Path,
    file: str,
    text: str | None,
    said: str,
) -> None:
    package = plugin("segmenter", more=", provides=frozenset({Facet.PARSING})")
    (package / file).unlink()
    if text is not None:
        (package / file).write_text(text, encoding="utf-8")
    del infos["segmenter"]
    theirs = discover(only={"reenactor-mine"}).components
    catalog = Catalog((*catalog_of(infos).components, *theirs))
    path = tmp_path / "spec.yaml"
    path.write_text(SPEC.replace("segmenter", "{use: segmenter, scale: 2}"), encoding="utf-8")
    (problem,) = check(load_spec(path), catalog)
    assert said in problem.problem
    assert problem.kind is Kind.PLUGIN
    assert problem.given.startswith("reenactor-mine 1.0, reenactor_mine.")
    assert problem.position.line == 2


def test_nobody_finds_key_points(find: Find) -> None:
    (problem,) = find(("pose_estimator=surfaces",))
    assert problem.field == ("pose_estimator",)
    assert "no component finds key points" in problem.problem
    assert "points" in problem.advice


def test_a_facet_provided_twice(find: Find, infos: dict[str, ComponentInfo]) -> None:
    second = replace(infos["points"], name="second")
    (problem,) = find(("pose_estimator=[points, second]",), second=second)
    assert problem.problem == "the facet 'skeleton' is provided twice"
    assert problem.given == "points and second"


@pytest.mark.parametrize(
    ("estimators", "twice"),
    [
        ("[points, points]", [1]),
        ("[points, {use: points}, surfaces, surfaces]", [1, 3]),
        ("[nobody, nobody]", [1]),
    ],
)
def test_a_component_that_is_named_twice_is_one_mistake(
    find: Find, estimators: str, twice: list[int]
) -> None:
    found = [p for p in find((f"pose_estimator={estimators}",)) if p.kind is Kind.SPEC]
    assert [(p.field, p.problem) for p in found] == [
        (("pose_estimator", number), "duplicate component") for number in twice
    ]


def test_needs_are_not_judged_while_components_are_unknown(find: Find) -> None:
    (problem,) = find(("pose_estimator=[pionts]",))
    assert problem.kind is Kind.PLUGIN


@pytest.mark.parametrize(
    ("background", "said"),
    [
        ("beach.png", "no such file"),
        ("beach.mp4", "no such file"),
        ("./beach", "no such folder"),
        ("{video: folder}", "is a folder"),
        ("{folder: spec.yaml}", "is a file"),
        ("{folder: folder}", "contains no pictures"),
        ("{image: pipe.png}", "is a device or a pipe"),
        ("{video: pipe.png}", "is a device or a pipe"),
        ("{folder: pipe.png}", "is a device or a pipe"),
    ],
)
def test_backgrounds_that_are_not_there(
    find: Find, tmp_path: Path, background: str, said: str
) -> None:
    (tmp_path / "folder").mkdir()

    os.mkfifo(tmp_path / "pipe.png")
    (problem,) = find(text=SPEC.replace("white", background))
    assert problem.problem == said
    assert problem.position.line == 7
    assert str(tmp_path) in problem.given


def test_backgrounds_that_are_there(find: Find, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "1.PNG").touch()
    (tmp_path / "beach.mp4").touch()
    for background in ("./folder", "beach.mp4", "{video: beach.mp4, mode: hold}"):
        assert find(text=SPEC.replace("white", background)) == []


def test_a_person_who_stays_in_the_background_is_worth_a_note(find: Find) -> None:
    (note,) = find(("inpainter=none", "background=driver"))
    assert note.kind is Kind.NOTE
    assert note.field == ("inpainter",)
    assert find(("inpainter=none", "background=transparent")) == []


@pytest.mark.usefixtures("special_options")
def test_paths_among_options(find: Find, infos: dict[str, ComponentInfo], tmp_path: Path) -> None:
    changed = replace(infos["segmenter"], options="reenactor_options.o:WithFile")
    text = SPEC.replace("segmenter", "{use: segmenter, file: a.bin}")
    (problem,) = find(text=text, segmenter=changed)
    assert problem.problem == "no such file or folder"
    assert problem.given == str(tmp_path / "a.bin")
    assert problem.field == ("parser", "file")
    (tmp_path / "a.bin").touch()
    assert find(text=text, segmenter=changed) == []


def test_missing_weights(
    find: Find, infos: dict[str, ComponentInfo], weight: Weight, tmp_path: Path
) -> None:
    store = WeightStore(tmp_path / "weights")
    (problem,) = find(store=store, segmenter=replace(infos["segmenter"], weights=(weight,)))
    assert problem.kind is Kind.WEIGHTS
    assert problem.field == ("parser",)
    assert "big.safetensors, 0.0 MB, sha256 000" in problem.expected
    assert problem.advice == "reenactor weights import big.safetensors"


def test_weights_that_a_mirror_has_are_a_note_unless_offline(
    find: Find, infos: dict[str, ComponentInfo], weight: Weight, tmp_path: Path
) -> None:
    far = replace(weight, mirrors=("https://a.example/b",))
    changed = replace(infos["segmenter"], weights=(far,))
    (note,) = find(store=WeightStore(tmp_path), segmenter=changed)
    assert note.kind is Kind.NOTE
    assert note.advice == "reenactor weights pull big"
    (problem,) = find(store=WeightStore(tmp_path, offline=True), segmenter=changed)
    assert problem.kind is Kind.WEIGHTS
    assert "offline" in problem.given


def test_a_narrow_licence_is_a_note(
    find: Find, infos: dict[str, ComponentInfo], weight: Weight
) -> None:
    narrow = replace(weight, commercial=False)
    (note,) = find(segmenter=replace(infos["segmenter"], weights=(narrow,)))
    assert note.kind is Kind.NOTE
    assert note.given == "CC BY-NC 4.0 (a paper)"


@pytest.mark.usefixtures("special_options")
def test_options_choose_among_weights(
    find: Find, infos: dict[str, ComponentInfo], weight: Weight, tmp_path: Path
) -> None:
    changed = replace(
        infos["segmenter"], weights=(weight,), options="reenactor_options.o:WithoutWeights"
    )
    assert find(store=WeightStore(tmp_path), segmenter=changed) == []


def test_mistakes_are_an_error_and_notes_are_not(
    infos: dict[str, ComponentInfo],
) -> None:
    fields = {
        "version": 1,
        "parser": "segmenter",
        "pose_estimator": "points",
        "body_generator": "mover",
        "frame_renderer": "painter",
    }
    spec, catalog = Spec.model_validate(fields), catalog_of(infos)
    examination = examine(spec, catalog)
    assert examination.plan is not None
    assert [note.field for note in examination.notes] == [("inpainter",)]
    assert examination.mistakes == ()
    del infos["mover"]
    with pytest.raises(SpecMistakesError) as caught:
        make_plan(spec, catalog_of(infos))
    assert caught.value.exit_code == 6
    assert str(caught.value).startswith("body_generator: no body generator of that name")
