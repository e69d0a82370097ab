"""The role: the puppet's layer with another picture in it."""

from pathlib import Path

import pytest
import torch

from reenactor.errors import WeightsError
from reenactor.manifest import Weight
from reenactor.runtime import Runtime
from reenactor.testing.samples import SampleInputs, samples
from reenactor.values import Layer, Parsing, Pose
from reenactor_plugins.frame_renderer.retouch.component import RetouchRenderer
from reenactor_plugins.frame_renderer.retouch.options import RetouchOptions
from reenactor_plugins.puppet.body import PuppetBody
from reenactor_plugins.puppet.options import PuppetOptions
from reenactor_plugins.puppet.options import PuppetOptions as BodyOptions
from reenactor_plugins.puppet.renderer import PuppetRenderer


def no_file(weight: Weight) -> Path:
    raise AssertionError(f"{weight.name} was asked for")


RUNTIME = Runtime(weight=no_file)


@pytest.fixture(scope="module")
def dancer() -> SampleInputs:
    return samples(3, canvas=(256, 160))


def renderer(*bias: float) -> RetouchRenderer:
    """One that wants the same everywhere: `bias` is added to the flat colours and the logit."""
    made = RetouchRenderer(RetouchOptions(weights="random", size="tiny"), RUNTIME)
    if bias:
        torch.nn.init.zeros_(made.network.out.weight)
        made.network.out.bias = torch.nn.Parameter(torch.tensor(bias).float(), requires_grad=False)
    return made


def rendered(
    made: RetouchRenderer | PuppetRenderer, dancer: SampleInputs, body: Parsing | None = None
) -> Layer:
    return made.render(made.prepare(dancer.target, dancer.motion), dancer.pose, body, None)


@pytest.mark.parametrize("fitted", [False, True])
def test_with_nothing_to_change_it_is_the_puppet(fitted: bool, dancer: SampleInputs) -> None:
    body = dancer.on_canvas.parsing if fitted else None
    layer = rendered(renderer(0.5, 0.5, 0.5, -100), dancer, body)
    puppet = rendered(PuppetRenderer(PuppetOptions(), RUNTIME), dancer, body)
    assert torch.equal(layer.mask, puppet.mask)
    assert torch.equal(layer.image, puppet.image)


def test_what_it_wants_is_put_on_the_person(dancer: SampleInputs) -> None:
    layer = rendered(renderer(9, 9, 9, 100), dancer)
    puppet = rendered(PuppetRenderer(PuppetOptions(), RUNTIME), dancer)
    assert torch.equal(layer.mask, puppet.mask)
    there = layer.mask.expand(-1, 3, -1, -1) > 0
    torch.testing.assert_close(layer.image[there], torch.ones(int(there.sum())))
    assert float(puppet.image[there].mean()) < 0.9


def test_its_own_shape_is_the_puppet_bodys(dancer: SampleInputs) -> None:
    made, generator = renderer(), PuppetBody(BodyOptions(), RUNTIME)
    body = generator.generate(generator.prepare(dancer.target, dancer.motion), dancer.pose)
    alone, given = rendered(made, dancer), rendered(made, dancer, body)
    assert torch.equal(alone.image, given.image)
    assert torch.equal(alone.mask, given.mask)


def test_a_frame_is_the_same_whichever_are_rendered_beside_it(dancer: SampleInputs) -> None:
    made = renderer()
    prepared = made.prepare(dancer.target, dancer.motion)
    together = made.render(prepared, dancer.pose, None, None)
    for t in range(3):
        pose = Pose(dancer.pose.skeleton[t : t + 1], None, (t,), dancer.pose.canvas)
        alone = made.render(prepared, pose, None, None)
        assert torch.equal(alone.image[0], together.image[t])


@pytest.mark.parametrize("canvas", [(64, 64), (96, 288), (544, 352)])
def test_canvases_of_any_size(canvas: tuple[int, int]) -> None:
    one = samples(1, canvas=canvas)
    layer = rendered(renderer(0, 0, 0, 100), one, one.on_canvas.parsing)
    assert layer.image.shape == (1, 3, *canvas)
    assert bool(torch.isfinite(layer.image).all())
    assert float(layer.mask.max()) == 1


def test_nobody_is_nobody(dancer: SampleInputs) -> None:
    nobody = Parsing(torch.zeros_like(dancer.on_canvas.parsing.labels))
    layer = rendered(renderer(), dancer, nobody)
    assert float(layer.mask.max()) < 0.01


def test_weights_of_another_network_are_refused(tmp_path: Path) -> None:
    from safetensors.torch import save_file

    tensors = {key: value.contiguous() for key, value in renderer().network.state_dict().items()}
    save_file(tensors, tmp_path / "tiny.safetensors")
    with pytest.raises(WeightsError, match="do not fit the network"):
        RetouchRenderer(RetouchOptions(weights=tmp_path / "tiny.safetensors"), RUNTIME)
    with pytest.raises(WeightsError):
        RetouchRenderer(RetouchOptions(weights=tmp_path / "none.safetensors"), RUNTIME)
