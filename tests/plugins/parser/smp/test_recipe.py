"""The parser's training, the whole way, on drawn people."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from reenactor.catalog import discover
from reenactor.errors import WeightsError
from reenactor.labels import NUM_LABELS, Label
from reenactor.progress import Silent
from reenactor.runtime import Runtime
from reenactor.training.config import load_config
from reenactor.training.folder import read_log
from reenactor.training.shards import Shards
from reenactor.training.train import Trained, train
from reenactor.values import Frames
from reenactor_plugins.parser.label_sets import SETS
from reenactor_plugins.parser.smp.component import SmpParser
from reenactor_plugins.parser.smp.network import maker
from reenactor_plugins.parser.smp.options import SmpOptions
from reenactor_plugins.parser.smp.recipe import load_encoder_weights
from reenactor_plugins.parser.smp.samples import SmpSamples, channels_of, coloured
from reenactor_plugins.parser.smp.settings import SmpSettings
from reenactor_plugins.parser.validation import IGNORED

pytest.importorskip("segmentation_models_pytorch", reason="the extra `smp`")
pytest.importorskip("lightning_fabric", reason="training needs the extra `train`")
pytest.importorskip("tensorboard", reason="training needs the extra `train`")

MakeShards = Callable[..., Path]
SMALL = SmpOptions(encoder="tu-mobilenetv3_small_050", input=64)


def trained(data: Path, out: Path, *overrides: str) -> Trained:
    config = load_config(discover(), "smp", "tiny", overrides, [data])
    return train(config, out, "cpu", Silent())


def test_what_is_trained_is_what_the_parser_loads(
    drawn_shards: MakeShards, tmp_path: Path, runtime: Runtime
) -> None:
    out = tmp_path / "run"
    done = trained(drawn_shards(), out, 'training.validation=["*/body-1/*"]')
    assert (done.steps, done.examples, done.validation) == (4, 4, 4)
    figures = [line for line in read_log(out) if "validation/miou" in line]
    assert len(figures) == 2
    assert all(0 <= line["validation/miou_person"] <= 1 for line in figures)
    assert len(list((out / "samples").iterdir())) == 2
    SmpParser(SMALL.model_copy(update={"weights": done.weights}), runtime)
    # LIP's network has as many channels: only the file knows that it is not this one.
    for other in ({"classes": "lip"}, {"input": 96}):
        with pytest.raises(WeightsError, match="trained with other options"):
            SmpParser(SMALL.model_copy(update={"weights": done.weights, **other}), runtime)


def test_one_person_is_learnt_by_heart(
    drawn_shards: MakeShards, tmp_path: Path, runtime: Runtime
) -> None:
    data = drawn_shards(people=1, poses=2, canvas=(128, 80))
    still = [
        "turn=0",
        "scale=1",
        "shift=0",
        "colour=0",
        "learning_rate=0.005",
        "steps=45",
        "validate_every=1000",
    ]
    done = trained(data, tmp_path / "run", *(f"training.{text}" for text in still))
    parser = SmpParser(SMALL.model_copy(update={"weights": done.weights}), runtime)
    example = Shards([data])[0]
    labels = parser.parse(Frames(example.image, (0,), "x"), example.skeleton).labels
    truth = example.parsing.labels
    agree = {label: float((labels == label)[truth == label].float().mean()) for label in (0, 5, 9)}
    assert min(agree.values()) > 0.5, agree  # background, shirt, trousers


def test_a_step_descends_the_weighted_sum_of_what_is_logged(
    drawn_shards: MakeShards, step_of: Callable[..., Any]
) -> None:
    seen = step_of("smp", drawn_shards(), ["training.lambda_ce=2", "training.lambda_dice=3"])
    expected = 2 * seen.logged["entropy"] + 3 * seen.logged["dice"]
    assert seen.logged["entropy"] != 0
    assert seen.logged["dice"] != 0
    assert seen.losses[0] == pytest.approx(expected, rel=1e-5)


def test_examples_are_cut_as_the_parser_cuts_them(drawn_shards: MakeShards) -> None:
    data = drawn_shards(people=1, poses=1, canvas=(128, 80))
    people = SmpSamples(Shards([data]), SmpSettings(), SMALL, vary=False)
    sample = people.sample(0, np.random.default_rng(0))
    assert sample["picture"].shape == (3, 64, 64)
    assert sample["picture"].dtype == sample["truth"].dtype == torch.uint8
    person = sample["truth"] > 0
    rows = person.any(1).nonzero()
    assert int(rows.max() - rows.min()) > 40  # most of the square's height
    assert int(sample["truth"].max()) < 20
    again = people.sample(0, np.random.default_rng(1))
    assert torch.equal(sample["picture"], again["picture"])


def test_variation_moves_picture_and_truth_together(drawn_shards: MakeShards) -> None:
    data = drawn_shards(people=1, poses=1, canvas=(128, 80))
    settings = SmpSettings(turn=30, scale=1.3, shift=0.1, colour=0)
    people = SmpSamples(Shards([data]), settings, SMALL, vary=True)
    for seed in range(3):
        sample = people.sample(0, np.random.default_rng(seed))
        shirt = sample["truth"] == Label.UPPER_CLOTHES
        red, _, blue = sample["picture"].float()[:, shirt].mean(1)
        assert blue - red > 100  # the drawn person's shirt is blue: (46, 98, 190)


def test_truth_is_in_the_networks_channels() -> None:
    own = channels_of(SETS["cihp"])
    assert own[:20].tolist() == list(range(20))
    assert own[[Label.LEFT_HAND, Label.RIGHT_HAND]].tolist() == [14, 15]
    lip = channels_of(SETS["lip"])
    assert lip[Label.TORSO_SKIN] == IGNORED
    assert lip[Label.DRESS] == 6  # not the jumpsuits' channel
    pascal = channels_of(SETS["pascal"])
    assert pascal[[Label.LEFT_ARM, Label.RIGHT_HAND, Label.RIGHT_LEG]].tolist() == [3, 3, 5]
    assert pascal[Label.HAIR] == IGNORED
    hands = channels_of((*SETS["cihp"], "left-hand", "right-hand"))
    assert hands[:NUM_LABELS].tolist() == list(range(22))
    assert (own[NUM_LABELS:] == IGNORED).all()


def test_colours_keep_black_and_range() -> None:
    picture = np.arange(256, dtype=np.uint8)[:, None, None].repeat(256, 1).repeat(3, 2)
    for seed in range(5):
        other = coloured(picture, 0.3, np.random.default_rng(seed))
        assert not other[0].any()
        assert (np.diff(other.astype(int), axis=0) >= 0).all()
        assert other[255].min() > 100
    assert np.array_equal(coloured(picture, 0.0, np.random.default_rng(0)), picture)


@pytest.mark.parametrize("name", ["mobilenetv3_small_050", "convnextv2_atto"])
def test_an_encoder_begins_with_a_file_of_timm(name: str) -> None:
    timm = pytest.importorskip("timm")
    torch.manual_seed(2)
    whole = timm.create_model(name, pretrained=False).eval()
    network = maker(SMALL.model_copy(update={"encoder": f"tu-{name}"}))().eval()
    load_encoder_weights(network, whole.state_dict(), f"tu-{name}")
    x = torch.rand(1, 3, 64, 64)
    with torch.inference_mode():
        deepest = network.encoder(x)[-1]  # type: ignore[operator]  # the library's
        taps = whole.forward_intermediates(x, intermediates_only=True, norm=False)
    torch.testing.assert_close(deepest, taps[-1])
    with pytest.raises(WeightsError, match="not the weights of the encoder"):
        load_encoder_weights(network, {}, f"tu-{name}")
