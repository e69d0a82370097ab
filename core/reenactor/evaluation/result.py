"""Stores the result of one method on one video, so that it is not measured twice."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from safetensors.torch import load, save

from reenactor.evaluation.measure import Measured
from reenactor.evaluation.record import finish, is_done, result_of
from reenactor.evaluation.report import VideoResult
from reenactor.media.files import write_bytes


def stored(record: Path, inputs: Mapping[str, object]) -> VideoResult | None:
    """The stored result for these inputs; None if there is none."""
    features = record.with_suffix(".safetensors")
    if not is_done(record, inputs):
        return None
    plain: Any = result_of(record)
    measured = Measured(
        tuple(plain["scored"]),
        {name: [_number(v) for v in values] for name, values in plain["values"].items()},
        {name: _number(value) for name, value in plain["video"].items()},
        tuple(_number(value) for value in plain["yaw"]),
        {
            group: {name: _number(value) for name, value in figures.items()}
            for group, figures in plain["turned"].items()
        },
        plain["counts"],
        load(features.read_bytes()),
    )
    return VideoResult(measured, *(tuple(plain[key]) for key in ("missing", "odd", "unseen")))


def store(record: Path, inputs: Mapping[str, object], result: VideoResult) -> None:
    """Store a result. The record is written last, so that a partial result does not count."""
    measured = result.measured
    rows = {name: part.contiguous() for name, part in measured.features.items()}
    features = record.with_suffix(".safetensors")
    write_bytes(features, save(rows))
    plain = {
        "scored": list(measured.scored),
        "values": {n: [_plain(v) for v in values] for n, values in measured.values.items()},
        "video": {name: _plain(value) for name, value in measured.video.items()},
        "yaw": [_plain(value) for value in measured.yaw],
        "turned": {
            group: {name: _plain(value) for name, value in figures.items()}
            for group, figures in measured.turned.items()
        },
        "counts": measured.counts,
        "missing": list(result.missing),
        "odd": list(result.odd),
        "unseen": list(result.unseen),
    }
    finish(record, inputs, plain, [features])


def _plain(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _number(value: float | None) -> float:
    return math.nan if value is None else value
