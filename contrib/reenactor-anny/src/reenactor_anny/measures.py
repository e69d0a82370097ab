"""Where each vertex of a body at rest is, in a tailor's terms."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reenactor_anny.body import ARM_BONES, Body
from reenactor_anny.mesh import Array, normals, unit


@dataclass(frozen=True)
class Form:
    """A body with what garments are cut by: one number for each vertex, and lengths in metres.

    * `arm`: -1 off the arms, 0 at the shoulder, 1 at the elbow, 2 at the wrist.
    * `leg`: -1 above the hips, 0 at the hip, 1 at the knee, 2 at the ankle.
    * `height`: metres over the hip joints; `side`: beside the middle, left above 0; `back`: behind
      the pelvis joint.
    * `head` (with eyes and the upper neck), `hand`, `foot`, `eye`: how much a vertex follows those
      bones.
    * `outward` (V, 3): normals.
    * `trunk` (hips to the neck's base), `thigh`: lengths; `size`: the standing height over 1.7 m.
    """

    body: Body
    arm: Array
    leg: Array
    height: Array
    side: Array
    back: Array
    head: Array
    hand: Array
    foot: Array
    eye: Array
    outward: Array
    trunk: float
    thigh: float
    size: float
    hip: Array
    neck: Array

    @classmethod
    def of(cls, body: Body) -> "Form":
        v = body.vertices
        arm, leg = np.full(len(v), -1.0), np.full(len(v), -1.0)
        arms = body.weight_of(*ARM_BONES, "shoulder")
        legs = body.weight_of("upperleg", "lowerleg", "foot", "toe")
        for side, sign in (("L", 1.0), ("R", -1.0)):
            for out, follows, chain in (
                (arm, arms, ("upperarm01", "lowerarm01", "wrist")),
                (leg, legs, ("upperleg01", "lowerleg01", "foot")),
            ):
                mine = (follows > 0.02) & (v[:, 0] * sign > 0)
                out[mine] = along(v, [body.head(f"{bone}.{side}") for bone in chain])[mine]
        thigh = body.head("upperleg01.L")
        hip = np.array([0.0, thigh[1], thigh[2]])
        neck = body.head("neck01")
        return cls(
            body=body,
            arm=arm,
            leg=leg,
            height=v[:, 2] - hip[2],
            side=v[:, 0],
            back=v[:, 1],
            head=body.weight_of("head", "eye", "neck02", "neck03"),
            hand=body.weight_of("wrist", "finger", "metacarpal"),
            foot=body.weight_of("foot", "toe"),
            eye=body.weight_of("eye"),
            outward=normals(v, body.faces),
            trunk=float(neck[2] - hip[2]),
            thigh=float(np.linalg.norm(body.head("lowerleg01.L") - thigh)),
            size=float(np.ptp(v[:, 2])) / 1.7,
            hip=hip,
            neck=neck,
        )


def along(points: Array, chain: Sequence[Array]) -> Array:
    """(N,) how far along a chain of three joints: 0, 1 and 2 at the joints, going on past both."""
    first, second = chain[1] - chain[0], chain[2] - chain[1]
    a = (points - chain[0]) @ first / (first @ first)
    b = (points - chain[1]) @ second / (second @ second)
    middle = unit(first) + unit(second)
    upper = (points - chain[1]) @ middle < 0
    return np.asarray(np.where(upper, np.minimum(a, 1.0), 1 + np.maximum(b, 0.0)))
