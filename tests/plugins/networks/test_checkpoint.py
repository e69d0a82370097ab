"""Networks come whole from their files, or not at all; noise only on demand."""

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn.utils.parametrizations import spectral_norm

from reenactor.errors import WeightsError
from reenactor.options import Options
from reenactor.runtime import Runtime
from reenactor_plugins.networks.checkpoint import (
    TRAINED_ADVICE,
    for_inference,
    from_state_dict,
    load_checkpoint,
    load_trained,
    random_network,
    with_prefix,
)
from reenactor_plugins.networks.frozen import Frozen
from reenactor_plugins.networks.initialise import initialise_pix2pixhd, initialise_spade


class Trained(Options):
    """Options of which one does not matter to the training."""

    hands: bool = True
    size: str = "paper"
    width: int = 3
    reduce: int = 1

    def of_training(self) -> Mapping[str, Any]:
        return self.model_dump(exclude={"reduce"})


def make() -> nn.Sequential:
    return nn.Sequential(spectral_norm(nn.Conv2d(2, 3, 3)), nn.BatchNorm2d(3), nn.Conv2d(3, 1, 1))


def runtime() -> Runtime:
    def no_weight(weight: object) -> Path:
        raise AssertionError("nothing here has weights of its own")

    return Runtime(weight=no_weight)


def test_no_weights_is_an_error_that_says_why_and_what_to_do() -> None:
    with pytest.raises(WeightsError, match="released no weights") as caught:
        load_trained(None, "p2b", Trained())
    assert "docs/paper.md" in caught.value.advice
    with pytest.raises(WeightsError, match="`faces`"):
        load_checkpoint(None, "faces", "VGGFace2")


def test_every_tensor_of_a_file_arrives(tmp_path: Path) -> None:
    original = make()
    original(torch.rand(2, 2, 5, 5))  # moves the statistics and the spectral norm
    save_file(original.state_dict(), tmp_path / "net.safetensors")
    copy = from_state_dict(
        make, load_trained(tmp_path / "net.safetensors", "net", Trained()), "net"
    )
    for key, value in original.state_dict().items():
        torch.testing.assert_close(copy.state_dict()[key], value)
    x = torch.rand(1, 2, 5, 5)
    torch.testing.assert_close(copy.eval()(x), original.eval()(x))


def saved(folder: Path, component: str, **network: object) -> Path:
    """A file as our training writes it."""
    said = json.dumps({"component": component, "network": network, "version": "1"})
    file = folder / "net.safetensors"
    save_file(make().state_dict(), file, metadata={"reenactor": said})
    return file


def test_a_file_trained_with_other_options_is_refused_whatever_its_shapes(tmp_path: Path) -> None:
    file = saved(tmp_path, "net", hands=True, size="small", width=3, gone="x")
    with pytest.raises(WeightsError, match="trained with other options") as caught:
        load_trained(file, "net", Trained(hands=False, size="small", width=4, reduce=2))
    assert caught.value.given == f"hands: true, width: 3 in {file}"
    assert "hands: false, width: 4" in caught.value.expected
    assert "reenactor train net --spec" in caught.value.advice


def test_options_that_may_differ_do(tmp_path: Path) -> None:
    file = saved(tmp_path, "net", hands=True)  # written before there was a `size`
    assert load_trained(file, "net", Trained(hands=True, size="tiny", reduce=4))


def test_a_file_of_another_component_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="belong to p2b"):
        load_trained(saved(tmp_path, "p2b"), "b2f", Trained())


def test_half_precision_becomes_single() -> None:
    halves = {
        key: v.half() if v.is_floating_point() else v for key, v in make().state_dict().items()
    }
    assert {p.dtype for p in from_state_dict(make, halves, "net").parameters()} == {torch.float32}


def test_old_checkpoints_do_not_count_batches() -> None:
    tensors = make().state_dict()
    del tensors["1.num_batches_tracked"]
    assert int(from_state_dict(make, tensors, "net").state_dict()["1.num_batches_tracked"]) == 0


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda t: t.pop("2.bias"), "1 missing: 2.bias"),
        (lambda t: t.update(more=torch.zeros(1)), "1 unknown: more"),
        (lambda t: t.update({"2.bias": torch.zeros(7)}), r"2\.bias \(7,\), not \(1,\)"),
        (
            lambda t: t.update({"2.bias": torch.zeros(1, dtype=torch.int32)}),
            r"1 of the wrong dtype: 2\.bias torch\.int32, not torch\.float32",
        ),
    ],
)
def test_what_does_not_fit_is_named(spoil: object, said: str) -> None:
    tensors = dict(make().state_dict())
    spoil(tensors)  # type: ignore[operator]  # parametrized as object
    with pytest.raises(WeightsError, match=said):
        from_state_dict(make, tensors, "net")


@pytest.mark.parametrize("suffix", [".pth", ".safetensors"])
def test_numbers_that_are_none_are_named(tmp_path: Path, suffix: str) -> None:
    tensors = dict(make().state_dict())
    tensors["2.weight"] = tensors["2.weight"].clone()
    tensors["2.weight"][0, :2, 0, 0] = torch.tensor([torch.nan, torch.inf])
    file = tmp_path / f"net{suffix}"
    (save_file if suffix == ".safetensors" else torch.save)(tensors, file)
    with pytest.raises(WeightsError) as caught:
        load_checkpoint(file, "weights", "net")
    assert "2.weight: 2 of 3 numbers are NaN or infinite" in caught.value.given


def test_counters_of_any_type_do_no_harm() -> None:
    """Converted to half precision with all the rest, they overflow."""
    halves = {key: v.half() for key, v in make().state_dict().items()}
    halves["1.num_batches_tracked"].fill_(torch.inf)
    assert int(from_state_dict(make, halves, "net").state_dict()["1.num_batches_tracked"]) == 0


def test_the_advice_for_a_public_checkpoint_is_where_to_get_it() -> None:
    with pytest.raises(WeightsError) as caught:
        from_state_dict(make, {}, "net")
    assert "docs/weights.md" in caught.value.advice
    assert "training" not in caught.value.advice
    with pytest.raises(WeightsError) as caught:
        from_state_dict(make, {}, "net", TRAINED_ADVICE)
    assert "as in training" in caught.value.advice


def test_noise_is_the_same_for_a_seed_and_moves_no_other_random_number() -> None:
    torch.manual_seed(3)
    expected = torch.rand(2)
    torch.manual_seed(3)
    one, same, other = random_network(make, 1), random_network(make, 1), random_network(make, 2)
    torch.testing.assert_close(torch.rand(2), expected)
    weights = [net.state_dict()["2.weight"] for net in (one, same, other)]
    torch.testing.assert_close(weights[0], weights[1])
    assert not torch.equal(weights[0], weights[2])


def test_at_work_nothing_is_trained_and_the_result_stays() -> None:
    network = random_network(make, 0)
    network(torch.rand(2, 2, 5, 5))
    x = torch.rand(1, 2, 5, 5)
    with torch.no_grad():
        expected = network.eval()(x)
    working = for_inference(network, runtime())
    torch.testing.assert_close(working(x), expected)
    assert not working.training
    assert not any(p.requires_grad for p in working.parameters())
    assert not [key for key in working.state_dict() if "parametrizations" in key]


def test_at_work_a_network_has_the_runtimes_type_and_computes_channels_last() -> None:
    given = replace(runtime(), dtype=torch.bfloat16)
    working = for_inference(nn.Sequential(nn.Conv2d(4, 8, 3), nn.Flatten(), nn.Linear(8, 2)), given)
    assert {p.dtype for p in working.parameters()} == {torch.bfloat16}
    assert working[0].weight.is_contiguous(memory_format=torch.channels_last)
    made = working[0](torch.rand(1, 4, 9, 9).bfloat16())
    assert made.is_contiguous(memory_format=torch.channels_last)


def test_initial_weights_are_small_and_centred() -> None:
    torch.manual_seed(0)
    network = nn.Sequential(
        spectral_norm(nn.Conv2d(32, 64, 3)), nn.BatchNorm2d(500), Frozen(nn.Conv2d(1, 1, 1))
    )
    before = {key: value.clone() for key, value in network.state_dict().items()}
    initialise_pix2pixhd(network)
    after = network.state_dict()
    original = after["0.parametrizations.weight.original"]
    assert abs(float(original.mean())) < 1e-3
    assert abs(float(original.std()) - 0.02) < 1e-3
    assert not after["0.bias"].any()
    assert abs(float(after["1.weight"].mean()) - 1) < 0.01
    torch.testing.assert_close(after["2.network.weight"], before["2.network.weight"])


def test_spade_begins_with_xavier_s_deviations() -> None:
    """0.02 sqrt(2 / (fan in + fan out)), a fan being channels times the kernel's pixels."""
    torch.manual_seed(0)
    network = nn.ModuleDict(
        {
            "gamma": nn.Conv2d(32, 64, 3),
            "fc": nn.Linear(100, 400),
            "spectral": spectral_norm(nn.Conv2d(40, 40, 3)),
            "norm": nn.BatchNorm2d(500),
            "frozen": Frozen(nn.Conv2d(1, 1, 1)),
        }
    )
    before = network["frozen"].state_dict()["network.weight"].clone()
    initialise_spade(network)
    after = network.state_dict()
    for key, fans in (
        ("gamma.weight", (32 + 64) * 9),
        ("fc.weight", 100 + 400),
        ("spectral.parametrizations.weight.original", (40 + 40) * 9),
    ):
        expected = 0.02 * (2 / fans) ** 0.5
        assert float(after[key].std()) == pytest.approx(expected, rel=0.05), key
        assert abs(float(after[key].mean())) < 0.1 * expected
    assert not any(after[f"{part}.bias"].any() for part in ("gamma", "fc", "spectral", "norm"))
    assert float(after["norm.weight"].mean()) == pytest.approx(1, abs=0.01)
    assert float(after["norm.weight"].std()) == pytest.approx(0.02, rel=0.2)
    torch.testing.assert_close(after["frozen.network.weight"], before)


def test_prefixes() -> None:
    assert list(with_prefix("a.", {"b": torch.zeros(1)})) == ["a.b"]
    assert (
        from_state_dict(partial(nn.Linear, 1, 1), nn.Linear(1, 1).state_dict(), "x").in_features
        == 1
    )
