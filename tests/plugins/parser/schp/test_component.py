"""The role: checkpoints, label sets, looking twice, crowds, nobody."""

from pathlib import Path

import numpy as np
import pytest
import torch
from pydantic import ValidationError
from safetensors.torch import save_file
from torch import Tensor

from reenactor.errors import WeightsError
from reenactor.labels import Label
from reenactor.runtime import Runtime
from reenactor.testing.cartoon import Drawn
from reenactor.values import Skeleton
from reenactor_plugins.networks.checkpoint import random_network
from reenactor_plugins.parser.schp.component import SchpParser
from reenactor_plugins.parser.schp.network import ARCHITECTURES, Schp
from reenactor_plugins.parser.schp.options import SchpOptions


def parser(runtime: Runtime, **options: object) -> SchpParser:
    given = {"weights": "random", "size": "tiny", "input": 65, **options}
    return SchpParser(SchpOptions.model_validate(given), runtime)


def checkpoint(classes: int = 20) -> dict[str, Tensor]:
    """A small network as the public ones are saved."""
    state = random_network(lambda: Schp(ARCHITECTURES["tiny"], classes), 3).state_dict()
    return {f"module.{key}": v for key, v in state.items() if "num_batches" not in key}


@pytest.mark.parametrize("wrapped", [True, False])
def test_a_public_checkpoint_is_what_is_used(
    runtime: Runtime, tmp_path: Path, wrapped: bool
) -> None:
    tensors = checkpoint()
    tensors["module.bn1.weight"][0] = -2
    file = tmp_path / "schp.pth"
    torch.save({"state_dict": tensors, "cycle_n": 5} if wrapped else tensors, file)
    loaded = parser(runtime, weights=file).network.state_dict()
    assert float(loaded["bn1.weight"][0]) == pytest.approx(2.00001)
    torch.testing.assert_close(loaded["fushion.3.weight"], tensors["module.fushion.3.weight"])
    safe = tmp_path / "schp.safetensors"
    save_file(tensors, safe)
    again = parser(runtime, weights=safe).network.state_dict()
    assert all(torch.equal(loaded[key], again[key]) for key in loaded)


def test_a_file_without_counters_in_the_old_format_is_read(
    runtime: Runtime, tmp_path: Path
) -> None:
    torch.save(checkpoint(), tmp_path / "old.pth", _use_new_zipfile_serialization=False)
    parser(runtime, weights=tmp_path / "old.pth")


def test_what_does_not_fit_is_named(runtime: Runtime, tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="no weights"):
        parser(runtime, weights="public")  # for CIHP's classes
    save_file(checkpoint(18), tmp_path / "atr.safetensors")
    with pytest.raises(WeightsError, match="trained on other classes") as error:
        parser(runtime, weights=tmp_path / "atr.safetensors")
    assert "18 classes in" in str(error.value)
    assert "20 classes, those of `classes: cihp`" in str(error.value)
    parser(runtime, weights=tmp_path / "atr.safetensors", classes="atr")
    with pytest.raises(WeightsError, match="do not fit the network"):
        parser(runtime, weights=tmp_path / "atr.safetensors", classes="atr", size="paper")


def test_the_square_is_the_public_checkpoints_where_nothing_is_said() -> None:
    sides = {name: SchpOptions(classes=name).side for name in ("cihp", "lip", "atr", "pascal")}
    assert sides == {"cihp": 473, "lip": 473, "atr": 512, "pascal": 512}
    assert SchpOptions(input=401).side == 401
    with pytest.raises(ValidationError):
        SchpOptions(input=12)


class Fixed(torch.nn.Module):
    """Logits that say which half of the picture a pixel is in, a quarter as large."""

    def __init__(self, classes: int, channels: tuple[int, int]) -> None:
        super().__init__()
        self.classes, self.channels = classes, channels

    def forward(self, pictures: Tensor) -> Tensor:
        out = torch.zeros(len(pictures), self.classes, 16, 16)
        out[:, self.channels[0], :, :8] = 1
        out[:, self.channels[1], :, 8:] = 1
        return out


def test_labels_are_those_of_the_dataset(runtime: Runtime, drawn: Drawn) -> None:
    frames, skeleton = drawn.frames[:1], drawn.skeleton[:1]
    without_hands = Skeleton(skeleton.body, skeleton.hands * 0, skeleton.face)
    for classes, count, channel, label in (
        ("cihp", 20, 10, Label.TORSO_SKIN),
        ("lip", 20, 10, Label.DRESS),
        ("atr", 18, 8, Label.PANTS),
        ("pascal", 7, 2, Label.UPPER_CLOTHES),
    ):
        schp = parser(runtime, classes=classes)
        schp.network = Fixed(count, (channel, channel))  # type: ignore[assignment]  # a stand-in network
        labels = schp.parse(frames, without_hands).labels
        assert set(np.unique(labels.numpy())) <= {0, label}
        assert (labels == label).any(), classes


def test_bodies_without_sides_get_them_from_the_skeleton(runtime: Runtime, drawn: Drawn) -> None:
    schp = parser(runtime, classes="pascal")
    schp.network = Fixed(7, (3, 3))  # type: ignore[assignment]  # a stand-in network
    labels = schp.parse(drawn.frames[:1], drawn.skeleton[:1]).labels[0]
    for joint, label in ((3, Label.RIGHT_ARM), (6, Label.LEFT_ARM)):
        x, y = drawn.skeleton.body[0, joint, :2].round().int().tolist()
        assert labels[y, x] == label


def test_looking_twice_averages_with_sides_exchanged(runtime: Runtime) -> None:
    once, twice = parser(runtime), parser(runtime, flip=True)
    picture = np.random.default_rng(0).integers(0, 256, (65, 65, 3), np.uint8)
    plain = once._logits(picture)
    mirrored = once._logits(np.ascontiguousarray(picture[:, ::-1]))[:, :, ::-1].copy()
    mirrored[14:] = mirrored[[15, 14, 17, 16, 19, 18]]
    np.testing.assert_allclose(twice._logits(picture), (plain + mirrored) / 2, atol=1e-5)


def test_logits_are_enlarged_corner_on_corner(runtime: Runtime) -> None:
    schp = parser(runtime, label_map=["background", "coat"])
    schp.network = torch.nn.AvgPool2d(13)  # type: ignore[assignment]  # 65 to 5 pixels
    picture = np.zeros((65, 65, 3), np.uint8)
    picture[:, 52:, 0] = 255
    ramp = schp._logits(picture)[0, 0]
    np.testing.assert_allclose(ramp, np.clip((np.arange(65) - 48) / 16, 0, 1), atol=1e-6)


def test_a_check_of_a_spec_misses_the_weights() -> None:
    assert "weights" in SchpOptions().missing()  # CIHP's is on Google Drive alone
    assert not SchpOptions(classes="lip").missing()
    assert not SchpOptions(weights="random").missing()
    assert not SchpOptions(weights=Path("schp.pth")).missing()


def test_nobody_is_background(runtime: Runtime, drawn: Drawn) -> None:
    assert not parser(runtime).parse(drawn.frames, Skeleton.empty(3)).labels.any()
    assert parser(runtime).parse(drawn.frames[:0], drawn.skeleton[:0]).labels.shape[0] == 0
