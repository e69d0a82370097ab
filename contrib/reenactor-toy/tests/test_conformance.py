import pytest

from reenactor.manifest import ComponentInfo
from reenactor.testing import check_component
from reenactor_toy.manifest import reenactor_components


@pytest.mark.parametrize("info", reenactor_components(), ids=lambda info: info.name)
def test_conforms(info: ComponentInfo) -> None:
    check_component(info)
