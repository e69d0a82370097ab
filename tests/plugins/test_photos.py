"""What `default` says of photos before the long work."""

from pathlib import Path

import pytest

from reenactor import api
from reenactor.catalog.build import build
from reenactor.manifest import Facet
from reenactor.media.photo import read_photo
from reenactor.pipeline.photo_checks import photo_warnings
from reenactor.pipeline.upright import largest_person, turn_upright
from reenactor.progress import Silent

SHARED = Path(__file__).parents[3] / "shared"
SQUAT = SHARED / "cases" / "photos" / "squat8.jpg"
STREET = SHARED / "data" / "ccp" / "photos"


def notes(path: Path) -> list[str]:
    setup = api.Setup()
    part = setup.plan("default").provider_of(Facet.SKELETON)
    assert part is not None
    estimator = build(part.info, part.options, setup.runtime(), part.provider)
    sighting = turn_upright(read_photo(path), estimator, Silent())  # type: ignore[arg-type]
    return list(photo_warnings(sighting.photo, largest_person(sighting.people).skeleton))


@pytest.mark.skipif(not SQUAT.exists(), reason="the shared data are not here")
def test_limbs_that_point_at_the_camera_are_named() -> None:
    (note,) = notes(SQUAT)
    assert "the left thigh and the right thigh point at the camera" in note


@pytest.mark.skipif(not STREET.exists(), reason="the shared data are not here")
@pytest.mark.parametrize("number", [11, 266, 446, 891])
def test_nothing_is_said_of_people_who_stand(number: int) -> None:
    assert notes(STREET / f"{number:04d}.jpg") == []
