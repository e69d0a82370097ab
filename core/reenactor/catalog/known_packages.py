"""What is in packages that may not be installed, so that an error can say which to install."""

from collections.abc import Mapping
from types import MappingProxyType

from reenactor.manifest import Role

KNOWN: Mapping[tuple[Role, str], str] = MappingProxyType(
    {
        (Role.PARSER, "toy-bands"): "reenactor-toy",
        (Role.POSE_ESTIMATOR, "toy-blob"): "reenactor-toy",
    }
)
"""The package on the package index that provides a component."""

KNOWN_DATASETS: Mapping[str, str] = MappingProxyType({"anny": "./contrib/reenactor-anny"})
"""What `pip install` takes for the package that provides a dataset: a name, or its folder here."""
