"""How far a person is turned away from the camera, from joints in space."""

import torch
from jaxtyping import Float
from torch import Tensor

from reenactor.joints import Joint


def yaw_of(world: Float[Tensor, "T 25 3"]) -> Float[Tensor, " T"]:
    """The angle of the trunk about the vertical in degrees, in (-180, 180]; NaN if it has none.

    0 faces the camera, 90 shows the person's right side, 180 the back. It is the direction of the
    shoulder line and the hip line, each of length 1, added; both from the person's right to left.

    Args:
        world: joints in metres; x to the right of the picture, z away from the camera.
    """
    shoulders = world[:, Joint.L_SHOULDER] - world[:, Joint.R_SHOULDER]
    hips = world[:, Joint.L_HIP] - world[:, Joint.R_HIP]
    level = torch.stack([shoulders, hips], 1)[..., [0, 2]].double()
    across = torch.nn.functional.normalize(level, dim=-1).sum(1)
    angle = torch.rad2deg(torch.atan2(across[:, 1], across[:, 0])).float()
    return torch.where(across.norm(dim=-1) > 1e-3, angle, torch.nan)
