"""A plan: a validated spec, ready to be built."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reenactor.catalog.entries import Provider
from reenactor.catalog.options import paths_in
from reenactor.manifest import ComponentInfo, Facet, Role
from reenactor.media.contents import digest_of
from reenactor.options import Options
from reenactor.spec.background import background_path
from reenactor.spec.model import Spec
from reenactor.spec.motion import PAPER_CANVAS, OutputSpec
from reenactor.spec.source import FieldPath


@dataclass(frozen=True)
class Part:
    """A component of a plan with its validated options; `field` is where the spec names it."""

    field: FieldPath
    info: ComponentInfo
    options: Options
    provider: Provider

    @property
    def paths(self) -> dict[str, Path]:
        """All files and folders that the options name, by field ("parser.weights")."""
        found = paths_in(self.options, self.field, defaults=True)
        return {".".join(map(str, field)): path for field, path in found}

    @property
    def contents(self) -> dict[str, str | None]:
        """Digests of the files in `paths`, on which the component's results depend."""
        return {field: digest_of(path) for field, path in self.paths.items()}

    @property
    def needs(self) -> frozenset[Facet]:
        """The facets that the component needs with these options."""
        return frozenset(map(Facet, self.options.required_facets(frozenset(self.info.needs))))


def is_idle(part: Part, needed: frozenset[Facet]) -> bool:
    """Whether a pose estimator is not used, because no component needs its facets."""
    return part.info.role is Role.POSE_ESTIMATOR and not part.info.provides & needed


@dataclass(frozen=True)
class Plan:
    """A spec and the components that fill its roles."""

    spec: Spec
    parts: tuple[Part, ...]

    @classmethod
    def of(cls, spec: Spec, parts: tuple[Part, ...]) -> "Plan":
        """The plan of a spec. A canvas that would follow the dancer's size is the one that a
        component must have, if there is one."""
        needed = [part.options.canvas() for part in parts]
        only = next((canvas for canvas in needed if canvas is not None), None)
        if spec.output.canvas is None and only is not None:
            output = OutputSpec(height=only[0], width=only[1])
            spec = spec.model_copy(update={"output": output})
        return cls(spec, parts)

    def part(self, role: Role) -> Part | None:
        """The component of a role, or None if the spec says `none`.

        There may be several pose estimators: see `provider_of`.
        """
        return next((part for part in self.parts if part.info.role is role), None)

    def provider_of(self, facet: Facet) -> Part | None:
        """The component that provides a facet."""
        return next((part for part in self.parts if facet in part.info.provides), None)

    @property
    def needs(self) -> frozenset[Facet]:
        """All facets that are needed. The skeleton always is: the dancer is found by it."""
        return frozenset({Facet.SKELETON}).union(*(part.needs for part in self.parts))

    def idle(self, part: Part) -> bool:
        """Whether a component of this plan is not used."""
        return is_idle(part, self.needs)

    def notes(self) -> Iterator[tuple[Part, str, str]]:
        """Notes of the components that are used: the component, the option, and the text."""
        canvas = self.spec.output.canvas or PAPER_CANVAS
        for part in self.parts:
            if not self.idle(part):
                for option, text in part.options.notes(canvas).items():
                    yield part, option, f"{part.info.name}: {text}"

    @property
    def uses_body(self) -> bool:
        """Whether the body generator affects the frames.

        It does if a component needs the body, or if the renderer adapts to any body and its own
        body has a different shape (`ComponentInfo.own_body`).
        """
        body, renderer = self.part(Role.BODY_GENERATOR), self.part(Role.FRAME_RENDERER)
        if body is None:
            return False
        if any(Facet.BODY in part.needs for part in self.parts):
            return True
        if renderer is None or not renderer.info.own_body:
            return False
        own, wanted = renderer.options.model_dump(), body.options.model_dump()
        same = wanted.items() <= own.items()
        return renderer.info.own_body != body.info.name or not same

    @property
    def paths(self) -> dict[str, Path]:
        """All files and folders that the spec names, for the background and for components."""
        paths = {field: path for part in self.parts for field, path in part.paths.items()}
        behind = background_path(self.spec.background)
        if behind is not None:
            paths[f"background.{behind[0]}"] = behind[1]
        return paths

    @property
    def contents(self) -> dict[str, str | None]:
        """Digests of the files in `paths`."""
        return {field: digest_of(path) for field, path in self.paths.items()}

    def resolved(self) -> dict[str, Any]:
        """The spec with all options of all components written out, as JSON values."""
        document: dict[str, Any] = self.spec.model_dump(mode="json")
        for part in self.parts:
            written = {"use": part.info.name, **part.options.model_dump(mode="json")}
            if len(part.field) == 1:
                document[str(part.field[0])] = written
            else:
                document[str(part.field[0])][part.field[1]] = written
        return document

    @property
    def spec_hash(self) -> str:
        """The sha256 of `resolved`: equal for equivalent specs, however they are written."""
        text = json.dumps(self.resolved(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()
