"""Renders an evaluation as a self-contained HTML page, without scripts or network access."""

import base64
import html
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from reenactor.evaluation.aggregate import Figure
from reenactor.evaluation.chart import curves, legend
from reenactor.evaluation.crops import Crops
from reenactor.evaluation.report import (
    Evaluation,
    VideoResult,
    best,
    written,
)
from reenactor.evaluation.yaw_groups import GROUPS
from reenactor.evaluation.yaw_table import TurnedRow
from reenactor.media.photo import opened_picture
from reenactor.metrics import METRICS, TABLE_1, Better

SHOWN = 6
"""Frames shown for each video."""
EXTREMES = 3
"""Worst and best frames shown for each method."""
HEIGHT = 192
"""Height of a frame on the page in pixels."""
CURVES = (
    "ssbs", "ssis", "dpis", "lpips-vgg", "perceptual", "dssim", "akd", "tof", "identity",
    "warping-own",
)  # fmt: skip
"""The metrics plotted over time, if measured."""
JUDGES = ("lpips-vgg", "perceptual", "dssim", "ssbs", "warping-own")
"""The first of these that was measured ranks the frames."""

STYLE = """
:root{color-scheme:light dark;--ground:#fff;--ink:#111827;--soft:#6b7280;--line:#d1d5db;
--warn:#fef3c7}
@media (prefers-color-scheme:dark){:root{--ground:#0f141c;--ink:#e5e9f0;--soft:#94a3b8;
--line:#334155;--warn:#3b2f12}path[stroke]{filter:brightness(1.5)}}
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem;
color:var(--ink);background:var(--ground)}
table{border-collapse:collapse;margin:1rem 0;display:block;overflow-x:auto}
th,td{padding:.3rem .7rem;border-bottom:1px solid var(--line);text-align:right;white-space:nowrap}
th:first-child,td:first-child{text-align:left;position:sticky;left:0;background:var(--ground)}
td small{color:var(--soft);display:block}
.rows{overflow-x:auto;margin:.6rem 0}
.row{display:flex;gap:.4rem;align-items:center;margin:.3rem 0;width:max-content}
.strip{display:flex;gap:.4rem;align-items:end}
.row b{width:7.5rem;flex:none;overflow-wrap:anywhere;position:sticky;left:0;padding:.2rem;
background:var(--ground)}
.twins{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(32rem,100%),1fr));gap:0 1.5rem}
figure{margin:0;flex:none}
figcaption{font-size:12px;color:var(--soft);text-align:center}
img{display:block;height:192px}
svg{width:100%;display:block;margin:.6rem 0}
svg text{font-size:12px;fill:var(--soft)}svg .title{fill:var(--ink);font-size:13px}
.axis{stroke:var(--soft);fill:none}.key{width:24px;height:8px;display:inline;stroke-width:2}
.legend span{margin-right:1.2rem;white-space:nowrap}
.warning{background:var(--warn);border-left:4px solid #d97706;padding:.4rem .8rem}
li{overflow-wrap:anywhere}
@media (max-width:40rem){body{margin:1rem auto}th,td{padding:.3rem .4rem}
td:first-child{white-space:normal;overflow-wrap:break-word;max-width:8.5rem}
td:has(code){min-width:8.5rem}td code{font-size:12px}
.row{display:block}.row b{display:inline-block;width:auto}
svg text{font-size:18px}svg .title{font-size:20px}}
@media print{table,.rows{overflow:visible}}
"""


def as_html(evaluation: Evaluation, folder: Path) -> str:
    """The page.

    Args:
        evaluation: the results.
        folder: the folder of the evaluation, with the crops.
    """
    crossed = bool(evaluation.protocol.get("cross"))
    first = [] if crossed else list(TABLE_1)
    others = [name for name in evaluation.names if name not in first]
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        f"<title>Evaluation</title><style>{STYLE}</style></head><body><h1>Evaluation</h1>",
        *(f'<p class="warning">{html.escape(w)}</p>' for w in evaluation.warnings),
    ]
    if first:
        parts += ["<h2>Table 1</h2>", _table(evaluation, first)]
    parts += ["<h2>Metrics</h2>", _table(evaluation, others, upright=True)]
    turned = evaluation.turned
    if turned:
        parts += ["<h2>By the driver's yaw</h2>", _by_yaw(turned)]
    for video in _videos(evaluation):
        parts += [f"<h2>{html.escape(video)}</h2>", *_video(evaluation, folder, video)]
    parts += ["<h2>Frames</h2>", _frames(evaluation), "<h2>Protocol</h2>", _protocol(evaluation)]
    return "\n".join([*parts, "</body></html>\n"])


def _videos(evaluation: Evaluation) -> Sequence[str]:
    return list(next(iter(evaluation.methods.values())).videos)


def _table(evaluation: Evaluation, names: Sequence[str], upright: bool = False) -> str:
    """A table of methods by metrics; `upright` transposes it, for many metrics."""
    columns = {name: f"{METRICS[name].label} {METRICS[name].better.arrow}" for name in names}
    cells = {(m, n): _cell(evaluation, m, n) for m in evaluation.methods for n in names}
    if upright:
        names = [n for n in names if any(n in r.figures for r in evaluation.methods.values())]
        head = ["Metric", *evaluation.methods]
        rows = [
            [f"<code>{html.escape(METRICS[n].version)}</code> {METRICS[n].better.arrow}",
             *(cells[m, n] for m in evaluation.methods)]
            for n in names
        ]  # fmt: skip
    else:
        head = ["Method", *columns.values()]
        rows = [[html.escape(m), *(cells[m, n] for n in names)] for m in evaluation.methods]
    return _rows(head, rows)


def _by_yaw(turned: Sequence[TurnedRow]) -> str:
    """A table of metrics and methods by groups of yaws."""
    rows = [
        [f"<code>{html.escape(METRICS[row.name].version)}</code> {METRICS[row.name].better.arrow}",
         html.escape(row.method), *map(_figure, row.figures, row.leads)]
        for row in turned
    ]  # fmt: skip
    return _rows(["Metric", "Method", *(f"{group}°" for group in GROUPS)], rows)


def _cell(evaluation: Evaluation, method: str, name: str) -> str:
    figure = evaluation.methods[method].figures.get(name)
    return _figure(figure, method in best(evaluation, name))


def _figure(figure: Figure | None, leads: bool) -> str:
    if figure is None:
        return "—"
    text = written(figure.value)
    if leads:
        text = f"<b>{text}</b>"
    if figure.low is None or figure.high is None:
        return text
    return f"{text}<small>{written(figure.low)} … {written(figure.high)}</small>"


def _rows(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table. Cells are HTML; heads are text."""
    top = "".join(f"<th>{html.escape(h)}</th>" for h in head)
    body = "".join(f"<tr>{''.join(f'<td>{c}</td>' for c in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def _video(evaluation: Evaluation, folder: Path, video: str) -> list[str]:
    """Frames side by side, curves, and the worst and best frames of each method."""
    results = {m: r.videos[video] for m, r in evaluation.methods.items() if video in r.videos}
    crops = {m: Crops(folder / "crops" / m / video, r.measured.scored) for m, r in results.items()}
    crossed = bool(evaluation.protocol.get("cross"))
    truth = Crops(folder / "truth" / evaluation.drivers[video], ())
    common = sorted(set.intersection(*(set(c.index) for c in crops.values())))
    places = np.linspace(0, len(common) - 1, min(SHOWN, len(common))).round().astype(int)
    numbers = [common[i] for i in sorted(set(places.tolist()))]
    rows = [_row("driver" if crossed else "truth", truth, numbers)]
    rows += [_row(method, one, numbers) for method, one in crops.items()]
    drawn = []
    for name in CURVES:
        values = {
            m: r.measured.values[name] for m, r in results.items() if name in r.measured.values
        }
        if values:
            scored = {m: results[m].measured.scored for m in values}
            drawn.append(
                curves(f"{METRICS[name].version} {METRICS[name].better.arrow}", scored, values)
            )
    parts = [_rows_of(rows), legend(list(results)), _twins(drawn)]
    for method, result in results.items():
        parts += _extremes(method, result, crops[method], truth)
    return parts


def _rows_of(rows: Iterable[str]) -> str:
    """Rows that scroll together, so that frames stay aligned."""
    return f'<div class="rows">{"".join(rows)}</div>'


def _twins(parts: Iterable[str]) -> str:
    """Two columns if there is room."""
    return f'<div class="twins">{"".join(parts)}</div>'


def _extremes(method: str, result: VideoResult, crops: Crops, truth: Crops) -> list[str]:
    """The worst and best frames by one metric, above the ground truth."""
    judge = next((name for name in JUDGES if name in result.measured.values), None)
    if judge is None:
        return []
    pairs = zip(result.measured.values[judge], result.measured.scored, strict=True)
    ranked = [(v, n) for v, n in sorted(pairs) if v == v]
    if METRICS[judge].better is Better.LOWER:
        ranked.reverse()
    out = [f"<h3>{html.escape(method)} by {METRICS[judge].version}</h3>"]
    sides = []
    for title, part in (("worst", ranked[:EXTREMES]), ("best", ranked[-EXTREMES:])):
        numbers = [n for _, n in part]
        notes = [f"{n}: {written(v)}" for v, n in part]
        sides.append(_rows_of([_row(title, crops, numbers, notes), _row("truth", truth, numbers)]))
    return [*out, _twins(sides)]


def _row(title: str, crops: Crops, numbers: Sequence[int], notes: Sequence[str] = ()) -> str:
    captions = notes or [str(n) for n in numbers]
    figures = "".join(
        f'<figure><img alt="{html.escape(title)}, frame {n}" src="{_inline(crops.path(n))}">'
        f"<figcaption>{html.escape(note)}</figcaption></figure>"
        for n, note in zip(numbers, captions, strict=True)
    )
    return f'<div class="row"><b>{html.escape(title)}</b><div class="strip">{figures}</div></div>'


def _inline(path: Path) -> str:
    """A picture as a data URL, as JPEG because it is only for display."""
    with opened_picture(path) as picture:
        small = picture.convert("RGB")
        small.thumbnail((4 * HEIGHT, 2 * HEIGHT))
        stream = io.BytesIO()
        small.save(stream, "JPEG", quality=88)
    return f"data:image/jpeg;base64,{base64.b64encode(stream.getvalue()).decode()}"


def _frames(evaluation: Evaluation) -> str:
    rows = [
        [html.escape(m), html.escape(v), *(str(len(part)) for part in parts), _odd(one)]
        for m, result in evaluation.methods.items()
        for v, one in result.videos.items()
        for parts in [(one.measured.scored, one.missing, one.unseen)]
    ]
    return _rows(["Method", "video", "measured", "missing", "nobody found", "odd"], rows)


def _odd(one: VideoResult) -> str:
    return "<br>".join(html.escape(line) for line in one.odd[:8]) or "0"


def _protocol(evaluation: Evaluation) -> str:
    told = "".join(
        f"<li>{html.escape(key)}: {html.escape(str(value))}</li>"
        for key, value in evaluation.protocol.items()
    )
    reasons = "".join(
        f"<li><code>{html.escape(METRICS[name].version)}</code>: {html.escape(why)}</li>"
        for name, why in evaluation.not_measured.items()
    )
    missing = f"<h3>Not measured</h3><ul>{reasons}</ul>" if reasons else ""
    return f"<ul>{told}</ul>{missing}"
