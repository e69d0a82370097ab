"""Reenactor for programs: the same functions that the command line calls.

from reenactor import api

setup = api.Setup()
api.reenact(setup, target="photo.jpg", driver="dance.mp4", output="out.mp4")
"""

import hashlib
import math
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

import reenactor
from reenactor.catalog import Catalog, Part, Plan, discover, make_plan
from reenactor.catalog.build import build
from reenactor.errors import UsageError
from reenactor.manifest import Facet, Role
from reenactor.media.cache import watched_folder
from reenactor.media.contents import Inputs
from reenactor.media.credentials import Credentials
from reenactor.media.files import sha256_of
from reenactor.media.lock import locked
from reenactor.media.outputs import require_free
from reenactor.media.photo import write_photo
from reenactor.media.video import probe
from reenactor.motion_file import SUFFIX, require_name, save_motion
from reenactor.pipeline.bench import Figures, measure
from reenactor.pipeline.driver import Memory, watched_of
from reenactor.pipeline.order import Order, claim, preview_path, sidecar_of
from reenactor.pipeline.output import EXTRAS, outputs_of
from reenactor.pipeline.render import Components
from reenactor.pipeline.report import Report
from reenactor.pipeline.run import Team, perform, preview
from reenactor.pipeline.sheet import sheet_of
from reenactor.progress import Progress, Silent
from reenactor.runtime import Runtime, usable_cores
from reenactor.spec import Spec
from reenactor.weights import WeightStore, default_folder

Paths = str | os.PathLike[str]

MOST_SEEDS = 2**63
"""All sources of random numbers take seeds below it."""


@dataclass(frozen=True)
class Setup:
    """Where and how things run: device, memory, installed plugins, weights.

    `device` is `auto`, `cpu`, `cuda`, `cuda:1`, `mps` …; `threads` bounds each runtime's own
    pool, and the cores that this process may use bound it too. `watched` is where the people of
    watched videos are remembered.
    """

    device: str = "auto"
    dtype: torch.dtype = torch.float32
    seed: int = 0
    threads: int = 1
    watched: Path = field(default_factory=watched_folder)
    catalog: Catalog = field(default_factory=discover)
    weights: WeightStore = field(default_factory=lambda: WeightStore(default_folder()))

    def runtime(self) -> Runtime:
        """What components are given.

        Raises:
            UsageError: there is no such device, or the threads or the seed are out of range.
        """
        if not 0 <= self.seed < MOST_SEEDS:
            raise UsageError(
                "there is no such seed",
                given=f"seed={self.seed}",
                expected=f"0 to {MOST_SEEDS - 1}",
            )
        if self.threads < 1:
            raise UsageError(
                "a runtime has a thread", given=f"threads={self.threads}", expected="1 or more"
            )
        return Runtime(
            weight=self.weights.path,
            device=_device(self.device),
            dtype=self.dtype,
            seed=self.seed,
            threads=min(self.threads, usable_cores()),
        )

    def plan(self, spec: str | Path | Spec, overrides: Iterable[str] = ()) -> Plan:
        """A spec, by name, file or value, checked against what is installed.

        Raises:
            SpecMistakesError: all mistakes at once.
        """
        read = spec if isinstance(spec, Spec) else self.catalog.draft(spec, overrides)
        return make_plan(read, self.catalog, self.weights)


def reenact(
    setup: Setup,
    target: Paths,
    driver: Paths,
    output: Paths,
    spec: str | Path | Spec = "default",
    overrides: Iterable[str] = (),
    extras: Sequence[str] = (),
    start: float = 0.0,
    stop: float | None = None,
    overwrite: bool = False,
    progress: Progress | None = None,
    credentials: Credentials | None = None,
) -> Report:
    """Let the person of a photo perform the dance of a video.

    Args:
        setup: where to run.
        target: a photo of a person.
        driver: a video, or a motion that `analyze` saved.
        output: .mp4, .webm, .mov, a folder, or a pattern such as frames/%06d.png.
        spec: a pipeline.
        overrides: changes to the spec, as `motion.retarget=none`.
        extras: other videos to make beside it: parsing, mask, skeleton, beside.
        start: where to begin, in seconds of the driver.
        stop: where to end; the end of the driver where it is None.
        overwrite: replace an output that is there already.
        progress: who hears how far it is.
        credentials: sign everything that is made with them (C2PA).

    Raises:
        ReenactorError: what was wrong and what to do; an interrupted run goes on next time.
    """
    plan = setup.plan(spec, overrides)
    order = _ordered(
        setup, plan, target, driver, output, extras, start, stop, overwrite, credentials
    )
    claim(order)
    return perform(order, _team(setup, plan, extras), progress or Silent())


def preview_of(
    setup: Setup,
    target: Paths,
    driver: Paths,
    output: Paths,
    count: int,
    spec: str | Path | Spec = "default",
    overrides: Iterable[str] = (),
    start: float = 0.0,
    stop: float | None = None,
    overwrite: bool = False,
    progress: Progress | None = None,
    credentials: Credentials | None = None,
) -> Path:
    """Render `count` frames, spread over the dance, as one picture; gives its path."""
    if count < 1:
        raise UsageError("a preview has at least one frame", given=f"{count} frames")
    path = Path(output)
    if path.suffix.lower() == ".png" and "%" not in path.name:
        video = path.with_suffix(".mp4")
        raise UsageError(
            "a preview is named after the video that it is a preview of",
            given=str(path),
            expected=f"the name of the video: the preview of {video.name} is "
            f"{preview_path(video).name}",
            advice=f"write {video}",
        )
    plan = setup.plan(spec, overrides)
    order = _ordered(setup, plan, target, driver, output, (), start, stop, overwrite, credentials)
    require_free([preview_path(order.output)], order.inputs.paths.values(), overwrite)
    return preview(order, _team(setup, plan, ()), count, progress or Silent())


@dataclass(frozen=True)
class Analysis:
    """What `analyze` made: the motion file, the sheet, and how many were found."""

    motion: Path
    sheet: Path
    frames: int
    present: int
    people: int

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {key: str(v) if isinstance(v, Path) else v for key, v in vars(self).items()}


def rehearse(setup: Setup, spec: str | Path | Spec, overrides: Iterable[str] = ()) -> None:
    """Make every component of a spec once and let go of it, before long work with it.

    Raises:
        ReenactorError: the spec has mistakes, or a component cannot be made: a weight is damaged
            or cannot be fetched, say.
    """
    _team(setup, setup.plan(spec, overrides), ())


def analyze(
    setup: Setup,
    video: Paths,
    output: Paths | None = None,
    spec: str | Path | Spec = "default",
    overrides: Iterable[str] = (),
    overwrite: bool = False,
    progress: Progress | None = None,
) -> Analysis:
    """Watch a driving video, choose the dancer, and save the dance and a sheet of who was found.

    Raises:
        ReenactorError: what was wrong and what to do.
    """
    path = Path(video)
    motion_path = Path(output) if output is not None else path.with_suffix(SUFFIX)
    if motion_path.suffix != SUFFIX:
        raise UsageError("a motion file has another ending", given=str(output), expected=SUFFIX)
    sheet_path = motion_path.with_suffix(".people.png")
    require_name(motion_path)
    plan = setup.plan(spec, overrides)
    part = _of_facet(plan, Facet.SKELETON)
    made = (motion_path, sheet_path)
    require_free(made, [path, *part.paths.values()], overwrite)
    inputs = Inputs.seen({"video": path, **part.paths}, made)
    estimator: Any = build(part.info, part.options, setup.runtime(), part.provider)
    progress = progress or Silent()
    with locked(*made):
        memory = _memory(setup, part, path, inputs)
        info = probe(path, progress.note)
        watched = watched_of(info, estimator, plan.spec.motion, memory, progress)
        sheet = sheet_of(watched, progress.note)
        inputs.require_unchanged()
        require_free(made, inputs.paths.values(), overwrite)
        write_photo(sheet_path, sheet)
        save_motion(watched.motion, motion_path)
    return Analysis(
        motion=motion_path,
        sheet=sheet_path,
        frames=len(watched.motion),
        present=int(watched.motion.present.sum()),
        people=len(watched.tracked.order),
    )


def bench(
    setup: Setup,
    target: Paths,
    driver: Paths,
    spec: str | Path | Spec = "default",
    overrides: Iterable[str] = (),
    progress: Progress | None = None,
) -> Figures:
    """Measure a run on this machine; nothing is kept."""
    plan = setup.plan(spec, overrides)
    order = _ordered(setup, plan, target, driver, "bench.mp4", (), 0.0, None)
    return measure(order, _team(setup, plan, ()), progress or Silent())


def _ordered(
    setup: Setup,
    plan: Plan,
    target: Paths,
    driver: Paths,
    output: Paths,
    extras: Sequence[str],
    start: float,
    stop: float | None,
    overwrite: bool = False,
    credentials: Credentials | None = None,
) -> Order:
    unknown = [extra for extra in extras if extra not in EXTRAS]
    if unknown:
        raise UsageError(
            "there is no such extra", given=", ".join(unknown), expected=", ".join(EXTRAS)
        )
    extras = tuple(dict.fromkeys(extras))  # asked for twice, made once
    _require_times(start, stop)
    paths = Path(target), Path(driver), Path(output)
    made = (*outputs_of(paths[2], extras), sidecar_of(paths[2]))
    signing = {} if credentials is None else credentials.paths
    inputs = Inputs.seen({"target": paths[0], "driver": paths[1], **plan.paths, **signing}, made)
    read = {field: inputs.digests[field] for field in plan.paths}
    fingerprint = {
        "reenactor": reenactor.__version__,
        "spec": plan.resolved(),
        "components": _versions(plan),
        "target": inputs.digests["target"] or sha256_of(paths[0]),
        "driver": inputs.digests["driver"] or sha256_of(paths[1]),
        "files": {**read, **_named(read, *paths[:2])},
        "start": start,
        "stop": stop,
        "extras": list(extras),
        "output": paths[2].name,
        "device": str(setup.runtime().device),
        "dtype": str(setup.dtype),
        "threads": setup.runtime().threads,
        "seed": setup.seed,
    }
    return Order(
        target=paths[0],
        driver=paths[1],
        output=paths[2],
        spec=plan.spec,
        memory=_memory(setup, _of_facet(plan, Facet.SKELETON), paths[1], inputs),
        fingerprint=fingerprint,
        extras=extras,
        start=start,
        stop=stop,
        inputs=inputs,
        overwrite=overwrite,
        credentials=credentials,
        notes=tuple(text for _, _, text in plan.remarks()),
    )


def _require_times(start: float, stop: float | None) -> None:
    """Raises `UsageError` where there can be no frame between these times."""
    if not (math.isfinite(start) and start >= 0):
        raise UsageError(
            "a part of the driver cannot begin at this time",
            given=f"start {start}",
            expected="a number of seconds, 0 or more",
        )
    if stop is not None and not (math.isfinite(stop) and stop > start):
        raise UsageError(
            "a part of the driver cannot end at this time",
            given=f"stop {stop}",
            expected=f"a number of seconds, more than {start:g}, where the part begins",
        )


def _named(read: Mapping[str, object], *sources: Path) -> dict[str, str]:
    """A component that reads files finds them by the names of photo and video."""
    names = "/".join(path.stem for path in sources)
    return {"names": hashlib.sha256(os.fsencode(names)).hexdigest()} if read else {}


def _memory(setup: Setup, part: Part, video: Path, inputs: Inputs) -> Memory:
    """Watching a video depends on the estimator alone, so a second target costs nothing."""
    read = {field: inputs.digests[field] for field in part.paths}
    watcher = {
        "use": part.info.name,
        "options": part.options.model_dump(mode="json"),
        "version": str(part.provider),
        "weights": [weight.sha256 for weight in part.info.weights],
        "files": {**read, **_named(read, video)},
        "device": str(setup.runtime().device),
    }
    return Memory(setup.watched, watcher, inputs)


def _versions(plan: Plan) -> list[dict[str, Any]]:
    """Who provides each component, and which weights it has."""
    return [
        {
            "role": str(part.info.role),
            "name": part.info.name,
            "provider": str(part.provider),
            "licence": part.info.licence,
            "weights": {weight.name: weight.sha256 for weight in part.info.weights},
        }
        for part in plan.parts
    ]


def _team(setup: Setup, plan: Plan, extras: Sequence[str]) -> Team:
    """The components of a plan that somebody needs, constructed."""
    runtime = setup.runtime()

    def built(part: Part | None) -> Any:
        return None if part is None else build(part.info, part.options, runtime, part.provider)

    renderer, refiner = plan.part(Role.FRAME_RENDERER), plan.part(Role.FACE_REFINER)
    needs = frozenset().union(*(part.needs for part in (renderer, refiner) if part))
    body = plan.part(Role.BODY_GENERATOR)
    if body is not None and (plan.uses_body or "parsing" in extras):
        needs |= body.needs
    else:
        body = None
    dense = plan.provider_of(Facet.DENSE) if Facet.DENSE in needs else None
    return Team(
        estimator=built(_of_facet(plan, Facet.SKELETON)),
        parser=built(plan.part(Role.PARSER)),
        inpainter=built(plan.part(Role.INPAINTER)),
        components=Components(
            renderer=built(renderer), body=built(body), dense=built(dense), refiner=built(refiner)
        ),
    )


def _of_facet(plan: Plan, facet: Facet) -> Part:
    part = plan.provider_of(facet)
    if part is None:
        raise UsageError(f"no component of this spec provides {facet}")
    return part


def _device(name: str) -> torch.device:
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
        sound = (torch.ones(1, device=device) + 1).item() == 2.0  # `meta` only has shapes
        if not sound:
            raise RuntimeError("it computes wrong results")
    except Exception as error:  # each backend has its own
        raise UsageError(
            "this device cannot be used",
            given=name,
            expected="auto, cpu, or a device that this torch can reach",
            advice="".join(str(error).splitlines()[:1]),
        ) from error
    return device
