import pytest

from reenactor.spelling import did_you_mean, legible

KNOWN = ["puppet", "blazepose", "one-euro", "none"]


@pytest.mark.parametrize(
    ("word", "meant"), [("pupet", "puppet"), ("blazepos", "blazepose"), ("oneeuro", "one-euro")]
)
def test_a_near_word(word: str, meant: str) -> None:
    assert did_you_mean(word, KNOWN) == f"did you mean {meant!r}?"


@pytest.mark.parametrize("word", ["", "on", "xyz", "completely"])
def test_no_near_word(word: str) -> None:
    assert did_you_mean(word, KNOWN) == ""


def test_bytes_of_no_encoding_are_shown_as_such() -> None:
    assert legible("caf\udce9, ü, \ud800") == "caf\ufffd, ü, \ufffd"
