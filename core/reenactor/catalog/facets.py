"""What components need of each other: facets that nobody provides, or two do."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from reenactor.catalog.catalog import Catalog
from reenactor.catalog.manifests import PROVIDED_BY
from reenactor.manifest import ComponentInfo, Facet, Role
from reenactor.spec import Problem
from reenactor.spec.source import FieldPath, Source


@dataclass(frozen=True)
class NamedComponent:
    """A component that a spec names, where, and the facets that it reads."""

    field: FieldPath
    info: ComponentInfo
    needs: frozenset[Facet]


def facet_problems(
    named: Sequence[NamedComponent], lost: Collection[Role], catalog: Catalog, source: Source
) -> Iterator[Problem]:
    """Needs that nobody meets, and facets that two components provide.

    `lost` are the roles of which a component is not known: what one of them might provide is not
    missed.
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
                    "one component for each facet",
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
    if facet is Facet.SKELETON:  # the dancer is chosen, and the target parsed, by key points
        field: FieldPath = (Role.POSE_ESTIMATOR.value,)
        problem = "no component finds key points (the facet 'skeleton')"
        yield Problem(problem, source.value(field), field, given, expected, advice)
        return
    for one in named:
        if facet in one.needs:
            problem = f"{one.info.name!r} needs the facet '{facet}', and nothing provides it"
            position = source.value(one.field)
            yield Problem(problem, position, one.field, given, expected, advice)
