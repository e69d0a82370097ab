"""Runs an ONNX file on the CPU, deterministically."""

import numpy as np
import onnxruntime
from jaxtyping import Float32, UInt8

from reenactor.errors import WeightsError
from reenactor.manifest import Weight
from reenactor.runtime import Runtime


class OnnxNetwork:
    """An ONNX network that takes one square RGB crop.

    It runs on one CPU thread: small networks gain little from more, thread pools of several
    networks slow each other down by spinning, and one thread gives bitwise reproducible results.
    To use several cores, call it from several threads.
    """

    def __init__(self, weight: Weight, runtime: Runtime) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
        options.use_deterministic_compute = True
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3  # ignore warnings about folded constants
        path = runtime.weight(weight)
        try:
            self._session = onnxruntime.InferenceSession(
                str(path), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # onnxruntime's errors have no other common base class
            raise WeightsError(
                f"onnxruntime cannot load {weight.file}",
                given=str(path),
                expected=weight.origin,
            ) from error
        self._input: str = self._session.get_inputs()[0].name

    def __call__(
        self, crop: UInt8[np.ndarray, "S S 3"], low: float, high: float
    ) -> list[Float32[np.ndarray, "..."]]:
        """Return the outputs for one crop, scaled from 0..255 to low..high."""
        scaled = np.multiply(crop[None], np.float32((high - low) / 255), dtype=np.float32)
        if low:
            scaled += np.float32(low)
        outputs: list[np.ndarray] = self._session.run(None, {self._input: scaled})
        return outputs
