"""Renders the frames that FR is trained to refine."""

from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from reenactor.catalog import discover
from reenactor.catalog.build import build
from reenactor.catalog.options import read_options
from reenactor.errors import SpecError
from reenactor.manifest import Role
from reenactor.ops.hand_labels import draw_hands
from reenactor.pipeline import method
from reenactor.roles import FrameRenderer
from reenactor.runtime import Runtime
from reenactor.spec import SpecMistakesError
from reenactor.training import Example
from reenactor.training.given import motion_of, target_of
from reenactor.values import Parsing, Pose
from reenactor.weights import WeightStore, default_folder


def renderer_of(spec: str, device: torch.device) -> FrameRenderer[Any, Any]:
    """Build the frame renderer of a spec.

    Raises:
        SpecError: the spec is unknown or its options are invalid.
        WeightsError: its weights are missing or do not fit.
    """
    catalog = discover()
    loaded = catalog.draft(spec).complete()
    choice = loaded.spec.frame_renderer
    entry = catalog.entry(Role.FRAME_RENDERER, choice.use)
    options, problems = read_options(
        entry.info, choice.options, loaded.source, ("frame_renderer",), entry.provider
    )
    if options is None:
        raise SpecMistakesError(problems)
    runtime = Runtime(weight=WeightStore(default_folder()).path, device=device)
    made = build(entry.info, options, runtime, entry.provider)
    if not isinstance(made, FrameRenderer):  # `build` ensures this; for the type checker
        raise SpecError("the spec's frame_renderer is not a frame renderer", given=choice.use)
    return made


@torch.inference_mode()
def frame_of(
    renderer: FrameRenderer[Any, Any], own: Example, source: Example
) -> Float[Tensor, "1 3 H W"]:
    """f^0 of Eq. 7: the person of `source` in the pose of `own`, over the background of `own`, or
    over its picture if the background is unknown."""
    prepared = renderer.prepare(target_of(source), motion_of([own]))
    pose = Pose(own.skeleton, own.dense, (0,), own.canvas)
    body = Parsing(draw_hands(own.parsing.labels, own.skeleton.hands))
    layer = method.render(renderer, prepared, pose, body)
    behind = own.image if own.background is None else own.background
    return method.blend(layer, behind.permute(0, 3, 1, 2).float() / 255)
