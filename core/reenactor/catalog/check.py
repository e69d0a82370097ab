"""Finds all mistakes of a spec before anything runs. Does not import torch."""

from collections.abc import Iterable
from dataclasses import dataclass

from reenactor.catalog.catalog import Catalog
from reenactor.catalog.entries import HOME, ComponentEntry
from reenactor.catalog.facets import NamedComponent, facet_problems
from reenactor.catalog.files import background_problems, path_problems
from reenactor.catalog.options import read_options
from reenactor.catalog.plan import Part, Plan, is_idle
from reenactor.catalog.weight_checks import required_weights, weight_problems
from reenactor.errors import PluginError
from reenactor.manifest import Facet, Role
from reenactor.options import Options
from reenactor.spec import Draft, Kind, LoadedSpec, Position, Problem, Spec, SpecMistakesError
from reenactor.spec.background import SceneBackground
from reenactor.spec.choice import Choice
from reenactor.spec.problem import in_order
from reenactor.spec.source import FieldPath, Source
from reenactor.weights import WeightStore


@dataclass(frozen=True)
class Examination:
    """The result of checking a spec: everything found, and a plan if there are no mistakes."""

    plan: Plan | None
    problems: tuple[Problem, ...]
    parts: tuple[Part, ...] = ()
    """The components in use whose options could be read."""

    @property
    def mistakes(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.kind is not Kind.NOTE)

    @property
    def notes(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.kind is Kind.NOTE)


def examine(
    spec: Draft | LoadedSpec | Spec, catalog: Catalog, weights: WeightStore | None = None
) -> Examination:
    """Check a spec against what is installed.

    Checks names, options, the classes of plugins, the facets that components need, files,
    licences, and weights (if a store is given). All mistakes are found at once.
    """
    draft = _draft(spec)
    source = draft.source
    named: list[NamedComponent] = []
    parts: list[Part] = []
    problems = list(draft.problems)
    written = {problem.field[0] for problem in problems if problem.field}
    lost = {role for role in Role if role.value in written}
    seen: set[tuple[Role, str]] = set()
    for field, role, choice in draft.choices:
        if (role, choice.use) in seen:
            position = source.value((*field, "use"))
            expected = "each component at most once"
            problems.append(Problem("duplicate component", position, field, choice.use, expected))
            continue
        seen.add((role, choice.use))
        try:
            entry = catalog.entry(role, choice.use)
        except PluginError as error:
            problems.append(_of_plugin(error, source.value((*field, "use")), field))
            lost.add(role)
            continue
        options, found = _options(field, choice, entry, source)
        problems += found
        if options is not None:
            part = Part(field, entry.info, options, entry.provider)
            parts.append(part)
            problems += path_problems(part, source)
        needs = entry.info.needs if options is None else part.needs
        named.append(NamedComponent(field, entry.info, needs))
    needed = frozenset({Facet.SKELETON}).union(*(one.needs for one in named))
    used = []
    for part in parts:
        if is_idle(part, needed) and not lost:
            problems += _idle(part, source)
        else:
            used.append(part)
            problems += weight_problems(part, source.value(part.field), weights)
    problems += facet_problems(named, lost, catalog, source)
    if draft.background is not None:
        problems += background_problems(draft.background, source)
    if draft.spec is not None:
        problems += _inpainter_notes(draft.spec, source)
        for part, option, text in Plan.of(draft.spec, tuple(parts)).notes():
            position = source.value(part.field)
            problems.append(Problem(text, position, (*part.field, option), kind=Kind.NOTE))
    mistaken = any(problem.kind is not Kind.NOTE for problem in problems)
    plan = None if draft.spec is None or mistaken else Plan.of(draft.spec, tuple(parts))
    return Examination(plan, tuple(in_order(problems)), tuple(used))


def _draft(spec: Draft | LoadedSpec | Spec) -> Draft:
    if isinstance(spec, Draft):
        return spec
    return Draft.of(LoadedSpec.built(spec) if isinstance(spec, Spec) else spec)


def check(
    spec: Draft | LoadedSpec | Spec, catalog: Catalog, weights: WeightStore | None = None
) -> list[Problem]:
    """All mistakes of a spec, and notes, in the order of the file."""
    return list(examine(spec, catalog, weights).problems)


def make_plan(
    spec: Draft | LoadedSpec | Spec, catalog: Catalog, weights: WeightStore | None = None
) -> Plan:
    """Check a spec and return its plan.

    Raises:
        SpecMistakesError: the spec has mistakes; lists all of them.
    """
    examination = examine(spec, catalog, weights)
    if examination.plan is None:
        raise SpecMistakesError(examination.problems)
    return examination.plan


def _options(
    field: FieldPath, choice: Choice, entry: ComponentEntry, source: Source
) -> tuple[Options | None, list[Problem]]:
    """The options, and the mistakes in them or in the component's own code."""
    position = source.value((*field, "use"))
    problems: list[Problem] = []
    options = None
    try:
        options, problems = read_options(entry.info, choice.options, source, field, entry.provider)
        if entry.provider.distribution != HOME:  # built-in classes are imported when they are used
            from reenactor.catalog.build import component_class

            component_class(entry.info, entry.provider)
    except PluginError as error:
        problems = [*problems, _of_plugin(error, position, field)]
    return options, problems


def _of_plugin(error: PluginError, position: Position, field: FieldPath) -> Problem:
    return Problem(
        error.problem,
        position,
        field,
        error.given,
        error.expected,
        error.advice,
        Kind.PLUGIN,
        error,
    )


def _idle(part: Part, source: Source) -> Iterable[Problem]:
    """A note that a component is not used, and that its mistakes therefore do not matter."""
    if part.options.missing() or required_weights(part):
        yield Problem(
            f"{part.info.name} is not used",
            source.value(part.field),
            part.field,
            f"it provides {', '.join(sorted(part.info.provides))}, which no component needs",
            kind=Kind.NOTE,
        )


def _inpainter_notes(spec: Spec, source: Source) -> Iterable[Problem]:
    background = spec.background
    if not isinstance(background, SceneBackground) or background.scene == "transparent":
        return
    if spec.inpainter is None:
        yield Problem(
            f"the person is not removed from the background ({background.scene})",
            source.value((Role.INPAINTER.value,)),
            (Role.INPAINTER.value,),
            "none",
            "an inpainter, unless the person should stay visible",
            kind=Kind.NOTE,
        )
