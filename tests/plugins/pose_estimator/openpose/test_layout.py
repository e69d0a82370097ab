"""Limbs and channels, against the lists of OpenPose's parameters file."""

from reenactor.joints import BODY_BONES
from reenactor_plugins.pose_estimator.openpose.layout import BODY_25, COCO, KeypointLayout

# POSE_BODY_PART_PAIRS and POSE_MAP_INDEX, in their order.
PAIRS_25 = (
    "1,8 1,2 1,5 2,3 3,4 5,6 6,7 8,9 9,10 10,11 8,12 12,13 13,14 1,0 0,15 15,17 0,16 16,18 2,17 "
    "5,18 14,19 19,20 14,21 11,22 22,23 11,24"
)
INDEX_25 = (
    "0,1 14,15 22,23 16,17 18,19 24,25 26,27 6,7 2,3 4,5 8,9 10,11 12,13 30,31 32,33 36,37 34,35 "
    "38,39 20,21 28,29 40,41 42,43 44,45 46,47 48,49 50,51"
)
PAIRS_COCO = (
    "1,2 1,5 2,3 3,4 5,6 6,7 1,8 8,9 9,10 1,11 11,12 12,13 1,0 0,14 14,16 0,15 15,17 2,16 5,17"
)
INDEX_COCO = (
    "12,13 20,21 14,15 16,17 22,23 24,25 0,1 2,3 4,5 6,7 8,9 10,11 28,29 30,31 34,35 32,33 36,37 "
    "18,19 26,27"
)


def same(layout: KeypointLayout, pairs: str, index: str) -> bool:
    listed = {
        (pair, int(channels.split(",")[0]))
        for pair, channels in zip(pairs.split(), index.split(), strict=True)
    }
    return listed == {(f"{limb.first},{limb.second}", limb.channel) for limb in layout.limbs}


def test_limbs_have_the_authors_channels() -> None:
    assert same(BODY_25, PAIRS_25, INDEX_25)
    assert same(COCO, PAIRS_COCO, INDEX_COCO)


def test_every_channel_belongs_to_one_limb() -> None:
    for layout in (BODY_25, COCO):
        assert sorted(limb.channel for limb in layout.limbs) == list(range(0, layout.fields, 2))


def test_limbs_are_our_bones_and_the_spare_ones() -> None:
    ours = {frozenset(map(int, bone)) for bone in BODY_BONES}
    theirs = {frozenset((limb.first, limb.second)) for limb in BODY_25.limbs if not limb.spare}
    assert ours == theirs
