"""Formats an evaluation as JSON, as CSV with a line per frame, and as Markdown tables."""

import csv
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reenactor.evaluation.aggregate import Figure
from reenactor.evaluation.measure import Measured
from reenactor.evaluation.yaw_groups import GROUPS, Group
from reenactor.evaluation.yaw_table import TurnedRow, leading, turned_rows
from reenactor.metrics import METRICS, TABLE_1, Scope


@dataclass(frozen=True)
class VideoResult:
    """The results of one method on one video, and what could not be measured."""

    measured: Measured
    missing: tuple[int, ...]
    odd: tuple[str, ...]
    unseen: tuple[int, ...]
    """Scored frames in which no person was found."""

    def as_json(self) -> dict[str, Any]:
        means = {name: finite_mean(values) for name, values in self.measured.values.items()}
        return {
            "frames": len(self.measured.scored),
            "missing": list(self.missing),
            "odd": list(self.odd),
            "nobody found": list(self.unseen),
            "figures": {**means, **{k: _plain(v) for k, v in self.measured.video.items()}},
        }


@dataclass(frozen=True)
class MethodResult:
    """A method's metrics over all videos, its results for each, and its metrics by yaw."""

    figures: Mapping[str, Figure]
    videos: Mapping[str, VideoResult]
    by_yaw: Mapping[Group, Mapping[str, Figure]] = field(default_factory=dict)

    @property
    def frames(self) -> int:
        """The number of measured frames."""
        return sum(len(video.measured.scored) for video in self.videos.values())

    @property
    def failures(self) -> int:
        """The number of frames that are missing or invalid, or show nobody."""
        return sum(len(v.missing) + len(v.unseen) for v in self.videos.values())


@dataclass(frozen=True)
class Evaluation:
    """The contents of all reports. `drivers` has the name of each video's driver, `not_measured`
    the reason for each omitted metric."""

    methods: Mapping[str, MethodResult]
    drivers: Mapping[str, str]
    names: tuple[str, ...]
    not_measured: Mapping[str, str]
    warnings: tuple[str, ...]
    protocol: Mapping[str, object]

    @property
    def turned(self) -> list[TurnedRow]:
        """The figures by the driver's yaw."""
        return turned_rows(self.names, {m: result.by_yaw for m, result in self.methods.items()})

    def as_json(self) -> dict[str, Any]:
        """JSON values; NaN becomes null."""
        return {
            "protocol": dict(self.protocol),
            "metrics": {
                name: {
                    "version": METRICS[name].version,
                    "better": str(METRICS[name].better),
                    "unit": METRICS[name].unit,
                    "for each": str(METRICS[name].scope),
                }
                for name in self.names
            },
            "methods": {
                name: {
                    "frames": result.frames,
                    "failures": result.failures,
                    "figures": {key: vars(figure) for key, figure in result.figures.items()},
                    "by yaw": {
                        group: {key: vars(figure) for key, figure in figures.items()}
                        for group, figures in result.by_yaw.items()
                    },
                    "videos": {key: video.as_json() for key, video in result.videos.items()},
                }
                for name, result in self.methods.items()
            },
            "drivers": dict(self.drivers),
            "not measured": dict(self.not_measured),
            "warnings": list(self.warnings),
        }


def as_csv(evaluation: Evaluation) -> str:
    """A line for each frame of each method and video; missing values are empty."""
    names = [n for n in evaluation.names if METRICS[n].scope in (Scope.FRAME, Scope.STEP)]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["method", "video", "frame", *(METRICS[name].version for name in names)])
    for method, result in evaluation.methods.items():
        for video, one in result.videos.items():
            for place, number in enumerate(one.measured.scored):
                row = [one.measured.values.get(name, [])[place : place + 1] for name in names]
                cells = ["" if not v or math.isnan(v[0]) else f"{v[0]:.6g}" for v in row]
                writer.writerow([method, video, number, *cells])
    return text.getvalue()


def as_markdown(evaluation: Evaluation) -> str:
    """The paper's Table 1 for these methods, the other metrics, and notes."""
    crossed = bool(evaluation.protocol.get("cross"))
    first = [] if crossed else list(TABLE_1)
    others = [name for name in evaluation.names if name not in first]
    parts = ["# Evaluation", _protocol_lines(evaluation)]
    if first:
        parts += ["## Table 1", table(evaluation, first)]
    parts += ["## All metrics" if crossed else "## Other metrics", _intervals(evaluation, others)]
    if first:
        parts += ["## Intervals of Table 1", _intervals(evaluation, first)]
    turned = evaluation.turned
    if turned:
        heads = ["Metric", "Method", *(f"{group}°" for group in GROUPS)]
        lines = _rows([heads, ["---"] * len(heads), *map(_turned_cells, turned)])
        parts += ["## By the driver's yaw", lines]
    parts += ["## Frames", _frames(evaluation)]
    if evaluation.not_measured:
        why = (f"`{METRICS[n].version}`: {text}" for n, text in evaluation.not_measured.items())
        parts += ["## Not measured", _listed(why)]
    if evaluation.warnings:
        parts += ["## Warnings", _listed(evaluation.warnings)]
    return "\n\n".join(parts) + "\n"


def _turned_cells(row: TurnedRow) -> list[str]:
    metric = METRICS[row.name]
    cells = map(_with_interval, row.figures, row.leads)
    return [f"`{metric.version}` {metric.better.arrow}", _cell(row.method), *cells]


def table(evaluation: Evaluation, names: Sequence[str]) -> str:
    """One row per method, the best value of each column in bold, — for missing values."""
    heads = [f"{METRICS[name].label} {METRICS[name].better.arrow}" for name in names]
    rows = [["Method", *heads], ["---"] * (len(names) + 1)]
    leaders = {name: best(evaluation, name) for name in names}
    for method, result in evaluation.methods.items():
        cells = []
        for name in names:
            figure = result.figures.get(name)
            text = "—" if figure is None else written(figure.value)
            cells.append(f"**{text}**" if method in leaders[name] else text)
        rows.append([_cell(method), *cells])
    return _rows(rows)


def best(evaluation: Evaluation, name: str) -> frozenset[str]:
    """The methods with the best value; none if all are equal."""
    return leading(name, {m: r.figures.get(name) for m, r in evaluation.methods.items()})


def written(value: float) -> str:
    """Format a value: three decimals, or four significant digits if it is tiny."""
    if value != 0 and abs(value) < 0.01:
        return f"{value:.2e}"
    return f"{value:.3f}" if abs(value) < 100 else f"{value:.2f}"


def finite_mean(values: Sequence[float]) -> float | None:
    """The mean of the finite values; None if there are none."""
    known = [value for value in values if math.isfinite(value)]
    return sum(known) / len(known) if known else None


def _intervals(evaluation: Evaluation, names: Sequence[str]) -> str:
    rows = [["Metric", "better", *(_cell(m) for m in evaluation.methods)]]
    rows.append(["---"] * len(rows[0]))
    for name in names:
        figures = [result.figures.get(name) for result in evaluation.methods.values()]
        if not any(figures):
            continue
        leaders = best(evaluation, name)
        cells = [
            _with_interval(figure, method in leaders)
            for method, figure in zip(evaluation.methods, figures, strict=True)
        ]
        metric = METRICS[name]
        unit = f" ({metric.unit})" if metric.unit else ""
        rows.append([f"`{metric.version}`{unit}", metric.better.arrow, *cells])
    return _rows(rows)


def _with_interval(figure: Figure | None, leads: bool) -> str:
    if figure is None:
        return "—"
    text = f"**{written(figure.value)}**" if leads else written(figure.value)
    if figure.low is None or figure.high is None:
        return text
    return f"{text} [{written(figure.low)}, {written(figure.high)}]"


def _frames(evaluation: Evaluation) -> str:
    rows = [["Method", "video", "measured", "missing", "odd", "nobody found"], ["---"] * 6]
    for method, result in evaluation.methods.items():
        for name, one in result.videos.items():
            counts = [one.measured.scored, one.missing, one.odd, one.unseen]
            rows.append([_cell(method), _cell(name), *(str(len(c)) for c in counts)])
    text = _rows(rows)
    details = [
        f"{method}, {name}: {_shortened(one)}"
        for method, result in evaluation.methods.items()
        for name, one in result.videos.items()
        if one.missing or one.odd
    ]
    return text + ("\n\n" + _listed(details) if details else "")


def _shortened(one: VideoResult, most: int = 8) -> str:
    """The first missing and invalid frames by name."""
    said = []
    for what, values in (("missing", [f"{n:06d}" for n in one.missing]), ("odd", list(one.odd))):
        if values:
            more = f" and {len(values) - most} more" if len(values) > most else ""
            said.append(f"{what} {', '.join(values[:most])}{more}")
    return "; ".join(said)


def _protocol_lines(evaluation: Evaluation) -> str:
    return _listed(f"{key}: {value}" for key, value in evaluation.protocol.items())


def _listed(lines: Any) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _rows(rows: Sequence[Sequence[str]]) -> str:
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _plain(value: float) -> float | None:
    return value if math.isfinite(value) else None
