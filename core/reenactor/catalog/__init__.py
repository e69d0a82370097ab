"""What is installed, and whether a spec fits it. Imports no torch.

`reenactor.catalog.build` makes the components (and does import torch).
"""

from reenactor.catalog.catalog import Catalog
from reenactor.catalog.check import Examination, check, examine, make_plan
from reenactor.catalog.discovery import discover
from reenactor.catalog.entries import (
    ComponentEntry,
    DatasetEntry,
    Failure,
    Finding,
    Provider,
    SpecEntry,
)
from reenactor.catalog.options import options_model
from reenactor.catalog.plan import Part, Plan

__all__ = [
    "Catalog",
    "ComponentEntry",
    "DatasetEntry",
    "Examination",
    "Failure",
    "Finding",
    "Part",
    "Plan",
    "Provider",
    "SpecEntry",
    "check",
    "discover",
    "examine",
    "make_plan",
    "options_model",
]
