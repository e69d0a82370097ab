"""FR's training, the whole way, on drawn faces that a network of noise rendered."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from reenactor.catalog import discover
from reenactor.errors import TrainingError, WeightsError
from reenactor.progress import Silent
from reenactor.runtime import Runtime
from reenactor.training.config import load_config
from reenactor.training.folder import read_log
from reenactor.training.train import Trained, train
from reenactor_plugins.face_refiner.fr import recipe
from reenactor_plugins.face_refiner.fr.component import FRRefiner
from reenactor_plugins.face_refiner.fr.loss import blended
from reenactor_plugins.face_refiner.fr.options import FROptions
from reenactor_plugins.face_refiner.fr.settings import FRSettings
from reenactor_plugins.networks.vgg import VGG19Features

pytest.importorskip("lightning_fabric", reason="training needs the extra `train`")
pytest.importorskip("tensorboard", reason="training needs the extra `train`")

MakeShards = Callable[..., Path]
HELD = 'training.validation=["*/pose-0"]'
CANVAS = (512, 320)
"""The drawn faces are too small on any less."""


@pytest.fixture
def faces(drawn_shards: MakeShards) -> Path:
    return drawn_shards(people=1, poses=4, canvas=CANVAS)


def trained(data: Path, out: Path, *overrides: str) -> Trained:
    config = load_config(discover(), "fr", "tiny", overrides, [data])
    return train(config, out, "cpu", Silent())


def component(weights: Path | None, **options: object) -> FRRefiner:
    def none(weight: object) -> Path:
        raise AssertionError("fr has no weights of its own")

    values = {"size": "tiny", "identity": "small", **options}
    return FRRefiner(FROptions(weights=weights, **values), Runtime(weight=none))


def test_it_learns_on_what_a_spec_renders(faces: Path, tmp_path: Path) -> None:
    spec = tmp_path / "noise.yaml"
    spec.write_text(
        "version: 1\nparser: taps\npose_estimator: blazepose\nbody_generator: puppet\n"
        "frame_renderer: {use: b2f, weights: random, size: tiny, layout: exact, encoder: small}\n"
    )
    torch.save(VGG19Features(1).state_dict(), tmp_path / "vgg.pth")
    vgg = (f"training.vgg={tmp_path / 'vgg.pth'}", "training.vgg_weights=[1]")
    done = trained(faces, tmp_path / "run", HELD, f"training.renderer={spec}", *vgg)
    assert (done.steps, done.examples, done.validation) == (4, 3, 1)
    assert len(list((tmp_path / "run" / "samples").iterdir())) == 2
    last = read_log(tmp_path / "run")[-1]
    assert last["validation/before_psnr"] < 25  # noise is no face
    assert {"validation/psnr", "validation/ssim", "validation/l1", "validation/mask"} <= set(last)
    assert component(done.weights, landmarks="skeleton").network.crop == 64
    with pytest.raises(WeightsError, match="other options") as caught:
        component(done.weights, crop=256)
    assert caught.value.given.startswith("crop: 224 in")


def test_an_interrupted_training_ends_with_the_same_bytes(
    faces: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = trained(faces, tmp_path / "whole", "training.colour=0.1")
    calls = iter(range(100))

    def stops(*args: torch.Tensor) -> torch.Tensor:
        if next(calls) == 3:
            raise KeyboardInterrupt
        return blended(*args)

    monkeypatch.setattr(recipe, "blended", stops)
    with pytest.raises(KeyboardInterrupt):
        trained(faces, tmp_path / "parts", "training.colour=0.1")
    monkeypatch.undo()
    parts = trained(faces, tmp_path / "parts", "training.colour=0.1")
    assert whole.weights is not None
    assert parts.weights is not None
    assert whole.weights.read_bytes() == parts.weights.read_bytes()


def test_one_face_is_learnt_by_heart(drawn_shards: MakeShards, tmp_path: Path) -> None:
    data = drawn_shards(people=1, poses=1, canvas=CANVAS)
    settings = [
        "turn=0",
        "scale=1",
        "shift=0",
        "lambda_adversarial=0",
        "learning_rate=0.004",
        "steps=100",
    ]
    trained(
        data, tmp_path / "run", *(f"training.{text}" for text in [*settings, "validate_every=1000"])
    )
    log = [line for line in read_log(tmp_path / "run") if "blended" in line]
    assert len(log) == 2
    assert log[-1]["raw"] < 0.8 * log[0]["raw"]
    assert log[-1]["blended"] < 0.8 * log[0]["blended"]


def test_a_loss_that_is_no_number_stops_and_keeps_the_batch(
    faces: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recipe, "mask_size", lambda mask: mask.mean() * float("nan"))
    with pytest.raises(TrainingError, match="step 1 is NaN"):
        trained(faces, tmp_path / "run")
    (kept,) = (tmp_path / "run").glob("not-a-number-*.safetensors")
    assert set(load_file(kept)) == {"before", "identity", "truth"}


def test_a_step_descends_the_weighted_sum_of_what_is_logged(
    faces: Path, tmp_path: Path, step_of: Callable[..., Any]
) -> None:
    torch.save(VGG19Features(1).state_dict(), tmp_path / "vgg.pth")
    names = ("adversarial", "raw", "blended", "edges", "perceptual", "mask", "mask_edges")
    weights = {name: 2.0 + i for i, name in enumerate(names)}
    seen = step_of(
        "fr",
        faces,
        [
            f"training.vgg={tmp_path / 'vgg.pth'}",
            "training.vgg_weights=[1]",
            *(f"training.lambda_{name}={weight}" for name, weight in weights.items()),
        ],
    )
    assert all(seen.logged[name] != 0 for name in names)
    expected = sum(weight * seen.logged[name] for name, weight in weights.items())
    assert seen.losses[0] == pytest.approx(expected, rel=1e-5)
    assert {f"lambda_{name}" for name in names} == {
        name for name in FRSettings.model_fields if name.startswith("lambda_")
    }


def test_identity_by_vggface2_needs_its_file() -> None:
    with pytest.raises(WeightsError, match="VGGFace2"):
        recipe.initial_network(FROptions(size="tiny"), FRSettings())
