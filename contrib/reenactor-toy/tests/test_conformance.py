import pytest
from reenactor_toy.manifest import reenactor_components

from reenactor.manifest import ComponentInfo
from reenactor.testing import check_component


@pytest.mark.parametrize("info", reenactor_components(), ids=lambda info: info.name)
def test_conforms(info: ComponentInfo) -> None:
    check_component(info)
