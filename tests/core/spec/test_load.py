from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from reenactor.errors import SpecError
from reenactor.manifest import Role
from reenactor.spec import Spec, SpecMistakesError, Video, load_spec
from reenactor.spec.load import LoadedSpec, absolute, draft_spec

Write = Callable[[str], Path]


def test_a_sound_spec(write: Write, sound: str) -> None:
    loaded = load_spec(write(sound))
    assert loaded.spec.body_generator.use == "p2b"
    assert loaded.spec.body_generator.options == {"weights": "runs/p2b.safetensors"}
    place = loaded.source.value(("body_generator", "weights"))
    assert (place.line, place.column) == (5, 37)
    assert "source" not in repr(loaded)


def test_paths_are_relative_to_the_spec_file(write: Write, sound: str) -> None:
    path = write(sound.replace("driver", "scenes/beach.mp4"))
    assert load_spec(path).spec.background == Video(video=path.parent / "scenes/beach.mp4")


def test_paths_of_overrides_are_relative_to_the_working_folder(write: Write, sound: str) -> None:
    path = write(sound)
    loaded = load_spec(path, ["background.video=beach.mp4", "background={video: b.mp4}"][1:])
    assert loaded.spec.background == Video(video=Path.cwd() / "b.mp4")


def test_the_home_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert absolute(Path("~/a.png"), Path("/specs")) == tmp_path / "a.png"


def test_a_named_spec() -> None:
    named = {"default": "reenactor_plugins:specs/default.yaml"}
    loaded = load_spec("default", (), named)
    assert loaded.name == "default"
    assert loaded.source.root.folder.name == "specs"


def test_a_path_is_never_taken_for_a_name(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="no such spec"):
        load_spec(tmp_path / "default", (), {str(tmp_path / "default"): "x:y"})


def test_no_such_spec() -> None:
    with pytest.raises(SpecError) as caught:
        load_spec("defalt", (), {"default": "a:b", "paper": "a:c"})
    assert caught.value.given == "defalt"
    assert "default, paper" in caught.value.expected
    assert caught.value.advice == "did you mean 'default'?"


def test_a_folder_is_no_spec(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="cannot be read"):
        load_spec(tmp_path)


BAD = """\
version: 1
parser: none
pose_estimator: [3, {us: x}]
body_generator: puppet
frame_rendrer: puppet
background: drver
motion: {smooth: on, subject: {box: [1, 2, 1, 3]}}
output: {height: "512", width: 500}
output: 3
"""


def test_all_mistakes_at_once_each_in_its_place(write: Write) -> None:
    with pytest.raises(SpecMistakesError) as caught:
        load_spec(write(BAD), ["motion.retarget=sideways"])
    found = [
        (str(p.position).rpartition("pipeline.yaml:")[2], p.field, p.problem)
        for p in caught.value.problems
    ]
    assert found == [
        ("2:9", ("parser",), "must not be none"),
        ("3:18", ("pose_estimator", 0), "no component named"),
        ("3:21", ("pose_estimator", 1, "use"), "missing"),
        ("5:1", ("frame_rendrer",), "unknown key"),
        ("6:13", ("background",), "invalid background"),
        ("7:18", ("motion", "smooth"), "invalid value"),
        ("7:31", ("motion", "subject"), "empty box"),
        ("8:18", ("output", "height"), "wrong type"),
        ("8:32", ("output", "width"), "out of range"),
        ("9:1", ("output",), "duplicate key, first in line 8"),
        ("override 'motion.retarget=sideways'", ("motion", "retarget"), "invalid value"),
    ]
    by_field = {p.field: p for p in caught.value.problems}
    assert by_field["frame_rendrer",].advice == "did you mean 'frame_renderer'?"
    assert by_field["background",].advice == "did you mean 'driver'?"
    assert by_field["output", "height"].given == "'512'"
    assert by_field["output", "height"].expected == "a whole number or 'auto'"
    assert by_field["output", "width"].advice == "512"
    text = str(caught.value)
    assert text.startswith("11 mistakes\n")
    assert "pipeline.yaml:8:32: output.width: out of range\n  given:    500" in text


def test_one_mistake_is_one_message(write: Write, sound: str) -> None:
    with pytest.raises(SpecMistakesError) as caught:
        load_spec(write(sound.replace("version: 1\n", "")))
    assert len(caught.value.problems) == 1
    assert ": version: missing\n  expected: the version of this format" in str(caught.value)
    assert caught.value.exit_code == 4


def test_a_colour_that_became_a_comment(write: Write, sound: str) -> None:
    with pytest.raises(SpecMistakesError) as caught:
        load_spec(write(sound.replace("driver", "#ff0000")))
    (problem,) = caught.value.problems
    assert problem.field == ("background",)
    assert "quotes" in problem.advice


def test_an_unreadable_text_is_one_mistake_whatever_the_overrides(write: Write) -> None:
    with pytest.raises(SpecMistakesError) as caught:
        load_spec(write("a: ["), ["output.height=256"])
    assert len(caught.value.problems) == 1


def test_a_spec_made_in_python_has_no_lines(sound: str, write: Write) -> None:
    spec = load_spec(write(sound)).spec
    built = LoadedSpec.built(Spec.model_validate(spec.model_dump()))
    assert str(built.source.value(("parser",))) == ""


def test_thousands_of_estimators_are_one_mistake_and_are_not_looked_at(
    write: Write, sound: str
) -> None:
    text = yaml.safe_dump({**yaml.safe_load(sound), "pose_estimator": ["nobody"] * 3000})
    draft = draft_spec(write(text))
    (problem,) = draft.problems
    assert (problem.field, problem.problem) == (("pose_estimator",), "out of range")
    assert problem.expected == "at most 8 of them"
    assert len(problem.given) <= 80
    assert sum(role is Role.POSE_ESTIMATOR for _, role, _ in draft.choices) <= 8
