from pathlib import Path

import pytest
import torch
from pydantic import ValidationError

from reenactor.manifest import Weight
from reenactor.roles import HeldFootage
from reenactor.runtime import Runtime
from reenactor.testing.cartoon import dancing, room
from reenactor.testing.samples import holes
from reenactor_plugins.inpainter.opencv.component import OpenCvInpainter
from reenactor_plugins.inpainter.opencv.options import OpenCvOptions


def no_weights(weight: Weight) -> Path:
    raise AssertionError(weight.name)


@pytest.mark.parametrize("method", ["telea", "navier-stokes"])
def test_a_dancer_vanishes(method: str) -> None:
    drawn = dancing(2, (240, 160))
    hidden = holes(drawn)
    options = OpenCvOptions(method=method)
    inpainter = OpenCvInpainter(options, Runtime(weight=no_weights))
    inpainter.prepare(HeldFootage(drawn.frames, hidden))
    filled = inpainter.inpaint(None, drawn.frames, hidden)
    assert torch.equal(filled.pixels[~hidden], drawn.frames.pixels[~hidden])
    behind = torch.from_numpy(room((240, 160))).int()
    assert (filled.pixels.int() - behind).abs()[hidden].float().mean() < 15
    assert len(inpainter.inpaint(None, drawn.frames[:0], hidden[:0])) == 0


def test_methods_have_names() -> None:
    with pytest.raises(ValidationError, match="navier-stokes"):
        OpenCvOptions.model_validate({"method": "guess"})
