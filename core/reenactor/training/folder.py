"""A training's folder: what was asked for, what came of it so far, and how it goes on.

| file | what |
|---|---|
| `config.yaml` | network, settings, material and seed, every default written out |
| `log.jsonl` | a line for each step that was told of |
| `events.*` | the same for TensorBoard, with the sheets |
| `samples/` | a sheet of what is held out, step by step |
| `last.pt` | all that is needed to go on |
| `weights.safetensors` | what a spec's `weights:` names: the averaged network, half precision |
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
import yaml
from jaxtyping import UInt8
from safetensors.torch import save_file
from torch import Tensor

from reenactor.errors import UsageError, WeightsError
from reenactor.media.files import make_folder, replacing, write_bytes
from reenactor.weights.header import HEADER


class RunFolder:
    """Everything that a training writes. Only the first of several processes has one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._events: Any = None

    def open(self, config: Mapping[str, Any]) -> None:
        """Begin, or go on with the same config.

        Raises:
            UsageError: the folder holds a training with another config.
        """
        make_folder(self.path / "samples")
        file = self.path / "config.yaml"
        text = yaml.safe_dump(dict(config), sort_keys=False, allow_unicode=True)
        if file.exists():
            before = yaml.safe_load(file.read_text("utf-8"))
            changed = _differences(before, yaml.safe_load(text))
            if changed:
                raise UsageError(
                    f"the training in {self.path} was begun otherwise",
                    given="; ".join(changed[:6]),
                    expected="the same config, to go on",
                    advice="choose another --out to begin anew",
                )
        write_bytes(file, text.encode())

    def resume(self) -> dict[str, Any] | None:
        """What was saved last; None where nothing was.

        Raises:
            WeightsError: it cannot be read.
        """
        file = self.path / "last.pt"
        if not file.exists():
            return None
        try:
            saved: dict[str, Any] = torch.load(file, map_location="cpu", weights_only=True)
        except Exception as error:
            raise WeightsError(
                "the training cannot go on: its last save cannot be read",
                given=str(file),
                advice=f"remove it to begin anew ({type(error).__name__})",
            ) from error
        return saved

    def save(self, state: Mapping[str, Any]) -> None:
        """Write all that is needed to go on, whole or not at all."""
        with replacing(self.path / "last.pt") as part:
            torch.save(dict(state), part)

    def save_weights(self, tensors: Mapping[str, Tensor], said: Mapping[str, Any]) -> Path:
        """Write what a spec loads: half precision, with what the network is in the header."""
        half = {
            key: (value.half() if value.is_floating_point() else value).cpu().contiguous()
            for key, value in tensors.items()
        }
        file = self.path / "weights.safetensors"
        with replacing(file) as part:
            save_file(half, part, metadata={HEADER: json.dumps(said, sort_keys=True)})
        return file

    def begin_log(self, step: int) -> None:
        """Forget what was told of after `step`: it will happen again."""
        file = self.path / "log.jsonl"
        lines = file.read_text("utf-8").splitlines() if file.exists() else []
        kept = [line for line in lines if json.loads(line)["step"] <= step]
        write_bytes(file, "".join(f"{line}\n" for line in kept).encode())
        from torch.utils.tensorboard import SummaryWriter  # slow to import, and an extra

        self._events = SummaryWriter(str(self.path), purge_step=step + 1 if step else None)

    def tell(self, step: int, figures: Mapping[str, float]) -> None:
        """Figures of a step, into the log and for TensorBoard."""
        with (self.path / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps({"step": step, **figures}) + "\n")
        for name, value in figures.items():
            self._events.add_scalar(name, value, step)

    def show(self, step: int, picture: UInt8[np.ndarray, "H W 3"]) -> None:
        """A sheet of samples."""
        done, coded = cv2.imencode(".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 90])
        if done:
            write_bytes(self.path / "samples" / f"{step:07d}.jpg", coded.tobytes())
        self._events.add_image("samples", picture, step, dataformats="HWC")

    def log(self) -> list[dict[str, float | int]]:
        """All that was told of so far."""
        return read_log(self.path)

    def close(self) -> None:
        """Nothing more will be told."""
        if self._events is not None:
            self._events.close()


def read_log(folder: Path) -> list[dict[str, float | int]]:
    """The lines of a training's log; none where there is no log."""
    file = folder / "log.jsonl"
    if not file.exists():
        return []
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def _differences(before: Any, after: Any, under: str = "") -> list[str]:
    """Fields whose values differ, dotted, old and new."""
    if isinstance(before, dict) and isinstance(after, dict):
        keys = [*before, *(key for key in after if key not in before)]
        return [
            line
            for key in keys
            for line in _differences(before.get(key), after.get(key), f"{under}.{key}".strip("."))
        ]
    return [] if before == after else [f"{under}: {before!r} before, {after!r} now"]
