"""The conformance kit: what every component of a role has to do, whoever wrote it.

    from reenactor.testing import check_component

    def test_conforms():
        check_component(INFO)

or, to see each check by itself:

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
    """Every check of a role, those of the manifest first."""
    return [*declared.CHECKS, *_OF_ROLE[role]]


def check_component(
    info: ComponentInfo,
    options: Options | None = None,
    runtime: Runtime | None = None,
    given: SampleInputs | None = None,
    skip: Collection[str] = (),
) -> None:
    """Check one component with everything that applies to it.

    Args:
        info: the component, as its manifest has it.
        options: the options to make it with; its defaults, where there are none.
        runtime: the runtime to make it with; the CPU, and weights from the user's store without
            touching the network, where there is none.
        given: what it is fed; a drawn dancer, where there is nothing else.
        skip: names of checks that it need not pass. Say why where you call this: a network of
            random numbers cannot know that nobody is there, say.

    Raises:
        AssertionError: it fails; the message has every failure, what fails alike together.
        WeightsError: it needs weights that are not on this machine.
        UsageError: it needs options, or `skip` names no check.
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
