"""Texts of plugins as they are shown."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from reenactor.catalog.attribution import one_line
from reenactor.catalog.entries import LONGEST, plugin_traceback, printable
from reenactor.catalog.manifests import ManifestError, component_of
from reenactor.manifest import ComponentInfo, Weight

TERMINAL = "\x1b[31mred\x1b]0;title\x07 \x9b2J\udcff\u202e"


def test_a_text_is_one_printable_line() -> None:
    assert printable("two\n\tlines ") == "two lines"
    assert printable(TERMINAL).isprintable()
    assert "red" in printable(TERMINAL)
    assert len(printable("a" * 3_000_000)) <= LONGEST + 2


@pytest.mark.parametrize("field", ["summary", "licence", "paper"])
def test_prose_in_a_manifest(info: Callable[..., ComponentInfo], field: str) -> None:
    text = getattr(component_of(info(**{field: TERMINAL + "a" * 3_000_000})), field)
    assert text.isprintable()
    assert len(text) <= LONGEST + 2


def test_names_are_short(info: Callable[..., ComponentInfo]) -> None:
    with pytest.raises(ManifestError, match="name has more than"):
        component_of(info(name="a" * 3_000_000))


def test_texts_of_weights(info: Callable[..., ComponentInfo], weight: Weight) -> None:
    told = replace(weight, licence=TERMINAL, origin=TERMINAL)
    (kept,) = component_of(info(weights=(told,))).weights
    assert kept.licence.isprintable()
    assert kept.origin.isprintable()
    with pytest.raises(ManifestError, match="plain file name"):
        component_of(info(weights=(replace(weight, file="\x1b[2J"),)))


def test_exceptions() -> None:
    error = ValueError(TERMINAL + "a" * 3_000_000)
    assert one_line(error).isprintable()
    shown = plugin_traceback(error)
    assert all(line.isprintable() for line in shown.split("\n"))
    assert len(shown) < 10_000
