"""What a metric is, in plain data. Imports no torch, so that a table of them is shown at once."""

from dataclasses import dataclass
from enum import StrEnum
from math import inf

from reenactor.manifest import Weight


class Better(StrEnum):
    """Which way a metric is better."""

    HIGHER = "higher"
    LOWER = "lower"

    @property
    def arrow(self) -> str:
        return "↑" if self is Better.HIGHER else "↓"


class Scope(StrEnum):
    """For what there is one figure."""

    FRAME = "frame"
    STEP = "step"
    """Two consecutive frames; the figure stands with the second."""
    VIDEO = "video"
    DATASET = "dataset"
    """All frames of all videos together."""


class Need(StrEnum):
    """What must be found in the pictures before a metric can be computed."""

    TRUTH = "truth"
    """The driver's own frames as ground truth: self-reenactment."""
    PARSING = "parsing"
    DENSE = "dense"
    SKELETON = "skeleton"
    IDENTITY = "identity"
    """An embedding network that the user gives."""
    FEATURES = "features"
    """A network of features that the user gives."""


@dataclass(frozen=True)
class Metric:
    """One line of the registry.

    `version` names implementation and settings, so that figures of two reports can be compared:
    `ssim[gaussian11,1.5,range1]`. `low` and `high` bound the values; `packages` are import names
    that the extra `reenactor[evaluation]` brings; `label` heads the column of a table.
    """

    name: str
    version: str
    label: str
    summary: str
    better: Better
    scope: Scope
    source: str
    low: float = 0.0
    high: float = inf
    unit: str = ""
    needs: frozenset[Need] = frozenset({Need.TRUTH})
    packages: tuple[str, ...] = ()
    weights: tuple[Weight, ...] = ()
