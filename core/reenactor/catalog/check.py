"""Finding every mistake of a spec before anything runs. Imports no torch."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from reenactor.catalog.catalog import Catalog
from reenactor.catalog.files import background_problems, path_problems
from reenactor.catalog.options import read_options
from reenactor.catalog.plan import Part, Plan
from reenactor.catalog.weighing import weight_problems
from reenactor.errors import PluginError
from reenactor.manifest import Facet, Role
from reenactor.spec import Kind, LoadedSpec, Position, Problem, Spec, SpecMistakesError
from reenactor.spec.background import Scene
from reenactor.spec.choice import Choice
from reenactor.spec.problem import in_order
from reenactor.spec.source import FieldPath, Source
from reenactor.weights import WeightStore


@dataclass(frozen=True)
class Examination:
    """What came of checking a spec: a plan where it has no mistakes, and all that was found."""

    plan: Plan | None
    problems: tuple[Problem, ...]

    @property
    def mistakes(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.kind is not Kind.NOTE)

    @property
    def notes(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.kind is Kind.NOTE)


def examine(
    spec: LoadedSpec | Spec, catalog: Catalog, weights: WeightStore | None = None
) -> Examination:
    """Check a spec against what is installed.

    Checked are names, options, what components need of each other, files, weights (where a store
    is given) and licences; all mistakes are found at once.
    """
    loaded = LoadedSpec.built(spec) if isinstance(spec, Spec) else spec
    parts: list[Part] = []
    problems: list[Problem] = []
    for field, role, choice in loaded.spec.choices():
        part, found = _part(field, role, choice, catalog, loaded.source)
        problems += found
        if part is not None:
            parts.append(part)
    plan = Plan(loaded.spec, tuple(parts))
    complete = len(parts) == len(loaded.spec.choices())
    problems += _facet_problems(plan, catalog, loaded.source, complete)
    problems += background_problems(loaded)
    problems += _inpainter_notes(loaded)
    for part in parts:
        problems += path_problems(part, loaded.source)
        if plan.idle(part):
            if part.options.lacking():
                problems.append(_idle(part, loaded.source))
            continue
        problems += weight_problems(part, loaded.source.value(part.field), weights)
    for part, option, text in plan.remarks():
        position = loaded.source.value(part.field)
        problems.append(Problem(text, position, (*part.field, option), kind=Kind.NOTE))
    fine = complete and all(problem.kind is Kind.NOTE for problem in problems)
    return Examination(plan if fine else None, tuple(in_order(problems)))


def check(
    spec: LoadedSpec | Spec, catalog: Catalog, weights: WeightStore | None = None
) -> list[Problem]:
    """Every mistake of a spec, and notes, in the order of the file."""
    return list(examine(spec, catalog, weights).problems)


def make_plan(
    spec: LoadedSpec | Spec, catalog: Catalog, weights: WeightStore | None = None
) -> Plan:
    """Check a spec and give its plan.

    Raises:
        SpecMistakesError: the spec has mistakes; it names all of them.
    """
    examination = examine(spec, catalog, weights)
    if examination.plan is None:
        raise SpecMistakesError(examination.problems)
    return examination.plan


def _part(
    field: FieldPath, role: Role, choice: Choice, catalog: Catalog, source: Source
) -> tuple[Part | None, list[Problem]]:
    try:
        entry = catalog.entry(role, choice.use)
        options, problems = read_options(entry.info, choice.options, source, field)
    except PluginError as error:
        position = source.value((*field, "use"))
        return None, [_of_plugin(error, position, field)]
    if options is None:
        return None, problems
    return Part(field, entry.info, options, entry.provider), problems


def _of_plugin(error: PluginError, position: Position, field: FieldPath) -> Problem:
    return Problem(
        error.problem, position, field, error.given, error.expected, error.advice, Kind.PLUGIN
    )


def _facet_problems(
    plan: Plan, catalog: Catalog, source: Source, complete: bool
) -> Iterator[Problem]:
    """Needs that nobody meets, and facets that two components provide."""
    for facet in Facet:
        providers = [part for part in plan.parts if facet in part.info.provides]
        for part in providers[1:]:
            if facet in (Facet.SKELETON, Facet.DENSE):
                yield Problem(
                    f"the facet '{facet}' is provided twice",
                    source.value(part.field),
                    part.field,
                    f"{providers[0].info.name} and {part.info.name}",
                    "one component for each facet",
                )
        if not providers and complete:
            yield from _unmet(facet, plan, catalog, source)


def _unmet(facet: Facet, plan: Plan, catalog: Catalog, source: Source) -> Iterator[Problem]:
    able = [f"{e.info.role}: {e.info.name}" for e in catalog.providing(facet)]
    advice = f"installed components provide it: {', '.join(able)}" if able else ""
    expected = f"a component that provides {facet}"
    given = ", ".join(part.info.name for part in plan.parts)
    if facet is Facet.SKELETON:  # the dancer is chosen, and the target parsed, by key points
        field: FieldPath = (Role.POSE_ESTIMATOR.value,)
        problem = "no component finds key points (the facet 'skeleton')"
        yield Problem(problem, source.value(field), field, given, expected, advice)
        return
    for part in plan.parts:
        if facet in part.needs:
            problem = f"{part.info.name!r} needs the facet '{facet}', and nothing provides it"
            position = source.value(part.field)
            yield Problem(problem, position, part.field, given, expected, advice)


def _idle(part: Part, source: Source) -> Problem:
    """Why a component that could not be made is no mistake."""
    return Problem(
        f"{part.info.name} is not run",
        source.value(part.field),
        part.field,
        f"it provides {', '.join(sorted(part.info.provides))}, and nobody needs that",
        kind=Kind.NOTE,
    )


def _inpainter_notes(loaded: LoadedSpec) -> Iterable[Problem]:
    background = loaded.spec.background
    if not isinstance(background, Scene) or background.scene == "transparent":
        return
    if loaded.spec.inpainter is None:
        yield Problem(
            f"nobody is painted out of the background ({background.scene})",
            loaded.source.value((Role.INPAINTER.value,)),
            (Role.INPAINTER.value,),
            "none",
            "an inpainter, unless the person is meant to stay visible",
            kind=Kind.NOTE,
        )
