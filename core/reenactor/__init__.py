"""Dance reenactment from one photo and one driving video, as swappable components.

    import reenactor

    reenactor.reenact("photo.jpg", "dance.mp4", "out.mp4")

`__all__` lists what programs may rely on. It is loaded on first use, so that importing `reenactor`
stays fast and does not import torch.
"""

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reenactor.api import (
        Analysis,
        Request,
        Setup,
        analyze,
        bench,
        preview,
        reenact,
        run,
    )
    from reenactor.errors import ReenactorError
    from reenactor.evaluation.api import evaluate
    from reenactor.evaluation.report import Evaluation
    from reenactor.pipeline.bench import Benchmark
    from reenactor.pipeline.report import Report
    from reenactor.training.api import prepare, train
    from reenactor.training.prepare import PrepareResult
    from reenactor.training.train import Trained

__version__ = "0.1.0"

API_VERSION = 1
"""The version of the contract between core and plugins: roles, values, hooks and manifests."""

__all__ = [
    "API_VERSION",
    "Analysis",
    "Benchmark",
    "Evaluation",
    "PrepareResult",
    "ReenactorError",
    "Report",
    "Request",
    "Setup",
    "Trained",
    "__version__",
    "analyze",
    "bench",
    "evaluate",
    "prepare",
    "preview",
    "reenact",
    "run",
    "train",
]

_MODULES = {
    "Analysis": "reenactor.api",
    "Benchmark": "reenactor.pipeline.bench",
    "Evaluation": "reenactor.evaluation.report",
    "PrepareResult": "reenactor.training.prepare",
    "ReenactorError": "reenactor.errors",
    "Report": "reenactor.pipeline.report",
    "Request": "reenactor.api",
    "Setup": "reenactor.api",
    "Trained": "reenactor.training.train",
    "analyze": "reenactor.api",
    "bench": "reenactor.api",
    "evaluate": "reenactor.evaluation.api",
    "prepare": "reenactor.training.api",
    "preview": "reenactor.api",
    "reenact": "reenactor.api",
    "run": "reenactor.api",
    "train": "reenactor.training.api",
}
"""Where the names are that are loaded on first use."""

# onnxruntime and Ray report usage to their makers, and onnxruntime leaves an identifier in the
# user's cache and temporary folders. Each reads its switch when it is first imported, by a plugin
# or by a program that uses reenactor, so we set them first. Values that are set already stay.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")

if not TYPE_CHECKING:  # a type checker knows the names from the imports above

    def __getattr__(name: str) -> Any:
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = globals()[name] = getattr(import_module(_MODULES[name]), name)
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
