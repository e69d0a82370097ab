"""A training's folder: what was asked for, what came of it so far, and how it goes on.

| file | what |
|---|---|
| `config.yaml` | network, settings, material and seed, every default written out |
| `log.jsonl` | scalars, a line for each step that was logged |
| `events.*` | the same for TensorBoard, with the sheets |
| `samples/` | a sheet of the validation examples, step by step |
| `last.pt` | the checkpoint: all that is needed to go on |
| `weights.safetensors` | what a spec's `weights:` names: the averaged network, half precision |
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import cv2
import numpy as np
import torch
import yaml
from jaxtyping import UInt8
from safetensors.torch import save_file
from torch import Tensor

from reenactor.errors import InputError, UsageError, WeightsError
from reenactor.inputs import require_regular_file
from reenactor.media.files import (
    input_error,
    make_folder,
    output_error,
    remove_parts,
    replacing,
    write_bytes,
)
from reenactor.spec.document import read_text
from reenactor.weights.header import HEADER
from reenactor.weights.opcodes import require_safe_checkpoint

LOG = "log.jsonl"
CHECKPOINT_VERSION = 2
"""Of the layout of `last.pt`; those of other versions are refused."""


class RunFolder:
    """Everything that a training writes. Only the first of several processes has one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._events: Any = None

    def open(self, config: Mapping[str, Any]) -> None:
        """Begin, or go on with the same config.

        Raises:
            UsageError: the folder holds a training with another config.
            InputError: its config cannot be read.
        """
        make_folder(self.path / "samples")
        remove_parts(self.path)  # what a killed training left
        file = self.path / "config.yaml"
        content = yaml.safe_dump(dict(config), sort_keys=False, allow_unicode=True).encode()
        if file.exists():
            self._require_same(_config(file, _content(file)), _config(file, content))
        write_bytes(file, content)

    def load_checkpoint(self, config: Mapping[str, Any]) -> dict[str, Any] | None:
        """The checkpoint; None where there is none.

        Raises:
            WeightsError: it cannot be read, or is not a checkpoint of this version's.
            UsageError: it is of a training with another config.
        """
        file = self.path / "last.pt"
        if not file.exists():
            return None
        try:
            with ZipFile(file) as archive:  # torch itself reads bytes that were changed
                if (member := archive.testzip()) is not None:
                    raise self.unusable(f"{member} is not what was written")
            require_safe_checkpoint(file)
            saved = torch.load(file, map_location="cpu", weights_only=True)
        except WeightsError:
            raise
        except Exception as error:
            raise self.unusable(f"{type(error).__name__}: {error}") from error
        if isinstance(saved, dict) and saved.get("version", 1) != CHECKPOINT_VERSION:
            raise WeightsError(
                "the training cannot go on: its checkpoint is from another version of reenactor",
                given=f"{file}: version {saved.get('version', 1)} of the format",
                expected=f"version {CHECKPOINT_VERSION}",
                advice="finish it with the version that began it, or remove that file to train "
                "from the first step on",
            )
        kinds = {"step": int, "state": dict, "scalars": dict, "config": dict}
        if not isinstance(saved, dict) or any(
            not isinstance(saved.get(key), kind) for key, kind in kinds.items()
        ):
            raise self.unusable(f"it does not hold {', '.join(kinds)}")
        self._require_same(saved["config"], dict(config))
        return saved

    def unusable(self, why: str) -> WeightsError:
        """The error for a checkpoint from which the training cannot go on."""
        return WeightsError(
            "the training cannot go on: its checkpoint is damaged",
            given=f"{self.path / 'last.pt'}: {why.splitlines()[0]}",
            advice="remove that file to train from the first step on, or restore a copy of it",
        )

    def _require_same(self, before: Any, now: Any) -> None:
        changed = _differences(before, now)
        if changed:
            raise UsageError(
                f"the training in {self.path} was begun otherwise",
                given="; ".join(changed[:6]),
                expected="the same config, to go on",
                advice="choose another --out to begin anew",
            )

    def save_checkpoint(self, state: Mapping[str, Any]) -> None:
        """Write the checkpoint, whole or not at all."""
        with replacing(self.path / "last.pt") as part:
            torch.save({"version": CHECKPOINT_VERSION, **state}, part)

    def save_weights(self, tensors: Mapping[str, Tensor], header: Mapping[str, Any]) -> Path:
        """Write what a spec loads: half precision, with what the network is in the header."""
        half = {
            key: (value.half() if value.is_floating_point() else value).cpu().contiguous()
            for key, value in tensors.items()
        }
        file = self.path / "weights.safetensors"
        with replacing(file) as part:
            save_file(half, part, metadata={HEADER: json.dumps(header, sort_keys=True)})
        return file

    def open_log(self, step: int) -> int:
        """Forget what was logged after `step`: it will happen again.

        Gives how many lines were dropped because they could not be read: a run that was killed
        may leave half a line.
        """
        lines, unreadable = _lines(self.path)
        kept = [json.dumps(line) for line in lines if line["step"] <= step]
        write_bytes(self.path / LOG, "".join(f"{line}\n" for line in kept).encode())
        from torch.utils.tensorboard import SummaryWriter  # slow to import, and an extra

        self._events = SummaryWriter(str(self.path), purge_step=step + 1 if step else None)
        return unreadable

    def log_scalars(self, step: int, scalars: Mapping[str, float]) -> None:
        """Write the scalars of a step, for readers and for TensorBoard."""
        try:
            with (self.path / LOG).open("a", encoding="utf-8") as file:
                file.write(json.dumps({"step": step, **scalars}) + "\n")
        except OSError as error:
            raise output_error(self.path / LOG, error) from error
        for name, value in scalars.items():
            self._events.add_scalar(name, value, step)

    def log_images(self, step: int, picture: UInt8[np.ndarray, "H W 3"]) -> None:
        """A sheet of samples."""
        done, coded = cv2.imencode(".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 90])
        if done:
            write_bytes(self.path / "samples" / f"{step:07d}.jpg", coded.tobytes())
        self._events.add_image("samples", picture, step, dataformats="HWC")

    def close(self) -> None:
        """Nothing more will be logged."""
        if self._events is not None:
            self._events.close()


def read_log(folder: Path) -> list[dict[str, float | int]]:
    """The lines of a training's log that can be read; none where there is no log."""
    return _lines(folder)[0]


def _lines(folder: Path) -> tuple[list[dict[str, float | int]], int]:
    """The lines of the log that can be read, and how many cannot."""
    file = folder / LOG
    if not file.exists():
        return [], 0
    found = []
    lines = _content(file).splitlines()
    for line in lines:
        with suppress(ValueError, RecursionError):
            figures = json.loads(line)
            if isinstance(figures, dict) and isinstance(figures.get("step"), int):
                found.append(figures)
    return found, len(lines) - len(found)


def _content(file: Path) -> bytes:
    require_regular_file(file)
    try:
        return file.read_bytes()
    except OSError as error:
        raise input_error(file, error) from error


def _config(file: Path, content: bytes) -> Any:
    """A config as plain values.

    Raises:
        InputError: it is damaged.
    """
    document = read_text(file, str(file), content)
    if document.problems:
        raise InputError(
            "the config of the training is damaged",
            given=str(document.problems[0]),
            advice=f"remove {file}: the checkpoint's config is compared with the command's, and "
            "the training goes on from it",
        )
    return document.data


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
