"""The role: weights of three kinds, one latent for a target, switches."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from reenactor.errors import SpecError, WeightsError
from reenactor.labels import Label
from reenactor.runtime import Runtime
from reenactor.values import Clip, Frames, Motion, Parsing, Pose, Skeleton, Target, Window
from reenactor_plugins.frame_renderer.b2f.component import B2FRenderer
from reenactor_plugins.frame_renderer.b2f.label_map import numbered, one_hot
from reenactor_plugins.frame_renderer.b2f.network import ARCHITECTURES, B2F
from reenactor_plugins.frame_renderer.b2f.options import B2FOptions
from reenactor_plugins.networks.checkpoint import random_network
from reenactor_plugins.networks.frozen import trained_tensors
from reenactor_plugins.networks.vgg import VGG19, VGG19Features
from reenactor_plugins.networks.vggface2 import VGGFace2

CANVAS = (64, 40)


def runtime() -> Runtime:
    def no_weight(weight: object) -> Path:
        raise AssertionError("b2f has no weights of its own")

    return Runtime(weight=no_weight)


def renderer(**options: object) -> B2FRenderer:
    given = {"size": "tiny", "weights": "random", "encoder": "small", **options}
    return B2FRenderer(B2FOptions.model_validate(given), runtime())


def body(length: int) -> Parsing:
    labels = torch.zeros(length, *CANVAS, dtype=torch.uint8)
    for t in range(length):
        labels[t, 5:60, 8 + t : 24 + t] = Label.COAT
        labels[t, 5:20, 10:20] = Label.FACE
        labels[t, 40:45, 24 + t : 28 + t] = Label.LEFT_HAND
    return Parsing(labels)


def target(seed: int = 0) -> Target:
    source = torch.Generator().manual_seed(seed)
    pixels = torch.randint(0, 256, (1, *CANVAS, 3), generator=source, dtype=torch.uint8)
    whole = torch.tensor([[-0.5, -0.5, CANVAS[1] - 0.5, CANVAS[0] - 0.5]])
    photo = Frames(pixels, (0,), "photo")
    return Target(photo, Window(whole, CANVAS), photo.images, body(1), Skeleton.empty(1))


def pose(length: int) -> Pose:
    return Pose(Skeleton.empty(length), None, tuple(range(length)), CANVAS)


def motion(length: int = 1) -> Motion:
    clip = Clip(torch.arange(length), Fraction(1, 25), Fraction(25), CANVAS, "clip", "0")
    empty, box = torch.zeros(length, 0, 0, dtype=torch.uint8), torch.zeros(length, 4)
    return Motion(clip, Skeleton.empty(length), torch.ones(length).bool(), box, empty, box)


def test_there_are_no_weights_by_default() -> None:
    with pytest.raises(WeightsError, match="b2f has no weights"):
        B2FRenderer(B2FOptions(), runtime())


def test_the_papers_encoders_are_files_of_their_own(tmp_path: Path) -> None:
    network = random_network(lambda: B2F(ARCHITECTURES["tiny"], "square", "paper"), 3)
    save_file(trained_tensors(network), tmp_path / "b2f.safetensors")
    given = {"weights": tmp_path / "b2f.safetensors", "encoder": "paper"}
    with pytest.raises(WeightsError, match="`faces`"):
        renderer(**given)
    faces, imagenet = random_network(VGGFace2, 4), random_network(VGG19, 5)
    classifier = {"fc.weight": torch.zeros(2, 2048), "fc.bias": torch.zeros(2)}
    torch.save(faces.state_dict() | classifier, tmp_path / "resnet50.pth")
    with pytest.raises(WeightsError, match="`imagenet`"):
        renderer(**given, faces=tmp_path / "resnet50.pth")
    torch.save(imagenet.state_dict(), tmp_path / "vgg19.pth")
    whole = renderer(
        **given, faces=tmp_path / "resnet50.pth", imagenet=tmp_path / "vgg19.pth"
    ).network
    state = whole.state_dict()
    torch.testing.assert_close(state["encoder.face.network.conv1.weight"], faces.conv1.weight)
    torch.testing.assert_close(
        state["encoder.garment.network.features.0.weight"], imagenet.features[0].weight
    )
    torch.testing.assert_close(state["project.weight"], network.project.weight)


def test_the_first_layers_of_vgg19_are_a_file_of_their_own(tmp_path: Path) -> None:
    network = random_network(lambda: B2F(ARCHITECTURES["tiny"], "square", "vgg"), 3)
    save_file(trained_tensors(network), tmp_path / "b2f.safetensors")
    given = {"weights": tmp_path / "b2f.safetensors", "encoder": "vgg"}
    with pytest.raises(WeightsError, match="`imagenet`"):
        renderer(**given)
    layers = random_network(lambda: VGG19Features(3), 5)
    torch.save(layers.state_dict(), tmp_path / "vgg19.pth")
    whole = renderer(**given, imagenet=tmp_path / "vgg19.pth")
    for part in ("face", "garment"):
        torch.testing.assert_close(
            whole.network.state_dict()[f"encoder.{part}.network.vgg.features.10.weight"],
            layers.features[10].weight,
        )
    one, other = (whole.prepare(target(i), motion()).latent for i in (0, 1))
    assert not torch.allclose(one, other)
    torch.save(VGG19Features(2).state_dict(), tmp_path / "short.pth")
    with pytest.raises(WeightsError, match="does not reach block 3"):
        renderer(**given, imagenet=tmp_path / "short.pth")


def test_a_layer_for_each_frame() -> None:
    b2f = renderer()
    layer = b2f.render(b2f.prepare(target(), motion()), pose(3), body(3), None)
    assert layer.image.shape == (3, 3, *CANVAS)
    assert layer.mask.shape == (3, 1, *CANVAS)
    assert b2f.history == 0


def test_a_batch_is_its_frames_one_by_one() -> None:
    b2f = renderer(layout="exact")
    prepared = b2f.prepare(target(), motion())
    together = b2f.render(prepared, pose(3), body(3), None)
    for t in range(3):
        alone = b2f.render(prepared, pose(1), Parsing(body(3).labels[t : t + 1]), None)
        torch.testing.assert_close(alone.image[0], together.image[t], rtol=1e-4, atol=1e-5)


def test_the_encoder_runs_once_for_a_target_and_tells_targets_apart() -> None:
    b2f = renderer()
    calls: list[int] = []
    b2f.network.encoder.register_forward_hook(lambda *_: calls.append(1))
    one, other = b2f.prepare(target(0), motion()), b2f.prepare(target(1), motion())
    assert not torch.allclose(one.latent, other.latent)
    assert one.latent.shape == (1, 64, 4, 4)
    for _ in range(3):
        b2f.render(one, pose(1), body(1), None)
    assert len(calls) == 2


def test_without_a_body_there_is_nothing_to_render() -> None:
    b2f = renderer()
    with pytest.raises(SpecError, match="body_generator"):
        b2f.render(b2f.prepare(target(), motion()), pose(1), None, None)


def label_map(
    poses: Pose, parsing: Parsing, hands: bool = True, face_labels: bool = True
) -> torch.Tensor:
    return one_hot(numbered(parsing, poses.skeleton.face, hands, face_labels))


def test_the_label_map_is_one_hot_in_27_channels() -> None:
    seen = torch.rand(1, 70, 3) * torch.tensor([10.0, 15, 0]) + torch.tensor([10.0, 5, 1])
    poses = replace(pose(1), skeleton=replace(Skeleton.empty(1), face=seen))
    with_face = label_map(poses, body(1))
    assert with_face.shape == (1, 27, *CANVAS)
    assert (with_face.sum(1) == 1).all()
    assert with_face[:, 22:].any()
    assert not label_map(poses, body(1), face_labels=False)[:, 22:].any()
    assert with_face[:, Label.LEFT_HAND].any()
    assert not label_map(poses, body(1), hands=False)[:, Label.LEFT_HAND].any()


def test_the_mask_may_be_the_parsings() -> None:
    b2f = renderer(mask="parsing")
    layer = b2f.render(b2f.prepare(target(), motion()), pose(2), body(2), None)
    assert torch.equal(layer.mask, body(2).mask)


def test_it_computes_in_other_number_types() -> None:
    options = B2FOptions(size="tiny", weights="random", encoder="small")
    half = B2FRenderer(options, replace(runtime(), dtype=torch.bfloat16))
    layer = half.render(half.prepare(target(), motion()), pose(2), body(2), None)
    assert next(half.network.parameters()).dtype == torch.bfloat16
    assert layer.image.dtype == layer.mask.dtype == torch.float32
