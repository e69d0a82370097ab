"""The background: the driver's, the target's, a colour, files, or transparent.

In YAML it is a word, a colour or a path, or one of the long forms `{image: PATH}`,
`{folder: PATH}` and `{video: PATH, mode: loop}` if the short form would be ambiguous.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, Tag, model_serializer

from reenactor.inputs import PICTURE_SUFFIXES, UNREAD_PICTURE_SUFFIXES, VIDEO_SUFFIXES
from reenactor.spec.choice import SpecPart, mistake
from reenactor.spec.forms import TAG, form_of, require_one_form
from reenactor.spelling import did_you_mean

COLOURS: Mapping[str, str] = {
    "aqua": "#00ffff", "black": "#000000", "blue": "#0000ff", "brown": "#a52a2a",
    "cyan": "#00ffff", "fuchsia": "#ff00ff", "gray": "#808080", "green": "#008000",
    "grey": "#808080", "lime": "#00ff00", "magenta": "#ff00ff", "maroon": "#800000",
    "navy": "#000080", "olive": "#808000", "orange": "#ffa500", "pink": "#ffc0cb",
    "purple": "#800080", "red": "#ff0000", "silver": "#c0c0c0", "teal": "#008080",
    "white": "#ffffff", "yellow": "#ffff00",
}  # fmt: skip
"""Named colours with their CSS values."""

WORDS = ("driver", "target", "transparent")
_EXPECTED = (
    'driver, target, transparent, a colour (white, "#20a040"), '
    "or the path of an image, a folder of images or a video"
)


class SceneBackground(SpecPart):
    """The background of the video or the photo, with the person removed, or transparent."""

    scene: Literal["driver", "target", "transparent"]

    @model_serializer
    def as_yaml(self) -> str:
        return self.scene


class Colour(SpecPart):
    """A single colour."""

    colour: str = Field(pattern="^#[0-9a-f]{6}$", description="red, green and blue, #rrggbb")

    @property
    def rgb(self) -> tuple[float, float, float]:
        """Red, green and blue in [0, 1]."""
        red, green, blue = (int(self.colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
        return red, green, blue

    @model_serializer
    def as_yaml(self) -> str:
        return self.colour


class Image(SpecPart):
    """One picture for all frames."""

    image: Path = Field(description="a picture")


class Folder(SpecPart):
    """One picture per frame, in the order of names; the last one is repeated."""

    folder: Path = Field(description="a folder of pictures, one per frame")


class Video(SpecPart):
    """A video, synchronised by time; at its end it loops or holds the last frame."""

    video: Path = Field(description="a video")
    mode: Literal["loop", "hold"] = Field(
        default="loop", description="what happens when it is shorter than the driving video"
    )


def _from_yaml(value: Any) -> Any:
    """Convert short forms to long ones."""
    if isinstance(value, str):
        return _from_word(value)
    if value is None:
        advice = "put the colour in quotes: an unquoted # starts a comment in YAML"
        raise mistake("no value", expected=_EXPECTED, advice=advice)
    require_one_form(value, _FORMS)
    return value


def _from_word(word: str) -> dict[str, str]:
    if word in WORDS:
        return {"scene": word}
    if word.lower() in COLOURS:
        return {"colour": COLOURS[word.lower()]}
    if re.fullmatch("#[0-9a-fA-F]{6}", word):
        return {"colour": word.lower()}
    if word.startswith("#"):
        raise mistake("invalid colour", given=word, expected='six hexadecimal digits: "#20a040"')
    suffix = Path(word).suffix.lower()
    if suffix in PICTURE_SUFFIXES | UNREAD_PICTURE_SUFFIXES:
        return {"image": word}
    if suffix in VIDEO_SUFFIXES:
        return {"video": word}
    if "/" in word or "\\" in word:
        return {"folder": word}
    advice = did_you_mean(word, [*WORDS, *COLOURS]) or f"for a folder beside the spec: ./{word}"
    raise mistake("invalid background", given=word, expected=_EXPECTED, advice=advice)


_FORMS: Mapping[str, type] = {
    "scene": SceneBackground,
    "colour": Colour,
    "image": Image,
    "folder": Folder,
    "video": Video,
}

Background = Annotated[
    Annotated[SceneBackground, Tag(TAG + "scene")]
    | Annotated[Colour, Tag(TAG + "colour")]
    | Annotated[Image, Tag(TAG + "image")]
    | Annotated[Folder, Tag(TAG + "folder")]
    | Annotated[Video, Tag(TAG + "video")],
    form_of(_FORMS, "invalid background", _EXPECTED),
    BeforeValidator(_from_yaml),
]


Form = SceneBackground | Colour | Image | Folder | Video
"""A parsed background: one of its forms."""


def background_path(background: Form) -> tuple[str, Path] | None:
    """The field and value of a background's path; None if it has no path."""
    for field in ("image", "folder", "video"):
        path = getattr(background, field, None)
        if path is not None:
            return field, path
    return None
