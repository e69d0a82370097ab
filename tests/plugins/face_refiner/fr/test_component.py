"""The role: a target with or without a face, frames with or without one."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from reenactor.errors import WeightsError
from reenactor.runtime import Runtime
from reenactor.values import Frames, Parsing, Pose, Skeleton, Target, Window
from reenactor_plugins.face_refiner.fr.alignment import TEMPLATE
from reenactor_plugins.face_refiner.fr.component import FRRefiner
from reenactor_plugins.face_refiner.fr.network import ARCHITECTURES, FR
from reenactor_plugins.face_refiner.fr.options import FROptions
from reenactor_plugins.networks.checkpoint import random_network
from reenactor_plugins.networks.frozen import trained_tensors
from reenactor_plugins.networks.vggface2 import VGGFace2

CANVAS = (96, 64)


def runtime() -> Runtime:
    def no_weight(weight: object) -> Path:
        raise AssertionError("fr has no weights of its own")

    return Runtime(weight=no_weight)


def refiner(**options: object) -> FRRefiner:
    given = {"size": "tiny", "weights": "random", "identity": "small", **options}
    return FRRefiner(FROptions.model_validate(given), runtime())


def skeleton(*x: float | None) -> Skeleton:
    """Faces of 40 pixels whose crops begin at x, 10; None for a frame without one."""
    nobody = Skeleton.empty(len(x))
    face = nobody.face.clone()
    template = torch.tensor(TEMPLATE) * 40
    for t, left in enumerate(x):
        if left is None:
            continue
        face[t, :, 2] = 1
        for points, anchor in ((slice(36, 42), 0), (slice(42, 48), 1), (30, 2), (48, 3), (54, 4)):
            face[t, points, :2] = template[anchor] + torch.tensor([left, 10.0])
    return Skeleton(nobody.body, nobody.hands, face)


def target(*x: float | None) -> Target:
    pixels = torch.randint(0, 256, (1, 2 * CANVAS[0], 2 * CANVAS[1], 3)).to(torch.uint8)
    whole = torch.tensor([[-0.5, -0.5, 2 * CANVAS[1] - 0.5, 2 * CANVAS[0] - 0.5]])
    labels = Parsing(torch.zeros(1, *CANVAS, dtype=torch.uint8))
    return Target(
        Frames(pixels, (0,), "p"),
        Window(whole, CANVAS),
        torch.rand(1, 3, *CANVAS),
        labels,
        skeleton(*x),
    )


def pose(*x: float | None) -> Pose:
    return Pose(skeleton(*x), None, tuple(range(len(x))), CANVAS)


def test_there_are_no_weights_by_default() -> None:
    with pytest.raises(WeightsError, match="fr has no weights"):
        FRRefiner(FROptions(), runtime())


def test_the_papers_identity_is_a_file_of_its_own(tmp_path: Path) -> None:
    network = random_network(lambda: FR(ARCHITECTURES["tiny"], 224, "paper"), 1)
    save_file(trained_tensors(network), tmp_path / "fr.safetensors")
    given = {"weights": tmp_path / "fr.safetensors", "identity": "paper"}
    with pytest.raises(WeightsError, match="`faces`"):
        refiner(**given)
    faces = random_network(VGGFace2, 2)
    torch.save(faces.state_dict(), tmp_path / "faces.pth")
    state = refiner(**given, faces=tmp_path / "faces.pth").network.state_dict()
    torch.testing.assert_close(state["identity.network.bn1.weight"], faces.bn1.weight)
    torch.testing.assert_close(state["expand.weight"], network.expand.weight)


def test_only_faces_that_are_seen_are_touched() -> None:
    fr = refiner()
    prepared = fr.prepare(target(10.0))
    frames = torch.rand(3, 3, *CANVAS)
    out = fr.refine(prepared, frames, pose(12.0, None, 20.0), None)
    assert torch.equal(out[1], frames[1])
    for t, left in ((0, 12), (2, 20)):
        changed = (out[t] - frames[t]).abs().amax(0) > 0
        rows, columns = changed.any(1).nonzero(), changed.any(0).nonzero()
        assert 10 <= int(rows.min()) <= int(rows.max()) <= 50
        assert left <= int(columns.min()) <= int(columns.max()) <= left + 40
        assert changed.sum() > 1000
    assert float(out.min()) >= 0
    assert float(out.max()) <= 1


def test_a_target_without_a_face_changes_nothing() -> None:
    fr = refiner()
    prepared = fr.prepare(target(None))
    assert prepared is None
    frames = torch.rand(2, 3, *CANVAS)
    assert torch.equal(fr.refine(prepared, frames, pose(12.0, 14.0), None), frames)


def test_a_batch_is_its_frames_one_by_one() -> None:
    fr = refiner()
    prepared = fr.prepare(target(10.0))
    frames = torch.rand(3, 3, *CANVAS)
    together = fr.refine(prepared, frames, pose(12.0, None, 20.0), None)
    for t, left in enumerate((12.0, None, 20.0)):
        alone = fr.refine(prepared, frames[t : t + 1], pose(left), None)
        torch.testing.assert_close(alone[0], together[t], rtol=1e-4, atol=1e-5)


def test_the_targets_face_is_cut_from_the_photo_at_its_full_size() -> None:
    """The canvas is half the photo's size; what the canvas shows does not matter."""
    fr = refiner()
    seen: list[torch.Tensor] = []
    fr.network.identity.register_forward_pre_hook(lambda _m, given: seen.append(given[0]))
    one = target(10.0)
    fr.prepare(one)
    # A pixel of the crop's 64 covers 40 / 64 of the canvas's, and twice that of the photo's.
    u = v = 30
    x, y = ((c + 0.5) * 40 / 64 + left for c, left in ((u, 10.0), (v, 10.0)))
    photo_x, photo_y = (2 * c + 0.5 for c in (x, y))
    image = one.photo.images[0]
    x0, y0 = int(photo_x), int(photo_y)
    fx, fy = photo_x - x0, photo_y - y0
    corners = image[:, y0 : y0 + 2, x0 : x0 + 2]
    weights = torch.tensor([[(1 - fy) * (1 - fx), (1 - fy) * fx], [fy * (1 - fx), fy * fx]])
    expected = (corners * weights).sum((1, 2))
    torch.testing.assert_close(seen[0][0, :, v, u], expected, rtol=1e-3, atol=2e-3)


def test_it_computes_in_other_number_types() -> None:
    options = FROptions(size="tiny", weights="random", identity="small")
    half = FRRefiner(options, replace(runtime(), dtype=torch.bfloat16))
    out = half.refine(half.prepare(target(10.0)), torch.rand(1, 3, *CANVAS), pose(12.0), None)
    assert next(half.network.parameters()).dtype == torch.bfloat16
    assert out.dtype == torch.float32
