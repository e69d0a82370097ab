"""From options to a network at work: filled from files, or with noise where that is asked for.

Nothing here guesses. A missing file, a tensor too many or of another shape is an error that
names it, and random weights come only by the word `random`.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize

from reenactor.errors import WeightsError
from reenactor.manifest import Weight
from reenactor.options import Options
from reenactor.runtime import Runtime
from reenactor.weights.header import shortened, training_info
from reenactor.weights.tensors import COUNTER, FLOATS, load_tensors
from reenactor_plugins.networks.frozen import trained_tensors
from reenactor_plugins.networks.numpy_pickle import SUFFIX, load_arrays
from reenactor_plugins.networks.trained_options import SHIPPED, TrainedOptions

N = TypeVar("N", bound=nn.Module)

SHOWN = 3
"""Keys that a message names before it only counts them."""

PUBLIC = (
    "give the checkpoint that docs/weights.md names for this option; where options describe the "
    "network (classes, size), they must describe the one in the file"
)
TRAINED = "give the same options (size, layout, encoder) as in training"


def file_of(options: TrainedOptions, runtime: Runtime, shipped: Weight) -> Path | None:
    """The file that `weights` names: one of the user's, or the one that we ship."""
    if options.weights == SHIPPED:
        return runtime.weight(shipped)
    return options.weights if isinstance(options.weights, Path) else None


def trained(weights: Path | None, name: str, options: Options) -> dict[str, Tensor]:
    """The tensors of a file that our training wrote.

    Raises:
        WeightsError: there is no file, or it says that it is another component's, or that it was
            trained with other options than it is to be used with.
    """
    if weights is None:
        raise WeightsError(
            f"{name} has no weights",
            given="no option `weights`",
            expected="`weights: FILE.safetensors`, a network that you trained",
            advice="the paper's authors released no weights: train it (docs/paper.md says how), "
            "or choose another component for this role (`reenactor plugins list`)",
        )
    tensors = load_tensors(weights)
    _require_same_training(weights, name, options)
    return tensors


def begun(make: Callable[[], N], network: N, start: Path | None, name: str, options: Options) -> N:
    """A network about to be trained, with the weights of an earlier training where `start` names
    them; what such a file leaves out, being frozen, is that of the network.

    Raises:
        WeightsError: the file does not fit.
    """
    if start is None:
        return network
    own = trained_tensors(network)
    frozen = {key: value for key, value in network.state_dict().items() if key not in own}
    return filled(make, frozen | trained(start, name, options), name, TRAINED)


def _require_same_training(weights: Path, name: str, options: Options) -> None:
    """Tensors of the right shapes may still have been trained for another input."""
    said = training_info(weights)
    component = str(said.get("component", name))
    if component != name:
        raise WeightsError(
            f"the weights given for {name} are those of {component}", given=str(weights)
        )
    before, now = said.get("network"), options.of_training()
    if not isinstance(before, Mapping):
        return
    differing = [key for key in now if key in before and before[key] != now[key]]
    if differing:
        raise WeightsError(
            f"the weights given for {name} were trained with other options",
            given=f"{_listed(before, differing)} in {weights}",
            expected=f"{_listed(now, differing)}, as the spec says",
            advice="change the spec, or train a network for it: "
            f"reenactor train {name} --spec SPEC",
        )


def _listed(values: Mapping[str, Any], keys: list[str]) -> str:
    """As a spec has them."""
    return ", ".join(f"{key}: {json.dumps(values[key]).strip(chr(34))}" for key in keys)


def pretrained(
    file: Path | None, option: str, what: str, inside: str = "state_dict"
) -> dict[str, Tensor]:
    """The tensors of a public checkpoint that the user brings.

    Where it holds several things, those under the name `inside` are meant.
    """
    if file is None:
        raise WeightsError(
            f"{what} has no weights",
            given=f"no option `{option}`",
            expected=f"`{option}: FILE`, its public PyTorch checkpoint",
            advice="docs/weights.md says where it comes from and what it may be used for",
        )
    pickled = file.suffix.lower() == SUFFIX
    return load_arrays(file, inside) if pickled else load_tensors(file, inside)


def backbone(network: type[N], classifier: str, option: str, file: Path | None, what: str) -> N:
    """A public network without its classifier, frozen.

    Args:
        network: its class.
        classifier: how the keys of its classifier's tensors begin.
        option: the option by which the user gives the file.
        file: its public checkpoint.
        what: what the network is for, as an error names it.

    Raises:
        WeightsError: there is no file, or it is another network's.
    """
    tensors = pretrained(file, option, what)
    kept = {key: value for key, value in tensors.items() if not key.startswith(classifier)}
    return filled(network, kept, network.__name__).eval().requires_grad_(False)


def prefixed(prefix: str, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The same tensors as those of a part of a larger network."""
    return {prefix + key: value for key, value in tensors.items()}


def filled(
    make: Callable[[], N], tensors: Mapping[str, Tensor], name: str, advice: str = PUBLIC
) -> N:
    """A network whose every parameter and statistic is one of the tensors, as float32.

    Counters of batch norms, which nobody uses, become 0 where a checkpoint has none.

    Args:
        make: makes such a network.
        tensors: of any floating type; integers where the network has them.
        name: whose network it is.
        advice: what to do where they do not fit.

    Raises:
        WeightsError: if a tensor is missing, is one too many, or has another shape or type.
    """
    with torch.device("meta"):
        network = make()
    wanted = network.state_dict()
    given = dict(tensors)
    for key, tensor in wanted.items():
        if key.endswith(COUNTER) and getattr(given.get(key), "dtype", None) != tensor.dtype:
            given[key] = torch.zeros_like(tensor, device="cpu")
    troubles = _troubles(wanted, given)
    if troubles:
        raise WeightsError(
            f"the weights given for {name} are not those of this network",
            given="; ".join(troubles),
            expected=f"the {len(wanted)} tensors of {name} as the options describe it",
            advice=advice,
        )
    ready = {key: tensor.to(wanted[key].dtype) for key, tensor in given.items()}
    network.load_state_dict(ready, assign=True)
    return network


def _troubles(wanted: Mapping[str, Tensor], given: Mapping[str, Tensor]) -> list[str]:
    """What does not fit, each kind with its first few keys."""
    kinds = {
        "missing": [key for key in wanted if key not in given],
        "unknown": [shortened(key) for key in given if key not in wanted],
        "of another shape": [
            f"{key} {tuple(given[key].shape)}, not {tuple(tensor.shape)}"
            for key, tensor in wanted.items()
            if key in given and given[key].shape != tensor.shape
        ],
        "of another type": [
            f"{key} {given[key].dtype}, not {tensor.dtype}"
            for key, tensor in wanted.items()
            if key in given and (given[key].dtype in FLOATS) != (tensor.dtype in FLOATS)
        ],
    }
    return [
        f"{len(keys)} {kind}: {', '.join(keys[:SHOWN])}" for kind, keys in kinds.items() if keys
    ]


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
    """How pix2pixHD begins training: weights N(0, 0.02), norms N(1, 0.02), offsets 0.

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


def initialise_spade(network: nn.Module, gain: float = 0.02) -> None:
    """How SPADE begins training: "xavier", 0.02.

    Weights of convolutions and linear layers are N(0, gain^2 2 / (inputs + outputs)), by the
    numbers that one of them sees and reaches; norms N(1, gain), offsets 0. Weights with a
    spectral norm are initialised as they are below it.

    Leaves what is frozen alone. Uses torch's global random numbers: seed them first.
    """
    for module in network.modules():
        norm = isinstance(module, nn.BatchNorm2d)
        for name, parameter in module.named_parameters(recurse=False):
            if not parameter.requires_grad:
                continue
            if name == "bias":
                nn.init.zeros_(parameter)
            elif norm:
                nn.init.normal_(parameter, 1.0, gain)
            elif parameter.ndim > 1:
                nn.init.xavier_normal_(parameter, gain)
