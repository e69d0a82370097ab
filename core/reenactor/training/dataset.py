"""Training material as it comes: pictures of people, with what is known of each."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from jaxtyping import Float, UInt8
from torch import Tensor

from reenactor.options import Options
from reenactor.runtime import Runtime
from reenactor.values import Dense, Frames, Parsing, Skeleton

O = TypeVar("O", bound=Options)
"""The options of a dataset."""


@dataclass(frozen=True)
class Shot:
    """One person in one picture. Everything is in pixels of the picture.

    What is None is not known, and found by the analysis components (`reenactor prepare`).

    * `person`: who it is. Shots of one person may be paired; no name is shared by two people.
    * `source`, `frame`: which take the picture is from, and where in it: frames of one source are
      neighbours in time (the paper pairs those within 250 frames). A photo is a source of its own.
    * `pose`: shots of one pose, seen from one place, on different bodies share it; else empty.
    * `yaw`: how far the person is turned from the camera in degrees, where it is known exactly;
      see
      `Skeleton.yaw`.
    * `photo`: whether the other pictures of the take are to be made from this one.
    * `box`: x0, y0, x1, y1 around the person, where several are in the picture.
    * `parsing`: this person only, all else is background.
    * `background`: the picture without the person.
    """

    picture: Frames
    person: str
    source: str
    frame: int = 0
    pose: str = ""
    yaw: float | None = None
    photo: bool = False
    box: Float[Tensor, "1 4"] | None = None
    parsing: Parsing | None = None
    skeleton: Skeleton | None = None
    dense: Dense | None = None
    background: UInt8[Tensor, "1 H W 3"] | None = None


class Dataset(ABC, Generic[O]):
    """A kind of training material. Item by item, so that it can be prepared in parts.

    Raises (the constructor):
        InputError: what the options name is not there, or not laid out as it should be.
    """

    def __init__(self, options: O, runtime: Runtime) -> None:
        self.options = options
        self.runtime = runtime

    @abstractmethod
    def names(self) -> Sequence[str]:
        """A stable name for each item (a photo, a video's frame, a scene), in a fixed order.

        Letters, digits, `-`, `_`, `.` and `/`. Validation examples are chosen by patterns of
        these names, so photos that may show one person should share a prefix.
        """

    def notes(self) -> Sequence[str]:
        """What whoever prepares the material should know of it: files that are cut short, say."""
        return ()

    @abstractmethod
    def shots(self, index: int) -> Sequence[Shot]:
        """The people of one item; the same at every call, whatever was asked for before.

        Raises:
            InputError: the item cannot be read; it is then skipped and counted.
        """
