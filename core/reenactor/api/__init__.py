"""Running pipelines from Python. The names that programs may rely on are those of `reenactor`."""

from reenactor.api.analysis import Analysis, analyze
from reenactor.api.rendering import bench, preview, reenact, run, try_components
from reenactor.api.request import PathLike, Request
from reenactor.api.setup import Setup

__all__ = [
    "Analysis",
    "PathLike",
    "Request",
    "Setup",
    "analyze",
    "bench",
    "preview",
    "reenact",
    "run",
    "try_components",
]
