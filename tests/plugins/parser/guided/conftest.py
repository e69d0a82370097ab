"""The drawn dancer as a figure."""

import pytest

from reenactor.testing.cartoon import Drawn
from reenactor_plugins.parser.guided.figure import Figure, figure_of


@pytest.fixture(scope="module")
def figure(drawn: Drawn) -> Figure:
    skeleton = drawn.skeleton
    found = figure_of(skeleton.body[0].double().numpy(), skeleton.face[0].double().numpy())
    assert found is not None
    return found
