"""The method of the paper: Eqs. 1 to 8, one function each.

    p^M*       = HP(I)                           (1)  parse
    P^D, P^S   = DP(v), OP(v)                    (2)  dense_pose, key_points
    P^M        = P2B(p^M*, P^S, P^D)             (3)  generate_body
    t1, t2-5   = l(I, p^M*)                      (4)  parts
    e_z        = [VGGFace2(t1), VGG(t2-5)]       (5)  embed
    (z, m)     = B2F(P^M, e_z)                   (6)  render
    f0         = z · m + b · (1 − m)             (7)  blend
    f          = FR(f0, t1)                      (8)  refine

Networks have the paper's names; each may be any component of its role. What depends only on the
target (`prepared`: p^M* for P2B, e_z for B2F, the face for FR) is computed once, by the component's
own `prepare`. T counts frames; H and W are the canvas's height and width in pixels.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import torch
from jaxtyping import Float
from torch import Tensor

from reenactor.roles import (
    BodyGenerator,
    DenseEstimator,
    FaceRefiner,
    FrameRenderer,
    Parser,
    SkeletonEstimator,
)
from reenactor.values import Dense, Frames, Layer, Parsing, People, Pose, Skeleton

P = TypeVar("P")
"""What a component prepared for the target."""


def parse(HP: Parser[Any], I: Frames, skeleton: Skeleton) -> Parsing:
    """Eq. 1: p^M* = HP(I), labels in 0..21 at the size of I for the person of `skeleton`."""
    return HP.parse(I, skeleton)


def key_points(
    OP: SkeletonEstimator[Any], v: Frames, before: People | None = None
) -> tuple[People, ...]:
    """Eq. 2: P^S = OP(v), everybody in each of T whole frames, in pixels of the frames.

    `before` holds the people of the frame before the first; None at the start.
    """
    return OP.estimate(v, before)


def dense_pose(DP: DenseEstimator[Any], v: Frames, skeleton: Skeleton) -> Dense:
    """Eq. 2: P^D = DP(v), I in 0..24 and U, V in [0, 1] of the dancer in T frames on the canvas."""
    return DP.dense(v, skeleton)


def generate_body(P2B: BodyGenerator[Any, P], prepared: P, pose: Pose) -> Parsing:
    """Eq. 3: P^M = P2B(p^M*, P^S, P^D), labels (T, H, W) in 0..21: the target in the pose."""
    return P2B.generate(prepared, pose)


def parts(
    l: Callable[[Float[Tensor, "B 3 H W"], Parsing], Float[Tensor, "B 5 3 S S"]],
    I: Float[Tensor, "B 3 H W"],
    p: Parsing,
) -> Float[Tensor, "B 5 3 S S"]:
    """Eq. 4: t1, t2-5 = l(I, p^M*), five square pictures of the target in [0, 1].

    They show face and hair, clothes above, clothes below, shoes and socks, and skin.
    """
    return l(I, p)


def embed(
    VGGFace2: Callable[[Float[Tensor, "B 3 S S"]], Float[Tensor, "B E1"]],
    VGG: Callable[[Float[Tensor, "N 3 S S"]], Float[Tensor, "N E2"]],
    t: Float[Tensor, "B 5 3 S S"],
) -> Float[Tensor, "B E"]:
    """Eq. 5: e_z = [VGGFace2(t1), VGG(t2-5)], E = E1 + 4 E2 numbers for each target."""
    return torch.cat([VGGFace2(t[:, 0]), VGG(t[:, 1:].flatten(0, 1)).view(len(t), -1)], 1)


def render(
    B2F: FrameRenderer[Any, P],
    prepared: P,
    pose: Pose,
    body: Parsing | None,
    past: Layer | None = None,
) -> Layer:
    """Eq. 6: (z, m) = B2F(P^M, e_z), z (T, 3, H, W) and m (T, 1, H, W), both in [0, 1].

    `past` holds the frames rendered before, for a B2F with a `history`.
    """
    return B2F.render(prepared, pose, body, past)


def blend(layer: Layer, b: Float[Tensor, "T 3 H W"]) -> Float[Tensor, "T 3 H W"]:
    """Eq. 7: f0 = z · m + b · (1 − m), the layer over the background, in [0, 1]."""
    return layer.over(b)


def refine(
    FR: FaceRefiner[Any, P],
    prepared: P,
    f0: Float[Tensor, "T 3 H W"],
    pose: Pose,
    body: Parsing | None,
) -> Float[Tensor, "T 3 H W"]:
    """Eq. 8: f = FR(f0, t1), the frames in [0, 1] with the target's face."""
    return FR.refine(prepared, f0, pose, body)
