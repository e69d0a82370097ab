"""The role: public files, holes of any size, large frames."""

from pathlib import Path

import pytest
import torch
from pydantic import ValidationError

from reenactor.errors import WeightsError
from reenactor.runtime import Runtime
from reenactor.values import Frames
from reenactor_plugins.inpainter.deepfill.component import DeepFillInpainter
from reenactor_plugins.inpainter.deepfill.network import DeepFill
from reenactor_plugins.inpainter.deepfill.options import DeepFillOptions
from reenactor_plugins.inpainter.deepfill.public_layouts import names


def runtime() -> Runtime:
    def no_weight(weight: object) -> Path:
        raise AssertionError("the file is an option")

    return Runtime(weight=no_weight)


def inpainter(**options: object) -> DeepFillInpainter:
    given = {"weights": "random", "side": 64, **options}
    return DeepFillInpainter(DeepFillOptions.model_validate(given), runtime())


def frames(*size: int) -> Frames:
    source = torch.Generator().manual_seed(0)
    pixels = torch.randint(0, 256, (1, *size, 3), generator=source).byte()
    return Frames(pixels, (0,), "photo")


@pytest.mark.parametrize("size", [(1, 1), (7, 5), (61, 47), (64, 64), (90, 201)])
@pytest.mark.parametrize("share", [0.05, 1.0])
def test_holes_of_any_size_in_frames_of_any_size(size: tuple[int, int], share: float) -> None:
    given = frames(*size)
    hole = torch.rand(1, *size, generator=torch.Generator().manual_seed(1)) < share
    hole[0, -1, -1] = True  # at the corner
    filled = inpainter().inpaint(None, given, hole)
    assert torch.equal(filled.pixels[~hole], given.pixels[~hole])
    # An untrained network's tanh is near 0, which is grey.
    assert ((filled.pixels[hole].float() - 127.5).abs() < 40).all()


def test_no_hole_no_work() -> None:
    given = frames(20, 20)
    none = torch.zeros(1, 20, 20, dtype=torch.bool)
    assert torch.equal(inpainter().inpaint(None, given, none).pixels, given.pixels)
    assert len(inpainter().inpaint(None, given[:0], none[:0])) == 0


def test_only_what_is_near_the_hole_counts() -> None:
    given = frames(80, 80)
    hole = torch.zeros(1, 80, 80, dtype=torch.bool)
    hole[:, 4:10, 4:10] = True  # seen with 16 pixels around it
    other = given.pixels.clone()
    other[:, 40:] = 0
    first = inpainter().inpaint(None, given, hole)
    second = inpainter().inpaint(None, Frames(other, (0,), "photo"), hole)
    assert torch.equal(first.pixels[hole], second.pixels[hole])


class Sketch(torch.nn.Module):
    """Stands for the network: paints every hole with the mean of what is known."""

    def forward(self, pictures: torch.Tensor, holes: torch.Tensor) -> torch.Tensor:
        assert pictures.shape[2] % 8 == pictures.shape[3] % 8 == 0
        assert max(pictures.shape[2:]) <= 64
        known = 1 - holes
        mean = (pictures * known).sum((2, 3), keepdim=True) / known.sum((2, 3), keepdim=True)
        return mean.expand_as(pictures)


def test_colours_come_back_as_they_went() -> None:
    one = inpainter()
    one.network = Sketch()  # type: ignore[assignment]  # a stand-in network
    pixels = torch.tensor([200, 100, 30], dtype=torch.uint8).expand(1, 300, 200, 3).clone()
    hole = torch.zeros(1, 300, 200, dtype=torch.bool)
    hole[:, 50:250, 60:140] = True
    pixels[hole] = 255  # the person, who must not shine through when all is made smaller
    filled = one.inpaint(None, Frames(pixels, (0,), "photo"), hole)
    assert (filled.pixels == torch.tensor([200, 100, 30])).all()


@pytest.mark.parametrize("staged", [False, True])
def test_public_files(tmp_path: Path, staged: bool) -> None:
    torch.manual_seed(3)
    original = DeepFill(tensorflow=not staged).state_dict()
    public = {name: original[own] for own, name in names(staged)}
    file = tmp_path / "states.pth"
    torch.save({"G": public, "D": {"conv1.conv_sn.weight": torch.zeros(1)}, "n_iter": 5}, file)
    found = inpainter(weights=file).network
    assert found.tensorflow is not staged
    assert all(torch.equal(found.state_dict()[key], original[key]) for key in original)


def test_wrong_or_missing_files(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="`weights`"):
        inpainter(weights=None)
    torch.save({"G": {"conv1.conv.weight": torch.zeros(48, 5, 5, 5)}}, tmp_path / "part.pth")
    with pytest.raises(WeightsError, match="83 missing"):
        inpainter(weights=tmp_path / "part.pth")
    assert set(DeepFillOptions().missing()) == {"weights"}
    with pytest.raises(ValidationError, match="multiple of 8"):
        DeepFillOptions(side=100)
