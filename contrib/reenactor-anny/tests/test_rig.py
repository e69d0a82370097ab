"""The baked rig is the one that reenactor ships."""

from pathlib import Path

import numpy as np

from reenactor.resource import find_resource
from reenactor_anny.body import BodyShop
from reenactor_anny.rig import bake
from reenactor_plugins.avatar.weights import RIG


def test_baking_gives_what_is_shipped(tmp_path: Path) -> None:
    """To a step of half precision, which processors may round differently."""
    bake(BodyShop(), tmp_path / "rig.npz")
    with (
        np.load(tmp_path / "rig.npz") as made,
        np.load(str(find_resource(RIG.resource))) as shipped,
    ):
        assert set(made) == set(shipped)
        for name in made:
            got, wanted = (file[name].astype(np.float64) for file in (made, shipped))
            np.testing.assert_allclose(got, wanted, atol=1e-3, err_msg=name)
