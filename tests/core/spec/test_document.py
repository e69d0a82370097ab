from pathlib import Path

import pytest

from reenactor.spec.document import MAX_BYTES, MAX_DEPTH, Document, read_document, read_text
from reenactor.spec.source import Position

ROOT = Position("a.yaml", Path("folder"), 1, 1)


def read(text: str) -> Document:
    return read_document(text, ROOT)


def test_values_and_their_positions() -> None:
    document = read("a: 1\nb:\n  - x\n  - {c: yes, d: 1e-3}\n")
    assert document.data == {"a": 1, "b": ["x", {"c": "yes", "d": 0.001}]}
    assert not document.problems
    place = document.source.value(("b", 1, "d"))
    assert (place.line, place.column) == (4, 17)  # counted by hand in the text above
    place = document.source.key(("b", 1, "d"))
    assert (place.line, place.column) == (4, 14)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("False", False),
        ("on", "on"),
        ("no", "no"),
        ("~", None),
        ("", None),
        ("null", None),
        ("-12", -12),
        ("007", 7),
        ("1:30", "1:30"),
        ("2024-01-01", "2024-01-01"),
        (".5", 0.5),
        ("1.", 1.0),
        ("1e3", 1000.0),
        (".inf", float("inf")),
        ("-.Inf", float("-inf")),
        ("'1'", "1"),
        ('"#ff0000"', "#ff0000"),
        ("0x100", 256),
        ("0xfF", 255),
        ("0o17", 15),
        ("-0x10", "-0x10"),
        ("0o8", "0o8"),
        ("0b1", "0b1"),
        ("1_000", "1_000"),
        ("9" * 30, int("9" * 30)),
        (r'"\ud83d\ude00"', "\U0001f600"),
    ],
)
def test_words_mean_what_yaml_1_2_says(text: str, value: object) -> None:
    document = read(f"k: {text}")
    assert document.data == {"k": value}
    assert type(document.data["k"]) is type(value)


def test_a_key_given_twice_is_a_mistake_that_hides_no_other() -> None:
    document = read("a: 1\nb: 2\na: 3\nb: 4\n")
    assert [(p.field, p.position.line) for p in document.problems] == [(("a",), 3), (("b",), 4)]
    assert "first in line 1" in document.problems[0].problem
    assert document.data == {"a": 1, "b": 2}


@pytest.mark.parametrize(
    ("text", "said", "line"),
    [
        ("a: [1, 2", "invalid YAML", 1),
        ("a: 1\n b: 2\n", "invalid YAML", 2),
        ("a: &x 1\nb: *x\n", "anchors", 1),
        ("a: 1\nb: !!python/object:os.system 1\n", "tags", 2),
        ("a: !!int 3\n", "tags", 1),
        ("a: 1\n---\nb: 2\n", "invalid YAML", 2),
        ("a: 1\nb: \x07\n", "control character", 2),
        ("? [1, 2]\n: 3\n", "keys must be text", 1),
        ('\na: 1\n"\\ud800": 2\n', "incomplete character escape", 3),
        ('a: 1\nb: [1, "x\\udfff"]\n', "incomplete character escape", 2),
        ("a: 1\nb: " + "9" * 400, "number too large", 2),
        ("a: 1\nb: " + "9" * 5000, "number too large", 2),
        ("a: 1\nb: -1e400\n", "number too large", 2),
        ("a: " + "[" * 40 + "]" * 40, f"deeper than {MAX_DEPTH}", 1),
    ],
)
def test_what_is_refused(text: str, said: str, line: int) -> None:
    (problem,) = read(text).problems
    assert said in problem.problem
    assert problem.position.line == line


def test_a_bomb_of_aliases_is_refused_at_its_first_anchor() -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]" for i in range(1, 60)]
    document = read("\n".join(lines))
    assert document.data is None
    assert len(document.problems) == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a: 1\nb: \xff\n", "not UTF-8 text"),
        (b"x" * (MAX_BYTES + 1), "too large"),
        (b"", "not a spec"),
        (b"- a\n", "not a spec"),
        (b"word", "not a spec"),
    ],
)
def test_files_that_are_no_spec(content: bytes, said: str) -> None:
    document = read_text(Path("folder/a.yaml"), "a.yaml", content)
    assert said in document.problems[0].problem
    assert document.data is None


def test_a_byte_that_is_no_text_is_pointed_at() -> None:
    document = read_text(Path("a.yaml"), "a.yaml", b"a: 1\nb: \xff\n")
    place = document.problems[0].position
    assert (place.line, place.column) == (2, 4)


def test_a_byte_order_mark_is_no_part_of_the_first_key() -> None:
    assert read_text(Path("a.yaml"), "a.yaml", b"\xef\xbb\xbfa: 1").data == {"a": 1}


SPEC = "a: ü\nb:\n  - 1\n"


@pytest.mark.parametrize(
    "content",
    [
        SPEC.encode(),
        SPEC.encode("utf-8-sig"),
        SPEC.encode("utf-16"),
        SPEC.encode("utf-16-le"),
        SPEC.encode("utf-16-be"),
        SPEC.replace("\n", "\r\n").encode(),
        SPEC.replace("\n", "\r").encode(),
        SPEC.encode() + b"\x1a",
    ],
)
def test_what_editors_make_of_a_text_is_read(content: bytes) -> None:
    document = read_text(Path("a.yaml").resolve(), "a.yaml", content)
    assert document.problems == ()
    assert document.data == {"a": "ü", "b": [1]}


@pytest.mark.parametrize(
    ("content", "line", "advice"),
    [
        ("a: 1\nb:\u00a0c\nd: 1\n".encode(), 3, "line 2 has a special space (U+00A0)"),
        (b"a:\n\tb: 1\n", 2, "indent line 2 with spaces"),
        (b'a: "C:\\Users\\me.jpg"\n', 1, "single quotes"),
        (b'a: "C:\\new\\beach.jpg"\n', 1, "single quotes"),
        (b'a: "D:\\dance"\n', 1, "single quotes"),
        ("a: 1\nb: \u201cred\u201d\n".encode(), 2, "straight ones"),
        ("b: \u00abred\u00bb\n".encode(), 1, "straight ones"),
        ("a: Tänze\n".encode("latin-1"), 1, "save it as UTF-8"),
    ],
)
def test_advice_fits_what_people_paste_and_type(content: bytes, line: int, advice: str) -> None:
    document = read_text(Path("a.yaml").resolve(), "a.yaml", content)
    assert document.problems
    assert document.problems[0].position.line == line
    assert advice in document.problems[0].advice


def test_a_number_too_large_is_shown_as_it_was_written() -> None:
    (problem,) = read("a: 1" + "0" * 400).problems
    assert problem.given.startswith("'1000")
    assert len(problem.given) <= 80
