"""The role: weights or none, batches, hands, ablations."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
import torch
from pydantic import ValidationError
from safetensors.torch import save_file

from reenactor.errors import SpecError, WeightsError
from reenactor.labels import Label
from reenactor.runtime import Runtime
from reenactor.values import Clip, Dense, Frames, Motion, Parsing, Pose, Skeleton, Target, Window
from reenactor_plugins.body_generator.p2b.component import P2BGenerator
from reenactor_plugins.body_generator.p2b.network import ARCHITECTURES, P2B
from reenactor_plugins.body_generator.p2b.options import P2BOptions
from reenactor_plugins.networks.checkpoint import random_network

CANVAS = (40, 24)


def runtime() -> Runtime:
    def no_weight(weight: object) -> Path:
        raise AssertionError("p2b has no weights of its own")

    return Runtime(weight=no_weight)


def generator(**options: object) -> P2BGenerator:
    given = {"size": "tiny", "weights": "random", **options}
    return P2BGenerator(P2BOptions.model_validate(given), runtime())


def skeleton(length: int) -> Skeleton:
    source = torch.Generator().manual_seed(1)

    def points(*shape: int) -> torch.Tensor:
        xy = torch.rand(*shape, 2, generator=source) * torch.tensor([CANVAS[1], CANVAS[0]])
        return torch.cat([xy, torch.ones(*shape, 1)], -1)

    return Skeleton(points(length, 25), points(length, 2, 21), points(length, 70))


def target() -> Target:
    labels = torch.zeros(1, *CANVAS, dtype=torch.uint8)
    labels[:, 5:35, 8:16] = Label.COAT
    pixels = torch.zeros(1, *CANVAS, 3, dtype=torch.uint8)
    whole = torch.tensor([[-0.5, -0.5, CANVAS[1] - 0.5, CANVAS[0] - 0.5]])
    photo = Frames(pixels, (0,), "photo")
    return Target(photo, Window(whole, CANVAS), photo.images, Parsing(labels), skeleton(1))


def pose(length: int, dense: bool = True) -> Pose:
    part = torch.arange(length * CANVAS[0] * CANVAS[1]).view(length, *CANVAS) % 25
    uv = torch.rand(length, 2, *CANVAS, generator=torch.Generator().manual_seed(2))
    found = Dense(part.to(torch.uint8), uv) if dense else None
    return Pose(skeleton(length), found, tuple(range(length)), CANVAS)


def motion(length: int) -> Motion:
    clip = Clip(torch.arange(length), Fraction(1, 25), Fraction(25), CANVAS, "clip", "0")
    empty = torch.zeros(length, 0, 0, dtype=torch.uint8)
    box = torch.zeros(length, 4)
    return Motion(clip, skeleton(length), torch.ones(length).bool(), box, empty, box)


def test_there_are_no_weights_by_default() -> None:
    with pytest.raises(WeightsError, match="released no weights"):
        P2BGenerator(P2BOptions(), runtime())


def test_random_is_a_word_and_no_file(tmp_path: Path) -> None:
    as_spec = P2BOptions.model_validate_json('{"weights": "random"}', strict=True)
    assert as_spec.weights == "random"
    file = P2BOptions.model_validate_json('{"weights": "./random"}', strict=True)
    assert file.weights == Path("random")
    with pytest.raises(WeightsError):
        P2BGenerator(file, runtime())


def test_mistaken_options_are_refused() -> None:
    for mistake in ({"size": "huge"}, {"wieghts": "x"}, {"reduce": 3}):
        with pytest.raises(ValidationError):
            P2BOptions.model_validate(mistake)


def test_a_trained_file_is_what_is_used(tmp_path: Path) -> None:
    network = random_network(lambda: P2B(ARCHITECTURES["tiny"]), 5)
    save_file(network.state_dict(), tmp_path / "p2b.safetensors")
    loaded = generator(weights=tmp_path / "p2b.safetensors").network.state_dict()
    for key, value in network.state_dict().items():
        torch.testing.assert_close(loaded[key], value)
    with pytest.raises(WeightsError, match="do not fit the network"):
        generator(weights=tmp_path / "p2b.safetensors", size="small")


def test_every_pixel_is_given_one_of_22_classes() -> None:
    p2b = generator()
    body = p2b.generate(p2b.prepare(target(), motion(3)), pose(3))
    assert body.labels.shape == (3, *CANVAS)
    assert body.labels.dtype == torch.uint8
    assert int(body.labels.max()) < 22
    assert (body.labels != body.labels[0, 0, 0]).any()


def test_a_batch_is_its_frames_one_by_one() -> None:
    p2b = generator()
    prepared, poses = p2b.prepare(target(), motion(3)), pose(3)
    together = p2b.generate(prepared, poses).labels
    assert poses.dense is not None
    for t in range(3):
        part = slice(t, t + 1)
        alone = replace(
            poses,
            skeleton=poses.skeleton[part],
            dense=Dense(poses.dense.part[part], poses.dense.uv[part]),
            index=(t,),
        )
        assert torch.equal(p2b.generate(prepared, alone).labels[0], together[t])


def test_hands_are_drawn_into_the_targets_parsing_unless_ablated() -> None:
    drawn = generator().prepare(target(), motion(1))
    assert drawn[:, Label.LEFT_HAND].any()
    assert drawn[:, Label.RIGHT_HAND].any()
    assert not generator(hands=False).prepare(target(), motion(1))[:, 20:].any()


def test_without_hands_fingers_do_not_matter() -> None:
    poses = pose(1)
    other = replace(poses, skeleton=replace(poses.skeleton, hands=poses.skeleton.hands * 0))
    for hands, same in ((False, True), (True, False)):
        network = generator(hands=hands)
        sticks = [network._stick(p) for p in (poses, other)]
        assert torch.equal(*sticks) == same


def test_the_dense_pose_is_needed_unless_ablated() -> None:
    p2b = generator()
    with pytest.raises(SpecError, match="dense pose"):
        p2b.generate(p2b.prepare(target(), motion(1)), pose(1, dense=False))
    without = generator(dense="none")
    prepared = without.prepare(target(), motion(1))
    assert torch.equal(
        without.generate(prepared, pose(1, dense=False)).labels,
        without.generate(prepared, pose(1)).labels,
    )


def test_a_reduced_network_gives_the_whole_canvas() -> None:
    p2b = generator(reduce=2)
    prepared = p2b.prepare(target(), motion(1))
    assert prepared.shape == (1, 22, 20, 12)
    assert p2b.generate(prepared, pose(2)).labels.shape == (2, *CANVAS)


def test_it_computes_in_other_number_types() -> None:
    options = P2BOptions(size="tiny", weights="random")
    half = P2BGenerator(options, replace(runtime(), dtype=torch.bfloat16))
    assert next(half.network.parameters()).dtype == torch.bfloat16
    assert half.generate(half.prepare(target(), motion(1)), pose(2)).labels.shape == (2, *CANVAS)
