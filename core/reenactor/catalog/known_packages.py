"""Components and datasets of packages that may not be installed, for hints in errors."""

from collections.abc import Mapping
from types import MappingProxyType

from reenactor.manifest import Role

KNOWN: Mapping[tuple[Role, str], str] = MappingProxyType(
    {
        (Role.PARSER, "toy-bands"): "reenactor-toy",
        (Role.POSE_ESTIMATOR, "toy-blob"): "reenactor-toy",
    }
)
"""The package that provides a component."""

KNOWN_DATASETS: Mapping[str, str] = MappingProxyType({"anny": "./contrib/reenactor-anny"})
"""The argument to `pip install` for the package that provides a dataset: a name or a folder."""
