from pathlib import Path

from reenactor.spec.source import Position, Source, dotted, lookup


def test_a_field_that_was_not_written_is_where_its_surroundings_are() -> None:
    root, inner = Position("a", Path(), 1, 1), Position("a", Path(), 3, 5)
    source = Source(root, {}, {("motion",): inner})
    assert source.value(("motion", "smooth")) is inner
    assert source.key(("motion", "smooth")) is inner
    assert source.value(("output",)) is root


def test_a_position_without_lines_shows_its_origin_only() -> None:
    assert str(Position("a.yaml", Path(), 3, 7)) == "a.yaml:3:7"
    assert str(Position("override 'a=1'", Path())) == "override 'a=1'"
    assert str(Source.nowhere().root) == ""


def test_dotted_and_lookup() -> None:
    assert dotted(("pose_estimator", 0, "use")) == "pose_estimator.0.use"
    data = {"a": [{"b": 5}]}
    assert lookup(data, ("a", 0, "b")) == 5
    assert lookup(data, ("a", 1, "b")) is None
    assert lookup(data, ("a", 0, "b", "c")) is None
