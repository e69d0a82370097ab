"""Training material as recipes see it: one person on one canvas."""

from dataclasses import dataclass

from jaxtyping import Float, UInt8
from torch import Tensor

from reenactor.values import Dense, Parsing, Skeleton


@dataclass(frozen=True)
class ExampleInfo:
    """What is known of an example without opening it; see `Shot` for the words.

    `name` is the dataset's name, a slash and the item's (several people of one item share it).
    """

    name: str
    person: str
    source: str
    frame: int
    pose: str
    yaw: float | None = None
    photo: bool = False


@dataclass(frozen=True)
class Example:
    """One person on one canvas: a picture and what was found in it, everything with T = 1.

    Labels of hands and face are drawn from the key points when they are needed, by
    `ops.hand_labels` and the recipes, as they are when a spec runs; where a dataset labels the
    hands itself (20, 21), these are kept.
    """

    entry: ExampleInfo
    image: UInt8[Tensor, "1 H W 3"]
    parsing: Parsing
    skeleton: Skeleton
    dense: Dense | None
    background: UInt8[Tensor, "1 H W 3"] | None
    face_box: Float[Tensor, "1 4"] | None
    """x0, y0, x1, y1 around the face points, where a face is seen."""

    @property
    def canvas(self) -> tuple[int, int]:
        """Height and width."""
        return self.image.shape[1], self.image.shape[2]
