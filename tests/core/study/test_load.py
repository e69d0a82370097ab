"""study.yaml and its videos: every mistake is told before anybody is asked."""

from pathlib import Path

import pytest

from reenactor.errors import InputError
from reenactor.spec import SpecMistakesError
from reenactor.study.load import load_study

from .conftest import Maker, film


def test_a_study(study_of: Maker) -> None:
    study = study_of(2, beside=True, reference="spt")
    assert study.videos == ("dance0", "dance1")
    assert study.pairs == (("spt", "ours"), ("spt", "warp"))
    assert study.targets["dance1"].name == "dance1.png"
    assert study.drivers["dance0"].name == "dance0.mp4"
    assert study.wide == frozenset()


def test_without_a_reference_all_are_compared(study_of: Maker) -> None:
    assert study_of().pairs == (("ours", "warp"), ("ours", "spt"), ("warp", "spt"))


def test_only_some_videos(study_of: Maker) -> None:
    assert study_of(3, videos=["dance2"]).videos == ("dance2",)


def test_of_photo_plus_video_a_part_is_enough(study_of: Maker) -> None:
    folder = study_of(1, beside=True).folder
    for name in ("ours", "warp", "spt"):
        (folder / name / "dance0.mp4").rename(folder / name / "anna+waltz.mp4")
    (folder / "photos" / "dance0.png").rename(folder / "photos" / "anna.png")
    (folder / "driving" / "dance0.mp4").rename(folder / "driving" / "waltz.mp4")
    study = load_study(folder)
    assert study.targets["anna+waltz"].name == "anna.png"
    assert study.drivers["anna+waltz"].name == "waltz.mp4"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"metods": {}}, "did you mean 'methods'"),
        ({"methods": {"one": "ours"}}, "methods: out of range"),
        ({"reference": "our"}, "did you mean 'ours'"),
        ({"repeats": -1}, "at least 0"),
        ({"pairs": "some"}, "'one' or 'all'"),
        ({"questions": []}, "at least 1"),
        ({"version": 2}, "version"),
    ],
)
def test_mistakes_in_the_file(study_of: Maker, fields: dict[str, object], said: str) -> None:
    with pytest.raises(SpecMistakesError, match=r"study\.yaml:\d+:\d+") as caught:
        study_of(1, **fields)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"videos": ["dance9"]}, "ours lacks dance9"),
        ({"methods": {"a": "none", "b": "ours"}}, "cannot be read"),
        ({"methods": {"a": ".", "b": "."}}, "have no videos"),
        ({"targets": "ours"}, "media to show beside"),
    ],
)
def test_mistakes_in_the_folders(study_of: Maker, fields: dict[str, object], said: str) -> None:
    with pytest.raises(InputError, match=said):
        study_of(1, **fields)


def test_a_video_that_one_method_lacks(study_of: Maker) -> None:
    folder = study_of(2).folder
    (folder / "warp" / "dance1.mp4").unlink()
    with pytest.raises(InputError, match="warp lacks dance1"):
        load_study(folder)


def test_what_browsers_do_not_play_is_refused(study_of: Maker) -> None:
    folder = study_of(1).folder
    film(folder / "warp" / "dance0.mp4", codec="mpeg4")
    with pytest.raises(InputError, match="encoded as mpeg4"):
        load_study(folder)


def test_no_study(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="reenactor study new"):
        load_study(tmp_path)
    (tmp_path / "study.yaml").write_text("- a list", "utf-8")
    with pytest.raises(SpecMistakesError):
        load_study(tmp_path)


def test_a_path_that_no_system_has(study_of: Maker) -> None:
    folder = study_of(1).folder
    (folder / "study.yaml").write_text('version: 1\nmethods: {a: "x\\0y", b: b}\n', "utf-8")
    with pytest.raises(SpecMistakesError, match="control character"):
        load_study(folder)
