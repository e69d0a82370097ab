"""Metrics of pictures, labels and key points.

The registry (`METRICS`, `named`, `missing`, `require`) does not import torch. The other modules
hold one family of metrics each, as pure functions.
"""

from reenactor.metrics.metric import Better, Metric, Need, Scope
from reenactor.metrics.registry import METRICS, TABLE_1, missing, named, require

__all__ = [
    "METRICS",
    "TABLE_1",
    "Better",
    "Metric",
    "Need",
    "Scope",
    "missing",
    "named",
    "require",
]
