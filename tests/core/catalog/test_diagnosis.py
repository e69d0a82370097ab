"""What `reenactor plugins doctor` sees of plugins that look sound at first."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from reenactor.catalog import discover
from reenactor.catalog.diagnosis import diagnose

Install = Callable[..., Path]

HEAD = "from reenactor.hookspecs import hookimpl\nfrom reenactor.manifest import *\n"
WEIGHT = (
    "Weight('w', 'w.bin', '{sha256}', {size}, 'MIT', 'a test', resource='reenactor_mine:w.bin')"
)
CONTENT = b"weights"
SPEC = (
    "version: 1\nparser: taps\npose_estimator: blazepose\nbody_generator: puppet\n"
    "frame_renderer: puppet\n"
)


def wrong() -> dict[str, str]:
    """What is wrong with the plugin, by what was looked at."""
    found = diagnose(discover(only={"reenactor", "reenactor-mine"}))
    return {one.what: one.problem for one in found if one.problem and "mine" in one.provider}


def test_a_sound_plugin(plugin: Install) -> None:
    plugin("mine")
    assert wrong() == {}


def test_an_abstract_class(plugin: Install) -> None:
    package = plugin("mine")
    text = "from reenactor.roles import Parser\nclass It(Parser): ...\n"
    (package / "component.py").write_text(text, encoding="utf-8")
    assert "abstract: it does not implement parse" in wrong()["parser 'mine'"]


@pytest.mark.parametrize("file", ["manifest.py", "options.py"])
def test_torch_where_nothing_may_wait_for_it(plugin: Install, file: str) -> None:
    path = plugin("mine") / file
    path.write_text("import torch\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    module = f"reenactor_mine.{file.removesuffix('.py')}"
    assert wrong() == {"manifest 'reenactor_mine'": f"{module} imports torch"}


@pytest.mark.parametrize(
    ("there", "sha256", "said"),
    [
        (CONTENT, hashlib.sha256(CONTENT).hexdigest(), ""),
        (CONTENT + b"!", hashlib.sha256(CONTENT).hexdigest(), "8 bytes, not 7"),
        (b"w3ights", hashlib.sha256(CONTENT).hexdigest(), "damaged"),
        (None, hashlib.sha256(CONTENT).hexdigest(), "missing"),
    ],
)
def test_a_weight_that_the_package_ships(
    plugin: Install, there: bytes | None, sha256: str, said: str
) -> None:
    weight = WEIGHT.format(sha256=sha256, size=len(CONTENT))
    package = plugin("mine", more=f", weights=({weight},)")
    manifest = package / "manifest.py"
    text = manifest.read_text("utf-8").replace("ComponentInfo,", "ComponentInfo, Weight,")
    manifest.write_text(text, encoding="utf-8")
    if there is not None:
        (package / "w.bin").write_bytes(there)
    assert said in wrong().get("parser 'mine'", "")
    assert bool(wrong()) == bool(said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "no file 'a.yaml'"),
        (SPEC, ""),
        (SPEC.replace("taps", "tpas"), "no parser of that name"),
        (SPEC + "outptu: 3\n", "unknown key"),
        ("- a\n", "not a spec"),
    ],
)
def test_a_spec_that_the_package_ships(install: Install, text: str | None, said: str) -> None:
    source = HEAD + (
        "@hookimpl\ndef reenactor_specs():\n"
        "    return [SpecInfo('theirs', 'reenactor_mine:a.yaml', '')]\n"
    )
    package = install("reenactor-mine", {"manifest.py": source})
    if text is not None:
        (package / "a.yaml").write_text(text, encoding="utf-8")
    assert said in wrong().get("spec 'theirs'", "")
    assert bool(wrong()) == bool(said)
