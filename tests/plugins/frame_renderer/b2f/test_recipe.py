"""B2F's training, the whole way, on drawn people."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F

from reenactor.catalog import discover
from reenactor.errors import TrainingError, WeightsError
from reenactor.progress import Silent
from reenactor.runtime import Runtime
from reenactor.training.config import load_config
from reenactor.training.folder import read_log
from reenactor.training.train import Trained, train
from reenactor_plugins.frame_renderer.b2f import recipe
from reenactor_plugins.frame_renderer.b2f.component import B2FRenderer
from reenactor_plugins.frame_renderer.b2f.label_map import one_hot
from reenactor_plugins.frame_renderer.b2f.network import B2F
from reenactor_plugins.frame_renderer.b2f.options import B2FOptions
from reenactor_plugins.frame_renderer.b2f.settings import B2FSettings
from reenactor_plugins.networks import vggface2
from reenactor_plugins.networks.discriminators import b2f_discriminators
from reenactor_plugins.networks.initialise import initialise_pix2pixhd
from reenactor_plugins.networks.vgg import VGG19Features
from reenactor_plugins.networks.vggface2 import VGGFace2

pytest.importorskip("lightning_fabric", reason="training needs the extra `train`")
pytest.importorskip("tensorboard", reason="training needs the extra `train`")

MakeShards = Callable[..., Path]
HELD = 'training.validation=["*/body-1/*"]'


def trained(data: Path, out: Path, *overrides: str) -> Trained:
    config = load_config(discover(), "b2f", "tiny", overrides, [data])
    return train(config, out, "cpu", Silent())


def component(weights: Path | None, **options: object) -> B2FRenderer:
    def none(weight: object) -> Path:
        raise AssertionError("b2f has no weights of its own")

    values = {"size": "tiny", "layout": "exact", "encoder": "small", **options}
    return B2FRenderer(B2FOptions(weights=weights, **values), Runtime(weight=none))


def test_the_component_loads_the_weights_and_refuses_other_options(
    drawn_shards: MakeShards, tmp_path: Path
) -> None:
    torch.save(VGG19Features(2).state_dict(), tmp_path / "vgg.pth")
    vgg = (f"training.vgg={tmp_path / 'vgg.pth'}", "training.vgg_weights=[1, 0.5]")
    done = trained(drawn_shards(), tmp_path / "run", HELD, *vgg)
    assert (done.steps, done.examples, done.validation) == (4, 4, 4)
    assert len(list((tmp_path / "run" / "samples").iterdir())) == 2
    last = read_log(tmp_path / "run")[-1]
    assert {"validation/psnr", "validation/ssim", "validation/l1", "validation/vgg"} <= set(last)
    assert component(done.weights).network.layout.drawn == (64, 40)
    with pytest.raises(WeightsError, match="other options") as caught:
        component(done.weights, hands=False, part_shape="square", mask="parsing")
    assert caught.value.given.startswith("hands: true, part_shape: stretched in")


def test_the_decoder_begins_as_spade_s() -> None:
    torch.manual_seed(0)
    options = B2FOptions(size="small", layout="exact", encoder="small")
    state = recipe.initial_network(options, B2FSettings()).state_dict()
    for key, fans in (
        ("decoder.blocks.0.norm_0.gamma.weight", (32 + 256) * 9),  # SPADE's mlp_gamma
        ("decoder.blocks.0.norm_0.shared.weight", (27 + 32) * 9),
        ("project.weight", 5 * 96 + 256 * 8 * 5),  # in the place of its fc
        ("image.weight", (24 + 3) * 9),  # its conv_img
    ):
        expected = 0.02 * (2 / fans) ** 0.5
        assert float(state[key].std()) == pytest.approx(expected, rel=0.1), key
    assert float(state["encoder.garment.layers.2.weight"].std()) == pytest.approx(0.02, rel=0.05)


FILES = ["network.faces", "network.imagenet", "training.vgg", "training.faces"]


@pytest.mark.parametrize("dry", [False, True])
def test_no_loss_of_the_paper_is_dropped_in_silence(
    drawn_shards: MakeShards, tmp_path: Path, dry: bool
) -> None:
    config = load_config(discover(), "b2f", "paper", (), [drawn_shards()])
    with pytest.raises(WeightsError, match="lacks files") as caught:
        train(config, tmp_path / "run", "cpu", Silent(), dry)
    assert caught.value.given == f"no {', no '.join(FILES)}"
    assert "training.lambda_vgg: 0" in caught.value.expected
    assert "training.lambda_face: 0" in caught.value.expected
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("overrides", "missing"),
    [
        (["training.lambda_vgg=0", "training.lambda_face=0"], FILES[:2]),
        (["training.lambda_face=0", "training.vgg=there.pth"], FILES[:2]),
        (["network.encoder=small", "training.lambda_vgg=0"], FILES[3:]),
        (["network.encoder=vgg", "training.faces=there.pth"], FILES[1:3]),
    ],
)
def test_a_loss_is_left_out_by_its_weight(overrides: list[str], missing: list[str]) -> None:
    assert list(load_config(discover(), "b2f", "paper", overrides).missing()) == missing


@pytest.mark.parametrize(
    ("name", "config", "missing"),
    [
        ("p2b", "paper", []),
        ("p2b", "small", []),
        ("b2f", "small", ["training.vgg"]),
        ("b2f", "small-finish", ["training.vgg"]),
        ("b2f", "tiny", []),
        ("fr", "paper", ["network.faces", "training.faces", "training.renderer"]),
        ("fr", "small", ["training.faces", "training.renderer"]),
        ("fr", "small-finish", ["training.faces", "training.renderer"]),
        ("fr", "tiny", []),
    ],
)
def test_what_the_shipped_configs_leave_to_bring(
    name: str, config: str, missing: list[str]
) -> None:
    assert list(load_config(discover(), name, config).missing()) == missing


def test_an_interrupted_training_ends_with_the_same_bytes(
    drawn_shards: MakeShards, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = drawn_shards()
    whole = trained(data, tmp_path / "whole", HELD)
    calls = iter(range(100))

    def stops(labels: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
        if next(calls) == 3:
            raise KeyboardInterrupt
        return one_hot(labels, dtype)

    monkeypatch.setattr(recipe, "one_hot", stops)
    with pytest.raises(KeyboardInterrupt):
        trained(data, tmp_path / "parts", HELD)
    monkeypatch.undo()
    parts = trained(data, tmp_path / "parts", HELD)
    assert whole.weights is not None
    assert parts.weights is not None
    assert whole.weights.read_bytes() == parts.weights.read_bytes()
    assert read_log(tmp_path / "whole") == read_log(tmp_path / "parts")


def test_one_person_is_learnt_by_heart(drawn_shards: MakeShards, tmp_path: Path) -> None:
    data = drawn_shards(people=1, poses=2)
    still = ["turn=0", "scale=1", "shift=0", "part_turn=0", "part_scale=1", "part_shift=0"]
    alone = [
        "discriminators_from=1",
        "lambda_l1=10",
        "steps=100",
        "learning_rate=0.004",
        "validate_every=1000",
    ]
    trained(data, tmp_path / "run", *(f"training.{text}" for text in [*still, *alone]))
    log = [line for line in read_log(tmp_path / "run") if "l1" in line]
    assert len(log) == 2
    assert log[-1]["l1"] < 0.7 * log[0]["l1"]
    assert log[-1]["mask"] < 0.4 * log[0]["mask"]
    assert all(line["hinge"] == line["discriminators"] == 0 for line in log)


def test_a_loss_that_is_no_number_stops_and_keeps_the_batch(
    drawn_shards: MakeShards, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(m: torch.Tensor, person: torch.Tensor) -> torch.Tensor:
        return (m - person).mean() * float("nan")

    monkeypatch.setattr(recipe, "mask_loss", lost)
    with pytest.raises(TrainingError, match="step 1 is NaN"):
        trained(drawn_shards(), tmp_path / "run")
    (kept,) = (tmp_path / "run").glob("not-a-number-*.safetensors")
    assert set(load_file(kept)) == {
        "crops", "palette", "source", "labels", "image", "person", "face",
    }  # fmt: skip


def test_discriminators_give_in_one_batch_what_they_would_in_two() -> None:
    torch.manual_seed(0)
    discriminators = b2f_discriminators(27 + 3, 4)
    initialise_pix2pixhd(discriminators)
    discriminators.eval()  # a spectral norm moves at each call in training
    body, x, z = torch.rand(2, 27, 32, 20), torch.rand(2, 3, 32, 20), torch.rand(2, 3, 32, 20)
    real, fake = recipe.discriminate(discriminators, body, x, z)
    for picture, found in ((x, real), (z, fake)):
        expected = discriminators(torch.cat([body, picture], 1))
        for mine, its in zip(found, expected, strict=True):
            for a, b in zip(mine, its, strict=True):
                torch.testing.assert_close(a, b)


def test_the_generators_terms_give_gradients_to_the_picture_alone() -> None:
    torch.manual_seed(0)
    discriminators = b2f_discriminators(27 + 3, 4)
    z = torch.rand(2, 3, 32, 20, requires_grad=True)
    hinge, matching = recipe.adversarial_terms(
        discriminators, torch.rand(2, 27, 32, 20), torch.rand(2, 3, 32, 20), z
    )
    (hinge + matching).backward()  # type: ignore[no-untyped-call]  # untyped in torch
    assert z.grad is not None
    assert bool(z.grad.abs().sum() > 0)
    assert all(p.grad is None and p.requires_grad for p in discriminators.parameters())


class TinyFaces(VGGFace2):
    """A layer of each size that VGGFace2 has."""

    def __init__(self) -> None:
        nn.Module.__init__(self)
        self.conv = nn.Conv2d(3, 4, 1)
        self.given: list[dict[int, Tensor]] = []

    def features(self, faces: Tensor) -> dict[int, Tensor]:
        features = self.conv(faces)
        self.given.append({j: F.adaptive_avg_pool2d(features, j) for j in (112, 56, 28, 14, 7, 1)})
        return self.given[-1]


def one_norm(real: Tensor, fake: Tensor) -> Tensor:
    """1/N ||.||_1, the mean over a batch."""
    return (real.detach() - fake).abs().flatten(1).sum(1).mean() / real[0].numel()


def of_both(seen: Any, faces: TinyFaces) -> dict[str, Tensor]:
    """Eqs. 13, 15 to 18 without their weights, written out from what the networks gave."""
    (drawn,), person = seen.calls[0], seen.batch["person"]
    z, m = drawn.output
    x = seen.batch["image"].float() / 255
    z_b = z * person
    picked: dict[str, list[list[Tensor]]] = {}
    for call in seen.calls[1][:2]:
        its = "fake" if torch.equal(call.inputs[0][:, -3:], z_b) else "real"
        picked[its] = call.output
    scores = torch.stack([scores.mean() for *_, scores in picked["fake"]])
    layers = [
        one_norm(a, b)
        for r, f in zip(picked["real"], picked["fake"], strict=True)
        for a, b in zip(r[:-1], f[:-1], strict=True)
    ]
    vgg = {torch.equal(call.inputs[0], z_b): call.output for call in seen.calls[2]}
    seen_faces = {faces[1].requires_grad: faces for faces in faces.given}
    return {
        "hinge": -scores.mean(),
        "fm": torch.stack(layers).sum() / 2,
        "vgg": sum(
            (one_norm(*pair) for pair in zip(vgg[False], vgg[True], strict=True)), torch.tensor(0.0)
        ),
        "m": (m - person).abs().mean(),
        "face": sum(
            (one_norm(seen_faces[False][j], seen_faces[True][j]) for j in (112, 56, 28, 7, 1)),
            torch.tensor(0.0),
        ),
        "l1": ((x - z).abs() * person).sum() / (3 * person.sum()),
    }


def hinge_of_the_discriminators(seen: Any) -> Tensor:
    """Eq. 14 with the true picture where the paper has the generated one, and the reverse."""
    call = seen.calls[1][-1]
    of_one = []
    for *_, scores in call.output:
        real, fake = scores.chunk(2)
        zero = torch.zeros(())
        of_one.append(-torch.minimum(real - 1, zero).mean() - torch.minimum(-fake - 1, zero).mean())
    return torch.stack(of_one).mean()


PAPER = {"hinge": 1.0, "fm": 10.0, "vgg": 10.0, "m": 5.0, "face": 1.0, "l1": 0.0}
OTHERS = {"hinge": 2.0, "fm": 3.0, "vgg": 5.0, "m": 7.0, "face": 11.0, "l1": 13.0}


@pytest.mark.parametrize("weights", [PAPER, OTHERS])
def test_a_step_descends_the_papers_losses(
    drawn_shards: MakeShards,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    step_of: Callable[..., Any],
    weights: dict[str, float],
) -> None:
    torch.save(VGG19Features(2).state_dict(), tmp_path / "vgg.pth")
    faces = TinyFaces().requires_grad_(False)
    monkeypatch.setattr(vggface2, "from_file", lambda file, what: faces)
    given = {name: w for name, w in weights.items() if weights != PAPER or name in ("vgg", "face")}
    seen = step_of(
        "b2f",
        drawn_shards(faces=True),
        [
            f"training.vgg={tmp_path / 'vgg.pth'}",
            "training.vgg_weights=[1, 1]",
            f"training.faces={tmp_path / 'vgg.pth'}",
            *(f"training.lambda_{name}={weight}" for name, weight in given.items()),
        ],
        lambda seen: torch.stack(
            [weights[name] * term for name, term in of_both(seen, faces).items()]
        ).sum(),
        hinge_of_the_discriminators,
    )
    assert all(float(term.detach()) != 0 for term in of_both(seen, faces).values())


def test_the_config_paper_has_the_weights_of_the_paper() -> None:
    settings = load_config(discover(), "b2f", "paper").training
    assert {name: getattr(settings, f"lambda_{name}") for name in PAPER} == PAPER


def test_training_begins_with_noise_in_everything_that_is_trained() -> None:
    network = recipe.initial_network(
        B2FOptions(size="tiny", layout="exact", encoder="small"), B2FSettings()
    )
    assert isinstance(network, B2F)
    expected = 0.02 * (2 / (5 * 16 + 64 * 8 * 5)) ** 0.5
    assert float(network.project.weight.detach().std()) == pytest.approx(expected, rel=0.05)
    with pytest.raises(WeightsError, match="VGGFace2"):
        recipe.initial_network(B2FOptions(size="tiny"), B2FSettings())
