"""The shipped rig."""

from pathlib import Path

import pytest

from reenactor.resource import find_resource
from reenactor_plugins.avatar.rig import AnnyRig, load_rig
from reenactor_plugins.avatar.weights import RIG


@pytest.fixture(scope="session")
def rig_file() -> Path:
    return Path(str(find_resource(RIG.resource)))


@pytest.fixture(scope="session")
def rig(rig_file: Path) -> AnnyRig:
    return load_rig(rig_file)
