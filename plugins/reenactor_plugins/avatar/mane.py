"""Long hair: a curtain around the back of the head, as wide as in the photo."""

import numpy as np

from reenactor.labels import Label
from reenactor.ops.smoothing import gaussian
from reenactor_plugins.avatar.hair import HAIRY, Hair
from reenactor_plugins.avatar.surface import Mesh
from reenactor_plugins.puppet.head import Head
from reenactor_plugins.puppet.sprite import Texture, complete_texture

_AROUND = 28
_TEXELS = 6
_REACH = np.radians(104)
"""How far the curtain comes round to the front, from straight behind."""
_TOP, _BACK = -0.06, 0.088
"""Where the curtain begins, and its depth behind the ears, in metres of the rig."""
_BEGINS, _ON_HEAD = 0.03, 0.06
"""Over how many metres it begins, and how much of it lies on the head."""
_FADE = 0.12
"""Share of its height over which it ends."""


def fit_mane(head: Head, hair: Hair | None, scale: float) -> Mesh | None:
    """Make a curtain of the hair that hangs below the chin; None if there is none.

    `scale` is pixels per metre of the rig.
    """
    if head.mane is None or hair is None:
        return None
    front, column = head.front, head.column
    alpha = front.colour[..., 3]
    own = np.isin(front.labels, HAIRY) & (alpha > 127)
    y = column.rows
    rows = np.flatnonzero((own.mean(1) > 0.08) & (y > _TOP * scale))
    if len(rows) < 8:
        return None
    first, last = rows[0], rows[-1]
    s = np.linspace(-1, 1, own.shape[1])
    every = np.arange(first, last + 1)
    low = np.interp(every, rows, s[own.argmax(1)][rows])
    high = np.interp(every, rows, s[len(s) - 1 - own[:, ::-1].argmax(1)][rows])
    half, middle = column.half[every], column.middle[every]
    left, right = (
        gaussian((middle + half * side)[:, None], 3 * column.fine)[:, 0] for side in (low, high)
    )
    count = min(48, len(every))
    pick = np.linspace(0, len(every) - 1, count)
    left, right, down = (np.interp(pick, np.arange(len(every)), a) for a in (left, right, y[every]))
    centre, wide = (left + right) / 2, np.maximum((right - left) / 2, 0.05 * scale)
    angle = np.linspace(-_REACH, _REACH, _AROUND)
    rise = np.clip((down - down[0]) / (0.06 * scale), 0, 1)
    tight = 0.9 + 0.1 * rise
    thick = np.clip(wide - 0.078 * scale, 0.005 * scale, 0.04 * scale)
    back = _BACK * scale + thick
    x = centre[:, None] + (wide * tight)[:, None] * np.sin(angle)
    z = (back * tight)[:, None] * np.cos(angle)
    points = np.stack([x, np.broadcast_to(down[:, None], x.shape), z], -1).reshape(-1, 3)
    grid = np.arange(count * _AROUND, dtype=np.int32).reshape(count, _AROUND)
    a, b, c, d = grid[:-1, :-1], grid[:-1, 1:], grid[1:, :-1], grid[1:, 1:]
    faces = np.concatenate([np.stack(k, -1).reshape(-1, 3) for k in ((a, b, c), (b, d, c))])
    return Mesh(
        points.astype(np.float32),
        faces,
        _place(count).astype(np.float32),
        np.zeros(len(points), np.float32),
        *[_texture(hair, (down - column.start) * column.fine, scale * column.fine)] * 2,
    )


def _place(count: int) -> np.ndarray:
    """The texture's columns go around, its rows down, `_TEXELS` for each step of the mesh."""
    y, x = np.mgrid[:count, :_AROUND] * _TEXELS
    return np.stack([x, y], -1).reshape(-1, 2)


def _texture(hair: Hair, row: np.ndarray, metre: float) -> Texture:
    """Hair whose locks end at different lengths.

    `row` is each ring's in the head's texture, of which
    `metre` rows are a metre of the rig.
    """
    height, width = (len(row) - 1) * _TEXELS + 1, (_AROUND - 1) * _TEXELS + 1
    y, x = np.mgrid[:height, :width]
    here = np.interp(np.arange(height), np.arange(len(row)) * _TEXELS, row)
    around = 2 * _REACH * _BACK * metre / width
    colour = hair.painted(
        np.broadcast_to(here[:, None], y.shape), np.broadcast_to(here[:, None], y.shape), x * around
    )
    locks = np.random.default_rng(7).uniform(0, 1, width)
    ends = height * (1 - _FADE * gaussian(locks[:, None], 2.0)[:, 0] * 2)
    shape = np.clip((ends - y) / 4, 0, 1)
    # Its upper edges lie on the head's own hair.
    down = (here - here[0])[:, None] / metre
    upper = np.clip(2 - down / _ON_HEAD, 0, 1)
    rim = np.clip(np.minimum(x, width - 1 - x) / (0.12 * width), 0, 1)
    shape = shape * np.clip(down / _BEGINS, 0, 1) * (1 - upper * (1 - rim))
    labels = np.full(shape.shape, Label.HAIR, np.uint8)
    return complete_texture(colour, np.ones_like(shape), shape, labels)
