import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from reenactor.manifest import ComponentInfo, Facet, Role, Weight

Install = Callable[..., Path]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Puts a distribution with one entry point on the path, as an installer would have.

    Its package is called as the distribution, with underscores; `modules` are its files.
    """
    before = set(sys.modules)
    count = 0

    def install_distribution(
        name: str,
        modules: dict[str, str],
        version: str = "1.0",
        requires: Sequence[str] = (),
        entry_points: str = "",
    ) -> Path:
        nonlocal count
        count += 1
        site = tmp_path / f"site{count}"
        package = name.replace("-", "_")
        (site / package).mkdir(parents=True)
        for file, text in {"__init__.py": "", **modules}.items():
            (site / package / file).write_text(text, encoding="utf-8")
        info = site / f"{package}-{version}.dist-info"
        info.mkdir()
        lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
        lines += [f"Requires-Dist: {requirement}" for requirement in requires]
        (info / "METADATA").write_text("\n".join(lines) + "\n", encoding="utf-8")
        points = entry_points or f"[reenactor]\n{package} = {package}.manifest\n"
        (info / "entry_points.txt").write_text(points, encoding="utf-8")
        monkeypatch.syspath_prepend(str(site))
        return site / package

    yield install_distribution
    for module in set(sys.modules) - before:
        if any(str(tmp_path) in str(p) for p in _places(module)):
            del sys.modules[module]


def _places(module: str) -> list[str]:
    found = sys.modules[module]
    return [str(getattr(found, "__file__", "")), *map(str, getattr(found, "__path__", []))]


MANIFEST = """\
from reenactor.hookspecs import hookimpl
from reenactor.manifest import ComponentInfo, Facet, Role

@hookimpl
def reenactor_components():
    return [ComponentInfo(role=Role.{role}, name="{name}", target="{package}.component:It",
        options="{package}.options:Its", summary="a test", licence="MIT"{more})]
"""


@dataclass(frozen=True)
class Plugin:
    """Sources of a plugin with one component."""

    package: str
    name: str
    role: str = "PARSER"
    more: str = ""

    def manifest(self) -> str:
        values = {"package": self.package, "name": self.name, "role": self.role}
        return MANIFEST.format(**values, more=self.more)


OPTIONS = """\
from pathlib import Path
from pydantic import BaseModel, Field
from reenactor.options import Options

class Nested(BaseModel):
    file: Path

class Its(Options):
    scale: int = Field(default=1, ge=1, description="how large")
    weights: Path | None = None
    nested: Nested | None = None
    files: tuple[Path, ...] = ()
    fallback: Path = Path("relative/default")
"""

COMPONENT = """\
from reenactor.roles import Parser

class It(Parser):
    def parse(self, frames, skeleton):
        raise NotImplementedError
"""


@pytest.fixture
def plugin(install: Install) -> Callable[..., Path]:
    """Installs a sound plugin with one component."""

    def install_plugin(
        name: str, distribution: str = "reenactor-mine", role: str = "PARSER", more: str = ""
    ) -> Path:
        package = distribution.replace("-", "_")
        source = Plugin(package, name, role, more).manifest()
        return install(
            distribution,
            {"manifest.py": source, "options.py": OPTIONS, "component.py": COMPONENT},
        )

    return install_plugin


@pytest.fixture
def info() -> Callable[..., ComponentInfo]:
    """Makes component infos that differ from a sound one in some fields."""
    sound = ComponentInfo(
        role=Role.PARSER,
        name="mine",
        target="mine.component:Mine",
        options="reenactor.options:NoOptions",
        summary="a test",
        licence="MIT",
        needs=frozenset({Facet.SKELETON}),
        provides=frozenset({Facet.PARSING}),
    )
    return lambda **fields: replace(sound, **fields)


@pytest.fixture
def weight() -> Weight:
    """A weight that is nowhere."""
    return Weight("big", "big.safetensors", "0" * 64, 1000, "CC BY-NC 4.0", "a paper")
