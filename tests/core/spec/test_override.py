from pathlib import Path

import pytest

from reenactor.spec.document import Document, read_document
from reenactor.spec.override import override
from reenactor.spec.source import Position

TEXT = "parser: taps\npose_estimator: [blazepose, mannequin]\noutput: {height: 512}\n"


@pytest.fixture
def document() -> Document:
    return read_document(TEXT, Position("a.yaml", Path("/specs"), 1, 1))


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("output.height=256", "output", {"height": 256}),
        ("output={width: 64}", "output", {"width": 64}),
        ("motion.smooth=none", "motion", {"smooth": "none"}),
        ("parser=schp", "parser", "schp"),
        ("parser.use=schp", "parser", {"use": "schp"}),
        ("parser.scale=2", "parser", {"use": "taps", "scale": 2}),
        ("parser.deep.er=x", "parser", {"use": "taps", "deep": {"er": "x"}}),
        ("pose_estimator.1=other", "pose_estimator", ["blazepose", "other"]),
        ("pose_estimator.0.k=1", "pose_estimator", [{"use": "blazepose", "k": 1}, "mannequin"]),
        ("pose_estimator=[a]", "pose_estimator", ["a"]),
        ("background=a=b.png", "background", "a=b.png"),
        ("inpainter=", "inpainter", None),
    ],
)
def test_values(document: Document, text: str, field: str, value: object) -> None:
    changed = override(document, [text])
    assert changed.data[field] == value
    assert not changed.problems


def test_the_document_given_stays_as_it_is(document: Document) -> None:
    override(document, ["output.height=1", "parser.use=x", "pose_estimator.0=y"])
    assert document.data["output"] == {"height": 512}
    assert document.data["parser"] == "taps"
    assert document.data["pose_estimator"] == ["blazepose", "mannequin"]


def test_later_overrides_win_and_build_on_earlier_ones(document: Document) -> None:
    changed = override(document, ["parser=a", "parser.k=1", "parser.k=2"])
    assert changed.data["parser"] == {"use": "a", "k": 2}


def test_a_list_is_made_of_a_single_estimator() -> None:
    document = read_document("pose_estimator: a", Position("a.yaml", Path(), 1, 1))
    assert override(document, ["pose_estimator.0.k=1"]).data["pose_estimator"] == [
        {"use": "a", "k": 1}
    ]


def test_positions_name_the_override_and_its_paths_are_the_users(document: Document) -> None:
    changed = override(document, ["output.height=5"])
    place = changed.source.value(("output", "height"))
    assert str(place) == "override 'output.height=5'"
    assert place.folder == Path.cwd()
    assert changed.source.value(("output",)).line == 3
    assert changed.source.value(("parser",)).folder == Path("/specs")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("output", "invalid override"),
        ("=5", "invalid override"),
        ("output..height=5", "invalid override"),
        ("output.height=[", "invalid YAML"),
        ("output.height={a: 1, a: 2}", "duplicate key"),
        ("output.height.x=5", "no such field"),
        ("pose_estimator.2=x", "no such field"),
        ("pose_estimator.x=1", "no such field"),
    ],
)
def test_what_is_refused(document: Document, text: str, said: str) -> None:
    changed = override(document, [text])
    (problem,) = changed.problems
    assert said in problem.problem
    assert changed.data == document.data


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("parser.use.use=taps", ("parser", "use")),
        ("pose_estimator.1.use.use=x", ("pose_estimator", 1, "use")),
        ("parser.options.options=1", ("parser", "options")),
        ("motion.subject.index=1", ("motion", "subject")),
        ("inpainter.side=1", ("inpainter",)),
    ],
)
def test_what_an_override_alone_made_is_placed_in_it(
    document: Document, text: str, field: tuple[str | int, ...]
) -> None:
    source = override(document, [text]).source
    assert str(source.value(field)) == f"override {text!r}"
    assert str(source.key(field)) == f"override {text!r}"


def test_a_component_that_an_override_gives_options_stays_where_it_was_written(
    document: Document,
) -> None:
    source = override(document, ["parser.scale=2", "pose_estimator.1.k=1"]).source
    assert source.value(("parser",)).line == 1
    assert source.value(("parser", "use")).line == 1
    assert source.value(("pose_estimator", 1)).line == 2


def test_a_long_override_is_shortened_where_it_is_named(document: Document) -> None:
    source = override(document, ["parser.scale=" + "9" * 250]).source
    assert len(str(source.value(("parser", "scale")))) < 100
