from importlib.resources import as_file
from pathlib import Path

import pytest

from reenactor.manifest import Weight
from reenactor.resource import find_resource
from reenactor.runtime import Runtime


@pytest.fixture(scope="session")
def shipped() -> Runtime:
    """A runtime whose weights are the files in the package."""

    def find(weight: Weight) -> Path:
        with as_file(find_resource(weight.resource)) as path:
            return path

    return Runtime(weight=find)
