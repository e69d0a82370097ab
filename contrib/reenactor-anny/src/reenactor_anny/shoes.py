"""Shoes: lofted round the feet from heel to toe, with a shaft where they are boots."""

from dataclasses import dataclass, replace

import numpy as np

from reenactor.labels import Label
from reenactor_anny.clothes import Cloth, sew
from reenactor_anny.measures import Form
from reenactor_anny.mesh import Array, Layer, loft, outline, unit

SLICES, AROUND = 30, 32


@dataclass(frozen=True)
class Shoe:
    """`sole` metres under the foot, `top` over the ankle, `room` round the foot.

    `solid` is the share of the sole that is there under all of the foot, not only its rounded rim.
    `shaft`: where along the leg a boot ends (1 the knee, 2 the ankle; 2 for none). `low` shoes
    leave the instep free. `size` is the body's; metres are for a size of 1.
    """

    sole: float = 0.016
    material: str = "shoe"
    top: float = 0.02
    room: float = 0.006
    solid: float = 0.2
    shaft: float = 2.0
    low: bool = False
    size: float = 1.0


def shoes(form: Form, shoe: Shoe) -> list[Layer]:
    """Both shoes, and both shafts."""
    made = [_shoe(form, shoe, side) for side in "LR"]
    if shoe.shaft < 2:
        made += [_shaft(form, shoe, side) for side in "LR"]
    return made


def shoe_cover(form: Form, shoe: Shoe) -> Array:
    """(V,) metres inside the shoes, where they hide the skin."""
    ankle = form.body.head("foot.L")[2]
    inside = np.minimum(form.foot - 0.5, ankle + 0.005 * shoe.size - form.body.vertices[:, 2])
    if shoe.low:
        inside = np.minimum(inside, form.body.weight_of("toe") - 0.5)
    if shoe.shaft < 2:
        inside = np.maximum(inside, (form.leg - shoe.shaft) * 0.4)
    return np.asarray(inside)


def _shoe(form: Form, shoe: Shoe, side: str) -> Layer:
    """Slices across the foot, each the foot's own outline drawn tight, lofted heel to toe."""
    body, size = form.body, shoe.size
    mine = body.weight_of("foot", "toe", "lowerleg02") > 0.3
    v = body.vertices[mine & (form.side * (1.0 if side == "L" else -1.0) > 0)]
    ankle, ball = body.head(f"foot.{side}"), body.head(f"toe2-1.{side}")
    v = v[v[:, 2] < ankle[2] + (-0.012 if shoe.low else shoe.top) * size]
    ahead = (ball - ankle) * [1, 1, 0]
    turn = np.stack([np.cross([0, 0, 1.0], unit(ahead)), unit(ahead), [0, 0, 1.0]])
    local = (v - ankle) @ turn.T / size
    low = local[:, 2].min()
    ends = local[:, 1].min(), local[:, 1].max()
    where = np.linspace(ends[0] - 0.006, ends[1] + 0.010, SLICES)
    angles = np.linspace(0, 2 * np.pi, AROUND, endpoint=False)
    ways = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    grid = np.zeros((SLICES, AROUND, 3))
    for k, y in enumerate(where):
        at = float(np.clip(y, ends[0] + 0.012, ends[1] - 0.018))
        near = local[np.abs(local[:, 1] - at) < (0.016 if y < 0.05 else 0.022)]
        middle = np.array([np.median(near[:, 0]), low + min(0.035, 0.5 * np.ptp(near[:, 2]))])
        spread = outline(near[:, [0, 2]] - middle, ways) + shoe.room
        grid[k, :, 0] = middle[0] + spread * ways[:, 0]
        grid[k, :, 1] = y
        grid[k, :, 2] = middle[1] + spread * ways[:, 1]
    reach = where / (ends[1] - ends[0])
    tip = np.clip((reach - reach[-1] + 0.2) / 0.2, 0, 1)
    rear = np.clip((reach[0] + 0.12 - reach) / 0.12, 0, 1)
    narrow = np.sqrt(np.clip(1 - 0.97 * np.maximum(tip, rear * 0.8) ** 3.0, 0.02, 1))
    heart = grid.mean(axis=1, keepdims=True)
    grid[:, :, 0] = heart[:, :, 0] + (grid[:, :, 0] - heart[:, :, 0]) * narrow[:, None]
    flatter = np.where(reach > reach.mean(), narrow, 1.0)[:, None]
    grid[:, :, 2] = low + (grid[:, :, 2] - low) * flatter + 0.008 * (1 - flatter)
    for _ in range(2):
        grid[1:-1] = 0.5 * grid[1:-1] + 0.25 * (grid[:-2] + grid[2:])
    foot = grid[:, :, 2] < low + 0.014
    floor = low - shoe.sole * shoe.solid
    spread = 1 + 0.07 * foot
    grid[:, :, 0] = heart[:, :, 0] + (grid[:, :, 0] - heart[:, :, 0]) * spread
    grid[:, :, 2] = np.maximum(grid[:, :, 2], low - shoe.sole)
    grid[:, :, 2] = np.where(foot, np.minimum(grid[:, :, 2], floor), grid[:, :, 2])
    points, faces = loft(grid, caps=True)
    bend = (points[:, 1] - (ball - ankle) @ turn[1] / size) / 0.02
    front = np.clip(bend + 0.5, 0, 1)
    weights = np.zeros((len(points), len(body.labels)))
    weights[:, body.index(f"foot.{side}")] = 1 - front
    weights[:, body.index(f"toe2-1.{side}")] = front
    coords = points - [0, 0, low - shoe.sole]
    return Layer(shoe.material, _label(side), points * size @ turn + ankle, coords, faces, weights)


def _shaft(form: Form, shoe: Shoe, side: str) -> Layer:
    """The leg of a boot, from its top down to the ankle."""
    here = form.side * (1.0 if side == "L" else -1.0) > 0
    keep = np.minimum((form.leg - shoe.shaft) * 0.4, (2.12 - form.leg) * 0.4)
    keep = np.where(here & (form.leg > 0), keep, -0.1)
    ease = shoe.room * 1.3 * shoe.size
    boot = sew(form, Cloth(shoe.material, _label(side), keep, ease, 8))
    # Painted as the upper of a shoe is, over its sole and behind its laces.
    coords = (boot.coords - form.body.head(f"foot.{side}")) * [1, -1, 1] / shoe.size
    return replace(boot, coords=coords * [1, 0, 1] + [0, 0, 0.1])


def _label(side: str) -> Label:
    return Label.LEFT_SHOE if side == "L" else Label.RIGHT_SHOE
