"""The role: architectures, encoders, files, nobody."""

from pathlib import Path

import numpy as np
import pytest
import torch
from pydantic import ValidationError
from safetensors.torch import save_file

from reenactor.errors import PluginError, SpecError, WeightsError
from reenactor.runtime import Runtime
from reenactor.testing.cartoon import Drawn
from reenactor.values import Skeleton
from reenactor_plugins.parser.smp.component import SmpParser
from reenactor_plugins.parser.smp.network import SmpNetwork, imported, maker
from reenactor_plugins.parser.smp.options import Architecture, SmpOptions

smp = pytest.importorskip("segmentation_models_pytorch", reason="the extra `smp`")

SMALL = "tu-mobilenetv3_small_050"


def options(**given: object) -> SmpOptions:
    small = {"weights": "random", "encoder": SMALL, "input": 64}
    return SmpOptions.model_validate(small | given)


def test_the_architectures_are_the_librarys() -> None:
    assert set(Architecture.__args__) == set(smp.MODEL_ARCHITECTURES_MAPPING)  # type: ignore[attr-defined]  # Literal's values


@pytest.mark.parametrize("architecture", ["unet", "fpn", "deeplabv3plus", "segformer"])
def test_every_pixel_is_labelled(architecture: str, runtime: Runtime, drawn: Drawn) -> None:
    parser = SmpParser(options(architecture=architecture), runtime)
    picture = np.zeros((64, 64, 3), np.uint8)
    assert parser._logits(picture).shape == (20, 64, 64)
    labels = parser.parse(drawn.frames[:1], drawn.skeleton[:1]).labels
    assert labels.shape == (1, *drawn.frames.size)
    assert int(labels.max()) < 22


def test_a_vision_transformer_sees_other_sizes_too(runtime: Runtime) -> None:
    vit = options(architecture="dpt", encoder="tu-vit_tiny_patch16_224")
    with torch.device("meta"):
        network = maker(vit)().eval()
        assert network(torch.empty(1, 3, 64, 96)).shape == (1, 20, 64, 96)


def test_colours_are_red_green_blue_without_imagenets_mean() -> None:
    network = SmpNetwork(torch.nn.Identity())
    pixel = torch.tensor([0.9, 0.5, 0.1])[None, :, None, None]
    # ((0.9, 0.5, 0.1) - (.485, .456, .406)) / (.229, .224, .225), by hand
    expected = torch.tensor([1.812227, 0.196429, -1.36])
    torch.testing.assert_close(network(pixel)[0, :, 0, 0], expected)


def test_a_trained_file_is_what_is_used(runtime: Runtime, tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="no weights"):
        SmpParser(options(weights=None), runtime)
    torch.manual_seed(4)
    theirs = smp.create_model("unet", SMALL, encoder_weights=None, classes=20)
    file = tmp_path / "model.safetensors"
    save_file(theirs.state_dict(), file)
    loaded = SmpParser(options(weights=file), runtime).network.network.state_dict()
    for key, value in theirs.state_dict().items():
        torch.testing.assert_close(loaded[key], value)
    for other in ({"classes": "atr"}, {"architecture": "fpn"}):
        with pytest.raises(WeightsError, match="do not fit the network"):
            SmpParser(options(weights=file, **other), runtime)


def test_encoders_that_are_not_there_or_do_not_fit(runtime: Runtime) -> None:
    with pytest.raises(SpecError, match="did you mean 'tu-mobilenetv3_small_050'"):
        SmpParser(options(encoder="tu-mobilnetv3_small_050"), runtime)
    with pytest.raises(SpecError, match="does not fit the architecture unet"):
        SmpParser(options(encoder="tu-vit_tiny_patch16_224"), runtime)
    SmpParser(options(encoder="mobileone_s0", architecture="linknet"), runtime)


def test_without_the_package_it_says_what_to_install() -> None:
    with pytest.raises(PluginError, match=r"pip install 'reenactor\[smp\]'"):
        imported("segmentation_models_of_yesterday")


def test_a_check_of_a_spec_misses_the_weights() -> None:
    assert "weights" in SmpOptions().missing()
    assert not options().missing()


def test_mistaken_options_are_refused() -> None:
    for mistake in ({"input": 100}, {"architecture": "resnet"}, {"encoder": ""}, {"flips": True}):
        with pytest.raises(ValidationError):
            options(**mistake)


def test_nobody_is_background(runtime: Runtime, drawn: Drawn) -> None:
    parser = SmpParser(options(flip=True), runtime)
    assert not parser.parse(drawn.frames, Skeleton.empty(3)).labels.any()
