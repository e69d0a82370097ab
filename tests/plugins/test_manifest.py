"""Every built-in stands in a folder of its own, and the root manifest has a line for each."""

from pathlib import Path

import pytest

import reenactor_plugins
from reenactor_plugins import manifest

ROOT = Path(reenactor_plugins.__path__[0])


def test_every_folders_manifest_has_its_line() -> None:
    """A new folder without a line in the root manifest would not be found, and nobody told."""
    found = {
        ".".join(file.parent.relative_to(ROOT).parts)
        for file in ROOT.rglob("manifest.py")
        if file.parent != ROOT
    }
    assert sorted(found) == sorted(manifest.FOLDERS)


@pytest.mark.parametrize("folder", manifest.FOLDERS)
def test_what_a_manifest_names_lies_in_its_folder(folder: str) -> None:
    """So that a technique is whole: component, options, recipe and configs."""
    (here,) = (
        m for m in manifest._MANIFESTS if m.__name__ == f"reenactor_plugins.{folder}.manifest"
    )
    infos = [
        info for kind in ("COMPONENTS", "DATASETS", "SPECS") for info in getattr(here, kind, ())
    ]
    assert infos
    package, path = f"reenactor_plugins.{folder}.", f"reenactor_plugins:{folder.replace('.', '/')}/"
    for info in infos:
        recipe = getattr(info, "recipe", None)
        modules = [getattr(info, "target", package), getattr(info, "options", package)]
        modules += [recipe.target, recipe.settings] if recipe else []
        files = [file for _, file in recipe.configs] if recipe else []
        files += [info.resource] if hasattr(info, "resource") else []
        assert all(m.startswith(package) for m in modules if not m.startswith("reenactor.options:"))
        assert all(file.startswith(path) for file in files)
        assert all((ROOT / file.partition(":")[2]).is_file() for file in files)
