"""Write the tables of options and metrics in these pages: `python docs/tables.py`.

A table stands between `<!-- table: NAME -->` and `<!-- end -->`. NAME is `parser/taps`,
`dataset/photos`, `recipe/p2b`, `recipes` (what all recipes share) or `metrics`. The tables come
from the pydantic models and the metrics' registry; tests/test_docs.py fails while they differ.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from math import inf
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from reenactor.catalog import discover, options_model
from reenactor.catalog.options import import_target
from reenactor.metrics.metric import Better
from reenactor.metrics.registry import METRICS
from reenactor.training.settings import TrainingSettings

PAGES = Path(__file__).parent
_TABLE = re.compile(r"(<!-- table: (\S+) -->\n).*?(<!-- end -->)", re.S)
_WORDS = {bool: "true or false", int: "integer", float: "number", str: "text", Path: "path"}
_BOUNDS = {"ge": "{} or more", "gt": "more than {}", "le": "at most {}", "lt": "less than {}",
           "multiple_of": "a multiple of {}", "min_length": "length {} or more"}  # fmt: skip


def models() -> dict[str, type[BaseModel]]:
    """What has options, by the names of their tables."""
    catalog = discover(only={"reenactor"})
    found: dict[str, type[BaseModel]] = {"recipes": TrainingSettings}
    for entry in catalog.components:
        info = entry.info
        found[f"{info.role}/{info.name}"] = options_model(info)
        if info.recipe is not None:
            found[f"recipe/{info.name}"] = import_target(info.recipe.settings, info)
    for dataset in catalog.datasets:
        found[f"dataset/{dataset.info.name}"] = options_model(dataset.info)
    return {name: model for name, model in found.items() if model.model_fields}


def table(name: str) -> str:
    """The lines of a table."""
    if name == "metrics":
        return _metrics()
    return _options(models()[name], shared=name.startswith("recipe/"))


def updated(text: str) -> str:
    """A page with its tables as they should be."""
    return _TABLE.sub(lambda match: match[1] + table(match[2]) + match[3], text)


def named(text: str) -> list[str]:
    """The names of a page's tables."""
    return [match[2] for match in _TABLE.finditer(text)]


def _options(model: type[BaseModel], shared: bool) -> str:
    """A row for each field; of a recipe only what differs from the shared settings."""
    base = TrainingSettings.model_fields if shared else {}
    rows = [
        (f"`{name}`", _values(field), _default(field), field.description or "")
        for name, field in model.model_fields.items()
        if name not in base or _default(field) != _default(base[name])
    ]
    return _lines(("option", "values", "default", "meaning"), rows)


def _values(field: FieldInfo) -> str:
    return _bounded(_type(field.annotation), field.metadata)


def _bounded(said: str, rules: Sequence[object]) -> str:
    """A type with its bounds. Pydantic keeps those inside a list in a field of their own."""
    inner = [part for rule in rules for part in getattr(rule, "metadata", (rule,))]
    bounds = {
        key: value
        for rule in inner
        for key, value in ((key, getattr(rule, key, None)) for key in _BOUNDS)
        if value is not None
    }
    if {"ge", "le"} <= set(bounds):
        said += f", {_plain(bounds.pop('ge'))} to {_plain(bounds.pop('le'))}"
    return ", ".join([said, *(_BOUNDS[key].format(_plain(v)) for key, v in bounds.items())])


def _type(annotation: Any) -> str:
    if annotation in _WORDS:
        return _WORDS[annotation]
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return ", ".join(f"`{value}`" for value in arguments)
    if origin in (Union, UnionType):
        return " or ".join(_type(part) for part in arguments if part is not type(None))
    if origin is tuple:
        inner = arguments[0]
        count = "" if ... in arguments else f"{len(arguments)} "
        rules: Sequence[object] = ()
        if get_origin(inner) is Annotated:
            inner, *rules = get_args(inner)
        return _bounded(f"list of {count}{_type(inner)}{'s' if inner in _WORDS else ''}", rules)
    raise TypeError(f"no words for {annotation}")


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True)
    return "none" if value is None else f"`{_plain(value)}`"


def _plain(value: object) -> str:
    """A value as YAML has it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(_plain(part) for part in value)}]"
    return str(value).removesuffix(".0")


def _metrics() -> str:
    rows = [
        (
            f"`{metric.name}`",
            metric.summary,
            f"{'↑' if metric.better is Better.HIGHER else '↓'} {metric.low:g} …"
            f"{'' if metric.high == inf else f' {metric.high:g}'} {metric.unit}".rstrip(),
            str(metric.scope),
            f"`{metric.version}`",
        )
        for metric in METRICS.values()
    ]
    return _lines(("name", "meaning", "better, range", "one figure per", "version"), rows)


def _lines(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    escaped = ([cell.replace("|", r"\|") for cell in row] for row in (head, *rows))
    lines = [f"| {' | '.join(cells)} |" for cells in escaped]
    return "\n".join([lines[0], "|---" * len(head) + "|", *lines[1:]]) + "\n"


def pages() -> Iterator[Path]:
    """Every page of the documentation."""
    yield from sorted(PAGES.rglob("*.md"))


def main(say: Callable[[str], None] = print) -> None:
    """Bring all tables up to date."""
    for page in pages():
        text = page.read_text(encoding="utf-8")
        if (new := updated(text)) != text:
            page.write_text(new, encoding="utf-8", newline="\n")
            say(str(page.relative_to(PAGES)))


if __name__ == "__main__":
    main()
