"""Loads checkpoints into networks.

Loading is strict: a missing file, an unknown or missing tensor, or one of the wrong shape is an
error that names it. Random weights are used only if the option `weights` is `random`.
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
from reenactor_plugins.networks.public_layout import PublicKeys, transfer
from reenactor_plugins.networks.trained_options import SHIPPED, TrainedOptions

N = TypeVar("N", bound=nn.Module)

SHOWN = 3
"""Keys that an error message names; the rest are only counted."""

PUBLIC_ADVICE = (
    "use the checkpoint that docs/weights.md names for this option; options that describe the "
    "network (classes, size) must match the file"
)
TRAINED_ADVICE = "use the same options (size, layout, encoder) as in training"


def weights_file(options: TrainedOptions, runtime: Runtime, shipped: Weight) -> Path | None:
    """The file of the option `weights`: the user's, or the shipped one. None for `random`."""
    if options.weights == SHIPPED:
        return runtime.weight(shipped)
    return options.weights if isinstance(options.weights, Path) else None


def public_file(value: str | Path, weight: Weight, runtime: Runtime) -> Path:
    """The file of an option that is `public` or a path: from the weight store, or the user's.

    Raises:
        WeightsError: the public file is neither stored nor can be downloaded.
    """
    return value if isinstance(value, Path) else runtime.weight(weight)


def load_trained(weights: Path | None, name: str, options: Options) -> dict[str, Tensor]:
    """Load the tensors of a file written by `reenactor train`.

    Raises:
        WeightsError: no file is given, it belongs to another component, or it was trained with
            other options.
    """
    if weights is None:
        raise WeightsError(
            f"{name} has no weights",
            given="no option `weights`",
            expected="`weights: FILE.safetensors`, a network that you trained",
            advice="the paper's authors released no weights: train the network (see "
            "docs/paper.md) or choose another component (`reenactor plugins list`)",
        )
    tensors = load_tensors(weights)
    _require_same_training(weights, name, options)
    return tensors


def load_start(
    make: Callable[[], N],
    network: N,
    start: Path | None,
    name: str,
    options: Options,
    public: PublicKeys | None = None,
    note: Callable[[str], None] | None = None,
) -> N:
    """Load the weights that training starts from, if `start` names a file.

    Frozen parts, which a file of trained weights does not contain, are kept. A checkpoint with
    public keys is loaded as far as it fits; the rest stays as initialised.

    Args:
        make: makes such a network.
        network: the initialised network.
        start: weights of an earlier training or, with `public`, a public checkpoint.
        name: the component's name.
        options: the network's options.
        public: public keys by ours.
        note: is given a summary of what a public checkpoint lacks.

    Raises:
        WeightsError: the file does not fit.
    """
    if start is None:
        return network
    if public is not None:
        tensors = load_checkpoint(start, "training.start", name)
        if not tensors.keys().isdisjoint(public.values()):
            found = transfer(network, tensors, public)
            if not found.tensors:
                raise WeightsError(
                    f"no tensor of the checkpoint fits {name}",
                    given=f"{start}: {found.summary}",
                    expected="a checkpoint of a network of this size",
                    advice="choose the network's size with --spec or another checkpoint",
                )
            found.apply(network)
            if note is not None:
                note(f"{start.name}: {found.summary}")
            return network
    own = trained_tensors(network)
    frozen = {key: value for key, value in network.state_dict().items() if key not in own}
    trained = load_trained(start, name, options)
    return from_state_dict(make, frozen | trained, name, TRAINED_ADVICE)


def _require_same_training(weights: Path, name: str, options: Options) -> None:
    """Refuse weights of the right shapes that were trained for another component or input."""
    said = training_info(weights)
    component = str(said.get("component", name))
    if component != name:
        raise WeightsError(
            f"the weights given for {name} belong to {component}", given=str(weights)
        )
    before, now = said.get("network"), options.of_training()
    if not isinstance(before, Mapping):
        return
    differing = [key for key in now if key in before and before[key] != now[key]]
    if differing:
        raise WeightsError(
            f"the weights given for {name} were trained with other options",
            given=f"{_listed(before, differing)} in {weights}",
            expected=f"{_listed(now, differing)}, as in the spec",
            advice=f"change the spec or train a network for it: reenactor train {name} --spec SPEC",
        )


def _listed(values: Mapping[str, Any], keys: list[str]) -> str:
    """Options as they are written in a spec."""
    return ", ".join(f"{key}: {json.dumps(values[key]).strip(chr(34))}" for key in keys)


def load_checkpoint(
    file: Path | None, option: str, what: str, inside: str = "state_dict"
) -> dict[str, Tensor]:
    """Load the tensors of a public checkpoint given by the user.

    Args:
        file: the checkpoint.
        option: the option that names it.
        what: the network, for error messages.
        inside: the key of the state dict in a checkpoint that contains more.

    Raises:
        WeightsError: no file is given, or it cannot be read.
    """
    if file is None:
        raise WeightsError(
            f"{what} has no weights",
            given=f"no option `{option}`",
            expected=f"`{option}: FILE`, its public PyTorch checkpoint",
            advice="see docs/weights.md for where to get it and its licence",
        )
    pickled = file.suffix.lower() == SUFFIX
    return load_arrays(file, inside) if pickled else load_tensors(file, inside)


def load_backbone(
    network: type[N], classifier: str, option: str, file: Path | None, what: str
) -> N:
    """Load a public network without its classifier, frozen.

    Args:
        network: its class.
        classifier: prefix of the classifier's keys.
        option: the option that names the file.
        file: its public checkpoint.
        what: what the network is used for, for error messages.

    Raises:
        WeightsError: no file is given, or it belongs to another network.
    """
    tensors = load_checkpoint(file, option, what)
    kept = {key: value for key, value in tensors.items() if not key.startswith(classifier)}
    return from_state_dict(network, kept, network.__name__).eval().requires_grad_(False)


def with_prefix(prefix: str, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Add a prefix to all keys."""
    return {prefix + key: value for key, value in tensors.items()}


def from_state_dict(
    make: Callable[[], N], tensors: Mapping[str, Tensor], name: str, advice: str = PUBLIC_ADVICE
) -> N:
    """Make a network from a state dict, in float32.

    `num_batches_tracked` of batch norms, which is unused, is 0 if the checkpoint lacks it.

    Args:
        make: makes such a network.
        tensors: of any floating-point dtype; integers where the network has integers.
        name: the network, for error messages.
        advice: what to do if they do not fit.

    Raises:
        WeightsError: a tensor is missing, unknown, or has the wrong shape or dtype.
    """
    with torch.device("meta"):
        network = make()
    expected = network.state_dict()
    given = dict(tensors)
    for key, tensor in expected.items():
        if key.endswith(COUNTER) and getattr(given.get(key), "dtype", None) != tensor.dtype:
            given[key] = torch.zeros_like(tensor, device="cpu")
    problems = _mismatches(expected, given)
    if problems:
        raise WeightsError(
            f"the weights given for {name} do not fit the network",
            given="; ".join(problems),
            expected=f"the {len(expected)} tensors of {name} with these options",
            advice=advice,
        )
    ready = {key: tensor.to(expected[key].dtype) for key, tensor in given.items()}
    network.load_state_dict(ready, assign=True)
    return network


def _mismatches(expected: Mapping[str, Tensor], given: Mapping[str, Tensor]) -> list[str]:
    """Describe what does not fit, each kind with its first few keys."""
    kinds = {
        "missing": [key for key in expected if key not in given],
        "unknown": [shortened(key) for key in given if key not in expected],
        "of the wrong shape": [
            f"{key} {tuple(given[key].shape)}, not {tuple(tensor.shape)}"
            for key, tensor in expected.items()
            if key in given and given[key].shape != tensor.shape
        ],
        "of the wrong dtype": [
            f"{key} {given[key].dtype}, not {tensor.dtype}"
            for key, tensor in expected.items()
            if key in given and (given[key].dtype in FLOATS) != (tensor.dtype in FLOATS)
        ],
    }
    return [
        f"{len(keys)} {kind}: {', '.join(keys[:SHOWN])}" for kind, keys in kinds.items() if keys
    ]


def random_network(make: Callable[[], N], seed: int) -> N:
    """A network with random weights. The global random state is left unchanged."""
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)
        return make()


def for_inference(network: N, runtime: Runtime) -> N:
    """Prepare a network for inference: evaluation mode, no gradients, the runtime's device, type.

    Its convolutions compute channels last, which is up to twice as fast, most of all in bfloat16.
    Spectral norms are applied to the weights once instead of at each call.
    """
    network.eval().requires_grad_(False)
    for module in network.modules():
        if parametrize.is_parametrized(module):
            parametrize.remove_parametrizations(module, "weight", leave_parametrized=True)
    return network.to(runtime.device, runtime.dtype).to(memory_format=torch.channels_last)
