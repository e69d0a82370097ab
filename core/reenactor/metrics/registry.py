"""All metrics: name, version, direction, range, needs and source. Does not import torch."""

import importlib.util
from collections.abc import Iterable, Mapping
from math import inf
from types import MappingProxyType

from reenactor.errors import UsageError, WeightsError
from reenactor.metrics.metric import Better, Metric, Need, Scope
from reenactor.metrics.weights import BACKBONES, HEADS, I3D, INCEPTION
from reenactor.spelling import did_you_mean
from reenactor.weights import State, WeightStore

_UP, _DOWN = Better.HIGHER, Better.LOWER
_TRUTH = frozenset({Need.TRUTH})
_PARSED = frozenset({Need.TRUTH, Need.PARSING})
_DENSE = frozenset({Need.TRUTH, Need.DENSE})
_POSED = frozenset({Need.TRUTH, Need.SKELETON})
_FACED = frozenset({Need.SKELETON, Need.IDENTITY})
_OPTIONS = {Need.IDENTITY: "--identity FILE", Need.FEATURES: "--features FILE"}
_SKIMAGE = ("skimage",)
_WANG = "Wang et al. 2004, settings of its section III-C"
_PAPER = "section 4 of the paper"
_BASELINE = "Zhang et al. 2018, the baseline without learned weights"
_MEAN_OF_PARTS = "parts absent in both are skipped, a part in only one counts 0"


def _overlap(name: str, what: str, needs: frozenset[Need]) -> tuple[Metric, ...]:
    """Binary and index similarity for one type of labels, per frame and micro-averaged."""
    binary, index = f"{name}bs", f"{name}is"
    return (
        Metric(binary, f"{binary}[iou]", binary.upper(), f"IoU of the person in {what}",
               _UP, Scope.FRAME, _PAPER, high=1.0, needs=needs),
        Metric(index, f"{index}[iou,mean-of-parts]", index.upper(),
               f"mean IoU of the parts of {what}; {_MEAN_OF_PARTS}",
               _UP, Scope.FRAME, _PAPER, high=1.0, needs=needs),
        Metric(f"{binary}-micro", f"{binary}[iou,micro]", f"{binary.upper()} micro",
               f"IoU of the person in {what}, all frames counted as one picture",
               _UP, Scope.DATASET, _PAPER, high=1.0, needs=needs),
        Metric(f"{index}-micro", f"{index}[iou,micro]", f"{index.upper()} micro",
               f"mean over parts of {what} of their IoU with all frames counted as one picture",
               _UP, Scope.DATASET, _PAPER, high=1.0, needs=needs),
    )  # fmt: skip


def _lpips(net: str, title: str) -> Metric:
    return Metric(
        f"lpips-{net}", f"lpips[{net},0.1]", f"LPIPS ({title})",
        f"distance of {title} features with learned weights",
        _DOWN, Scope.FRAME, "Zhang et al. 2018, version 0.1", needs=_TRUTH,
        weights=(BACKBONES[net], HEADS[net]),
    )  # fmt: skip


_LIST: tuple[Metric, ...] = (
    *_overlap("ss", "the parsing", _PARSED),
    *_overlap("dp", "the dense pose", _DENSE),
    _lpips("vgg", "VGG"),
    _lpips("squeeze", "SqzNet"),
    _lpips("alex", "Alex"),
    Metric("perceptual", "perceptual[unlearned]", "Perceptual",
           "distance of unit-normalised features of the network that is given, nothing learned",
           _DOWN, Scope.FRAME, _BASELINE, needs=_TRUTH | {Need.FEATURES}),
    Metric("perceptual-person", "perceptual[unlearned,true-person]", "Perceptual person",
           "the same where the true frame shows the person", _DOWN, Scope.FRAME, _BASELINE,
           needs=_PARSED | {Need.FEATURES}),
    Metric("ssim", "ssim[gaussian11,1.5,range1]", "SSIM",
           "structural similarity, Gaussian window of 11x11", _UP, Scope.FRAME, _WANG,
           low=-1.0, high=1.0, packages=_SKIMAGE),
    Metric("dssim", "dssim[uniform7,range255]", "DSSIM",
           "(1 - SSIM) / 2 as the lpips package computes it: probably the paper's SSIM",
           _DOWN, Scope.FRAME, "Wang et al. 2004; (1 - SSIM) / 2 with a 7x7 mean",
           high=1.0, packages=_SKIMAGE),
    Metric("1-ssim", "1-ssim[gaussian11,1.5,range1]", "1-SSIM",
           "1 - SSIM: the other reading of the paper's SSIM", _DOWN, Scope.FRAME, _WANG,
           high=2.0, packages=_SKIMAGE),
    Metric("ssim-person", "ssim[gaussian11,1.5,range1,true-person]", "SSIM person",
           "SSIM where the true frame shows the person", _UP, Scope.FRAME, _WANG,
           low=-1.0, high=1.0, needs=_PARSED, packages=_SKIMAGE),
    Metric("psnr", "psnr[rgb,range1,cap100]", "PSNR", "10 log10(1 / MSE), at most 100",
           _UP, Scope.FRAME, "definition", high=100.0, unit="dB"),
    Metric("psnr-person", "psnr[rgb,range1,cap100,true-person]", "PSNR person",
           "PSNR where the true frame shows the person", _UP, Scope.FRAME, "definition",
           high=100.0, unit="dB", needs=_PARSED),
    Metric("fid", "fid[pytorch-fid,2048]", "FID",
           "Fréchet distance of Inception features; frames enlarged inside the network",
           _DOWN, Scope.DATASET, "Heusel et al. 2017", weights=(INCEPTION,)),
    Metric("fid-clean", "fid[clean,2048,pytorch-fid-inception]", "FID clean",
           "FID of frames resized by Pillow's bicubic filter without rounding",
           _DOWN, Scope.DATASET, "Parmar et al. 2022", weights=(INCEPTION,)),
    Metric("fvd", "fvd[styleganv,i3d-400,16]", "FVD",
           "Fréchet distance of I3D logits over clips of 16 frames",
           _DOWN, Scope.DATASET, "Unterthiner et al. 2018", weights=(I3D,)),
    Metric("akd", "akd[l1,18]", "AKD",
           "mean |dx| + |dy| of key points found in both, in pixels of the crop",
           _DOWN, Scope.FRAME, "Siarohin et al. 2019, pose-evaluation", unit="px", needs=_POSED),
    Metric("mkr", "mkr[18]", "MKR", "share of the true key points that are not found",
           _DOWN, Scope.FRAME, "Siarohin et al. 2019, pose-evaluation", high=1.0, needs=_POSED),
    Metric("pck", "pck[0.2,torso,18]", "PCK@0.2",
           "share of true key points found within 0.2 torso lengths",
           _UP, Scope.FRAME, "Yang and Ramanan 2013", high=1.0, needs=_POSED),
    Metric("hand-pck", "hand-pck[0.2,box,42]", "Hands PCK",
           "share of true points of the hands found within 0.2 sides of the true hand's box",
           _UP, Scope.FRAME, "Wang et al. 2018 (OneHand10K)", high=1.0, needs=_POSED),
    Metric("aed", "aed[squared]", "AED",
           "summed squared difference of face embeddings from the target's",
           _DOWN, Scope.FRAME, "Siarohin et al. 2019, pose-evaluation", needs=_FACED),
    Metric("identity", "identity[cosine]", "Identity",
           "cosine of face embeddings with the target's", _UP, Scope.FRAME,
           "cosine similarity", low=-1.0, high=1.0, needs=_FACED),
    Metric("face-failures", "face-failures[share]", "no face",
           "share of frames in which no face could be aligned", _DOWN, Scope.VIDEO,
           "definition", high=1.0, needs=_FACED),
    Metric("false-faces", "false-faces[share]", "False faces",
           "share of the frames whose truth shows no face in which one is found", _DOWN,
           Scope.FRAME, "definition", high=1.0, needs=_FACED | _TRUTH),
    Metric("tof", "tof[farneback]", "tOF",
           "mean distance between the optical flow of the result and of the truth",
           _DOWN, Scope.STEP, "Chu et al. 2020 (TecoGAN)", unit="px"),
    Metric("warping", "warping[farneback,reference-flow]", "E_warp",
           "mean squared change along the true video's flow, where nothing is occluded",
           _DOWN, Scope.STEP, "Lai et al. 2018", high=1.0),
    Metric("warping-own", "warping[farneback,own-flow]", "E_warp own",
           "the same along the result's own flow: needs no truth, and rewards standing still",
           _DOWN, Scope.STEP, "Lai et al. 2018", high=1.0, needs=frozenset()),
    Metric("foot-sliding", "foot-sliding[ankle,0.2s]", "Foot sliding",
           "how much faster an ankle moves than the driver's, where the driver's foot stands",
           _DOWN, Scope.FRAME, "reenactor.metrics.feet", unit="heights/s",
           needs=frozenset({Need.SKELETON})),
    Metric("body-shape", "body-shape[perpendicular,median]", "Body shape",
           "mean difference of body widths and lengths from the target's, in body heights",
           _DOWN, Scope.VIDEO, "reenactor.metrics.body_shape",
           needs=frozenset({Need.PARSING, Need.SKELETON})),
    Metric("body-shape-true", "body-shape[perpendicular,median,true]", "Body shape, true",
           "the same difference from the true person's in the same frames", _DOWN, Scope.VIDEO,
           "reenactor.metrics.body_shape", needs=_PARSED | {Need.SKELETON}),
)  # fmt: skip

METRICS: Mapping[str, Metric] = MappingProxyType({metric.name: metric for metric in _LIST})
"""All metrics by name."""

TABLE_1 = ("ssbs", "ssis", "dpbs", "dpis", "lpips-vgg", "lpips-squeeze", "dssim", "fid")
"""The columns of the paper's Table 1, its "SSIM" read as DSSIM."""


def named(names: Iterable[str]) -> tuple[Metric, ...]:
    """Metrics by name; `table1` and `all` stand for several.

    Raises:
        UsageError: no such metric.
    """
    chosen: dict[str, Metric] = {}
    for name in names:
        group = {"table1": TABLE_1, "all": tuple(METRICS)}.get(name, (name,))
        for each in group:
            if each not in METRICS:
                raise UsageError(
                    "no such metric",
                    given=each,
                    expected=", ".join(METRICS),
                    advice=did_you_mean(each, METRICS),
                )
            chosen[each] = METRICS[each]
    return tuple(chosen.values())


def missing(metric: Metric, store: WeightStore, offered: Iterable[Need]) -> str:
    """Why a metric cannot be computed; empty if it can.

    Args:
        metric: the metric.
        store: the store to look for weights.
        offered: the needs that this evaluation meets.
    """
    unmet = sorted(metric.needs - frozenset(offered))
    if unmet:
        given = [_OPTIONS[need] for need in unmet if need in _OPTIONS]
        advice = f" (give {' and '.join(given)})" if given else ""
        return f"this evaluation has no {' and no '.join(unmet)}{advice}"
    absent = [name for name in metric.packages if importlib.util.find_spec(name) is None]
    if absent:
        return (
            f"the package {', '.join(absent)} is not installed: pip install reenactor[evaluation]"
        )
    here = (State.SHIPPED, State.STORED)  # nothing is downloaded without being asked for
    absent_files = [w for w in metric.weights if store.state(w) not in here]
    if absent_files:
        if all(weight.mirrors for weight in absent_files):
            names = " ".join(weight.name for weight in absent_files)
            return f"weights are missing: reenactor weights pull {names}"
        files = " and ".join(f"{w.file} ({w.origin})" for w in absent_files)
        return f"weights are missing: get {files}, then: reenactor weights import FILE"
    return ""


def require(metric: Metric, store: WeightStore, offered: Iterable[Need]) -> None:
    """Raise an error if a metric cannot be computed. There is no fallback.

    Raises:
        WeightsError: its weights are missing.
        UsageError: a package or another input is missing.
    """
    reason = missing(metric, store, offered)
    if not reason:
        return
    kind = WeightsError if reason.startswith("weights") else UsageError
    raise kind(f"the metric {metric.name!r} cannot be computed", given=reason)


def within(metric: Metric, value: float) -> bool:
    """Whether a value is in the metric's range, with a tolerance for rounding."""
    slack = 1e-6 if metric.high is not inf else 0.0
    return metric.low - 1e-6 <= value <= metric.high + slack
