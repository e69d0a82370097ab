"""From a file or a name to a `Spec`, or to every mistake in it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from pydantic import ValidationError

from reenactor.errors import SpecError
from reenactor.resource import find_resource
from reenactor.spec.background import background_path
from reenactor.spec.document import MAX_BYTES, Document, read_text
from reenactor.spec.mistakes import mistakes
from reenactor.spec.model import Spec
from reenactor.spec.override import override
from reenactor.spec.problem import Problem, SpecMistakesError, in_order
from reenactor.spec.source import Source
from reenactor.spelling import did_you_mean

NO_NAMES: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class LoadedSpec:
    """A spec, and where each part of it was written.

    `name` is what it was asked for by: a built-in's name or a file's path. Paths of the spec
    itself are absolute; those among options are made so when the options are read.
    """

    spec: Spec
    source: Source = field(repr=False)
    name: str

    @classmethod
    def built(cls, spec: Spec) -> "LoadedSpec":
        """For a spec made in Python."""
        return cls(spec, Source.nowhere(), "")


def load_spec(
    name_or_path: str | Path, overrides: Iterable[str] = (), named: Mapping[str, str] = NO_NAMES
) -> LoadedSpec:
    """Read a spec and check all that can be checked without knowing the components.

    Args:
        name_or_path: a name from `named`, or the path of a YAML file.
        overrides: `key.sub=value`, applied in order before anything is checked.
        named: the specs that have a name, as resources (`Catalog.spec_resources`).

    Raises:
        SpecMistakesError: the spec has mistakes; it names all of them.
        SpecError: there is no such spec.
    """
    written = open_document(name_or_path, named)
    if not isinstance(written.data, dict):
        raise SpecMistakesError(written.problems)
    document = override(written, overrides)
    spec, problems = _validated(document)
    problems = [*document.problems, *problems]
    if spec is None or problems:
        raise SpecMistakesError(in_order(problems))
    return LoadedSpec(_with_paths(spec, document.source), document.source, str(name_or_path))


def _validated(document: Document) -> tuple[Spec | None, list[Problem]]:
    try:
        return Spec.model_validate(document.data), []
    except ValidationError as error:
        return None, mistakes(error, Spec, document.data, document.source)


def open_document(
    name_or_path: str | Path, named: Mapping[str, str], what: str = "spec"
) -> Document:
    """Read the YAML of a spec (or of something else, as `what` calls it) by name or path.

    Raises:
        SpecError: there is no such thing, or it cannot be read.
    """
    name = str(name_or_path)
    if name in named and isinstance(name_or_path, str):
        resource = find_resource(named[name])
        return read_text(Path(str(resource)), str(resource), resource.read_bytes())
    path = Path(name_or_path)
    try:
        with path.open("rb") as file:
            return read_text(path.resolve(), name, file.read(MAX_BYTES + 1))
    except FileNotFoundError as error:
        raise SpecError(
            f"there is no such {what}",
            given=name,
            expected=f"a YAML file, or one of {', '.join(sorted(named)) or 'no names'}",
            advice=did_you_mean(name, sorted(named)),
        ) from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise SpecError(f"the {what} cannot be read: {reason}", given=name) from error


def _with_paths(spec: Spec, source: Source) -> Spec:
    """Make the background's path absolute, as seen from where it was written."""
    found = background_path(spec.background)
    if found is None:
        return spec
    form, path = found
    folder = source.value(("background", form)).folder
    background = spec.background.model_copy(update={form: absolute(path, folder)})
    return spec.model_copy(update={"background": background})


def absolute(path: Path, folder: Path) -> Path:
    """A path as seen from a folder; `~` is the user's home."""
    return folder / path.expanduser()
