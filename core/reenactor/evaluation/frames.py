"""Gets a method's frames on the crop: rendered by a spec, or read from a folder."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import torch

import reenactor
from reenactor import api
from reenactor.evaluation.crops import Crops, digest_of, emptied, save_crop
from reenactor.evaluation.inputs import given_frames, overrides_of
from reenactor.evaluation.protocol import BySpec, Method, Protocol
from reenactor.evaluation.record import finish, is_done, key_of, result_of
from reenactor.evaluation.truth import Truth
from reenactor.media.files import sha256_of
from reenactor.media.mark import is_synthetic
from reenactor.media.photo import read_photo
from reenactor.progress import Progress

NUMBER = re.compile(r"(\d+)$")


@dataclass(frozen=True)
class MethodFrames:
    """A method's crops of one video, and the problems with its frames."""

    crops: Crops
    key: str
    """A digest of the frames."""
    missing: tuple[int, ...]
    odd: tuple[str, ...]
    """Files with an unexpected size or number, each with the reason."""


def method_frames(
    setup: api.Setup, method: Method, truth: Truth, protocol: Protocol, progress: Progress
) -> MethodFrames:
    """Get a method's crops, reusing finished work.

    Raises:
        ReenactorError: the spec cannot be run, or the folder has no frames.
    """
    if isinstance(method, BySpec):
        folder, key = _rendered(setup, method, truth, protocol, progress)
    else:
        paths = given_frames(method, truth.pairing)
        folder, key = paths[0].parent, digest_of(paths)
    crops = Crops(protocol.output / "crops" / method.name / truth.pairing.name, ())
    record = crops.folder.with_name(f"{truth.pairing.name}.json")
    inputs = {"frames": key, "truth": dict(truth.inputs)}
    if not is_done(record, inputs):
        found = _cut(folder, truth, crops, progress, method.name)
        finish(record, inputs, found, [crops.folder])
    missing, odd = cast(tuple[list[int], list[str]], result_of(record))
    there = tuple(sorted(set(truth.crops.index) - set(missing)))
    return MethodFrames(Crops(crops.folder, there), key, tuple(missing), tuple(odd))


def _rendered(
    setup: api.Setup, method: BySpec, truth: Truth, protocol: Protocol, progress: Progress
) -> tuple[Path, str]:
    """Run the spec with the background that all specs share."""
    overrides = overrides_of(protocol.overrides)
    plan = setup.plan(method.spec, overrides)
    inputs = {
        "reenactor": reenactor.__version__,
        "spec": plan.resolved(),
        "components": [
            [part.info.name, str(part.provider), [w.sha256 for w in part.info.weights]]
            for part in plan.parts
        ],
        "files": plan.contents,
        "target": sha256_of(truth.target),
        "driver": sha256_of(truth.pairing.video),
        "device": str(setup.runtime().device),
        "precision": setup.runtime().precision,
        "seed": setup.seed,
    }
    folder = protocol.output / "frames" / method.name / truth.pairing.name
    record = folder.with_name(f"{folder.name}.done.json")
    if not is_done(record, inputs):
        api.reenact(
            truth.target,
            truth.pairing.video,
            folder,
            spec=method.spec,
            overrides=overrides,
            overwrite=True,
            setup=setup,
            progress=progress,
        )
        finish(record, inputs, made=[folder])
    return folder, key_of(inputs)


def _cut(
    folder: Path, truth: Truth, crops: Crops, progress: Progress, name: str
) -> tuple[list[int], list[str]]:
    """Crop all valid frames; returns missing frame numbers, and invalid files with reasons."""
    numbered, odd = _numbered(folder, len(truth.crops))
    sizes = {truth.motion.clip.size: "the driver's", truth.window.canvas: "the crop's"}
    if truth.pairing.target is None and numbered:  # all frames must have the size of the first
        first = read_photo(numbered[min(numbered)]).pixels.shape[:2]
        sizes = {first: ""} if first in sizes else sizes
    kept = set()
    emptied(crops.folder)
    with progress.stage(f"cropping {name}/{truth.pairing.name}", len(numbered)) as advance:
        for number, path in sorted(numbered.items()):
            picture = torch.from_numpy(read_photo(path).pixels)
            size = (picture.shape[0], picture.shape[1])
            if size in sizes:
                window = truth.window[number : number + 1]
                save_crop(crops, number, picture, window, is_synthetic(path))
                kept.add(number)
            else:
                expected = " or ".join(f"{w}x{h}" for h, w in sizes)
                odd.append(f"{path.name}: {size[1]}x{size[0]}, expected {expected}")
            advance(1)
    return [n for n in truth.crops.index if n not in kept], odd


def _numbered(folder: Path, length: int) -> tuple[dict[int, Path], list[str]]:
    """Frames by the number at the end of their names."""
    found: dict[int, Path] = {}
    odd = []
    for path in sorted(folder.glob("*.png")):
        match = NUMBER.search(path.stem)
        if match is None:
            odd.append(f"{path.name}: no number at the end of its name")
        elif int(match[1]) >= length:
            odd.append(f"{path.name}: the driver has frames 0 to {length - 1}")
        elif int(match[1]) in found:
            odd.append(f"{path.name}: its number is taken by {found[int(match[1])].name}")
        else:
            found[int(match[1])] = path
    return found, odd
