"""Checks the files that a spec names."""

from collections.abc import Iterator
from pathlib import Path

from reenactor.catalog.options import paths_in
from reenactor.catalog.plan import Part
from reenactor.inputs import PICTURE_SUFFIXES, UNREAD_PICTURE_SUFFIXES
from reenactor.spec import Problem
from reenactor.spec.background import Form, background_path
from reenactor.spec.source import Source


def background_problems(background: Form, source: Source) -> Iterator[Problem]:
    """Problems with the background's picture, folder or video."""
    found = background_path(background)
    if found is None:
        return
    form, path = found
    field = ("background", form) if ("background", form) in source.values else (
        "background",
    )  # fmt: skip
    problem, expected = _wrong(form, path)
    if problem:
        yield Problem(problem, source.value(field), field, str(path), expected)


def _wrong(form: str, path: Path) -> tuple[str, str]:
    """The problem with a background's path and what was expected; empty strings if it is fine."""
    if form != "folder":
        kind = "a picture" if form == "image" else "a video"
        if path.is_dir():
            return "is a folder", kind
        if path.is_file():
            return "", ""
        return "is a device or a pipe" if path.exists() else "no such file", kind
    if path.is_file():
        return "is a file", "a folder of pictures (or a known picture or video format)"
    if not path.is_dir():
        missing = "is a device or a pipe" if path.exists() else "no such folder"
        return missing, "a folder of pictures"
    suffixes = PICTURE_SUFFIXES | UNREAD_PICTURE_SUFFIXES
    pictures = (inner for inner in path.iterdir() if inner.suffix.lower() in suffixes)
    if any(pictures):
        return "", ""
    return "contains no pictures", ", ".join(sorted(PICTURE_SUFFIXES))


def path_problems(part: Part, source: Source) -> Iterator[Problem]:
    """Problems with the paths among a component's options: all must exist."""
    for field, path in paths_in(part.options, part.field):
        if not (path.is_file() or path.is_dir()):
            there = "is a device or a pipe" if path.exists() else "no such file or folder"
            yield Problem(
                there,
                source.value(field),
                field,
                str(path),
                "a path relative to the spec's folder",
            )
