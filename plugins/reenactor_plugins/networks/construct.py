"""From options to a network at work: filled from files, or with noise where that is asked for.

Nothing here guesses. A missing file, a tensor too many or of another shape is an error that
names it, and random weights come only by the word `random`.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal, TypeVar

import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize

from reenactor.errors import WeightsError
from reenactor.runtime import Runtime
from reenactor.weights.tensors import load_tensors
from reenactor_plugins.networks.numpy_pickle import SUFFIX, load_arrays

N = TypeVar("N", bound=nn.Module)

Weights = Literal["random"] | Path | None
"""The option of every trained network: a file, noise, or nothing yet (an error when used)."""

SHOWN = 3
"""Keys that a message names before it only counts them."""


def trained(weights: Path | None, name: str) -> dict[str, Tensor]:
    """The tensors of a file that our training wrote."""
    if weights is None:
        raise WeightsError(
            f"{name} has no weights",
            given="no option `weights`",
            expected="`weights: FILE.safetensors`, a network that you trained",
            advice="the paper's authors released no weights: train it (docs/paper.md says how), "
            "or choose another component for this role (`reenactor plugins list`)",
        )
    return load_tensors(weights)


def pretrained(file: Path | None, option: str, what: str) -> dict[str, Tensor]:
    """The tensors of a public checkpoint that the user brings."""
    if file is None:
        raise WeightsError(
            f"{what} has no weights",
            given=f"no option `{option}`",
            expected=f"`{option}: FILE`, its public PyTorch checkpoint",
            advice="docs/paper.md says where it comes from and what it may be used for",
        )
    return load_arrays(file) if file.suffix == SUFFIX else load_tensors(file)


def prefixed(prefix: str, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The same tensors as those of a part of a larger network."""
    return {prefix + key: value for key, value in tensors.items()}


def filled(make: Callable[[], N], tensors: Mapping[str, Tensor], name: str) -> N:
    """A network whose every parameter and statistic is one of the tensors, as float32.

    Raises:
        WeightsError: if a tensor is missing, is one too many, or has another shape.
    """
    with torch.device("meta"):
        network = make()
    wanted = {
        key: value for key, value in network.state_dict().items() if not _is_counter(key, tensors)
    }
    missing = sorted(wanted.keys() - tensors.keys())
    unknown = sorted(tensors.keys() - network.state_dict().keys())
    misfits = [
        f"{key} {tuple(tensors[key].shape)}, not {tuple(value.shape)}"
        for key, value in wanted.items()
        if key in tensors and tensors[key].shape != value.shape
    ]
    if missing or unknown or misfits:
        raise WeightsError(
            f"the weights given for {name} are not those of this network",
            given="; ".join(
                f"{len(keys)} {trouble}: {', '.join(keys[:SHOWN])}"
                for trouble, keys in (
                    ("missing", missing),
                    ("unknown", unknown),
                    ("of another shape", misfits),
                )
                if keys
            ),
            expected=f"the {len(wanted)} tensors of {name} as the options describe it",
            advice="give the same options (size, layout, encoder) as in training",
        )
    counters = {
        key: torch.zeros((), dtype=torch.long)
        for key in network.state_dict()
        if _is_counter(key, tensors)
    }
    floats = {key: v.float() if v.is_floating_point() else v for key, v in tensors.items()}
    network.load_state_dict(floats | counters, assign=True)
    return network


def _is_counter(key: str, tensors: Mapping[str, Tensor]) -> bool:
    """Batch norm counts its batches, in a tensor that old checkpoints lack and that nobody uses."""
    return key.endswith("num_batches_tracked") and key not in tensors


def noise(make: Callable[[], N], seed: int) -> N:
    """A network of random weights, the same for the same seed; no other random number moves."""
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)
        return make()


def at_work(network: N, runtime: Runtime) -> N:
    """The network for inference: running statistics, no gradients, weights as they end up.

    Spectral norms are carried out once instead of at each call.
    """
    network.eval().requires_grad_(False)
    for module in network.modules():
        if parametrize.is_parametrized(module):
            parametrize.remove_parametrizations(module, "weight", leave_parametrized=True)
    return network.to(runtime.device, runtime.dtype)


def initialise(network: nn.Module, deviation: float = 0.02) -> None:
    """How pix2pixHD and SPADE begin training: weights N(0, 0.02), norms N(1, 0.02), offsets 0.

    Leaves what is frozen alone. Uses torch's global random numbers: seed them first.
    """
    for module in network.modules():
        mean = 1.0 if isinstance(module, nn.BatchNorm2d) else 0.0
        for name, parameter in module.named_parameters(recurse=False):
            if not parameter.requires_grad:
                continue
            if name == "bias":
                nn.init.zeros_(parameter)
            else:  # a weight, or the original of one with a spectral norm
                nn.init.normal_(parameter, mean, deviation)
