"""What is installed, and whether a spec is valid. Does not import torch.

`reenactor.catalog.build` constructs the components and is the only module here that does.
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
