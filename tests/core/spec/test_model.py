import pytest
from pydantic import ValidationError

from reenactor.manifest import Role
from reenactor.spec import Choice, Colour, SceneBackground, Spec
from reenactor.spec.motion import OutputSpec, canvas_of_height


def spec(**fields: object) -> Spec:
    given = {
        "version": 1,
        "parser": "a",
        "pose_estimator": ["b", {"use": "c", "k": 1}],
        "body_generator": "d",
        "frame_renderer": "e",
        **fields,
    }
    return Spec.model_validate(given)


def test_defaults() -> None:
    made = spec()
    assert made.inpainter is None
    assert made.face_refiner is None
    assert made.background == SceneBackground(scene="driver")
    assert made.output.canvas == (512, 320)
    assert made.motion.smooth == "one-euro"
    assert made.motion.retarget == "none"


def test_choices_name_field_role_and_component_in_the_order_of_roles() -> None:
    found = spec(inpainter="i", face_refiner={"use": "none"}).choices()
    assert [(field, role, choice.use) for field, role, choice in found] == [
        (("parser",), Role.PARSER, "a"),
        (("pose_estimator", 0), Role.POSE_ESTIMATOR, "b"),
        (("pose_estimator", 1), Role.POSE_ESTIMATOR, "c"),
        (("inpainter",), Role.INPAINTER, "i"),
        (("body_generator",), Role.BODY_GENERATOR, "d"),
        (("frame_renderer",), Role.FRAME_RENDERER, "e"),
    ]


def test_it_is_written_as_it_is_read() -> None:
    made = spec(background="white", motion={"subject": {"box": [0, 0, 5.5, 9]}}, inpainter="x")
    written = made.model_dump(mode="json")
    assert written["pose_estimator"] == ["b", {"use": "c", "k": 1}]
    assert written["face_refiner"] == "none"
    assert written["background"] == "#ffffff"
    assert written["motion"]["subject"] == {"box": [0.0, 0.0, 5.5, 9.0]}
    assert Spec.model_validate(written) == made
    assert Spec.model_validate_json(made.model_dump_json()) == made


def test_python_values_are_taken_too() -> None:
    made = spec(parser=Choice(use="a", options={"k": 2}), background=Colour(colour="#00ff00"))
    assert made.parser.options == {"k": 2}
    assert made.background == Colour(colour="#00ff00")


def test_it_never_changes() -> None:
    made = spec()
    with pytest.raises(ValidationError, match="frozen"):
        made.version = 1  # type: ignore[misc]  # assignment is the case


@pytest.mark.parametrize(
    "fields",
    [
        {"parser": "none"},
        {"parser": None},
        {"pose_estimator": []},
        {"pose_estimator": ["none"]},
        {"version": 2},
        {"output": {"height": 500}},
        {"output": {"height": 32}},
        {"output": {"height": 512.0}},
        {"output": {"height": True}},
        {"output": {"depth": 3}},
        {"face_refiner": {"use": "none", "k": 1}, "extra": 1},
        {"frame_renderer": {"k": 1}},
        {"frame_renderer": {"use": 3}},
    ],
)
def test_what_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        spec(**fields)


@pytest.mark.parametrize(
    ("output", "canvas"),
    [
        ({}, (512, 320)),
        ({"height": 256}, (256, 160)),
        ({"height": 416}, (416, 256)),  # 5/8 are 260
        ({"height": 64, "width": "auto"}, (64, 64)),  # 5/8 are 40, and 64 the least
        ({"width": 640}, (1024, 640)),
        ({"height": 544, "width": 96}, (544, 96)),
        ({"height": "auto"}, None),
        ({"width": "auto"}, None),
        ({"height": "auto", "width": "auto"}, None),
    ],
)
def test_one_side_of_the_canvas_follows_from_the_other(
    output: dict[str, object], canvas: tuple[int, int] | None
) -> None:
    made = OutputSpec.model_validate(output)
    assert made.canvas == canvas
    assert OutputSpec.model_validate(made.model_dump(mode="json")) == made


@pytest.mark.parametrize(
    ("height", "canvas"),
    [
        (0.0, (256, 160)),
        (257.0, (288, 192)),  # 5/8 are 180
        (512.0, (512, 320)),
        (512.1, (544, 352)),
        (1024.0, (1024, 640)),
        (1e6, (1536, 960)),
    ],
)
def test_a_canvas_that_follows_a_height(height: float, canvas: tuple[int, int]) -> None:
    assert canvas_of_height(height) == canvas
