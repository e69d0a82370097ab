"""The checks of roles on the canvas: body generators, frame renderers, face refiners."""

from collections.abc import Sequence
from dataclasses import replace

import torch

from reenactor.manifest import Facet
from reenactor.roles import BodyGenerator, FaceRefiner, FrameRenderer
from reenactor.roles.contract import LABELS, MASK, PICTURE, batching, expect, sound
from reenactor.testing.check import Candidate, Check
from reenactor.testing.exercise import Exercise, Trial, scene
from reenactor.testing.expect import Results, equal, stacked
from reenactor.testing.samples import chosen, frames_of, some_of, without_person
from reenactor.values import Layer, Parsing, Pose

FAINT = 0.05
"""Masks below this count as empty."""


def _pose(now: Trial, frames: Sequence[int]) -> Pose:
    pose = chosen(now.given.pose, frames)
    return pose if now.needs(Facet.DENSE) else replace(pose, dense=None)


def _body(now: Trial, frames: Sequence[int]) -> Parsing | None:
    return some_of(now.given.on_canvas.parsing, frames) if now.needs(Facet.BODY) else None


def _nobody(now: Trial) -> tuple[Pose, Parsing | None]:
    """All frames, without a person."""
    pose = without_person(now.given.pose)
    body = Parsing(torch.zeros_like(now.given.on_canvas.parsing.labels))
    return (
        pose if now.needs(Facet.DENSE) else replace(pose, dense=None),
        body if now.needs(Facet.BODY) else None,
    )


def _prepare(now: Trial) -> object:
    if isinstance(now.component, FaceRefiner):
        return now.component.prepare(now.given.target)
    assert isinstance(now.component, BodyGenerator | FrameRenderer)
    return now.component.prepare(now.given.target, now.given.motion)


def _generate(now: Trial, prepared: object, frames: Sequence[int]) -> Results:
    assert isinstance(now.component, BodyGenerator)
    return {"labels": now.component.generate(prepared, _pose(now, frames)).labels}


def _nobody_to_generate(candidate: Candidate) -> None:
    now = scene(candidate)
    assert isinstance(now.component, BodyGenerator)
    pose, _ = _nobody(now)
    labels = now.component.generate(_prepare(now), pose).labels
    sound("labels", labels, LABELS, len(pose), pose.canvas)


BODY_GENERATOR: tuple[Check, ...] = (
    *Exercise(_prepare, _generate, {"labels": LABELS}, canvas=True).checks(),
    Check("nobody", "frames without a person are accepted", _nobody_to_generate),
)


def _render(now: Trial, prepared: object, frames: Sequence[int]) -> Results:
    """Render frames; one by one from the first, if the renderer needs its history."""
    assert isinstance(now.component, FrameRenderer)
    if not now.component.history:
        return _layer(now, prepared, frames, None)
    results: list[Results] = []
    past: Layer | None = None
    for frame in range(max(frames) + 1):
        results.append(_layer(now, prepared, [frame], past))
        seen = stacked(results[-now.component.history :])
        past = Layer(seen["image"], seen["mask"])
    return {name: value[list(frames)] for name, value in stacked(results).items()}


def _layer(now: Trial, prepared: object, frames: Sequence[int], past: Layer | None) -> Results:
    assert isinstance(now.component, FrameRenderer)
    layer = now.component.render(prepared, _pose(now, frames), _body(now, frames), past)
    return {"image": layer.image, "mask": layer.mask}


def _nobody_to_render(candidate: Candidate) -> None:
    now = scene(candidate)
    assert isinstance(now.component, FrameRenderer)
    pose, body = _nobody(now)
    mask = now.component.render(_prepare(now), pose, body, None).mask
    sound("mask", mask, MASK, len(pose), pose.canvas)
    most = float(mask.max())
    expect(most <= FAINT, f"a mask below {FAINT} without a person", f"up to {most:.2f}")


def _batching(candidate: Candidate) -> None:
    component = candidate.component
    assert isinstance(component, FrameRenderer)
    batching(component)


FRAME_RENDERER: tuple[Check, ...] = (
    *Exercise(_prepare, _render, {"image": PICTURE, "mask": MASK}, canvas=True).checks(),
    Check("nobody", "frames without a person have an empty mask", _nobody_to_render),
    Check("batching", "`batch` and `history` are valid", _batching),
)


def _refine(now: Trial, prepared: object, frames: Sequence[int]) -> Results:
    assert isinstance(now.component, FaceRefiner)
    pictures = frames_of(now.given.on_canvas, frames).images
    refined = now.component.refine(prepared, pictures, _pose(now, frames), _body(now, frames))
    return {"frames": refined}


def _faceless(candidate: Candidate) -> None:
    now = scene(candidate)
    assert isinstance(now.component, FaceRefiner)
    pose, body = _nobody(now)
    pictures = torch.linspace(0, 1, pose.canvas[1]).expand(len(pose), 3, *pose.canvas).clone()
    refined = now.component.refine(_prepare(now), pictures.clone(), pose, body)
    results = {"frames": pictures}, {"frames": refined}
    equal("refining frames without a face", *results, {"frames": PICTURE}, exact=True)


FACE_REFINER: tuple[Check, ...] = (
    *Exercise(_prepare, _refine, {"frames": PICTURE}, canvas=True).checks(),
    Check("faceless", "frames without a face are returned unchanged", _faceless),
)
