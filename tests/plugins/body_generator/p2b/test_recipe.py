"""P2B's training, the whole way, on drawn people."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor
from torch.nn import functional as F

from reenactor.catalog import discover
from reenactor.errors import WeightsError
from reenactor.joints import Joint
from reenactor.progress import Silent
from reenactor.runtime import Runtime
from reenactor.training.config import load_config
from reenactor.training.folder import read_log
from reenactor.training.shards import Shards
from reenactor.training.train import Trained, train
from reenactor.values import Parsing
from reenactor_plugins.body_generator.p2b.component import P2BGenerator
from reenactor_plugins.body_generator.p2b.options import P2BOptions
from reenactor_plugins.body_generator.p2b.samples import Pairs
from reenactor_plugins.body_generator.p2b.settings import P2BSettings

pytest.importorskip("lightning_fabric", reason="training needs the extra `train`")
pytest.importorskip("tensorboard", reason="training needs the extra `train`")

MakeShards = Callable[..., Path]
HELD = 'training.validation=["*/body-1/*"]'


class Notes(Silent):
    """Keeps what is noted."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def note(self, text: str) -> None:
        self.notes.append(text)


def trained(data: Path, out: Path, *overrides: str) -> Trained:
    config = load_config(discover(), "p2b", "tiny", overrides, [data])
    return train(config, out, "cpu", Silent())


def test_every_file_of_a_run_is_there_and_the_component_loads_the_weights(
    drawn_shards: MakeShards, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    done = trained(drawn_shards(), out, HELD)
    assert (done.steps, done.examples, done.validation) == (4, 4, 4)
    assert {"config.yaml", "log.jsonl", "last.pt", "samples", "weights.safetensors"} <= {
        path.name for path in out.iterdir()
    }
    assert len(list((out / "samples").iterdir())) == 2
    runtime = Runtime(weight=lambda weight: tmp_path / weight.file)
    component = P2BGenerator(P2BOptions(weights=done.weights, size="tiny"), runtime)
    assert sum(p.numel() for p in component.network.parameters()) > 1000


def feature_distance(real: list[list[Tensor]], fake: list[list[Tensor]]) -> list[Tensor]:
    """Of each discriminator, the sum over its layers of 1/N_j ||.||_1, the mean over a batch."""
    return [
        torch.stack(
            [
                (a.detach() - b).abs().flatten(1).sum(1).mean() / a[0].numel()
                for a, b in zip(r[:-1], f[:-1], strict=True)
            ]
        ).sum()
        for r, f in zip(real, fake, strict=True)
    ]


def judgements(seen: Any, first: int, last: int) -> tuple[list[list[Tensor]], list[list[Tensor]]]:
    """What the discriminators gave for the true parsing and for P2B's, in a range of their runs."""
    truth = F.one_hot(seen.batch["truth"].long(), 22).movedim(-1, 1).float()
    real: list[list[list[Tensor]]] = []
    fake: list[list[list[Tensor]]] = []
    for call in seen.calls[1][first:last]:
        (real if torch.equal(call.inputs[0][:, :22], truth) else fake).append(call.output)
    assert len(real) == len(fake) == 1
    return real[0], fake[0]


def eq_9(seen: Any, weight_ls: float, weight_d: float, weight_ce: float) -> Tensor:
    real, fake = judgements(seen, 0, 2)
    least_squares = sum(((scores - 1) ** 2).mean() for *_, scores in fake)
    (given,) = seen.calls[0]
    chances = given.output.exp() / given.output.exp().sum(1, keepdim=True)
    entropy = -chances.gather(1, seen.batch["truth"].long()[:, None]).log().mean()
    total: Tensor = (
        weight_ls * least_squares
        + weight_d * sum(feature_distance(real, fake))
        + weight_ce * entropy
    )
    return total


def least_squares_of_the_discriminators(seen: Any) -> Tensor:
    real, fake = judgements(seen, 2, 4)
    pairs = zip(real, fake, strict=True)
    total: Any = sum(((r[-1] - 1) ** 2).mean() / 2 + (f[-1] ** 2).mean() / 2 for r, f in pairs)
    return cast(Tensor, total)


@pytest.mark.parametrize(
    ("overrides", "weights"),
    [
        ([], (1, 40, 1)),  # the paper's, in the paper's sum
        (["training.lambda_ls=2", "training.lambda_d=3", "training.lambda_ce=5"], (2, 3, 5)),
    ],
)
def test_a_step_descends_eq_9(
    drawn_shards: MakeShards,
    step_of: Callable[..., Any],
    overrides: list[str],
    weights: tuple[float, float, float],
) -> None:
    step_of(
        "p2b",
        drawn_shards(),
        overrides,
        lambda seen: eq_9(seen, *weights),
        least_squares_of_the_discriminators,
    )


def test_the_config_paper_has_the_weights_of_the_paper() -> None:
    settings = load_config(discover(), "p2b", "paper").training
    assert isinstance(settings, P2BSettings)
    assert (settings.lambda_ls, settings.lambda_d, settings.lambda_ce) == (1, 40, 1)


def test_an_interrupted_training_ends_with_the_same_bytes(
    drawn_shards: MakeShards, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = drawn_shards()
    whole = trained(data, tmp_path / "whole", HELD)

    from reenactor_plugins.body_generator.p2b import recipe

    halved = recipe.inputs_of
    calls = iter(range(100))

    def stops(*args: object) -> object:
        if next(calls) == 10:
            raise KeyboardInterrupt
        return halved(*args)  # type: ignore[arg-type]  # arguments are passed on

    monkeypatch.setattr(recipe, "inputs_of", stops)
    with pytest.raises(KeyboardInterrupt):
        trained(data, tmp_path / "parts", HELD)
    monkeypatch.undo()
    parts = trained(data, tmp_path / "parts", HELD)
    assert whole.weights is not None
    assert parts.weights is not None
    assert whole.weights.read_bytes() == parts.weights.read_bytes()
    assert read_log(tmp_path / "whole") == read_log(tmp_path / "parts")


def test_a_training_may_begin_with_the_weights_of_another(
    drawn_shards: MakeShards, tmp_path: Path
) -> None:
    """Without a single step's worth of change the averaged weights are those that were given."""
    data = drawn_shards()
    first = trained(data, tmp_path / "first").weights
    alone = ["training.lambda_d=0", "training.lambda_ls=0", "training.learning_rate=1e-12"]
    second = trained(
        data, tmp_path / "second", f"training.start={first}", "training.steps=1", *alone
    ).weights
    assert first is not None
    assert second is not None
    before, after = load_file(first), load_file(second)
    weights = [key for key in before if key.endswith("weight")]
    assert weights
    for key in weights:
        torch.testing.assert_close(before[key], after[key])


def test_one_person_is_learnt_by_heart(drawn_shards: MakeShards, tmp_path: Path) -> None:
    data = drawn_shards(people=1, poses=2)
    still = ["turn=0", "scale=1", "shift=0", "squeeze=1", "lambda_d=0", "lambda_ls=0"]
    settings = [
        f"training.{text}"
        for text in [*still, "steps=150", "learning_rate=0.004", "validate_every=1000"]
    ]
    trained(data, tmp_path / "run", *settings)
    entropies = [line["entropy"] for line in read_log(tmp_path / "run") if "entropy" in line]
    assert len(entropies) == 3
    assert entropies[-1] < 0.35 * entropies[0]


def pairs(data: Path, *, vary: bool, **settings: object) -> Pairs:
    chosen = P2BSettings(height=64, width=40, **settings)
    return Pairs(Shards([data]), chosen, P2BOptions(size="tiny"), vary=vary)


def test_pairs_show_one_person_in_two_poses_within_reach(drawn_shards: MakeShards) -> None:
    data = drawn_shards(people=2, poses=4)
    found = pairs(data, vary=False, reach=1)
    assert found._partners[0] == [1]
    assert found._partners[1] == [0, 2]
    assert found._partners[4] == [5]  # the other person's first: never paired across people
    assert pairs(data, vary=False, reach=0)._partners[2] == [2]
    assert found._twins[0] == [4]


def test_only_the_parsings_are_squeezed(drawn_shards: MakeShards) -> None:
    data = drawn_shards(people=1, poses=2)
    still = {"turn": 0.0, "scale": 1.0, "shift": 0.0}

    def drawn(seed: int, squeeze: float) -> tuple[int, torch.Tensor]:
        sample = pairs(data, vary=True, squeeze=squeeze, **still).sample(
            0, np.random.default_rng(seed)
        )
        columns = (sample["truth"] > 0).any(0).nonzero()
        return int(columns.max() - columns.min()) + 1, sample["stick"]

    for seed in range(4):
        width, stick = drawn(seed, 1.0)
        other, same_stick = drawn(seed, 1.6)
        assert torch.equal(stick, same_stick)
        factor = np.exp(_factor(seed) * np.log(1.6))
        assert other == pytest.approx(min(width * factor, 40), abs=2.5)


def _factor(seed: int) -> float:
    """The draw that decides how far: after a partner, a mirror, and three for each view."""
    random = np.random.default_rng(seed)
    random.integers(1)
    random.random()
    for _ in range(2):
        random.uniform()
        random.uniform()
        random.uniform(size=2)
    return float(random.uniform(-1, 1))


def test_a_photo_without_a_partner_may_be_its_own_mirror_image(drawn_shards: MakeShards) -> None:
    data = drawn_shards(people=1, poses=1)
    still = {"turn": 0.0, "scale": 1.0, "shift": 0.0, "squeeze": 1.0}
    sample = pairs(data, vary=True, mirror_alone=1.0, **still).sample(0, np.random.default_rng(0))
    truth = Parsing(sample["truth"][None])
    assert torch.equal(truth.mirrored().labels[0], sample["parsing"])


def test_a_pose_of_another_body_is_laid_over_the_own(drawn_shards: MakeShards) -> None:
    from reenactor_plugins.augmentation import AffineTransform, seen
    from reenactor_plugins.body_generator.p2b.samples import laid_over

    own = Shards([drawn_shards(people=1, poses=1)])[0]
    smaller = seen(own, AffineTransform(np.array([[0.5, 0, 3.0], [0, 0.5, 9.0]]), own.canvas))
    back = laid_over(smaller, own)
    joints = [Joint.NECK, Joint.R_WRIST, Joint.L_ANKLE]
    torch.testing.assert_close(back.skeleton.body[0, joints], own.skeleton.body[0, joints])


def test_training_starts_from_a_public_checkpoint_and_says_what_it_lacks(
    drawn_shards: MakeShards, tmp_path: Path
) -> None:
    file = tmp_path / "latest_net_G.pth"
    residual = torch.full((32, 32, 3, 3), 0.5)
    torch.save({"model.1.weight": torch.zeros(1), "model.10.conv_block.1.weight": residual}, file)
    config = load_config(
        discover(),
        "p2b",
        "tiny",
        [HELD, f"training.start={file}", "training.steps=1", "training.ema_decay=0"],
        [drawn_shards()],
    )
    progress = Notes()
    done = train(config, tmp_path / "run", "cpu", progress)
    assert done.weights is not None
    trained_weight = load_file(done.weights)["generator.residual.0.conv_0.weight"]
    assert (trained_weight - 0.5).abs().max() < 0.1
    (note,) = [text for text in progress.notes if file.name in text]
    assert "1 tensors loaded" in note
    assert "1 of another shape (generator.stem.conv.weight)" in note


def test_a_public_checkpoint_of_another_size_is_refused(
    drawn_shards: MakeShards, tmp_path: Path
) -> None:
    torch.save({"model.1.weight": torch.zeros(1)}, tmp_path / "G.pth")
    with pytest.raises(WeightsError, match="no tensor of the checkpoint fits p2b"):
        trained(drawn_shards(), tmp_path / "run", HELD, f"training.start={tmp_path / 'G.pth'}")
