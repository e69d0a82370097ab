"""The drawn dancer as a figure."""

import pytest

from reenactor.testing.cartoon import Drawn
from reenactor_plugins.parser.guided.body_geometry import BodyGeometry, body_geometry


@pytest.fixture(scope="module")
def figure(drawn: Drawn) -> BodyGeometry:
    skeleton = drawn.skeleton
    found = body_geometry(skeleton.body[0].double().numpy(), skeleton.face[0].double().numpy())
    assert found is not None
    return found
