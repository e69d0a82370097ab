"""Which component fills a role, and with what options."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    model_serializer,
    model_validator,
)
from pydantic_core import PydanticCustomError

NONE = "none"
"""The word that leaves a role empty."""


class SpecPart(BaseModel):
    """The base of every part of a spec: unknown keys are mistakes, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def mistake(
    problem: str, *, given: str = "", expected: str = "", advice: str = ""
) -> PydanticCustomError:
    """A validation error that says what a mistake in a spec has to say."""
    context = {"problem": problem, "given": given, "expected": expected, "advice": advice}
    return PydanticCustomError("mistake", "{problem}", context)


class Choice(SpecPart):
    """A component by its name; its options are checked when it is known who they are for.

    In YAML: `taps`, or `{use: taps, scale: 2}`.
    """

    use: str = Field(min_length=1, description="the component's name")
    options: Mapping[str, Any] = Field(default_factory=dict, description="its options")

    @model_validator(mode="before")
    @classmethod
    def _from_yaml(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"use": value}
        if isinstance(value, Choice):
            return {"use": value.use, "options": value.options}
        if isinstance(value, Mapping):
            given = dict(value)
            use = {"use": given.pop("use")} if "use" in given else {}
            return {**use, "options": given}
        raise mistake("names no component", expected="a name, or {use: name, option: value}")

    @model_serializer
    def as_yaml(self) -> str | dict[str, Any]:
        """As it is written in a spec."""
        return {"use": self.use, **self.options} if self.options else self.use


def _none_word(value: Any) -> Any:
    if value == NONE or (isinstance(value, Mapping) and dict(value) == {"use": NONE}):
        return None
    return value


def _needed(value: Any) -> Any:
    if value is None:
        raise mistake("has no value", expected="a component's name")
    if value == NONE or (isinstance(value, Mapping) and value.get("use") == NONE):
        raise mistake("cannot be none", given=NONE, expected="a component's name")
    return value


def _several(value: Any) -> Any:
    return list(value) if isinstance(value, list | tuple) else [value]


NeededChoice = Annotated[Choice, BeforeValidator(_needed)]
OptionalChoice = Annotated[
    Choice | None,
    PlainSerializer(lambda choice: choice.as_yaml() if choice else NONE),
    BeforeValidator(_none_word),
]
"""`none` stands for no component; an empty value and Python's None do too."""
Choices = Annotated[tuple[NeededChoice, ...], BeforeValidator(_several), Field(min_length=1)]
"""One choice or a list of them."""
