"""Curves as inline SVG: one line for each method over the frames of a video."""

import html
import math
from collections.abc import Callable, Mapping, Sequence

COLOURS = ("#2563eb", "#d97706", "#059669", "#db2777", "#7c3aed", "#475569")
"""Suitable for most people with colour blindness; lines also differ by their dashes."""
DASHES = ("", "6 3", "2 3", "8 3 2 3", "1 2", "10 4")
WIDTH, HEIGHT, MARGIN = 640, 170, 64


def curves(
    title: str, numbers: Mapping[str, Sequence[int]], values: Mapping[str, Sequence[float]]
) -> str:
    """An SVG of the methods' values by frame number, with gaps for missing values."""
    points = {
        method: [
            (n, v)
            for n, v in zip(numbers[method], values[method], strict=False)
            if math.isfinite(v)
        ]
        for method in values
    }
    known = [point for line in points.values() for point in line]
    if not known:
        return ""
    first, last = min(n for n, _ in known), max(n for n, _ in known)
    low, high = min(v for _, v in known), max(v for _, v in known)
    span = (high - low) or 1.0

    def at(n: int, v: float) -> tuple[float, float]:
        x = MARGIN + (n - first) / max(last - first, 1) * (WIDTH - MARGIN - 8)
        return round(x, 1), round(HEIGHT - 20 - (v - low) / span * (HEIGHT - 44), 1)

    parts = [
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{html.escape(title)}">',
        f'<text x="{MARGIN}" y="14" class="title">{html.escape(title)}</text>',
        f'<text x="0" y="{HEIGHT - 18}">{low:.3g}</text><text x="0" y="30">{high:.3g}</text>',
        f'<text x="{MARGIN}" y="{HEIGHT - 4}">{first}</text>',
        f'<text x="{WIDTH - 8}" y="{HEIGHT - 4}" text-anchor="end">{last}</text>',
        f'<path d="M{MARGIN} 24V{HEIGHT - 20}H{WIDTH - 8}" class="axis"/>',
    ]
    for place, line in enumerate(points.values()):
        colour, dash = COLOURS[place % len(COLOURS)], DASHES[place % len(DASHES)]
        parts.append(
            f'<path d="{_path(line, at)}" fill="none" stroke="{colour}" stroke-dasharray="{dash}"/>'
        )
    return "".join([*parts, "</svg>"])


def _path(
    line: Sequence[tuple[int, float]], at: Callable[[int, float], tuple[float, float]]
) -> str:
    """A path with a gap at each frame that was not measured."""
    out, before = [], None
    for n, v in line:
        x, y = at(n, v)
        out.append(f"{'L' if before == n - 1 else 'M'}{x} {y}")
        before = n
    return "".join(out)


def legend(methods: Sequence[str]) -> str:
    """The colours and dashes of the methods."""
    items = [
        f'<span><svg viewBox="0 0 24 8" class="key"><path d="M0 4H24" stroke="'
        f'{COLOURS[i % len(COLOURS)]}" stroke-dasharray="{DASHES[i % len(DASHES)]}"/></svg> '
        f"{html.escape(method)}</span>"
        for i, method in enumerate(methods)
    ]
    return f'<p class="legend">{" ".join(items)}</p>'
