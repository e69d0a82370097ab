"""The JSON schema of specs for editors, with installed components and their options."""

from collections.abc import Iterator
from typing import Any

from reenactor.catalog.catalog import Catalog
from reenactor.catalog.entries import ComponentEntry
from reenactor.catalog.options import options_schema
from reenactor.errors import PluginError
from reenactor.manifest import Role
from reenactor.spec import Spec
from reenactor.spec.background import COLOURS, WORDS
from reenactor.spec.choice import NONE

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_OPTIONAL = frozenset({Role.INPAINTER, Role.FACE_REFINER})
_SHORT_BACKGROUNDS: tuple[Schema, ...] = (
    {
        "enum": list(WORDS),
        "description": "the background of the video or of the photo, or transparent",
    },
    {"enum": list(COLOURS), "description": "a colour by its name"},
    {"type": "string", "pattern": "^#[0-9a-fA-F]{6}$", "description": "a colour, in quotes"},
    {
        "type": "string",
        "pattern": "^[^#].*[./\\\\]|^[./\\\\]",
        "description": "the path of a picture, a folder of pictures or a video",
    },
)
_SHORT_SUBJECTS: tuple[Schema, ...] = (
    {"const": "largest", "description": "the person who fills most of the picture"},
    {"type": "integer", "minimum": 0, "description": "the n-th person by importance, from 0"},
)
_LONG_FORMS = {
    "background": ("Image", "Folder", "Video"),
    "subject": ("ByIndex", "ByBox", "ByPoint"),
}


def spec_schema(catalog: Catalog) -> Schema:
    """The schema of all specs that are valid with the components of this catalog.

    Components whose options cannot be imported are described without options.
    """
    schema = Spec.model_json_schema()
    definitions: dict[str, Schema] = schema["$defs"]
    for role in Role:
        described = schema["properties"][role.value].get("description", "")
        forms = list(_role_forms(role, catalog, definitions))
        one: Schema = {"anyOf": forms} if forms else {"not": {}}
        if forms and role is Role.POSE_ESTIMATOR:
            one = {"anyOf": [*forms, {"type": "array", "minItems": 1, "items": {"anyOf": forms}}]}
        schema["properties"][role.value] = {"description": described, **one}
    _add_forms(schema["properties"]["background"], "background", _SHORT_BACKGROUNDS)
    _add_forms(definitions["MotionSpec"]["properties"]["subject"], "subject", _SHORT_SUBJECTS)
    used = _referenced(schema["properties"], definitions)
    schema["$defs"] = {name: definitions[name] for name in sorted(used)}
    title = "A reenactor spec"
    described = "The components that fill the six roles, and their options."
    return {"$schema": DIALECT, **schema, "title": title, "description": described}


def _role_forms(role: Role, catalog: Catalog, definitions: dict[str, Schema]) -> Iterator[Schema]:
    """Every way to fill a role: bare names, and names with options."""
    for entry in catalog.of_role(role):
        key = f"{role.value}.{entry.info.name}"
        if key in definitions:
            continue  # provided by two plugins: a mistake in specs that name it
        definitions[key] = _component(entry, key, definitions)
        if definitions[key]["required"] == ["use"]:
            yield {"const": entry.info.name, "description": entry.info.summary}
        yield {"$ref": f"#/$defs/{key}"}
    if role in _OPTIONAL:
        yield {"const": NONE, "description": "leave it out"}


def _component(entry: ComponentEntry, key: str, definitions: dict[str, Schema]) -> Schema:
    try:
        options: Schema = options_schema(entry.info, entry.provider, f"#/$defs/{key}.{{model}}")
    except PluginError:
        options = {}
    else:
        for name, inner in options.pop("$defs", {}).items():
            definitions[f"{key}.{name}"] = inner
    use = {"const": entry.info.name, "description": entry.info.summary}
    return {
        **options,
        "type": "object",
        "title": key,
        "description": entry.info.summary,
        "properties": {"use": use, **options.get("properties", {})},
        "required": ["use", *options.get("required", [])],
    }


def _add_forms(field: Schema, name: str, short: tuple[Schema, ...]) -> None:
    """Replace pydantic's union of long forms by the forms that may be written."""
    for keyword in ("oneOf", "anyOf", "default"):
        field.pop(keyword, None)
    field["anyOf"] = [*short, *({"$ref": f"#/$defs/{form}"} for form in _LONG_FORMS[name])]


def _referenced(schema: Any, definitions: dict[str, Schema]) -> set[str]:
    """The definitions that a schema refers to, directly or indirectly."""
    found: set[str] = set()
    waiting = [schema]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            name = str(value.get("$ref", "")).removeprefix("#/$defs/")
            if name in definitions and name not in found:
                found.add(name)
                waiting.append(definitions[name])
            waiting += value.values()
    return found
