"""What the parsers' tests share: the shipped weights, and a drawn person."""

from pathlib import Path

import pytest

from reenactor.manifest import Weight
from reenactor.resource import find_resource
from reenactor.runtime import Runtime
from reenactor.testing.cartoon import Drawn, dancing


def shipped(weight: Weight) -> Path:
    return Path(str(find_resource(weight.resource)))


@pytest.fixture(scope="session")
def runtime() -> Runtime:
    return Runtime(shipped)


@pytest.fixture(scope="session")
def drawn() -> Drawn:
    """Three frames of a drawn dancer."""
    return dancing(3, (223, 167), "cartoon")
