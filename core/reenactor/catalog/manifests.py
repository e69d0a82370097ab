"""Validates the values that a manifest returns."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from itertools import islice
from typing import Any, TypeVar

from reenactor.catalog.entries import printable
from reenactor.manifest import (
    ComponentInfo,
    DatasetInfo,
    Facet,
    RecipeInfo,
    Role,
    SpecInfo,
    Weight,
)
from reenactor.resource import PATTERN as RESOURCE

T = TypeVar("T")

_NAME = re.compile(r"[a-z0-9]+([-_.][a-z0-9]+)*")
_TARGET = re.compile(r"[A-Za-z_]\w*(\.\w+)*:[A-Za-z_]\w*")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_RESERVED = frozenset({"none"})

PROVIDED_BY: Mapping[Role, frozenset[Facet]] = {
    Role.PARSER: frozenset({Facet.PARSING}),
    Role.POSE_ESTIMATOR: frozenset({Facet.SKELETON, Facet.WORLD, Facet.MASK, Facet.DENSE}),
    Role.INPAINTER: frozenset(),
    Role.BODY_GENERATOR: frozenset({Facet.BODY}),
    Role.FRAME_RENDERER: frozenset(),
    Role.FACE_REFINER: frozenset(),
}
"""The facets that components of each role can provide."""


MOST = 1000
"""The most values that a hook or a field may have, and the most characters of a name."""
_PROSE = frozenset({"summary", "licence", "paper", "origin"})
"""Fields that are only shown."""


class ManifestError(Exception):
    """A manifest returned an invalid value."""


def at_most(values: Iterable[T]) -> list[T]:
    """The values as a list.

    Raises:
        ManifestError: there are more than `MOST`.
    """
    found = list(islice(values, MOST + 1))
    if len(found) > MOST:
        raise ManifestError(f"more than {MOST} values")
    return found


def component_of(value: Any) -> ComponentInfo:
    """Validate a `ComponentInfo` and rebuild it from plain values.

    Subclasses of str and the like are converted, so that no plugin code runs in comparisons later.

    Raises:
        ManifestError: it is invalid; names the component and the field.
    """
    if not isinstance(value, ComponentInfo):
        raise ManifestError(f"reenactor_components returned a {type(value).__name__}: {value!r}")
    plain = _plain(value, ComponentInfo)
    _require(isinstance(plain.role, Role), plain, "role", "a member of Role")
    named = isinstance(plain.name, str) and _NAME.fullmatch(plain.name)
    _require(named, plain, "name", "lower-case letters, digits and dashes")
    _require(plain.name not in _RESERVED, plain, "name", f"a name other than {plain.name!r}")
    for field in ("target", "options"):
        _require(_matches(_TARGET, plain, field), plain, field, '"package.module:Name"')
    _texts(plain, "summary", "licence")
    _facets(plain)
    for weight in _listed(plain.weights, plain, "weights", Weight):
        _weight(weight, plain)
    if plain.recipe is not None:
        _recipe(plain.recipe, plain)
    return replace(plain, needs=frozenset(plain.needs), provides=frozenset(plain.provides))


def spec_of(value: Any) -> SpecInfo:
    """Validate a `SpecInfo`; raises `ManifestError`."""
    if not isinstance(value, SpecInfo):
        raise ManifestError(f"reenactor_specs returned a {type(value).__name__}: {value!r}")
    plain = _plain(value, SpecInfo)
    _require(_matches(_NAME, plain, "name"), plain, "name", "lower-case letters, digits and dashes")
    _require(_matches(RESOURCE, plain, "resource"), plain, "resource", '"package:path/file.yaml"')
    _require(isinstance(plain.summary, str), plain, "summary", "text")
    return plain


def dataset_of(value: Any) -> DatasetInfo:
    """Validate a `DatasetInfo`; raises `ManifestError`."""
    if not isinstance(value, DatasetInfo):
        raise ManifestError(f"reenactor_datasets returned a {type(value).__name__}: {value!r}")
    plain = _plain(value, DatasetInfo)
    _require(_matches(_NAME, plain, "name"), plain, "name", "lower-case letters, digits and dashes")
    for field in ("target", "options"):
        _require(_matches(_TARGET, plain, field), plain, field, '"package.module:Name"')
    _texts(plain, "summary", "licence")
    return plain


def _plain(value: Any, kind: type[T]) -> T:
    """A copy with plain values in its fields; they are validated afterwards."""
    plain = object.__new__(kind)
    for field in fields(kind):  # type: ignore[arg-type]  # all of them are dataclasses
        try:
            held = _of_field(getattr(value, field.name))
            if field.name in _PROSE and isinstance(held, str):
                held = printable(held)
            elif isinstance(held, str) and len(held) > MOST:
                raise ManifestError(f"more than {MOST} characters")
            object.__setattr__(plain, field.name, held)
        except ManifestError as error:
            raise ManifestError(f"{kind.__name__}.{field.name} has {error}") from None
    return plain


def _of_field(value: Any, depth: int = 2) -> Any:
    """Text as str and iterables as tuples; other values are left for validation."""
    if type(value) in (Role, Facet) or isinstance(value, bytes):
        return value
    if isinstance(value, str):
        return str.__str__(value)
    for kind in (Weight, RecipeInfo):
        if isinstance(value, kind):
            return _plain(value, kind)
    if depth and isinstance(value, Iterable):
        return tuple(_of_field(one, depth - 1) for one in at_most(value))
    return value


def _texts(value: ComponentInfo | DatasetInfo, *needed: str) -> None:
    for field in (*needed, "paper"):
        text = getattr(value, field)
        sound = isinstance(text, str) and (bool(text.strip()) or field not in needed)
        _require(sound, value, field, "some text")


def _recipe(recipe: RecipeInfo, info: ComponentInfo) -> None:
    _require(isinstance(recipe, RecipeInfo), info, "recipe", "a RecipeInfo")
    for field in ("target", "settings"):
        sound = _matches(_TARGET, recipe, field)
        _require(sound, info, f"recipe ({field})", '"package.module:name"')
    configs = _listed(recipe.configs, info, "recipe (configs)", tuple)
    names = [config[0] for config in configs if len(config) == 2]
    sound = bool(configs) and len(set(names)) == len(configs)
    sound = sound and all(
        isinstance(text, str) and pattern.fullmatch(text)
        for config in configs
        for text, pattern in zip(config, (_NAME, RESOURCE), strict=True)
    )
    expected = 'one or more different names, each with a "package:path/file.yaml"'
    _require(sound, info, "recipe (configs)", expected)


def _facets(info: ComponentInfo) -> None:
    needs = _listed(info.needs, info, "needs", Facet)
    provides = _listed(info.provides, info, "provides", Facet)
    wrong = set(provides) - PROVIDED_BY[info.role]
    possible = ", ".join(sorted(PROVIDED_BY[info.role])) or "nothing"
    _require(
        not wrong, info, "provides", f"among the facets that a {info.role} can provide: {possible}"
    )
    if info.own_body:
        sound = info.role is Role.FRAME_RENDERER and _matches(_NAME, info, "own_body")
        _require(sound, info, "own_body", "the name of a body_generator, for a frame_renderer only")
        _require(Facet.BODY not in needs, info, "own_body", "empty if the component needs a body")
    both = set(needs) & set(provides)
    _require(not both, info, "needs", "free of facets that it provides itself")


def _weight(weight: Weight, info: ComponentInfo) -> None:
    field = f"weights ({weight.name})"
    named = isinstance(weight.name, str) and weight.name.isprintable() and weight.name.strip()
    _require(named, info, field, "weights with a name")
    _require(_matches(_SHA256, weight, "sha256"), info, field, "a sha256 of 64 hex digits")
    _require(type(weight.size) is int and weight.size > 0, info, field, "a size in bytes")
    _require(isinstance(weight.file, str), info, field, "a plain file name")
    plain = bool(weight.file) and not set(weight.file) & set("/\\:") and weight.file[0] != "."
    plain = plain and weight.file.isprintable()
    _require(plain, info, field, "a plain file name")
    terms = (weight.licence, weight.origin)
    told = all(isinstance(text, str) and text for text in terms)
    _require(told, info, field, "a licence and an origin")
    _require(isinstance(weight.commercial, bool), info, field, "`commercial` to be True or False")
    if weight.resource:
        _require(_matches(RESOURCE, weight, "resource"), info, field, 'a "package:path" resource')
    for mirror in _listed(weight.mirrors, info, field, str):
        _require(mirror.startswith(("https://", "http://")), info, field, "http(s) mirrors")


def _listed(values: Iterable[Any], info: ComponentInfo, field: str, kind: type[T]) -> list[T]:
    found = [] if isinstance(values, str) or not isinstance(values, Iterable) else list(values)
    sound = isinstance(values, Iterable) and not isinstance(values, str)
    sound = sound and all(isinstance(value, kind) for value in found)
    _require(sound, info, field, f"{kind.__name__} values")
    return found


def _matches(pattern: re.Pattern[str], value: object, field: str) -> bool:
    text = getattr(value, field)
    return isinstance(text, str) and pattern.fullmatch(text) is not None


def _require(
    sound: object, info: ComponentInfo | SpecInfo | DatasetInfo, field: str, expected: str
) -> None:
    if not sound:
        given = getattr(info, field.split(" ")[0], "")
        raise ManifestError(
            f"{_kind(info)} {info.name!r}: {field} must be {expected}, not {given!r}"
        )


def _kind(info: ComponentInfo | SpecInfo | DatasetInfo) -> str:
    if isinstance(info, ComponentInfo):
        return str(info.role)
    return "spec" if isinstance(info, SpecInfo) else "dataset"
