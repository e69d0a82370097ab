"""Where each vertex of a body at rest is, in a tailor's terms."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from reenactor_plugins.datasets.anny.mesh import Points, Values, unit
from reenactor_plugins.datasets.anny.model import Body

Vector = Float[np.ndarray, " 3"]


@dataclass(frozen=True)
class Measures:
    """One number for each vertex, and lengths of the body in metres.

    * `arm`: -1 off the arms, 0 at the shoulder, 1 at the elbow, 2 at the wrist.
    * `leg`: -1 above the hips, 0 at the hip, 1 at the knee, 2 at the ankle.
    * `height`: over the hip joints, in trunk lengths (hips to the neck's base).
    * `side`: beside the middle, metres, left above 0. `back`: behind the trunk's axis, metres.
    * `head`, `hand`, `foot`, `eye`: how much a vertex follows those bones.
    * `trunk`, `thigh`: lengths; `size` is the standing height over 1.7 m.
    """

    arm: Values
    leg: Values
    height: Values
    side: Values
    back: Values
    head: Values
    hand: Values
    foot: Values
    eye: Values
    trunk: float
    thigh: float
    size: float
    hip: Vector
    neck: Vector


def measure(body: Body) -> Measures:
    points = body.points
    arm, leg = np.full(len(points), -1.0), np.full(len(points), -1.0)
    arms = body.follows("upperarm", "lowerarm", "wrist", "finger", "metacarpal", "shoulder")
    legs = body.follows("upperleg", "lowerleg", "foot", "toe")
    for side, sign in (("L", 1.0), ("R", -1.0)):
        here = points[:, 0] * sign > 0
        for out, follows, chain in (
            (arm, arms, ("upperarm01", "lowerarm01", "wrist")),
            (leg, legs, ("upperleg01", "lowerleg01", "foot")),
        ):
            mine = (follows > 0.02) & here
            out[mine] = along(points, [body.head(f"{bone}.{side}") for bone in chain])[mine]
    hip = (body.head("upperleg01.L") + body.head("upperleg01.R")) / 2
    neck = body.head("neck01")
    trunk = float(hip[1] - neck[1])
    return Measures(
        arm=arm,
        leg=leg,
        height=(hip[1] - points[:, 1]) / trunk,
        side=points[:, 0],
        back=points[:, 2] - hip[2],
        head=body.follows("head", "eye", "neck02", "neck03"),
        hand=body.follows("wrist", "finger", "metacarpal"),
        foot=body.follows("foot", "toe"),
        eye=body.follows("eye"),
        trunk=trunk,
        thigh=float(np.linalg.norm(body.head("lowerleg01.L") - body.head("upperleg01.L"))),
        size=float(np.ptp(points[:, 1])) / 1.7,
        hip=hip,
        neck=neck,
    )


def along(points: Points, chain: Sequence[Vector]) -> Values:
    """How far along a chain of three joints: 0, 1 and 2 at the joints, going on past both."""
    first, second = chain[1] - chain[0], chain[2] - chain[1]
    a = (points - chain[0]) @ first / (first @ first)
    b = (points - chain[1]) @ second / (second @ second)
    middle = unit(first) + unit(second)
    upper = (points - chain[1]) @ middle < 0
    return np.asarray(np.where(upper, np.minimum(a, 1.0), 1 + np.maximum(b, 0.0)))
