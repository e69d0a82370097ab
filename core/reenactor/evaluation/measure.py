"""Measures one method on one video."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import compress

import numpy as np
import numpy.typing as npt
import torch
from jaxtyping import Float, UInt8
from torch import Tensor

from reenactor.evaluation.comparison import Comparison
from reenactor.evaluation.crops import CHUNK
from reenactor.evaluation.networks import MetricNetworks
from reenactor.evaluation.yaw_groups import GROUPS, Group, members
from reenactor.metrics import (
    METRICS,
    Scope,
    fid,
    fvd,
    identity,
    keypoints,
    overlap,
    pixels,
    temporal,
)
from reenactor.metrics.body_shape import (
    Measures,
    measured_frames,
    scale_of,
    shape_difference,
    shape_of,
)
from reenactor.metrics.feet import foot_sliding
from reenactor.metrics.lpips import NETS, lpips

Values = dict[str, list[float]]


@dataclass(frozen=True)
class Measured:
    """`values` has a number (or NaN) per scored frame; `video` has one for the whole video.

    `yaw` is the driver's in each scored frame, in degrees; NaN if unknown. `turned` is like `video`
    over the frames of each group of yaws.
    `counts` are pixel counts for micro-averaged metrics; `features` are rows for Fréchet distances,
    of generated and real frames.
    """

    scored: tuple[int, ...]
    values: Values
    video: dict[str, float]
    yaw: tuple[float, ...] = ()
    turned: dict[Group, dict[str, float]] = field(default_factory=dict)
    counts: dict[str, list[list[int]]] = field(default_factory=dict)
    features: dict[str, Tensor] = field(default_factory=dict)


def measured(comparison: Comparison, names: Iterable[str], tools: MetricNetworks) -> Measured:
    """Compute the named metrics for one video."""
    wanted = frozenset(names)
    yaw = tuple(comparison.yaw[list(comparison.scored)].tolist())
    out = Measured(comparison.scored, {}, {}, yaw)
    if not comparison.scored:
        return out
    _from_findings(comparison, wanted, out)
    _from_pixels(comparison, wanted, tools, out)
    _of_videos(comparison, wanted, out)
    if "foot-sliding" in wanted:
        made = comparison.found_in_video()
        sliding = foot_sliding(made, comparison.driver.body, comparison.fps)
        out.values["foot-sliding"] = sliding[list(comparison.scored)].tolist()
    return out


def _of_videos(comparison: Comparison, wanted: frozenset[str], out: Measured) -> None:
    """Compute metrics of all frames together, and of the frames of each group of yaws."""
    numbers = list(comparison.scored)
    rows, scale = comparison.rows(numbers), scale_of(comparison.window.to_canvas)[numbers]
    found, true = comparison.found, comparison.true
    shapes: dict[str, list[Measures]] = {}
    if wanted & {"body-shape", "body-shape-true"}:
        shapes["made"] = measured_frames(found.labels[rows], found.body[rows], scale)
    if "body-shape-true" in wanted and true is not None:
        places = comparison.true_rows(numbers)
        shapes["true"] = measured_frames(true.labels[places], true.body[places], scale)

    def figures(mine: npt.NDArray[np.bool_]) -> dict[str, float]:
        made: dict[str, float] = {}
        if "face-failures" in wanted:
            there = found.face[rows[torch.from_numpy(mine)]]
            made["face-failures"] = float((~there).double().mean())
        known = {side: shape_of(compress(frames, mine)) for side, frames in shapes.items()}
        if "body-shape" in wanted:
            made["body-shape"] = shape_difference(known["made"], comparison.target.shape)
        if "true" in known:
            made["body-shape-true"] = shape_difference(known["made"], known["true"])
        return made

    out.video.update(figures(np.ones(len(numbers), bool)))
    for group in GROUPS:
        mine = members(out.yaw, group)
        if mine.any():
            out.turned[group] = figures(mine)


def _from_findings(comparison: Comparison, wanted: frozenset[str], out: Measured) -> None:
    """Compute overlap, key point and identity metrics from annotations."""
    rows = comparison.rows(comparison.scored)
    found = comparison.found
    if comparison.true is not None:
        true, places = comparison.true, comparison.true_rows(comparison.scored)
        pairs = {
            "ss": (overlap.vip_labels(found.labels[rows]), overlap.vip_labels(true.labels[places])),
            "dp": (found.part[rows], true.part[places]),
        }
        parts = {"ss": overlap.PARSING_PARTS, "dp": overlap.DENSE_PARTS}
        for kind, (made, real) in pairs.items():
            for name, counted in (
                (f"{kind}bs", overlap.binary_counts(made, real)),
                (f"{kind}is", overlap.counts(made, real, parts[kind])),
            ):
                if name in wanted:
                    out.values[name] = overlap.similarity(counted).tolist()
                if f"{name}-micro" in wanted:
                    out.counts[f"{name}-micro"] = counted.sum(0).tolist()
        for name, measure in (
            ("akd", keypoints.akd),
            ("mkr", keypoints.mkr),
            ("pck", keypoints.pck),
        ):
            if name in wanted:
                out.values[name] = measure(found.body[rows], true.body[places]).tolist()
        if "false-faces" in wanted:
            faces = identity.false_faces(found.face[rows], true.face[places])
            out.values["false-faces"] = faces.tolist()
        if "hand-pck" in wanted:
            hands = keypoints.hand_pck(found.hands[rows], true.hands[places])
            out.values["hand-pck"] = hands.tolist()
    if wanted & {"aed", "identity"}:
        _identity(comparison, rows, wanted, out)


def _identity(comparison: Comparison, rows: Tensor, wanted: frozenset[str], out: Measured) -> None:
    """Compute identity metrics; NaN for frames without a face."""
    found, target = comparison.found, comparison.target.embedding
    there = found.face[rows]
    order = found.face.long().cumsum(0) - 1
    for name, measure in (("aed", identity.aed), ("identity", identity.cosine)):
        if name not in wanted:
            continue
        values = torch.full((len(rows),), torch.nan, dtype=torch.float64)
        if len(target) and bool(there.any()):
            values[there] = measure(found.embedding[order[rows[there]]], target)
        out.values[name] = values.tolist()


def _from_pixels(
    comparison: Comparison, wanted: frozenset[str], tools: MetricNetworks, out: Measured
) -> None:
    """Compute metrics of the pictures themselves, a few frames at a time."""
    ordered = [name for name in METRICS if name in wanted]  # the order of reports
    by_frame = [name for name in ordered if METRICS[name].scope is Scope.FRAME]
    steps = [name for name in ordered if METRICS[name].scope is Scope.STEP]
    rows: dict[str, list[Tensor]] = {}
    for numbers, before in pieces(comparison.scored):
        made = _images(comparison.crops.read((*before, *numbers)))
        true = (
            None
            if comparison.truth is None
            else _images(comparison.truth.read((*before, *numbers)))
        )
        skip = len(before)
        if true is not None:
            mask = None
            if comparison.true is not None:
                labels = comparison.true.labels[comparison.true_rows(numbers)]
                mask = (labels > 0).float()[:, None]
            for name in by_frame:
                values = _frame_figure(name, made[skip:], true[skip:], mask, tools)
                if values is not None:
                    out.values.setdefault(name, []).extend(values.tolist())
            _features(made[skip:], true[skip:], wanted, tools, rows)
        for name in steps:
            step = _step_figure(name, made, true)
            first = [] if before else [math.nan]
            if step is not None:
                out.values.setdefault(name, []).extend([*first, *step.tolist()])
    out.features.update({name: torch.cat(parts) for name, parts in rows.items()})


def pieces(scored: Sequence[int]) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Consecutive runs of at most `CHUNK` numbers, each with the previous number if adjacent."""
    piece: list[int] = []
    before: tuple[int, ...] = ()
    for number in scored:
        broken = bool(piece) and number != piece[-1] + 1
        if len(piece) == CHUNK or broken:
            yield tuple(piece), before
            before = () if broken else (piece[-1],)
            piece = []
        piece.append(number)
    if piece:
        yield tuple(piece), before


def _images(pictures: UInt8[Tensor, "T H W 3"]) -> Float[Tensor, "T 3 H W"]:
    return pictures.permute(0, 3, 1, 2).float().div_(255)


def _frame_figure(
    name: str, made: Tensor, true: Tensor, mask: Tensor | None, tools: MetricNetworks
) -> Tensor | None:
    """A full-reference metric of pictures; None for any other metric."""
    for net in NETS:
        if name == f"lpips-{net}":
            return lpips(tools.lpips(net), made, true)
    match name:
        case "perceptual" if tools.perceptual is not None:
            return lpips(tools.perceptual, made, true)
        case "perceptual-person" if tools.perceptual is not None and mask is not None:
            return lpips(tools.perceptual, made, true, mask)
        case "ssim":
            return pixels.ssim(made, true)
        case "1-ssim":
            return 1 - pixels.ssim(made, true)
        case "dssim":
            return pixels.dssim(made, true)
        case "psnr":
            return pixels.psnr(made, true)
        case "ssim-person" if mask is not None:
            return pixels.ssim(made, true, mask)
        case "psnr-person" if mask is not None:
            return pixels.psnr(made, true, mask)
    return None


def _step_figure(name: str, made: Tensor, true: Tensor | None) -> Tensor | None:
    if name == "warping-own":
        return temporal.warping_error(made, made)
    if true is None:
        return None
    return {"tof": temporal.tof, "warping": temporal.warping_error}[name](made, true)


def _features(
    made: Tensor,
    true: Tensor,
    wanted: frozenset[str],
    tools: MetricNetworks,
    rows: dict[str, list[Tensor]],
) -> None:
    """Collect features for Fréchet distances, which are computed over all videos."""
    for side, frames in (("made", made), ("true", true)):
        if "fid" in wanted:
            part = fid.features(tools.inception, frames, "pytorch-fid")
            rows.setdefault(f"fid.{side}", []).append(part)
        if "fid-clean" in wanted:
            part = fid.features(tools.inception, frames, "clean")
            rows.setdefault(f"fid-clean.{side}", []).append(part)
        if "fvd" in wanted and len(frames) == fvd.FRAMES:
            part = fvd.features(tools.i3d, frames, tools.runtime.device)
            rows.setdefault(f"fvd.{side}", []).append(part)
