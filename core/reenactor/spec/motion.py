"""The settings of motion and canvas."""

import math
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import (
    AllowInfNan,
    BeforeValidator,
    Field,
    Strict,
    Tag,
    model_serializer,
    model_validator,
)

from reenactor.spec.choice import SpecPart, mistake
from reenactor.spec.forms import TAG, form_of, require_one_form
from reenactor.spelling import did_you_mean

CANVAS_STEP = 32
"""Sides of the canvas must be multiples of 2^5: networks downsample up to five times."""

LOWEST, HIGHEST = 256, 1536
"""Rows of a canvas that follows the dancer's size: smaller ones save little time, larger ones show
little more on a screen."""

Whole = Annotated[int, Strict()]
"""A strict integer: no text or booleans."""
Pixels = Annotated[float, Strict(), AllowInfNan(False), Field(ge=-100_000, le=100_000)]
"""A strict coordinate; it may lie outside the picture."""

Side = Annotated[int, Strict(), Field(ge=64, le=4096, multiple_of=CANVAS_STEP)] | Literal["auto"]
"""A side of the canvas in pixels, or `auto`."""

_SUBJECTS = "largest, {index: 0}, {box: [x0, y0, x1, y1]} or {point: [x, y]}"


class Largest(SpecPart):
    """The person who fills most of the picture over the whole clip."""

    largest: Literal[True] = True

    @model_serializer
    def as_yaml(self) -> str:
        return "largest"


class ByIndex(SpecPart):
    """The n-th person by importance; 0 is the largest. `reenactor analyze` draws the numbers."""

    index: Whole = Field(ge=0, le=10_000, description="which person, by importance, from 0")


class ByBox(SpecPart):
    """The person whose bounding box overlaps a box most, at any time in the clip."""

    box: tuple[Pixels, Pixels, Pixels, Pixels] = Field(
        description="x0, y0, x1, y1 in source pixels"
    )

    @model_validator(mode="after")
    def _has_area(self) -> "ByBox":
        x0, y0, x1, y1 = self.box
        if not (x1 > x0 and y1 > y0):
            raise mistake("empty box", given=str(list(self.box)), expected="x0 < x1 and y0 < y1")
        return self


class ByPoint(SpecPart):
    """The largest of the people who cover a point at any time in the clip."""

    point: tuple[Pixels, Pixels] = Field(description="x, y in source pixels")


_FORMS: Mapping[str, type] = {"largest": Largest, "index": ByIndex, "box": ByBox, "point": ByPoint}


def _subject(value: Any) -> Any:
    if value == "largest":
        return {"largest": True}
    if isinstance(value, int) and not isinstance(value, bool):
        return {"index": value}
    if isinstance(value, str):
        advice = did_you_mean(value, list(_FORMS))
        raise mistake("invalid subject", given=value, expected=_SUBJECTS, advice=advice)
    require_one_form(value, _FORMS)
    return value


Subject = Annotated[
    Annotated[Largest, Tag(TAG + "largest")]
    | Annotated[ByIndex, Tag(TAG + "index")]
    | Annotated[ByBox, Tag(TAG + "box")]
    | Annotated[ByPoint, Tag(TAG + "point")],
    form_of(_FORMS, "invalid subject", _SUBJECTS),
    BeforeValidator(_subject),
]


class MotionSpec(SpecPart):
    """How the driver's motion is processed before it is transferred."""

    smooth: Literal["one-euro", "none"] = Field(
        default="one-euro", description="how the key points are smoothed over time"
    )
    retarget: Literal["none", "proportions"] = Field(
        default="none",
        description="`proportions` gives the driver's skeleton the target's limb lengths",
    )
    subject: Subject = Field(
        default=Largest(), description="which person of the driving video is followed"
    )


class OutputSpec(SpecPart):
    """The canvas on which components work; the result is pasted back at full size."""

    height: Side = Field(
        default=512,
        description="rows of the canvas; `auto` for both sides makes it as large as the dancer in "
        "the output",
    )
    width: Side = Field(default=320, description="columns of the canvas; `auto` is 5/8 of the rows")

    @model_validator(mode="before")
    @classmethod
    def _one_side_from_the_other(cls, value: Any) -> Any:
        if not isinstance(value, Mapping) or not {"height", "width"} & value.keys():
            return value
        sides = {"height": "auto", "width": "auto", **value}
        height, width = sides["height"], sides["width"]
        if type(height) is int and width == "auto":
            sides["width"] = _columns(height)
        if type(width) is int and height == "auto":
            sides["height"] = _rows(width)
        return sides

    @property
    def canvas(self) -> tuple[int, int] | None:
        """Height and width in pixels; None where they follow the dancer's size."""
        if self.height == "auto" or self.width == "auto":
            return None
        return self.height, self.width


PAPER_CANVAS = (512, 320)
"""Height and width of the paper's canvas in pixels."""


def canvas_of_height(height: float) -> tuple[int, int]:
    """The smallest canvas of the paper's shape with that height, from 256 to 1536 rows."""
    rows = math.ceil(min(max(height, LOWEST), HIGHEST) / CANVAS_STEP) * CANVAS_STEP
    return rows, _columns(rows)


def _columns(rows: int) -> int:
    return _step(rows * PAPER_CANVAS[1] / PAPER_CANVAS[0])


def _rows(columns: int) -> int:
    return _step(columns * PAPER_CANVAS[0] / PAPER_CANVAS[1])


def _step(pixels: float) -> int:
    """The nearest side that a canvas may have."""
    return min(max(round(pixels / CANVAS_STEP), 2), 4096 // CANVAS_STEP) * CANVAS_STEP
