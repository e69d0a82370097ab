"""The inpainter `lama`: fills large holes in each picture separately (Suvorov et al. 2022)."""

from dataclasses import replace
from pathlib import Path
from typing import Any, final

import cv2
import numpy as np
import onnxruntime
from jaxtyping import Bool, Float32
from torch import Tensor

from reenactor.errors import WeightsError
from reenactor.roles import Footage, Inpainter
from reenactor.runtime import Runtime
from reenactor.values import Frames
from reenactor_plugins.inpainter.filling.at_size import fill_at_size
from reenactor_plugins.inpainter.lama.options import LamaOptions
from reenactor_plugins.inpainter.lama.weights import BIG_LAMA
from reenactor_plugins.networks.checkpoint import public_file

SIDE = 512
"""Side of the network's input in pixels."""
SHAPES = {"image": (1, 3, SIDE, SIDE), "mask": (1, 1, SIDE, SIDE)}
"""Input shapes; dynamic dimensions of the file are assumed to have these sizes."""
PICTURE = (1, 3, SIDE, SIDE)
"""Output shape."""


@final
class LamaInpainter(Inpainter[LamaOptions, None]):
    """Fills each hole from its own picture; other pixels are unchanged.

    Raises:
        WeightsError: `weights` is missing or is another network.
    """

    def __init__(self, options: LamaOptions, runtime: Runtime) -> None:
        super().__init__(options, runtime)
        self._file = public_file(options.weights, BIG_LAMA, runtime)
        self._session = _session(self._file, runtime)

    def prepare(self, footage: Footage) -> None:
        del footage

    def inpaint(self, prepared: None, frames: Frames, holes: Bool[Tensor, "T H W"]) -> Frames:
        del prepared
        pixels = frames.pixels.clone()
        context = self.options.context
        for picture, hole in zip(pixels.numpy(), holes.numpy(), strict=True):
            fill_at_size(picture, hole, self._made_up, side=SIDE, context=context)
        return replace(frames, pixels=pixels)

    def _made_up(
        self, picture: Float32[np.ndarray, "H W 3"], gap: Bool[np.ndarray, "H W"]
    ) -> Float32[np.ndarray, "H W 3"]:
        """Run the network on a picture in 0..255, padded to a square by reflection."""
        height, width = gap.shape
        known = np.where(gap[..., None], np.float32(0), picture / 255)
        edges = 0, SIDE - height, 0, SIDE - width
        image = cv2.copyMakeBorder(known, *edges, cv2.BORDER_REFLECT)
        mask = cv2.copyMakeBorder(gap.astype(np.float32), *edges, cv2.BORDER_REFLECT)
        given = {"image": image.transpose(2, 0, 1)[None], "mask": mask[None, None]}
        try:
            made = self._session.run(None, {k: np.ascontiguousarray(v) for k, v in given.items()})[
                0
            ]
        except Exception as error:  # onnxruntime's errors have no other common base class
            raise WeightsError(
                "lama's network failed",
                given=str(self._file),
                expected="a public export of LaMa (docs/weights.md)",
                advice=str(error).splitlines()[0] if str(error) else "",
            ) from error
        if np.shape(made) != PICTURE or not np.isfinite(made).all():
            raise WeightsError(
                "lama's network returned an invalid picture",
                given=f"{np.shape(made)} or values that are not finite, {self._file}",
                expected=f"{PICTURE}, in 0..255",
            )
        cut = made[0, :, :height, :width].transpose(1, 2, 0)
        return np.ascontiguousarray(cut, dtype=np.float32)


def _session(file: Path, runtime: Runtime) -> Any:
    """Load the network on the device if onnxruntime has a provider for it, else on the CPU."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = runtime.threads
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    providers = ["CPUExecutionProvider"]
    if runtime.device.type == "cuda":
        wanted = "CUDAExecutionProvider"
        providers = [p for p in (wanted,) if p in onnxruntime.get_available_providers()] + providers
    try:
        session = onnxruntime.InferenceSession(str(file), options, providers=providers)
    except Exception as error:  # onnxruntime's errors have no other common base class
        raise WeightsError(
            "lama's weights cannot be read",
            given=str(file),
            expected="an ONNX file",
            advice=str(error).splitlines()[0],
        ) from error
    given = {one.name: tuple(one.shape) for one in session.get_inputs()}
    if given.keys() != SHAPES.keys() or not all(_fits(given[key], SHAPES[key]) for key in SHAPES):
        raise WeightsError("the file is not a LaMa network", given=str(given), expected=str(SHAPES))
    return session


def _fits(declared: tuple[int | str | None, ...], wanted: tuple[int, ...]) -> bool:
    """Whether a declared shape matches; dynamic dimensions match any size."""
    return len(declared) == len(wanted) and all(
        not isinstance(size, int) or size == side
        for size, side in zip(declared, wanted, strict=True)
    )
