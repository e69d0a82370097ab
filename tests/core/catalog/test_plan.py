from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import Field

from reenactor.catalog import Part, Plan, Provider
from reenactor.manifest import ComponentInfo, Facet, Role
from reenactor.options import Options
from reenactor.spec import Spec

Make = Callable[..., ComponentInfo]
OURS = Provider("reenactor", "0.1.0", "builtin", "reenactor_plugins.manifest")


class Scaled(Options):
    scale: int = Field(default=1)
    file: Path | None = None


@pytest.fixture
def plan(info: Make) -> Callable[..., Plan]:
    def make(options: Scaled | None = None, background: str = "white") -> Plan:
        spec = Spec(
            version=1,
            parser="a",
            pose_estimator=["b", "c"],
            body_generator="d",
            frame_renderer="e",
            background=background,
        )
        none: frozenset[Facet] = frozenset()
        dense = info(
            role=Role.POSE_ESTIMATOR, name="c", needs=none, provides=frozenset({Facet.DENSE})
        )
        parser = info(name="a", needs=frozenset({Facet.DENSE}))
        return Plan(
            spec,
            (
                Part(("parser",), parser, options or Scaled(), OURS),
                Part(("pose_estimator", 1), dense, Scaled(), OURS),
            ),
        )

    return make


def test_parts_and_facets(plan: Callable[..., Plan]) -> None:
    made = plan()
    parser, dense = made.part(Role.PARSER), made.provider_of(Facet.DENSE)
    assert parser is made.parts[0]
    assert dense is made.parts[1]
    assert made.part(Role.INPAINTER) is None
    assert made.provider_of(Facet.WORLD) is None
    assert made.needs == {Facet.SKELETON, Facet.DENSE}


def test_everything_is_written_out(plan: Callable[..., Plan]) -> None:
    resolved = plan(Scaled(file=Path("/x/y"))).resolved()
    assert resolved["parser"] == {"use": "a", "scale": 1, "file": "/x/y"}
    assert resolved["pose_estimator"] == ["b", {"use": "c", "scale": 1, "file": None}]
    assert resolved["output"] == {"height": 512, "width": 320}


def test_the_hash_is_of_what_is_asked_not_of_how(plan: Callable[..., Plan]) -> None:
    default = plan().spec_hash
    assert default == plan(Scaled(scale=1), "#FFFFFF").spec_hash
    assert default != plan(Scaled(scale=2)).spec_hash
    assert default != plan(background="black").spec_hash
    assert len(default) == 64
