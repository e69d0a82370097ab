"""Loads a `Spec` from a file or by name, or collects all mistakes in it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import TypeAdapter, ValidationError

from reenactor.errors import SpecError
from reenactor.inputs import require_regular_file
from reenactor.manifest import Role
from reenactor.resource import find_resource
from reenactor.spec.background import Background, Form, background_path
from reenactor.spec.choice import MOST, Choice, NeededChoice
from reenactor.spec.document import MAX_BYTES, Document, read_text
from reenactor.spec.mistakes import mistakes
from reenactor.spec.model import Spec
from reenactor.spec.override import override
from reenactor.spec.problem import Problem, SpecMistakesError, in_order
from reenactor.spec.source import FieldPath, Source
from reenactor.spelling import did_you_mean

NO_NAMES: Mapping[str, str] = MappingProxyType({})
_CHOICE: TypeAdapter[Choice] = TypeAdapter(NeededChoice)
_BACKGROUND: TypeAdapter[Form] = TypeAdapter(Background)


@dataclass(frozen=True)
class LoadedSpec:
    """A spec and the positions of its parts.

    `name` is the name or path it was loaded by. Paths in the spec itself are absolute; paths among
    options become absolute when the options are validated.
    """

    spec: Spec
    source: Source = field(repr=False)
    name: str

    @classmethod
    def built(cls, spec: Spec) -> "LoadedSpec":
        """Wrap a spec built in Python."""
        return cls(spec, Source.nowhere(), "")


@dataclass(frozen=True)
class Draft:
    """A spec that may have mistakes.

    `spec` is None if it has any. `choices` and `background` hold the parts that could be read, so
    that mistakes in components are found together with the rest.
    """

    spec: Spec | None
    choices: tuple[tuple[FieldPath, Role, Choice], ...]
    background: Form | None
    source: Source = field(repr=False)
    name: str
    problems: tuple[Problem, ...] = ()

    @classmethod
    def of(cls, loaded: LoadedSpec) -> "Draft":
        """Wrap a spec without mistakes."""
        spec = loaded.spec
        return cls(spec, spec.choices(), spec.background, loaded.source, loaded.name)

    def complete(self) -> LoadedSpec:
        """The spec; raises `SpecMistakesError` if it has mistakes."""
        if self.spec is None:
            raise SpecMistakesError(self.problems)
        return LoadedSpec(self.spec, self.source, self.name)


def load_spec(
    name_or_path: str | Path, overrides: Iterable[str] = (), named: Mapping[str, str] = NO_NAMES
) -> LoadedSpec:
    """Load a spec and check everything that does not depend on the components.

    Args:
        name_or_path: a name from `named`, or the path of a YAML file.
        overrides: `key.sub=value`, applied in order before anything is checked.
        named: the specs that have a name, as resources (`Catalog.spec_resources`).

    Raises:
        SpecMistakesError: the spec has mistakes; lists all of them.
        SpecError: no such spec.
    """
    return draft_spec(name_or_path, overrides, named).complete()


def draft_spec(
    name_or_path: str | Path, overrides: Iterable[str] = (), named: Mapping[str, str] = NO_NAMES
) -> Draft:
    """Like `load_spec`, but collect mistakes instead of raising them.

    Raises:
        SpecError: no such spec, or invalid YAML.
    """
    written = open_document(name_or_path, named)
    if not isinstance(written.data, dict):
        raise SpecMistakesError(written.problems)
    document = override(written, overrides)
    spec, problems = _validated(document)
    problems = [*document.problems, *problems]
    if spec is not None and not problems:
        spec = _with_paths(spec, document.source)
        return Draft.of(LoadedSpec(spec, document.source, str(name_or_path)))
    return Draft(
        None,
        tuple(_readable_choices(document.data)),
        _readable_background(document),
        document.source,
        str(name_or_path),
        tuple(in_order(problems)),
    )


def _readable_choices(data: Mapping[str, Any]) -> Iterator[tuple[FieldPath, Role, Choice]]:
    """The components that can be read from a spec with mistakes."""
    for role in Role:
        value = data.get(role.value)
        several = role is Role.POSE_ESTIMATOR
        values = value if several and isinstance(value, list) else [value]
        for number, one in enumerate(values[:MOST]):
            try:
                choice = _CHOICE.validate_python(one)
            except ValidationError:
                continue  # already reported, or absent
            yield (role.value, number) if several else (role.value,), role, choice


def _readable_background(document: Document) -> Form | None:
    if "background" not in document.data:
        return None
    try:
        background: Form = _BACKGROUND.validate_python(document.data["background"])
    except ValidationError:
        return None
    return _absolute(background, document.source)


def _validated(document: Document) -> tuple[Spec | None, list[Problem]]:
    try:
        return Spec.model_validate(document.data), []
    except ValidationError as error:
        return None, mistakes(error, Spec, document.data, document.source)


def open_document(
    name_or_path: str | Path, named: Mapping[str, str], what: str = "spec"
) -> Document:
    """Read the YAML of a spec (or of `what`, if it is something else) by name or path.

    Raises:
        SpecError: it does not exist, or cannot be read.
    """
    name = str(name_or_path)
    if name in named and isinstance(name_or_path, str):
        resource = find_resource(named[name])
        return read_text(Path(str(resource)), str(resource), resource.read_bytes())
    if not name:
        raise SpecError(
            f"the name of the {what} is empty",
            given="''",
            expected=f"a YAML file, or one of {', '.join(sorted(named)) or 'no names'}",
        )
    path = Path(name_or_path)
    require_regular_file(path)
    try:
        with path.open("rb") as file:
            return read_text(path.resolve(), name, file.read(MAX_BYTES + 1))
    except FileNotFoundError as error:
        raise SpecError(
            f"no such {what}",
            given=name,
            expected=f"a YAML file, or one of {', '.join(sorted(named)) or 'no names'}",
            advice=did_you_mean(name, sorted(named)),
        ) from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise SpecError(f"the {what} cannot be read: {reason}", given=name) from error


def _with_paths(spec: Spec, source: Source) -> Spec:
    """Make the background's path absolute, relative to where it was written."""
    return spec.model_copy(update={"background": _absolute(spec.background, source)})


def _absolute(background: Form, source: Source) -> Form:
    found = background_path(background)
    if found is None:
        return background
    form, path = found
    folder = source.value(("background", form)).folder
    return background.model_copy(update={form: absolute(path, folder)})


def absolute(path: Path, folder: Path) -> Path:
    """A path relative to a folder; `~` is the user's home."""
    return folder / path.expanduser()
