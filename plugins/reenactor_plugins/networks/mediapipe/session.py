"""Runs one ONNX file on the CPU, reproducibly."""

import numpy as np
import onnxruntime
from jaxtyping import Float32, UInt8

from reenactor.errors import WeightsError
from reenactor.manifest import Weight
from reenactor.runtime import Runtime


class Network:
    """An ONNX network that takes one square RGB crop.

    It always computes on one thread of the CPU: so small a network gains little from more, two
    such networks with thread pools of their own slow each other down by waiting for work in a
    loop, and one thread gives the same bits in every run. Calls from several threads at once
    are allowed, and are how to use several cores.
    """

    def __init__(self, weight: Weight, runtime: Runtime) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
        options.use_deterministic_compute = True
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3  # warnings about folded constants mean nothing here
        path = runtime.weight(weight)
        try:
            self._session = onnxruntime.InferenceSession(
                str(path), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # onnxruntime's own errors share no base but this
            raise WeightsError(
                f"{weight.file} is no network that onnxruntime can load",
                given=str(path),
                expected=weight.origin,
            ) from error
        self._input: str = self._session.get_inputs()[0].name

    def __call__(
        self, crop: UInt8[np.ndarray, "S S 3"], low: float, high: float
    ) -> list[Float32[np.ndarray, "..."]]:
        """Give the outputs for one crop, its bytes 0..255 scaled to low..high."""
        scaled = np.multiply(crop[None], np.float32((high - low) / 255), dtype=np.float32)
        if low:
            scaled += np.float32(low)
        outputs: list[np.ndarray] = self._session.run(None, {self._input: scaled})
        return outputs
