"""The makers of the demo: the dance, the poser, the music, the stage, and the command."""

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest

from reenactor_anny.body import BodyShop
from reenactor_anny.demo import juno
from reenactor_anny.demo.dance import BPM, FPS, mirrored, perform, shapes
from reenactor_anny.demo.make import posed
from reenactor_anny.demo.music import RATE, compose
from reenactor_anny.demo.poser import CHANNELS, Poser, about_z, standing
from reenactor_anny.demo.studio import stage
from reenactor_anny.shoes import Shoe


def test_a_shape_mirrored_twice_is_itself() -> None:
    for shape in shapes().values():
        assert mirrored(mirrored(shape)) == pytest.approx(shape)


def test_the_dance_lasts_its_beats_and_has_no_jumps() -> None:
    motion = perform()
    assert motion.frames == round(20.4 * 60 / BPM * FPS)
    arm = motion.values["R.arm"]
    assert np.abs(np.diff(arm)).max() < 30  # degrees a frame
    assert set(motion.values) == set(CHANNELS)


def test_the_dancer_turns_once_and_all_round() -> None:
    values = perform().values
    for channel in ("spin", "L.spin", "R.spin"):
        spin = values[channel]
        assert spin[0] == 0
        assert spin[-1] == pytest.approx(360)
        assert np.diff(spin).min() > -0.5  # one way, without a jump
        assert np.diff(spin).max() < 20
    for side in "LR":
        # A foot turns in the air or on its ball, with its heel up.
        turning = np.diff(values[f"{side}.spin"]) > 6
        up = np.maximum(values[f"{side}.foot.z"], values[f"{side}.heel"])[1:]
        assert up[turning].min() > 0.1
        # The hips never turn away from the feet further than a body can.
        assert np.abs(values["spin"] - values[f"{side}.spin"]).max() < 75


def test_somebody_turned_by_a_spin_is_the_same_person_turned(shop: BodyShop) -> None:
    body = shop.make({"age": 0.67, "gender": 1.0})
    plain = standing(hips__x=5.0, **{"L__foot.x": 20.0})
    turned = plain | {"spin": 90.0, "L.spin": 90.0, "R.spin": 90.0}
    first, second = (Poser(body).solve(pose, Shoe.sole).places for pose in (plain, turned))
    np.testing.assert_allclose(second, first @ about_z(90).T, atol=1e-6)


def test_an_unknown_channel_is_refused() -> None:
    with pytest.raises(ValueError, match="no such channel"):
        standing(elbo=3.0)


def test_the_stage_loops() -> None:
    first, nearly, middle = (stage(54, 72, phase) for phase in (0.0, 0.999, 0.5))
    assert np.abs(first.astype(int) - nearly).mean() < 0.5
    assert np.abs(first.astype(int) - middle).mean() > 1


def test_music_is_as_long_as_asked_and_does_not_clip() -> None:
    sound = compose(4.0, BPM)
    assert len(sound) == 4 * RATE
    assert 0.2 < np.abs(sound).max() <= 1
    assert np.abs(sound[-20:]).max() < 0.01


@pytest.fixture(scope="module")
def shop() -> BodyShop:
    return BodyShop()


def test_feet_stand_where_they_are_put(shop: BodyShop) -> None:
    body = shop.make({"age": 0.67, "gender": 1.0})
    for apart in (8.0, 20.0):
        pose = standing(**{"L__foot.x": apart, "R__foot.x": apart})
        places = Poser(body).solve(pose, Shoe.sole).places
        left, right = (places[body.index(f"toe2-1.{side}")] for side in "LR")
        assert left[0] - right[0] == pytest.approx(2 * apart / 100, abs=0.02)
        assert left[2] == pytest.approx(right[2], abs=1e-6)


def test_bones_keep_their_lengths(shop: BodyShop) -> None:
    body = shop.make({"age": 0.67, "gender": 1.0})
    motion, poser = perform(), Poser(body)
    for frame in (30, 150, 211):
        places = poser.solve(motion.at(frame)).places
        for chain in (("upperarm01", "lowerarm01", "wrist"), ("upperleg01", "lowerleg01", "foot")):
            for first, second in pairwise(chain):
                a, b = (body.index(f"{bone}.L") for bone in (first, second))
                rest = np.linalg.norm(body.heads[b] - body.heads[a])
                assert np.linalg.norm(places[b] - places[a]) == pytest.approx(rest, rel=1e-4)


def test_a_smile_moves_the_mouth_only(shop: BodyShop) -> None:
    person = juno.make(shop)
    poser = Poser(person.body)
    plain, smiling = (posed(person, poser, standing(smile=s))[0].vertices for s in (0.0, 1.0))
    moved = np.linalg.norm(plain - smiling, axis=1)
    assert moved[person.body.masked("lips") > 0.5].max() > 0.003
    assert moved[person.body.weight_of("wrist", "foot") > 0.5].max() < 1e-9


def test_the_command_renders_the_dancer(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "reenactor_anny", "dance", "--out", str(tmp_path)]
    done = subprocess.run(
        [*command, "--every", "300", "--grid", "1"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    frame = cv2.imread(str(tmp_path / "frames" / "0000.png"))
    assert frame is not None
    assert frame.shape == (720, 540, 3)
    assert (tmp_path / "dance.mp4").stat().st_size > 1000
