"""The weights that are shipped, at work on the drawn dancer, of whom they saw nothing."""

from dataclasses import replace
from typing import Any

import pytest
import torch
from torch.nn import functional as F

from reenactor.api import Setup
from reenactor.catalog.build import build
from reenactor.labels import Label
from reenactor.manifest import Role
from reenactor.metrics import overlap, pixels
from reenactor.testing.samples import SampleInputs, samples
from reenactor.values import Layer

CANVAS = (512, 320)


@pytest.fixture(scope="module")
def dancer() -> SampleInputs:
    return samples(2, canvas=CANVAS)


def component(role: Role, precision: str = "float32", spec: str = "small") -> Any:
    setup = Setup(device="cpu", precision=precision)
    part = setup.plan(spec).part(role)
    assert part is not None
    return build(part.info, part.options, setup.runtime())


def test_p2b_brings_the_parsing_into_the_pose(dancer: SampleInputs) -> None:
    p2b = component(Role.BODY_GENERATOR)
    with torch.inference_mode():
        made = p2b.generate(p2b.prepare(dancer.target, dancer.motion), dancer.pose)
    true = overlap.vip_labels(dancer.on_canvas.parsing.labels)
    labels = overlap.vip_labels(made.labels)
    assert overlap.similarity(overlap.binary_counts(labels, true)).min() > 0.75
    counts = overlap.counts(labels, true, overlap.PARSING_PARTS)
    assert overlap.similarity(counts).min() > 0.5


def test_b2f_draws_the_parsing_in_the_targets_colours(dancer: SampleInputs) -> None:
    b2f = component(Role.FRAME_RENDERER)
    body, images = dancer.on_canvas.parsing, dancer.on_canvas.frames.images
    swapped = replace(dancer.target, image=dancer.target.image.flip(1))
    with torch.inference_mode():
        layer, other = (
            b2f.render(b2f.prepare(target, dancer.motion), dancer.pose, body, None)
            for target in (dancer.target, swapped)
        )
    assert float((layer.mask - body.mask).abs().mean()) < 0.02
    assert pixels.psnr(layer.image, images, body.mask).min() > 20
    # Red and blue change places, and so they do in what is drawn.
    as_swapped = pixels.psnr(other.image, images.flip(1), body.mask)
    as_before = pixels.psnr(other.image, images, body.mask)
    assert (as_swapped > as_before + 3).all()


@pytest.mark.parametrize("along", [2, 3])
def test_b2f_draws_no_grid_on_plain_cloth(along: int, dancer: SampleInputs) -> None:
    """Stairs of an upsampled slope, 8 of its own pixels apart, would lighten some columns or rows
    of the shirt at every 16 of the canvas: by 0.002, with the weights before `bilinear`."""
    b2f = component(Role.FRAME_RENDERER)
    body = dancer.on_canvas.parsing
    with torch.inference_mode():
        layer = b2f.render(b2f.prepare(dancer.target, dancer.motion), dancer.pose, body, None)
    shirt = (body.labels == Label.UPPER_CLOTHES).float()[:, None]
    inner = 1 - F.max_pool2d(1 - shirt, 17, 1, 8)
    window, reach = ((17, 1), (8, 0)) if along == 2 else ((1, 17), (0, 8))
    grey = layer.image.mean(1, keepdim=True)
    around = F.avg_pool2d(grey * shirt, window, 1, reach) / (
        F.avg_pool2d(shirt, window, 1, reach).clamp(min=1e-6)
    )
    fine, weight = (
        one.movedim(along, 0).reshape(CANVAS[along - 2] // 16, 16, -1).sum((0, 2))
        for one in ((grey - around) * inner, inner)
    )
    assert float((fine / weight).std()) < 0.0012


def test_fr_changes_the_face_and_nothing_else(dancer: SampleInputs) -> None:
    fr = component(Role.FACE_REFINER)
    frames = dancer.on_canvas.frames.images
    with torch.inference_mode():
        refined = fr.refine(fr.prepare(dancer.target), frames, dancer.pose, None)
    changed = (refined - frames).abs().amax(1) > 1 / 255
    assert changed.flatten(1).any(1).all()
    neck = dancer.pose.skeleton.body[:, 1, 1]
    for t in range(len(frames)):
        face = dancer.pose.skeleton.face[t]
        face = face[face[:, 2] > 0, :2]
        size = float((face.amax(0) - face.amin(0)).max())
        y, x = changed[t].nonzero().T.float()
        middle = face.mean(0)
        assert float((x - middle[0]).abs().max()) < 1.5 * size
        assert float(y.max()) < float(neck[t]) + size


def test_bfloat16_is_harmless(dancer: SampleInputs) -> None:
    """Each network, given the same: what it makes is nearly the same in half precision."""
    body, frames = dancer.on_canvas.parsing, dancer.on_canvas.frames.images

    def layer(precision: str) -> Layer:
        renderer = component(Role.FRAME_RENDERER, precision)
        prepared = renderer.prepare(dancer.target, dancer.motion)
        made: Layer = renderer.render(prepared, dancer.pose, body, None)
        return made

    full, half = layer("float32"), layer("bfloat16")
    assert pixels.psnr(full.image, half.image, full.mask).min() > 50
    assert float((full.mask - half.mask).abs().mean()) < 1e-3
    labels, faces = [], []
    for precision in ("float32", "bfloat16"):
        p2b, fr = (component(role, precision) for role in (Role.BODY_GENERATOR, Role.FACE_REFINER))
        prepared = p2b.prepare(dancer.target, dancer.motion)
        labels.append(p2b.generate(prepared, dancer.pose).labels)
        faces.append(fr.refine(fr.prepare(dancer.target), frames, dancer.pose, body))
    assert float((labels[0] != labels[1]).float().mean()) < 0.01
    assert pixels.psnr(faces[0], faces[1], body.mask).min() > 45
