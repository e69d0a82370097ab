"""Lists the built-ins, one folder with a `manifest.py` per line.

A manifest defines `COMPONENTS`, `DATASETS` or `SPECS`. None imports torch.
"""

from importlib import import_module
from typing import Any

from reenactor.hookspecs import hookimpl
from reenactor.manifest import ComponentInfo, DatasetInfo, SpecInfo

FOLDERS = (
    "pose_estimator.blazepose",
    "pose_estimator.openpose_files",
    "pose_estimator.openpose",
    "pose_estimator.densepose",
    "pose_estimator.iuv_files",
    "parser.taps",
    "parser.guided",
    "parser.parsing_files",
    "parser.schp",
    "parser.smp",
    "puppet",
    "avatar",
    "inpainter.opencv",
    "inpainter.median",
    "inpainter.deepfill",
    "inpainter.lama",
    "body_generator.p2b",
    "frame_renderer.b2f",
    "face_refiner.fr",
    "pose_estimator.mannequin",
    "datasets.photos",
    "datasets.videos",
    "datasets.ccp",
    "datasets.cihp",
    "datasets.vip",
    "datasets.mhp",
    "specs",
)

_MANIFESTS = [import_module(f"{__package__}.{folder}.manifest") for folder in FOLDERS]


@hookimpl
def reenactor_components() -> tuple[ComponentInfo, ...]:
    return _chained("COMPONENTS")


@hookimpl
def reenactor_specs() -> tuple[SpecInfo, ...]:
    return _chained("SPECS")


@hookimpl
def reenactor_datasets() -> tuple[DatasetInfo, ...]:
    return _chained("DATASETS")


def _chained(kind: str) -> tuple[Any, ...]:
    return tuple(info for manifest in _MANIFESTS for info in getattr(manifest, kind, ()))
