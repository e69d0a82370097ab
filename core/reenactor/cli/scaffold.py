"""Creating a plugin package: a working component, its manifest and its tests."""

import importlib.machinery
import keyword
import re
import sys
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from string import Template
from types import MappingProxyType

from reenactor import __version__
from reenactor.errors import OutputError, UsageError
from reenactor.manifest import Role

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")

_FACETS: Mapping[Role, tuple[str, str]] = MappingProxyType(
    {
        Role.PARSER: ("Facet.SKELETON", "Facet.PARSING"),
        Role.POSE_ESTIMATOR: ("", "Facet.SKELETON"),
        Role.INPAINTER: ("", ""),
        Role.BODY_GENERATOR: ("Facet.PARSING", "Facet.BODY"),
        Role.FRAME_RENDERER: ("Facet.PARSING", ""),
        Role.FACE_REFINER: ("", ""),
    }
)
"""What each template's component needs and provides."""

_FILES: Mapping[str, str] = MappingProxyType(
    {
        "pyproject.toml": "pyproject.toml",
        "README.md": "README.md",
        "src/$package/__init__.py": "init.py",
        "src/$package/manifest.py": "manifest.py",
        "src/$package/options.py": "options.py",
        "src/$package/component.py": "$role.py",
        "tests/test_component.py": "test_component.py",
    }
)
"""The files of a package and their templates."""


def new_package(name: str, role: Role, folder: Path) -> Path:
    """Write a package `reenactor-NAME` to a new folder of that name, and return its path.

    Raises:
        UsageError: an invalid name for a component, or one that is taken.
        OutputError: the folder exists, or cannot be written.
    """
    expected = "lower-case letters, digits and dashes, starting with a letter, such as my-parser"
    if not _NAME.fullmatch(name):
        raise UsageError("invalid component name", given=name, expected=expected)
    if taken := _taken(name):
        raise UsageError("invalid component name", given=f"{name}, {taken}", expected=expected)
    words = _words(name, role)
    root = folder / words["distribution"]
    try:
        root.mkdir(parents=True)
        for path, template in _FILES.items():
            target = root / Template(path).substitute(words)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(_filled(template, words), encoding="utf-8")
    except FileExistsError as error:
        raise OutputError("the folder already exists", given=str(root)) from error
    except OSError as error:
        raise OutputError(f"cannot write the package: {error.strerror}", given=str(root)) from error
    return root


def _taken(name: str) -> str:
    """What has the name already: a word of Python's, or a module that can be imported."""
    word = name.replace("-", "_")
    if keyword.iskeyword(word) or keyword.issoftkeyword(word):
        return "which is a keyword of Python"
    if word in sys.builtin_module_names or importlib.machinery.PathFinder.find_spec(word):
        return "which is a module of Python or of an installed package"
    if importlib.machinery.PathFinder.find_spec(f"reenactor_{word}"):
        return f"whose package reenactor_{word} is installed already"
    return ""


def _words(name: str, role: Role) -> dict[str, str]:
    """The templates' values."""
    needs, provides = _FACETS[role]
    words = role.value.replace("_", " ")
    return {
        "name": name,
        "role": role.value,
        "role_member": role.name,
        "words": words,
        "distribution": f"reenactor-{name}",
        "package": "reenactor_" + name.replace("-", "_"),
        "cls": "".join(part.capitalize() for part in name.split("-")),
        "summary": f"a {words} to start from",
        "needs": needs,
        "provides": provides,
        "version": __version__,
    }


def _filled(template: str, words: Mapping[str, str]) -> str:
    name = Template(template).substitute(words) + ".txt"
    text = files("reenactor.cli").joinpath("templates", name).read_text(encoding="utf-8")
    return Template(text).substitute(words)
