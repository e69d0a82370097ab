"""The pose estimator `mannequin`: a dense pose from key points alone."""

from typing import final

import numpy as np
import torch

from reenactor.roles import DenseEstimator
from reenactor.values import Dense, Frames, Skeleton
from reenactor_plugins.pose_estimator.mannequin.body3d import body_3d
from reenactor_plugins.pose_estimator.mannequin.buffer import DepthBuffer
from reenactor_plugins.pose_estimator.mannequin.doll import draw_doll
from reenactor_plugins.pose_estimator.mannequin.options import MannequinOptions


@final
class Mannequin(DenseEstimator[MannequinOptions]):
    """Draws a jointed mannequin in the skeleton's pose; only the size of the frames is used.

    With `world` points, limbs have depth. Without, the body is flat: arms are drawn in front of the
    trunk, and its turn is estimated from the apparent shoulder width.
    """

    def dense(self, frames: Frames, skeleton: Skeleton) -> Dense:
        height, width = frames.size
        part = np.zeros((len(frames), height, width), np.uint8)
        uv = np.zeros((len(frames), 2, height, width), np.float32)
        for t in range(len(frames)):
            one = skeleton[t : t + 1]
            body = body_3d(one, self.options.confidence)
            if body is None:
                continue
            buffer = DepthBuffer(height, width)
            left, right = one.hands[0].double().numpy()
            draw_doll(buffer, body, (left, right), self.options.thickness)
            part[t], uv[t] = buffer.part, buffer.uv
        return Dense(torch.from_numpy(part), torch.from_numpy(uv))
