"""Shoes: lofted round the feet from heel to toe, with a shaft where they are boots."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from reenactor.labels import Label
from reenactor_plugins.datasets.anny.cloth import Cloth, Form, outline, sew
from reenactor_plugins.datasets.anny.mesh import Layer, Values, loft, unit

SLICES, AROUND = 20, 24


@dataclass(frozen=True)
class Shoe:
    """`top` along the leg where it ends (2 is the ankle), `room` round the foot, `sole` metres.

    `low` shoes end under the ankle and leave the instep free.
    """

    stuff: int
    top: float = 1.9
    room: float = 0.008
    sole: float = 0.02
    low: bool = False


def shoes(form: Form, shoe: Shoe) -> list[Layer]:
    """Both shoes."""
    made = [_shoe(form, shoe, side) for side in "LR"]
    if shoe.top < 1.85 and not shoe.low:
        made += [_shaft(form, shoe, side) for side in "LR"]
    return made


def shoe_cover(form: Form, shoe: Shoe) -> Values:
    """Where the skin is inside the shoes: metres inside."""
    rise = (form.m.leg - max(shoe.top, 1.9)) * 0.4
    if shoe.low:
        toes = form.body.follows("toe")
        rise = np.minimum(rise, toes - 0.5)
    return np.where(form.m.foot > 0.5, rise + 0.01, -0.1)


def _shoe(form: Form, shoe: Shoe, side: str) -> Layer:
    """Slices across the foot, each the foot's own outline drawn tight."""
    body, m = form.body, form.m
    sign = 1.0 if side == "L" else -1.0
    mine = (body.follows("foot", "toe", "lowerleg02") > 0.3) & (m.side * sign > 0)
    ankle, ball = body.head(f"foot.{side}"), body.head(f"toe2-1.{side}")
    points = body.points[mine]
    top = ankle[1] + (0.012 if shoe.low else -0.03) * m.size
    points = points[points[:, 1] > top]
    ahead = unit((ball - ankle) * np.array([1, 0, 1]))
    turn = np.stack([np.cross(ahead, [0, 1.0, 0]), [0, 1.0, 0], ahead])
    local = (points - ankle) @ turn.T
    floor = float(local[:, 1].max())
    ends = float(local[:, 2].min()), float(local[:, 2].max())
    length = ends[1] - ends[0]
    where = np.linspace(ends[0] - shoe.room, ends[1] + 1.6 * shoe.room, SLICES)
    angles = np.linspace(0, 2 * np.pi, AROUND, endpoint=False)
    ways = np.stack([np.cos(angles), np.sin(angles)], 1)
    grid = np.zeros((SLICES, AROUND, 3))
    for k, z in enumerate(where):
        at = np.clip(z, ends[0] + 0.06 * length, ends[1] - 0.08 * length)
        near = local[np.abs(local[:, 2] - at) < 0.07 * length][:, :2]
        middle = (near.min(0) + near.max(0)) / 2
        spread = outline(near - middle, ways) + shoe.room
        grid[k, :, :2] = middle + spread[:, None] * ways
        grid[k, :, 2] = z
    share = np.linspace(0, 1, SLICES)
    blunt = np.maximum(
        np.clip((share - 0.8) / 0.2, 0, 1), 0.8 * np.clip((0.12 - share) / 0.12, 0, 1)
    )
    narrow = np.sqrt(np.clip(1 - 0.9 * blunt**2.5, 0.05, 1))[:, None]
    heart = grid.mean(1, keepdims=True)
    grid[:, :, 0] = heart[:, :, 0] + (grid[:, :, 0] - heart[:, :, 0]) * narrow
    front = (share > 0.5)[:, None]
    lowered = floor + (grid[:, :, 1] - floor) * narrow
    grid[:, :, 1] = np.where(front, lowered, grid[:, :, 1])
    under = np.clip((grid[:, :, 1] - floor) / (0.02 * m.size) + 1, 0, 1)
    grid[:, :, 1] = np.minimum(grid[:, :, 1], floor) + under * shoe.sole * m.size
    spots, faces = loft(grid, caps=np.array([True, True]))
    bend = np.clip((spots[:, 2] - (ball - ankle) @ turn[2]) / (0.03 * m.size) + 0.5, 0, 1)
    weights = np.zeros((len(spots), len(body.labels)), np.float32)
    weights[:, body.index(f"foot.{side}")] = 1 - bend
    weights[:, body.index(f"toe2-1.{side}")] = bend
    placed: Float[np.ndarray, "N 3"] = (spots @ turn + ankle).astype(np.float32)
    label = np.full(len(faces), int(Label.LEFT_SHOE if side == "L" else Label.RIGHT_SHOE))
    return Layer(placed, placed.copy(), faces, weights, label, shoe.stuff)


def _shaft(form: Form, shoe: Shoe, side: str) -> Layer:
    """The leg of a boot, from its top down to the ankle."""
    m = form.m
    here = m.side * (1.0 if side == "L" else -1.0) > 0
    keep = np.minimum((m.leg - shoe.top) * 0.4, (2.12 - m.leg) * 0.4)
    label = Label.LEFT_SHOE if side == "L" else Label.RIGHT_SHOE
    keep = np.where(here & (m.leg > 0), keep, -0.1)
    return sew(form, Cloth(label, shoe.stuff, keep, shoe.room * 1.3 * m.size, 8, 4))
