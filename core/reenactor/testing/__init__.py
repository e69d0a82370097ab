"""The conformance suite: checks that every component of a role must pass.

    from reenactor.testing import check_component

    def test_conforms():
        check_component(INFO)

or, to run each check as its own test:

    @pytest.mark.parametrize("check", checks(INFO.role), ids=str)
    def test_conforms(check):
        check(Candidate(INFO))
"""

from collections.abc import Collection, Mapping
from types import MappingProxyType

from reenactor.errors import UsageError
from reenactor.manifest import ComponentInfo, Role
from reenactor.options import Options
from reenactor.runtime import Runtime
from reenactor.testing import (
    canvas_roles,
    declared,
    inpainters,
    parsers,
    pose_estimators,
)
from reenactor.testing.check import Candidate, Check, CheckError
from reenactor.testing.samples import SampleInputs, samples

__all__ = [
    "Candidate",
    "Check",
    "CheckError",
    "SampleInputs",
    "check_component",
    "checks",
    "samples",
]

_OF_ROLE: Mapping[Role, tuple[Check, ...]] = MappingProxyType(
    {
        Role.PARSER: parsers.CHECKS,
        Role.POSE_ESTIMATOR: pose_estimators.CHECKS,
        Role.INPAINTER: inpainters.CHECKS,
        Role.BODY_GENERATOR: canvas_roles.BODY_GENERATOR,
        Role.FRAME_RENDERER: canvas_roles.FRAME_RENDERER,
        Role.FACE_REFINER: canvas_roles.FACE_REFINER,
    }
)


def checks(role: Role) -> list[Check]:
    """All checks of a role, those of the manifest first."""
    return [*declared.CHECKS, *_OF_ROLE[role]]


def check_component(
    info: ComponentInfo,
    options: Options | None = None,
    runtime: Runtime | None = None,
    given: SampleInputs | None = None,
    skip: Collection[str] = (),
) -> None:
    """Run all applicable checks on a component.

    Args:
        info: the component's entry in its manifest.
        options: the options; by default, the component's defaults.
        runtime: the runtime; by default, the CPU and weights from the user's store, offline.
        given: the inputs; by default, a synthetic dancer.
        skip: names of checks to skip. Give the reason at the call: for example, a network with
            random weights cannot recognise an empty picture.

    Raises:
        AssertionError: a check failed; the message lists all failures, grouped by cause.
        WeightsError: weights are missing on this machine.
        UsageError: options are required, or `skip` contains an unknown name.
    """
    wanted = checks(info.role)
    unknown = set(skip) - {check.name for check in wanted}
    if unknown:
        raise UsageError(
            "no such check",
            given=", ".join(sorted(unknown)),
            expected=f"of {', '.join(check.name for check in wanted)}",
        )
    candidate = Candidate(info, options, runtime, given or samples())
    failures: dict[str, list[str]] = {}
    for check in wanted:
        if check.applies(info) and check.name not in skip:
            try:
                check(candidate)
            except CheckError as failure:
                failures.setdefault(failure.body, []).append(failure.head)
    if failures:
        found = ("\n".join(heads) + f":\n{body}" for body, heads in failures.items())
        raise AssertionError("\n\n".join(found))
