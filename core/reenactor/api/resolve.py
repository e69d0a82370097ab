"""From a request to what the pipeline runs: paths, content hashes and built components."""

import hashlib
import math
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import reenactor
from reenactor.api.request import Request
from reenactor.api.setup import Setup
from reenactor.catalog import Part, Plan
from reenactor.catalog.build import build
from reenactor.catalog.weight_checks import required_weights
from reenactor.errors import UsageError
from reenactor.manifest import Facet, Role
from reenactor.media.contents import Inputs
from reenactor.media.files import sha256_of
from reenactor.pipeline.driver import CrowdCache
from reenactor.pipeline.output import EXTRAS, output_paths
from reenactor.pipeline.render import RenderComponents
from reenactor.pipeline.request import ResolvedRequest, report_path
from reenactor.pipeline.run import Components


def resolve(setup: Setup, plan: Plan, request: Request) -> ResolvedRequest:
    """Check a request and add everything that its frames depend on.

    Raises:
        UsageError: an unknown extra, or impossible times.
    """
    unknown = [extra for extra in request.extras if extra not in EXTRAS]
    if unknown:
        raise UsageError("unknown extra", given=", ".join(unknown), expected=", ".join(EXTRAS))
    _require_times(request.start, request.stop)
    target, driver, output = map(Path, (request.target, request.driver, request.output))
    extras = tuple(dict.fromkeys(request.extras))
    made = (*output_paths(output, extras), report_path(output))
    signing = {} if request.credentials is None else request.credentials.paths
    inputs = Inputs.seen({"target": target, "driver": driver, **plan.paths, **signing}, made)
    read = {field: inputs.digests[field] for field in plan.paths}
    runtime = setup.runtime()
    fingerprint = {
        "reenactor": reenactor.__version__,
        "spec": plan.resolved(),
        "components": _versions(plan),
        "target": inputs.digests["target"] or sha256_of(target),
        "driver": inputs.digests["driver"] or sha256_of(driver),
        "files": {**read, **_names_digest(read, target, driver)},
        "start": request.start,
        "stop": request.stop,
        "extras": list(extras),
        "output": output.name,
        "device": str(runtime.device),
        "precision": runtime.precision,
        "threads": runtime.threads,
        "seed": setup.seed,
    }
    return ResolvedRequest(
        target=target,
        driver=driver,
        output=output,
        spec=plan.spec,
        crowd_cache=crowd_cache(setup, part_of_facet(plan, Facet.SKELETON), driver, inputs),
        fingerprint=fingerprint,
        extras=extras,
        start=request.start,
        stop=request.stop,
        inputs=inputs,
        overwrite=request.overwrite,
        credentials=request.credentials,
        notes=tuple(text for _, _, text in plan.notes()),
    )


def _require_times(start: float, stop: float | None) -> None:
    """Raises `UsageError` where no frame can lie between these times."""
    if not (math.isfinite(start) and start >= 0):
        raise UsageError(
            "invalid start time", given=f"start={start}", expected="seconds, 0 or more"
        )
    if stop is not None and not (math.isfinite(stop) and stop > start):
        raise UsageError(
            "invalid stop time",
            given=f"stop={stop}",
            expected=f"seconds, more than the start ({start:g})",
        )


def _names_digest(read: dict[str, Any], *sources: Path) -> dict[str, str]:
    """A component that reads files finds them by the names of photo and video."""
    names = "/".join(path.stem for path in sources)
    return {"names": hashlib.sha256(os.fsencode(names)).hexdigest()} if read else {}


def crowd_cache(setup: Setup, part: Part, video: Path, inputs: Inputs) -> CrowdCache:
    """Detection depends on video and estimator alone, so a second target reuses it."""
    read = {field: inputs.digests[field] for field in part.paths}
    runtime = setup.runtime()
    estimator = {
        "use": part.info.name,
        "options": part.options.model_dump(mode="json"),
        "version": str(part.provider),
        "weights": [weight.sha256 for weight in part.info.weights],
        "files": {**read, **_names_digest(read, video)},
        "device": str(runtime.device),
        "precision": runtime.precision,
    }
    return CrowdCache(setup.cache, estimator, inputs)


def _versions(plan: Plan) -> list[dict[str, Any]]:
    """Who provides each component, and which weights it has."""
    return [
        {
            "role": str(part.info.role),
            "name": part.info.name,
            "provider": str(part.provider),
            "licence": part.info.licence,
            "weights": {
                weight.name: {
                    "sha256": weight.sha256,
                    "licence": weight.licence,
                    "commercial": weight.commercial,
                }
                for weight in required_weights(part)
            },
        }
        for part in plan.parts
    ]


def build_components(setup: Setup, plan: Plan, extras: Sequence[str] = ()) -> Components:
    """Build those components of a plan that the run or its extras need.

    Raises:
        ReenactorError: a component cannot be built, for example because weights are damaged.
    """
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
    return Components(
        estimator=built(part_of_facet(plan, Facet.SKELETON)),
        parser=built(plan.part(Role.PARSER)),
        inpainter=built(plan.part(Role.INPAINTER)),
        rendering=RenderComponents(
            renderer=built(renderer), body=built(body), dense=built(dense), refiner=built(refiner)
        ),
    )


def part_of_facet(plan: Plan, facet: Facet) -> Part:
    """The component that provides a facet.

    Raises:
        UsageError: there is none.
    """
    part = plan.provider_of(facet)
    if part is None:
        raise UsageError(f"no component of this spec provides {facet}")
    return part
