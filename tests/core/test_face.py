"""`import reenactor`: what it offers, and what it costs."""

import inspect
import subprocess
import sys

import pytest

import reenactor

PUBLIC = [
    *("API_VERSION", "Analysis", "Benchmark", "Evaluation", "PrepareResult", "ReenactorError"),
    *("Report", "Request", "Setup", "Trained", "__version__", "analyze", "bench", "evaluate"),
    *("prepare", "preview", "reenact", "run", "train"),
]
"""What programs may rely on: a name that goes away breaks them."""


def fresh(code: str) -> str:
    """What a new interpreter prints."""
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_the_public_names() -> None:
    assert reenactor.__all__ == PUBLIC
    assert set(PUBLIC) <= set(dir(reenactor))
    for name in PUBLIC:
        assert getattr(reenactor, name) is not None


@pytest.mark.parametrize("name", [name for name in PUBLIC if name[0] != "_" and name[0].islower()])
def test_functions_of_one_shape(name: str) -> None:
    """At most three positional arguments; the setup and the progress by keyword, and optional."""
    function = getattr(reenactor, name)
    assert inspect.isfunction(function)
    parameters = inspect.signature(function).parameters
    by_position = [p for p in parameters.values() if p.kind is p.POSITIONAL_OR_KEYWORD]
    assert 1 <= len(by_position) <= 3
    for shared in ("setup", "progress"):
        assert parameters[shared].kind is inspect.Parameter.KEYWORD_ONLY
        assert parameters[shared].default is None
    assert function.__doc__
    assert "Raises:" in function.__doc__


def test_importing_it_does_not_import_torch() -> None:
    code = "import sys, reenactor; dir(reenactor); print('torch' in sys.modules)"
    assert fresh(code).strip() == "False"


def test_functions_come_when_they_are_used() -> None:
    code = "import reenactor; print(reenactor.reenact.__module__, reenactor.train.__name__)"
    assert fresh(code).split() == ["reenactor.api.rendering", "train"]


def test_an_unknown_name() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'renact'"):
        _ = reenactor.renact  # type: ignore[attr-defined]  # that is the test


def test_a_request_is_frozen() -> None:
    request = reenactor.Request("photo.jpg", "dance.mp4", "out.mp4")
    with pytest.raises(AttributeError):
        request.output = "other.mp4"  # type: ignore[misc]  # that is the test
