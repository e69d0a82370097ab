from collections.abc import Callable
from pathlib import Path

import pytest

from reenactor.catalog import Provider
from reenactor.catalog.attribution import attributed, one_line
from reenactor.catalog.entries import LONGEST
from reenactor.errors import PluginError

Install = Callable[..., Path]


@pytest.mark.parametrize(
    ("lines", "address"),
    [
        (["Project-URL: Bug Tracker, https://a.example/issues"], "https://a.example/issues"),
        (
            ["Home-page: https://home.example", "Project-URL: Issues, https://a.example/issues"],
            "https://a.example/issues",
        ),
        (["Project-URL: Source, https://a.example"], "https://a.example"),
        (["Home-page: https://home.example"], "https://home.example"),
        (["Author-email: A <a@a.example>"], "A <a@a.example>"),
        ([], ""),
    ],
)
def test_the_address_is_that_of_the_distributions_metadata(
    install: Install, lines: list[str], address: str
) -> None:
    package = install("reenactor-mine", {})
    (path,) = package.parent.glob("*.dist-info/METADATA")
    path.write_text(path.read_text("utf-8").rstrip() + "\n" + "\n".join(lines) + "\n", "utf-8")
    provider = Provider("reenactor-mine", "1.0", "mine", "reenactor_mine.manifest")
    assert provider.address == address
    with pytest.raises(PluginError) as caught, attributed("it fails", "a:B", provider):
        raise OSError("no disk")
    assert caught.value.problem == "it fails: OSError: no disk"
    assert caught.value.given == "reenactor-mine 1.0, a:B"
    assert caught.value.advice.startswith(
        "report it to its author" + f" ({address})" * bool(address)
    )


def test_a_distribution_that_is_not_installed_has_no_address() -> None:
    assert Provider("no-such-thing", "", "", "").address == ""


def test_an_exception_in_one_line() -> None:
    assert one_line(ValueError("one\ntwo")) == "ValueError: one two"
    assert one_line(ValueError()) == "ValueError"
    assert len(one_line(ValueError("x" * 9999))) < LONGEST + 30
