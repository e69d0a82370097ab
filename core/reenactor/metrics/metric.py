"""The description of a metric as plain data. Does not import torch, so that listing is fast."""

from dataclasses import dataclass
from enum import StrEnum
from math import inf

from reenactor.manifest import Weight


class Better(StrEnum):
    """Whether higher or lower values are better."""

    HIGHER = "higher"
    LOWER = "lower"

    @property
    def arrow(self) -> str:
        return "↑" if self is Better.HIGHER else "↓"


class Scope(StrEnum):
    """What one value of a metric refers to."""

    FRAME = "frame"
    STEP = "step"
    """Two consecutive frames; the value belongs to the second."""
    VIDEO = "video"
    DATASET = "dataset"
    """All frames of all videos together."""


class Need(StrEnum):
    """The inputs that a metric needs."""

    TRUTH = "truth"
    """The driver's own frames as ground truth: self-reenactment."""
    PARSING = "parsing"
    DENSE = "dense"
    SKELETON = "skeleton"
    IDENTITY = "identity"
    """A face embedding network."""
    FEATURES = "features"
    """A user-supplied feature network."""


@dataclass(frozen=True)
class Metric:
    """An entry of the registry.

    `version` names implementation and settings, so that values in two reports can be compared:
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
