"""Specs: YAML that says which component fills which role, and with what options."""

from reenactor.spec.background import Colour, Folder, Image, SceneBackground, Video
from reenactor.spec.choice import Choice
from reenactor.spec.load import Draft, LoadedSpec, draft_spec, load_spec
from reenactor.spec.model import Spec
from reenactor.spec.motion import ByBox, ByIndex, ByPoint, Largest, MotionSpec, OutputSpec
from reenactor.spec.problem import Kind, Problem, SpecMistakesError
from reenactor.spec.source import Position, Source

__all__ = [
    "ByBox",
    "ByIndex",
    "ByPoint",
    "Choice",
    "Colour",
    "Draft",
    "Folder",
    "Image",
    "Kind",
    "Largest",
    "LoadedSpec",
    "MotionSpec",
    "OutputSpec",
    "Position",
    "Problem",
    "SceneBackground",
    "Source",
    "Spec",
    "SpecMistakesError",
    "Video",
    "draft_spec",
    "load_spec",
]
