"""The specs that are shipped: sound, or lacking just the files that nobody may ship."""

import pytest

from reenactor.catalog import discover, examine
from reenactor.spec import Kind, load_spec
from reenactor.spec.source import dotted
from reenactor.weights import WeightStore, default_folder

CATALOG = discover(only={"reenactor"})
NAMES = sorted(CATALOG.spec_resources())
OURS = ("default", "small")


def lacking(name: str, *overrides: str) -> set[str]:
    """The fields of which `check` says that they lack something."""
    loaded = load_spec(name, overrides, CATALOG.spec_resources())
    examination = examine(loaded, CATALOG, WeightStore(default_folder(), offline=True))
    assert {problem.kind for problem in examination.mistakes} <= {Kind.WEIGHTS}, name
    return {dotted(problem.field) for problem in examination.mistakes}


@pytest.mark.parametrize("name", OURS)
def test_ours_run_at_once(name: str) -> None:
    assert lacking(name) == set()


@pytest.mark.parametrize("name", [name for name in NAMES if name not in OURS])
def test_the_paper_s_lack_weights_and_nothing_else(name: str) -> None:
    wanted = {
        "parser.weights",
        "pose_estimator.0.weights",
        "pose_estimator.1.weights",
        "inpainter.weights",
        "body_generator.weights",
        "frame_renderer.weights",
        "frame_renderer.faces",
        "frame_renderer.imagenet",
    }
    if name != "paper-no-fr":
        wanted |= {"face_refiner.weights", "face_refiner.faces", "face_refiner.fan"}
    assert lacking(name) == wanted


@pytest.mark.parametrize(
    ("name", "overrides", "used"),
    [
        ("default", (), False),
        ("default", ("frame_renderer.edge=2", "body_generator.edge=2"), False),
        ("default", ("frame_renderer.edge=2",), True),
        ("default", ("body_generator=p2b", "body_generator.weights=small"), True),
        ("small", (), True),
    ],
)
def test_a_body_is_made_where_it_shows(name: str, overrides: tuple[str, ...], used: bool) -> None:
    loaded = load_spec(name, overrides, CATALOG.spec_resources())
    examination = examine(loaded, CATALOG, WeightStore(default_folder(), offline=True))
    assert examination.plan is not None
    assert examination.plan.uses_body is used


def test_each_ablation_differs_from_the_paper_s_spec_as_its_figure_says() -> None:
    def options(name: str) -> dict[str, object]:
        spec = load_spec(name, (), CATALOG.spec_resources()).spec
        said: dict[str, object] = {"size": (spec.output.height, spec.output.width)}
        for _, role, choice in spec.choices():
            said |= {f"{role}.{key}": value for key, value in choice.options.items()}
            said[str(role)] = choice.use
        return said

    paper = options("paper")

    def changed(name: str) -> dict[str, object]:
        other = options(name)
        return {key: other.get(key) for key in {*paper, *other} if other.get(key) != paper.get(key)}

    assert changed("paper-no-fr") == {"face_refiner": None, "face_refiner.landmarks": None}
    assert changed("paper-no-mask") == {"frame_renderer.mask": "parsing"}
    assert changed("paper-no-hands") == {"frame_renderer.hands": False}
    assert changed("paper-low-resolution") == {"size": (256, 160)}
    assert changed("paper-no-squeeze") == {}
    assert changed("paper-coarse-dense") == {"body_generator.dense": "coarse"}
    assert changed("paper-no-dense") == {"body_generator.dense": "none"}
    assert changed("paper-no-dense-no-hands") == {
        "body_generator.dense": "none",
        "body_generator.hands": False,
        "frame_renderer.hands": False,
    }
    assert paper["size"] == (512, 320)
