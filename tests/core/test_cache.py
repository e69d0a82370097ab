from pathlib import Path

import pytest

from reenactor.api import Setup
from reenactor.cache import cache_folder
from reenactor.weights import default_folder


def test_one_variable_moves_every_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REENACTOR_CACHE", str(tmp_path / "elsewhere"))
    assert cache_folder() == tmp_path / "elsewhere"
    for folder in (default_folder(), Setup().cache, Setup().weights.folder):
        assert folder.is_relative_to(tmp_path / "elsewhere")
    assert not (tmp_path / "elsewhere").exists()


def test_a_relative_folder_is_seen_from_where_it_was_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REENACTOR_CACHE", "here")
    assert cache_folder() == tmp_path / "here"


@pytest.mark.parametrize("value", ["", None])
def test_else_it_is_the_users_own(value: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REENACTOR_CACHE", raising=False)
    if value is not None:
        monkeypatch.setenv("REENACTOR_CACHE", value)
    assert cache_folder().name == "reenactor"


def test_only_here_the_folder_is_chosen() -> None:
    """Whatever is kept moves with the variable: nobody else asks the system."""
    root = Path(__file__).parents[2]
    asking = [
        path.relative_to(root).as_posix()
        for folder in (root / "core", root / "plugins")
        for path in folder.rglob("*.py")
        if "platformdirs" in path.read_text(encoding="utf-8")
    ]
    assert asking == ["core/reenactor/cache.py"]
