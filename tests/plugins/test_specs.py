"""The specs that are shipped: sound, or missing just the files that nobody may ship."""

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from reenactor.catalog import Part, Plan, discover, examine
from reenactor.catalog.options import read_options
from reenactor.catalog.weight_checks import required_weights
from reenactor.spec import Kind, load_spec
from reenactor.spec.source import dotted
from reenactor.weights import WeightStore, default_folder
from reenactor_plugins.body_generator.p2b.options import P2BOptions

CATALOG = discover(only={"reenactor"})
NAMES = sorted(CATALOG.spec_resources())
OURS = ("default", "small")


def missing(name: str, *overrides: str) -> set[str]:
    """The fields of which `check` says that they lack something."""
    loaded = load_spec(name, overrides, CATALOG.spec_resources())
    examination = examine(loaded, CATALOG, WeightStore(default_folder(), offline=True))
    assert {problem.kind for problem in examination.mistakes} <= {Kind.WEIGHTS}, name
    return {dotted(problem.field) for problem in examination.mistakes}


@pytest.mark.parametrize("name", OURS)
def test_ours_run_at_once(name: str) -> None:
    assert missing(name) == set()


@pytest.mark.parametrize("name", [name for name in NAMES if name not in OURS])
def test_the_paper_s_lack_weights_and_nothing_else(name: str) -> None:
    # Public checkpoints are missing offline, and named by the component that loads them.
    estimators = {"pose_estimator.0"}
    if not name.startswith("paper-no-dense"):  # nobody reads a dense pose
        estimators |= {"pose_estimator.1"}
    wanted = estimators | {
        "parser.weights",
        "inpainter.weights",
        "body_generator.weights",
        "frame_renderer.weights",
        "frame_renderer.faces",
        "frame_renderer.imagenet",
    }
    if name != "paper-no-fr":
        wanted |= {"face_refiner.weights", "face_refiner.faces", "face_refiner"}
    assert missing(name) == wanted


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
    assert changed("paper-low-resolution") == {
        "size": (256, 160),
        "frame_renderer.layout": "low",
    }
    assert changed("paper-no-squeeze") == {}
    assert changed("paper-coarse-dense") == {"body_generator.dense": "coarse"}
    assert changed("paper-no-dense") == {
        "body_generator.dense": "none",
        "pose_estimator": "openpose",
    }
    assert changed("paper-no-dense-no-hands") == {
        "pose_estimator": "openpose",
        "pose_estimator.hands": None,
        "body_generator.dense": "none",
        "body_generator.hands": False,
        "frame_renderer.hands": False,
    }
    assert paper["size"] == (512, 320)


def noted(name: str, *overrides: str) -> dict[str, str]:
    """What `check` notes, by field."""
    loaded = load_spec(name, overrides, CATALOG.spec_resources())
    examination = examine(loaded, CATALOG, WeightStore(default_folder(), offline=True))
    return {dotted(problem.field): problem.problem for problem in examination.notes}


def test_what_openpose_does_not_see_is_said(tmp_path: Path) -> None:
    found = noted("paper", "pose_estimator=[openpose, densepose]")
    assert "no hand labels" in found["pose_estimator.0.hands"]
    assert "no face labels" in found["pose_estimator.0.face"]
    assert "face_refiner never acts" in found["pose_estimator.0.face"]
    (tmp_path / "hand.pth").touch()
    given = noted("paper", f"pose_estimator.0.hands={tmp_path / 'hand.pth'}",
                  "pose_estimator.0.face=null")  # fmt: skip
    assert "pose_estimator.0.hands" not in given
    assert "pose_estimator.0.face" in given
    assert not noted("default")


@pytest.mark.parametrize("estimator", ["openpose", "[openpose, densepose]"])
def test_nobody_is_asked_for_a_dense_pose_that_nobody_reads(estimator: str) -> None:
    name, override = "paper-no-dense", f"pose_estimator={estimator}"
    assert "pose_estimator.1" not in missing(name, override)
    notes = noted(name, override)
    assert (notes.get("pose_estimator.1") == "densepose is not used") is ("dense" in estimator)
    assert "pose_estimator.1" in missing(name, "pose_estimator=[openpose, densepose]",
                                                 "body_generator.dense=coarse")  # fmt: skip


@pytest.mark.parametrize(
    ("name", "overrides", "wanted"),
    [
        ("paper", (), {"openpose-body", "openpose-hands", "openpose-face",
                       "densepose-r50-fpn-s1x", "face-alignment-2dfan4"}),
        ("paper", ("parser.classes=lip", "inpainter=lama"),
         {"openpose-body", "openpose-hands", "openpose-face", "densepose-r50-fpn-s1x",
          "face-alignment-2dfan4", "schp-lip", "lama"}),
        ("paper", ("face_refiner=none", "pose_estimator=openpose", "body_generator.dense=none",
                   "parser.classes=atr"), {"openpose-body", "schp-atr"}),
    ],
)  # fmt: skip
def test_what_can_be_downloaded_for_a_spec(
    name: str, overrides: tuple[str, ...], wanted: set[str]
) -> None:
    loaded = load_spec(name, overrides, CATALOG.spec_resources())
    parts = examine(loaded, CATALOG, WeightStore(default_folder(), offline=True)).parts
    found = {weight.name: weight for part in parts for weight in required_weights(part)}
    assert {name for name, weight in found.items() if weight.mirrors} == wanted
    assert all(mirror.startswith("https://") for w in found.values() for mirror in w.mirrors)


def trained_at(file: Path, canvas: object) -> Path:
    said = {"component": "p2b", "network": {}, "canvas": canvas}
    save_file({"a": torch.zeros(1)}, file, metadata={"reenactor": json.dumps(said)})
    return file


@pytest.mark.parametrize(
    ("canvas", "overrides", "said"),
    [
        ([256, 160], (), "trained on 256x160 pixels and works here on 512x320; `reduce: 2`"),
        ([256, 160], ("body_generator.reduce=2",), ""),
        ([256, 160], ("output.height=256", "output.width=160"), ""),
        ([512, 320], (), ""),
        ([512, 320], ("body_generator.reduce=2",), "works here on 256x160; `reduce: 1`"),
        ([300, 200], (), "works here on 512x320; a canvas"),
        (None, (), ""),
        ("256x160", (), ""),
        ([256], (), ""),
    ],
)
def test_p2b_trained_at_another_size_is_noted(
    tmp_path: Path, canvas: object, overrides: tuple[str, ...], said: str
) -> None:
    file = trained_at(tmp_path / "p2b.safetensors", canvas)
    notes = noted("paper", f"body_generator.weights={file}", *overrides)
    assert said in notes.get("body_generator.weights", "")
    assert bool(said) is ("body_generator.weights" in notes)


def test_our_small_p2b_knows_its_size() -> None:
    assert "body_generator.weights" not in noted("small")
    assert "256x160" in noted("small", "body_generator.reduce=1")["body_generator.weights"]


def test_weights_that_are_damaged_are_no_matter_for_a_note(tmp_path: Path) -> None:
    file = tmp_path / "p2b.safetensors"
    file.write_bytes(b"no weights")
    assert "body_generator.weights" not in noted("paper", f"body_generator.weights={file}")


@pytest.mark.parametrize(
    ("overrides", "canvas"),
    [
        ((), None),
        (("frame_renderer=b2f",), (512, 320)),
        (("body_generator={use: p2b, weights: small, reduce: 2}",), (512, 320)),
        (("body_generator={use: p2b, weights: small}",), (256, 160)),
        (("body_generator=p2b",), (512, 320)),  # its training is not known
        (("body_generator={use: p2b, weights: small}", "output.height=768"), (768, 480)),
    ],
)
def test_networks_keep_the_canvas_of_their_training(
    overrides: tuple[str, ...], canvas: tuple[int, int] | None
) -> None:
    """The default's canvas follows the dancer's size, unless a component is made for another."""
    loaded = load_spec("default", overrides, CATALOG.spec_resources())
    parts = []
    for field, role, choice in loaded.spec.choices():
        entry = CATALOG.entry(role, choice.use)
        options, _ = read_options(entry.info, choice.options, loaded.source, field, entry.provider)
        assert options is not None
        parts.append(Part(field, entry.info, options, entry.provider))
    assert Plan.of(loaded.spec, tuple(parts)).spec.output.canvas == canvas


def test_a_canvas_that_no_spec_can_say_is_not_kept(tmp_path: Path) -> None:
    for canvas in ([300, 200], [32, 32], [8192, 5120], None):
        file = trained_at(tmp_path / "p2b.safetensors", canvas)
        assert P2BOptions(weights=file).canvas() == (512, 320)
    file = trained_at(tmp_path / "p2b.safetensors", [384, 256])
    assert P2BOptions(weights=file).canvas() == (384, 256)
    assert P2BOptions(weights=file, reduce=2).canvas() == (768, 512)
