"""The choice of a component and its options."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    model_serializer,
)
from pydantic_core import PydanticCustomError

NONE = "none"
"""The word that leaves a role empty."""


class SpecPart(BaseModel):
    """The base class of all parts of a spec: frozen, unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def mistake(
    problem: str, *, given: str = "", expected: str = "", advice: str = ""
) -> PydanticCustomError:
    """A validation error with the parts of a spec mistake."""
    context = {"problem": problem, "given": given, "expected": expected, "advice": advice}
    return PydanticCustomError("mistake", "{problem}", context)


class Choice(SpecPart):
    """A component by name; its options are validated once the component is known.

    In YAML: `taps`, or `{use: taps, scale: 2}`.
    """

    use: str = Field(min_length=1, description="the component's name")
    options: Mapping[str, Any] = Field(default_factory=dict, description="its options")

    @model_serializer
    def as_yaml(self) -> str | dict[str, Any]:
        """The form written in a spec."""
        return {"use": self.use, **self.options} if self.options else self.use


def _long(value: Any) -> Any:
    """Separate a component's name from its options."""
    if isinstance(value, Choice):
        return value
    if isinstance(value, str):
        return {"use": value}
    if isinstance(value, Mapping):
        options = {key: inner for key, inner in value.items() if key != "use"}
        return {"options": options, **({"use": value["use"]} if "use" in value else {})}
    raise mistake("no component named", expected="a name, or {use: name, option: value}")


def _optional(value: Any) -> Any:
    empty = value is None or value == NONE
    if empty or (isinstance(value, Mapping) and dict(value) == {"use": NONE}):
        return None
    return _long(value)


def _needed(value: Any) -> Any:
    if value is None:
        raise mistake("no value", expected="a component's name")
    if value == NONE or (isinstance(value, Mapping) and value.get("use") == NONE):
        raise mistake("must not be none", given=NONE, expected="a component's name")
    return _long(value)


def _several(value: Any) -> Any:
    return list(value) if isinstance(value, list | tuple) else [value]


NeededChoice = Annotated[Choice, BeforeValidator(_needed)]
OptionalChoice = Annotated[
    Choice | None,
    PlainSerializer(lambda choice: choice.as_yaml() if choice else NONE),
    BeforeValidator(_optional),
]
"""An optional component; `none`, an empty value and Python's None leave it out."""
MOST = 8
"""The most components for one role; each must provide different facets."""
Choices = Annotated[
    tuple[NeededChoice, ...], BeforeValidator(_several), Field(min_length=1, max_length=MOST)
]
"""One choice or a list of them."""
