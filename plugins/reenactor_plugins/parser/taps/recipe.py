"""How the network of `taps` is trained, the whole loop in sight.

    from pathlib import Path
    from reenactor_plugins.parser.taps.recipe import Recipe, read_examples, train

    examples = read_examples(Path("ccp"), runtime, progress)
    train(examples, Recipe(), Path("runs/taps"), runtime, progress)

Each step draws its random numbers from its own number, so a training that was interrupted goes on
where it stopped, as if it never had. `runs/taps/weights.safetensors` is what the parser loads.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, pi
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float, Int64
from safetensors.torch import save_file
from torch import Tensor
from torch.nn import functional as F

from reenactor.errors import InputError
from reenactor.progress import Progress
from reenactor.runtime import Runtime
from reenactor.weights.tensors import load_tensors
from reenactor_plugins.datasets.ccp.classes import IGNORED
from reenactor_plugins.datasets.ccp.files import labelled_photos, read_names
from reenactor_plugins.networks.mediapipe.detection import pose_detector
from reenactor_plugins.networks.mediapipe.pose import PoseNetwork
from reenactor_plugins.parser.taps.examples import Example, Sample, example_of, sample_of
from reenactor_plugins.parser.taps.network import NUM_CLASSES, ParsingNetwork


@dataclass(frozen=True)
class Recipe:
    """The figures of a training.

    The shipped weights had two goes of about 2200 and 1800 steps, the rate beginning anew in the
    second; else they were made with these.
    """

    steps: int = 4000
    batch: int = 8
    rate: float = 1.2e-3
    warm_up: int = 100
    decay: float = 1e-2
    average: float = 0.998
    auxiliary: float = 0.3
    clip: float = 2.0
    every: int = 200
    seed: int = 1


def read_examples(folder: Path, runtime: Runtime, progress: Progress) -> list[Example]:
    """Read Clothing Co-Parsing and find the person in each photo."""
    detect, pose = pose_detector(runtime), PoseNetwork(runtime)
    items, names = labelled_photos(folder), read_names(folder)
    examples = []
    with progress.stage("reading photos", len(items), "photos") as advance:
        for item in items:
            example = example_of(item, names, detect, pose)
            if example is None:
                progress.note(f"nobody was found in {item.photo.name}")
            else:
                examples.append(example)
            advance(1)
    return examples


def train(
    examples: Sequence[Example], recipe: Recipe, folder: Path, runtime: Runtime, progress: Progress
) -> Path:
    """Train from the start, or go on from `folder/last.safetensors`; give the weights' file."""
    if len(examples) < recipe.batch:
        raise InputError(
            "too few photos to train with",
            given=f"{len(examples)} with a person in them",
            expected=f"at least a batch of {recipe.batch}",
        )
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(recipe.seed)
    network = ParsingNetwork().to(runtime.device, memory_format=torch.channels_last)  # type: ignore[call-overload]  # typed narrower
    optimizer = torch.optim.AdamW(network.parameters(), recipe.rate, weight_decay=recipe.decay)
    average = {key: value.clone() for key, value in network.state_dict().items()}
    done = resume(folder / "last.safetensors", network, optimizer, average)
    pose = PoseNetwork(runtime)
    weight = class_weights(examples).to(runtime.device)
    network.train()
    with progress.stage("training", recipe.steps, "steps", done) as advance:
        for step in range(done, recipe.steps):
            random = np.random.default_rng([recipe.seed, step])
            chosen = chosen_at(step, len(examples), recipe)
            samples = [sample_of(examples[i], pose, random) for i in chosen]
            picture, taps, labels = batched(samples, runtime.device)
            for group in optimizer.param_groups:
                group["lr"] = rate_at(step, recipe)
            with torch.autocast(runtime.device.type, dtype=torch.bfloat16):
                logits, coarse = network.with_auxiliary(picture, taps)
            loss = loss_of(logits.float(), coarse.float(), labels, weight, recipe.auxiliary)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(network.parameters(), recipe.clip)
            optimizer.step()
            follow(average, network.state_dict(), min(recipe.average, 1 - 1 / (step + 2)))
            advance(1)
            if (step + 1) % recipe.every == 0 or step + 1 == recipe.steps:
                progress.note(f"step {step + 1}: loss {loss.item():.3f}")
                save(folder, network, optimizer, average, step + 1)
    return folder / "weights.safetensors"


def rate_at(step: int, recipe: Recipe) -> float:
    """The learning rate: a linear warm-up, then half a cosine down to half a percent."""
    warm = min(1.0, (step + 1) / recipe.warm_up)
    return recipe.rate * warm * (0.5 * (1 + cos(pi * step / recipe.steps)) + 0.005)


def chosen_at(step: int, examples: int, recipe: Recipe) -> list[int]:
    """Which examples a step sees: each once in an epoch, in an order that each epoch has."""
    per_epoch = examples // recipe.batch
    epoch, turn = divmod(step, per_epoch)
    order = np.random.default_rng([recipe.seed, 1 << 32, epoch]).permutation(examples)
    chosen: list[int] = order[turn * recipe.batch : (turn + 1) * recipe.batch].tolist()
    return chosen


def batched(
    samples: Sequence[Sample], device: torch.device
) -> tuple[
    Float[Tensor, "N 11 H W"], list[Float[Tensor, "N _ _ _"]], Int64[Tensor, "N H W"]
]:  # fmt: skip
    """Samples as the network takes them, and their labels."""

    def stacked(arrays: Sequence[np.ndarray]) -> Tensor:
        tensor = torch.from_numpy(np.stack(arrays)).to(device)
        return tensor.contiguous(memory_format=torch.channels_last)

    taps = [stacked(level) for level in zip(*(sample.taps for sample in samples), strict=True)]
    labels = torch.from_numpy(np.stack([sample.labels for sample in samples])).to(device)
    return stacked([sample.picture for sample in samples]), taps, labels


def loss_of(
    logits: Float[Tensor, "N 21 H W"],
    coarse: Float[Tensor, "N 21 h w"],
    labels: Int64[Tensor, "N H W"],
    weight: Float[Tensor, " 21"],
    auxiliary: float,
) -> Float[Tensor, ""]:
    """Weighted cross-entropy, of the answer and of the decoder's coarser one."""
    stride = labels.shape[-1] // coarse.shape[-1]
    fewer = labels[:, stride // 2 :: stride, stride // 2 :: stride]
    fine = F.cross_entropy(logits, labels, weight, ignore_index=IGNORED)
    return fine + auxiliary * F.cross_entropy(coarse, fewer, weight, ignore_index=IGNORED)


def class_weights(examples: Sequence[Example]) -> Float[Tensor, " 21"]:
    """Rare classes count more, background half."""
    counts = sum(
        np.bincount(example.labels.ravel(), minlength=256)[:NUM_CLASSES] / example.labels.size
        for example in examples
    )
    share = counts / np.sum(counts)
    weights = np.clip((0.02 / np.maximum(share, 1e-6)) ** 0.4, 0.35, 4)
    weights[0] = 0.5
    return torch.from_numpy(weights.astype(np.float32))


def follow(average: dict[str, Tensor], now: Mapping[str, Tensor], keep: float) -> None:
    """The moving average of the weights, which is what is used in the end; in place."""
    for key, value in now.items():
        if value.is_floating_point():
            average[key].lerp_(value, 1 - keep)
        else:
            average[key].copy_(value)


def save(
    folder: Path,
    network: ParsingNetwork,
    optimizer: torch.optim.Optimizer,
    average: Mapping[str, Tensor],
    step: int,
) -> None:
    """Write the weights in half precision, and all that is needed to go on; each whole or not."""
    state = {"step": torch.tensor(step)}
    state |= {f"network.{key}": value for key, value in network.state_dict().items()}
    state |= {f"average.{key}": value for key, value in average.items()}
    for i, moments in optimizer.state_dict()["state"].items():
        state |= {f"optimizer.{i}.{key}": value for key, value in moments.items()}
    half = {k: v.half() if v.is_floating_point() else v for k, v in average.items()}
    for name, tensors in (("last", state), ("weights", half)):
        part = folder / f"{name}.part"
        save_file({key: value.cpu().contiguous() for key, value in tensors.items()}, part)
        part.replace(folder / f"{name}.safetensors")


def resume(
    last: Path,
    network: ParsingNetwork,
    optimizer: torch.optim.Optimizer,
    average: dict[str, Tensor],
) -> int:
    """Fill everything from a checkpoint; give the steps done, 0 where there is none."""
    if not last.is_file():
        return 0
    state = load_tensors(last)
    network.load_state_dict(_below("network.", state))
    for key, value in _below("average.", state).items():
        average[key].copy_(value)
    moments: dict[int, dict[str, Tensor]] = {}
    for name, value in _below("optimizer.", state).items():
        number, key = name.split(".", 1)
        moments.setdefault(int(number), {})[key] = value
    optimizer.load_state_dict(optimizer.state_dict() | {"state": moments})
    return int(state["step"])


def _below(prefix: str, state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The tensors whose names begin so, without that beginning."""
    return {k.removeprefix(prefix): v for k, v in state.items() if k.startswith(prefix)}
