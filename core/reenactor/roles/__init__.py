"""The six roles of a pipeline, each a small abstract class over `reenactor.values`."""

from reenactor.roles.body_generator import BodyGenerator
from reenactor.roles.component import Component
from reenactor.roles.face_refiner import FaceRefiner
from reenactor.roles.footage import Footage, HeldFootage
from reenactor.roles.frame_renderer import FrameRenderer
from reenactor.roles.inpainter import Inpainter
from reenactor.roles.parser import Parser
from reenactor.roles.pose_estimator import DenseEstimator, SkeletonEstimator

__all__ = [
    "BodyGenerator",
    "Component",
    "DenseEstimator",
    "FaceRefiner",
    "Footage",
    "FrameRenderer",
    "HeldFootage",
    "Inpainter",
    "Parser",
    "SkeletonEstimator",
]
