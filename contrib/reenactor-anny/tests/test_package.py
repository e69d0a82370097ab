"""The package as others see it: what it offers, what it asks of reenactor, what it says."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from reenactor.catalog import discover
from reenactor_anny.manifest import reenactor_datasets
from reenactor_anny.options import AnnyOptions, TurntableOptions

FOLDER = Path(__file__).parents[1]
API = FOLDER.parents[1] / "docs" / "api.md"


def test_the_datasets_come_by_the_entry_point() -> None:
    for info in reenactor_datasets():
        entry = discover().dataset(info.name)
        assert entry.info == info
        assert entry.provider.distribution == "reenactor-anny"


def test_manifest_and_options_import_no_torch() -> None:
    code = "import sys, reenactor_anny.manifest, reenactor_anny.options; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "reenactor_anny.options" in done.stdout.split()
    assert "torch" not in done.stdout.split()


def test_only_the_public_modules_of_reenactor_are_used() -> None:
    if not API.is_file():
        pytest.skip("the documentation of reenactor is not beside this package")
    public = set(re.findall(r"^::: (\S+)", API.read_text(encoding="utf-8"), re.M))
    used = set()
    for path in (FOLDER / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                used.add(node.module or "")
            elif isinstance(node, ast.Import):
                used |= {alias.name for alias in node.names}
    ours = {name for name in used if name.split(".")[0] in ("reenactor", "reenactor_plugins")}
    assert "reenactor.values" in ours
    assert ours <= public


def test_the_readme_tells_every_option() -> None:
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    for dataset, options in (("anny", AnnyOptions), ("turntable", TurntableOptions)):
        section = text.split(f"## The dataset `{dataset}`")[1].split("\n## ")[0]
        for name, field in options.model_fields.items():
            assert re.search(rf"^\| `{name}` \|", section, re.M), name
            assert field.description
