"""Cleaning labels, on small maps drawn by hand."""

import numpy as np

from reenactor_plugins.parser.cleanup import (
    GARMENTS,
    keep_person,
    merge_into_neighbours,
    remove_protruding,
    remove_specks,
)

BAG = 22


def test_only_what_the_bones_run_through_stays() -> None:
    labels = np.zeros((20, 30), np.uint8)
    labels[2:18, 3:10] = 5
    labels[2:18, 9:12] = 14
    labels[4:16, 20:28] = 5
    bones = np.zeros((20, 30), bool)
    bones[8, 2:8] = True
    kept = keep_person(labels, bones)
    assert (kept[:, :15] == labels[:, :15]).all()
    assert not kept[:, 15:].any()


def test_without_bones_nothing_stays() -> None:
    labels = np.full((5, 5), 9, np.uint8)
    assert not keep_person(labels, np.zeros((5, 5), bool)).any()


def test_specks_and_gaps_take_what_is_around_them() -> None:
    labels = np.zeros((30, 30), np.uint8)
    labels[5:25, 5:25] = 5
    labels[10:12, 10:12] = 9  # a speck on the coat
    labels[18, 18] = 0  # a gap in it
    labels[1, 1] = 13  # a speck in the air
    labels[15:20, 6:11] = 14  # large enough
    found = remove_specks(labels, 10)
    assert (found[10:12, 10:12] == 5).all()
    assert found[18, 18] == 5
    assert found[1, 1] == 0
    assert (found[15:20, 6:11] == 14).all()


def test_a_picture_of_specks_is_left_alone() -> None:
    labels = (np.indices((6, 6)).sum(0) % 2).astype(np.uint8)
    assert (remove_specks(labels, 100) == labels).all()


def test_a_piece_becomes_as_a_whole_what_it_touches_most() -> None:
    labels = np.zeros((30, 30), np.uint8)
    labels[2:12, 5:20] = 7
    labels[12:28, 5:20] = 9
    labels[10:24, 15:20] = BAG
    found = merge_into_neighbours(labels, BAG, GARMENTS, 1)
    assert (found[10:24, 15:20] == 9).all()


def test_a_piece_that_touches_nothing_becomes_the_nearest() -> None:
    labels = np.zeros((20, 40), np.uint8)
    labels[5:15, 2:8] = 12
    labels[5:15, 36:39] = 9
    labels[8:12, 15:20] = BAG
    assert (merge_into_neighbours(labels, BAG, GARMENTS, 1)[8:12, 15:20] == 12).all()


def test_without_garments_a_bag_is_background() -> None:
    labels = np.zeros((9, 9), np.uint8)
    labels[2:4, 2:4] = BAG
    labels[5:8, 5:8] = 13
    found = merge_into_neighbours(labels, BAG, GARMENTS, 1)
    assert not found[:5].any()
    assert (found[5:8, 5:8] == 13).all()


def test_a_bag_beside_the_body_goes_and_its_strap_across_the_chest_stays() -> None:
    labels = np.zeros((60, 60), np.uint8)
    labels[5:55, 10:35] = 5
    labels[20:22, 12:36] = BAG  # the strap
    labels[20:40, 36:52] = BAG  # the bag
    labels[44:50, 15:25] = BAG  # a purse before the body
    found = remove_protruding(labels, BAG, 2)
    assert (found[20:22, 12:34] == BAG).all()
    assert (found[23:38, 38:50] == 0).all()
    assert (found[44:50, 15:25] == BAG).all()
    assert (labels[20:40, 36:52] == BAG).all()
