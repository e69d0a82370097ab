"""Reenactor for programs: the same functions that the command line calls.

from reenactor import api

setup = api.Setup()
api.reenact(setup, target="photo.jpg", driver="dance.mp4", output="out.mp4")
"""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from platformdirs import user_cache_path

import reenactor
from reenactor.catalog import Catalog, Part, Plan, discover, make_plan
from reenactor.catalog.build import build
from reenactor.errors import UsageError
from reenactor.manifest import Facet, Role
from reenactor.media.files import sha256_of
from reenactor.media.photo import write_photo
from reenactor.media.video import probe
from reenactor.motion_file import SUFFIX, save_motion
from reenactor.pipeline.bench import Figures, measure
from reenactor.pipeline.driver import Memory, watched_of
from reenactor.pipeline.output import EXTRAS
from reenactor.pipeline.render import Cast
from reenactor.pipeline.report import Report
from reenactor.pipeline.run import Order, Team, perform, preview
from reenactor.pipeline.sheet import sheet_of
from reenactor.progress import Progress, Silent
from reenactor.runtime import Runtime
from reenactor.spec import LoadedSpec, Spec, load_spec
from reenactor.weights import WeightStore, default_folder

Paths = str | os.PathLike[str]


@dataclass(frozen=True)
class Setup:
    """Where and how things run: device, memory, installed plugins, weights.

    `device` is `auto`, `cpu`, `cuda`, `cuda:1`, `mps` …; `threads` bounds each runtime's own
    pool. `watched` is where the people of watched videos are remembered.
    """

    device: str = "auto"
    dtype: torch.dtype = torch.float32
    seed: int = 0
    threads: int = 1
    watched: Path = field(default_factory=lambda: user_cache_path("reenactor") / "watched")
    catalog: Catalog = field(default_factory=discover)
    weights: WeightStore = field(default_factory=lambda: WeightStore(default_folder()))

    def runtime(self) -> Runtime:
        """What components are given.

        Raises:
            UsageError: there is no such device.
        """
        return Runtime(
            weight=self.weights.path,
            device=_device(self.device),
            dtype=self.dtype,
            seed=self.seed,
            threads=self.threads,
        )

    def plan(self, spec: str | Path | Spec, overrides: Iterable[str] = ()) -> Plan:
        """A spec, by name, file or value, checked against what is installed.

        Raises:
            SpecMistakesError: all mistakes at once.
        """
        loaded: LoadedSpec | Spec
        if isinstance(spec, Spec):
            loaded = spec
        else:
            loaded = load_spec(spec, overrides, self.catalog.spec_resources())
        return make_plan(loaded, self.catalog, self.weights)


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
        start, stop: seconds of the driver.
        overwrite: replace an output that is there already.
        progress: who hears how far it is.

    Raises:
        ReenactorError: what was wrong and what to do; an interrupted run goes on next time.
    """
    _require_absent(Path(output), overwrite)
    order, team = _ordered(setup, target, driver, output, spec, overrides, extras, start, stop)
    return perform(order, team, progress or Silent())


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
    progress: Progress | None = None,
) -> Path:
    """Render `count` frames, spread over the dance, as one picture; gives its path."""
    order, team = _ordered(setup, target, driver, output, spec, overrides, (), start, stop)
    return preview(order, team, count, progress or Silent())


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
    _require_absent(motion_path, overwrite)
    plan = setup.plan(spec, overrides)
    part = _of_facet(plan, Facet.SKELETON)
    estimator: Any = build(part.info, part.options, setup.runtime())
    progress = progress or Silent()
    info = probe(path, progress.note)
    watched = watched_of(info, estimator, plan.spec.motion, _memory(setup, plan), progress)
    save_motion(watched.motion, motion_path)
    sheet_path = motion_path.with_suffix(".people.png")
    sheet = sheet_of(watched, progress.note)
    write_photo(sheet_path, sheet)
    return Analysis(
        motion=motion_path,
        sheet=sheet_path,
        frames=len(watched.motion),
        present=int(watched.motion.present.sum()),
        people=len(watched.cast.order),
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
    order, team = _ordered(setup, target, driver, "bench.mp4", spec, overrides, (), 0.0, None)
    return measure(order, team, progress or Silent())


def _require_absent(path: Path, overwrite: bool) -> None:
    if path.exists() and not overwrite:
        raise UsageError(
            "the output is there already", given=str(path), advice="another name, or --overwrite"
        )


def _ordered(
    setup: Setup,
    target: Paths,
    driver: Paths,
    output: Paths,
    spec: str | Path | Spec,
    overrides: Iterable[str],
    extras: Sequence[str],
    start: float,
    stop: float | None,
) -> tuple[Order, Team]:
    unknown = [extra for extra in extras if extra not in EXTRAS]
    if unknown:
        raise UsageError(
            "there is no such extra", given=", ".join(unknown), expected=", ".join(EXTRAS)
        )
    plan = setup.plan(spec, overrides)
    paths = Path(target), Path(driver), Path(output)
    fingerprint = {
        "reenactor": reenactor.__version__,
        "spec": plan.resolved(),
        "components": _versions(plan),
        "target": sha256_of(paths[0]),
        "driver": sha256_of(paths[1]),
        "start": start,
        "stop": stop,
        "extras": list(extras),
        "output": paths[2].name,
        "device": str(setup.runtime().device),
        "dtype": str(setup.dtype),
        "threads": setup.threads,
        "seed": setup.seed,
    }
    order = Order(
        target=paths[0],
        driver=paths[1],
        output=paths[2],
        spec=plan.spec,
        memory=_memory(setup, plan),
        fingerprint=fingerprint,
        extras=tuple(extras),
        start=start,
        stop=stop,
    )
    return order, _team(setup, plan, extras)


def _memory(setup: Setup, plan: Plan) -> Memory:
    """Watching a video depends on the estimator alone, so a second target costs nothing."""
    part = _of_facet(plan, Facet.SKELETON)
    watcher = {
        "use": part.info.name,
        "options": part.options.model_dump(mode="json"),
        "version": str(part.provider),
        "weights": [weight.sha256 for weight in part.info.weights],
        "device": str(setup.runtime().device),
    }
    return Memory(setup.watched, watcher)


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
        return None if part is None else build(part.info, part.options, runtime)

    renderer, refiner = plan.part(Role.FRAME_RENDERER), plan.part(Role.FACE_REFINER)
    needs = frozenset().union(*(part.info.needs for part in (renderer, refiner) if part))
    body = plan.part(Role.BODY_GENERATOR)
    if body is not None and (plan.uses_body or "parsing" in extras):
        needs |= body.info.needs
    else:
        body = None
    dense = plan.provider_of(Facet.DENSE) if Facet.DENSE in needs else None
    return Team(
        estimator=built(_of_facet(plan, Facet.SKELETON)),
        parser=built(plan.part(Role.PARSER)),
        inpainter=built(plan.part(Role.INPAINTER)),
        cast=Cast(
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
        torch.empty(1, device=device)
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        raise UsageError(
            "this device cannot be used",
            given=name,
            expected="auto, cpu, or a device that this torch can reach",
            advice=str(error).splitlines()[0],
        ) from error
    return device
