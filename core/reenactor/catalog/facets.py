"""Checks facets: each one needed must be provided by exactly one component."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from reenactor.catalog.catalog import Catalog
from reenactor.catalog.manifests import PROVIDED_BY
from reenactor.manifest import ComponentInfo, Facet, Role
from reenactor.spec import Problem
from reenactor.spec.source import FieldPath, Source


@dataclass(frozen=True)
class NamedComponent:
    """A component that a spec names, its position, and the facets it reads."""

    field: FieldPath
    info: ComponentInfo
    needs: frozenset[Facet]


def facet_problems(
    named: Sequence[NamedComponent], lost: Collection[Role], catalog: Catalog, source: Source
) -> Iterator[Problem]:
    """Facets that are needed but not provided, and facets that are provided twice.

    `lost` are roles with an unknown component; facets that it might provide are not reported as
    missing.
    """
    for facet in Facet:
        providers = [one for one in named if facet in one.info.provides]
        for one in providers[1:]:
            if facet in (Facet.SKELETON, Facet.DENSE):
                yield Problem(
                    f"the facet '{facet}' is provided twice",
                    source.value(one.field),
                    one.field,
                    f"{providers[0].info.name} and {one.info.name}",
                    "one component per facet",
                )
        able = {role for role, facets in PROVIDED_BY.items() if facet in facets}
        if not providers and not able & set(lost):
            yield from _unmet(facet, named, catalog, source)


def _unmet(
    facet: Facet, named: Sequence[NamedComponent], catalog: Catalog, source: Source
) -> Iterator[Problem]:
    able = [f"{e.info.role}: {e.info.name}" for e in catalog.providing(facet)]
    advice = f"installed components provide it: {', '.join(able)}" if able else ""
    expected = f"a component that provides {facet}"
    given = ", ".join(one.info.name for one in named)
    if facet is Facet.SKELETON:  # key points select the dancer and guide the parser
        field: FieldPath = (Role.POSE_ESTIMATOR.value,)
        problem = "no component finds key points (the facet 'skeleton')"
        yield Problem(problem, source.value(field), field, given, expected, advice)
        return
    for one in named:
        if facet in one.needs:
            problem = f"{one.info.name!r} needs the facet '{facet}', which no component provides"
            position = source.value(one.field)
            yield Problem(problem, position, one.field, given, expected, advice)
