"""Measures whole pipelines on prepared examples: true poses in, frames over true backgrounds out.

What a parser and a pose estimator find in the frames is compared with the truth itself; the same is
done with the true pictures, which shows how good a figure can be.
"""

from collections.abc import Mapping
from itertools import compress
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from reenactor.evaluation.annotation import Annotations, Annotators, joined, looked_at
from reenactor.evaluation.scores import Scores
from reenactor.evaluation.takes import BATCH, Take, batches, generated, rendered
from reenactor.manifest import Role
from reenactor.metrics import identity, keypoints, overlap, pixels
from reenactor.metrics.body_shape import body_shape, measured_frames, shape_difference, shape_of
from reenactor.metrics.lpips import Lpips, lpips
from reenactor.pipeline import method
from reenactor.values import Frames, Parsing

TRUE_PICTURE = "the true picture"
"""The truth in place of a method."""


def run_together(cast: Mapping[Role, Any], take: Take) -> Float[Tensor, "T 3 H W"] | None:
    """The frames of a spec; None if it lacks a part, or the take its backgrounds."""
    body, renderer = cast.get(Role.BODY_GENERATOR), cast.get(Role.FRAME_RENDERER)
    behind = take.backgrounds
    if body is None or renderer is None or behind is None:
        return None
    bodies = generated(body, take.target, take)
    frames = method.blend(rendered(renderer, take, bodies), behind)
    refiner = cast.get(Role.FACE_REFINER)
    if refiner is None:
        return frames
    face = refiner.prepare(take.target)
    return torch.cat(
        [
            method.refine(refiner, face, frames[part], pose, Parsing(bodies.labels[part]))
            for pose, part in batches(take)
        ]
    )


def score_frames(
    take: Take,
    frames: Float[Tensor, "T 3 H W"],
    annotators: Annotators,
    tally: Scores,
    features: Lpips | None,
) -> None:
    """Score the frames of a take by their pixels, and by what is found in them."""
    true, mask, yaw = take.images, take.parsings.mask, take.yaw
    tally.add("psnr-person", pixels.psnr(frames, true, mask), yaw)
    tally.add("ssim", pixels.ssim(frames, true), yaw)
    tally.add("ssim-person", pixels.ssim(frames, true, mask), yaw)
    if features is not None:
        tally.add("perceptual-person", lpips(features, frames, true, mask), yaw)
    found = _found(take, frames, annotators)
    labels = overlap.vip_labels(found.labels)
    wanted = overlap.vip_labels(take.parsings.labels)
    tally.add("ssbs", overlap.similarity(overlap.binary_counts(labels, wanted)), yaw)
    parts = overlap.counts(labels, wanted, overlap.PARSING_PARTS)
    tally.add("ssis", overlap.similarity(parts), yaw)
    skeleton = take.skeletons
    tally.add("pck", keypoints.pck(found.body, skeleton.body), yaw)
    tally.add("hand-pck", keypoints.hand_pck(found.hands, skeleton.hands), yaw)
    made, real = measured_frames(labels, found.body), measured_frames(wanted, skeleton.body)
    target = body_shape(take.target.parsing.labels, take.target.skeleton.body)
    tally.add_of(
        "body-shape",
        yaw,
        lambda mine: shape_difference(shape_of(compress(made, mine)), target),
    )
    tally.add_of(
        "body-shape-true",
        yaw,
        lambda mine: shape_difference(
            shape_of(compress(made, mine)), shape_of(compress(real, mine))
        ),
    )
    if annotators.embedder is None:
        return
    seen = torch.tensor([identity.face_points(face) is not None for face in skeleton.face])
    tally.add("false-faces", identity.false_faces(found.face, seen), yaw)
    own = annotators.embedder(take.target.image[0], take.target.skeleton.face[0])
    if own is not None:
        values = torch.full((len(take),), torch.nan, dtype=torch.float64)
        if len(found.embedding):
            values[found.face] = identity.cosine(found.embedding, own)
        tally.add("identity", values, yaw)


def _found(take: Take, frames: Float[Tensor, "T 3 H W"], annotators: Annotators) -> Annotations:
    """What the annotators see; each frame is a picture of its own."""
    pictures = (frames * 255).round().to(torch.uint8).permute(0, 2, 3, 1).contiguous()
    skeleton, parts = take.skeletons, []
    for start in range(0, len(take), BATCH):
        numbers = range(start, min(start + BATCH, len(take)))
        some = [Frames(pictures[n : n + 1], (n,), take.truth[n].entry.name) for n in numbers]
        parts += [
            looked_at(annotators, one, annotators.estimator.estimate(one), skeleton[n : n + 1])
            for one, n in zip(some, numbers, strict=True)
        ]
    return joined(parts)
