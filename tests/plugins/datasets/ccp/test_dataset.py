"""What becomes of the collection's labels in shots; the table itself has a test of its own."""

from pathlib import Path

import numpy as np
import pytest

from reenactor.errors import InputError
from reenactor.joints import Joint
from reenactor.runtime import Runtime
from reenactor.weights import WeightStore
from reenactor_plugins.datasets.ccp.classes import BAG, IGNORED
from reenactor_plugins.datasets.ccp.dataset import Ccp
from reenactor_plugins.datasets.ccp.labels import house_labels
from reenactor_plugins.datasets.ccp.options import CcpOptions

CCP = Path(__file__).parents[5] / "shared" / "data" / "ccp"


def test_bags_belts_jumpsuits_and_necks() -> None:
    classes = np.zeros((100, 40), np.uint8)
    classes[0:40, 10:30] = 13  # face and neck
    classes[40:60, 10:30] = 5
    classes[60:63, 10:30] = IGNORED  # a belt
    classes[63:80, 10:30] = 9
    classes[80:, 10:30] = 10  # LIP's jumpsuit
    classes[50:70, 30:36] = BAG
    body = np.zeros((25, 3))
    body[Joint.NOSE], body[Joint.NECK] = (20, 15, 1), (20, 40, 1)
    labels = house_labels(classes, body)
    chin = 15 + 0.42 * 25
    assert (labels[: int(chin), 10:30] == 13).all()
    assert (labels[int(chin) + 2 : 40, 10:30] == 10).all()  # torso skin
    assert set(np.unique(labels[60:63, 12:28])) <= {5, 9}
    assert (labels[80:, 10:30] == 6).all()  # a dress
    assert (labels[50:58, 31:36] == 0).all()


def test_folders_that_are_not_the_collection(tmp_path: Path, runtime: Runtime) -> None:
    with pytest.raises(InputError, match=r"the folder .* does not exist"):
        Ccp(CcpOptions(folder=tmp_path), runtime)
    (tmp_path / "photos").mkdir()
    with pytest.raises(InputError, match="has no photos") as caught:
        Ccp(CcpOptions(folder=tmp_path, labelled="only"), runtime)
    assert "clothing-co-parsing" in caught.value.advice


def test_the_collection_itself(tmp_path: Path) -> None:
    if not (CCP / "label_list.mat").is_file():
        pytest.skip("Clothing Co-Parsing is not at ../shared/data/ccp")
    pytest.importorskip("scipy")
    runtime = Runtime(weight=WeightStore(tmp_path, offline=True).path)
    every = Ccp(CcpOptions(folder=CCP), runtime)
    labelled = Ccp(CcpOptions(folder=CCP, labelled="only"), runtime)
    assert set(labelled.names()) < set(every.names())
    (shot,) = labelled.shots(0)
    assert shot.person == shot.source == labelled.names()[0]
    assert shot.parsing is not None
    found = set(shot.parsing.labels.flatten().tolist())
    assert found <= set(range(20))
    assert {0, 13} < found
    bare = next(i for i, n in enumerate(every.names()) if n not in set(labelled.names()))
    assert every.shots(bare)[0].parsing is None
