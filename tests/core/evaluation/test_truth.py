"""Which frame becomes the target."""

from dataclasses import replace
from typing import Any

import av
import numpy as np
import pytest
import torch

from reenactor import api
from reenactor.errors import NoPersonError, UsageError
from reenactor.evaluation.truth import frontality, target_index
from reenactor.joints import Joint
from reenactor.media.video import read_video
from reenactor.progress import Silent
from reenactor.testing.cartoon import dancing
from reenactor.testing.samples import motion
from reenactor.values import Motion, Skeleton


@pytest.fixture(scope="module")
def dance() -> Motion:
    return motion(dancing(6, (223, 167)))


def test_first_is_the_first_with_the_dancer(dance: Motion) -> None:
    present = torch.tensor([False, False, True, True, True, True])
    assert target_index(replace(dance, present=present), "first") == 2


def test_a_number_must_be_a_frame_with_the_dancer(dance: Motion) -> None:
    assert target_index(dance, 4) == 4
    for wrong in (6, -1):
        with pytest.raises(UsageError, match="invalid target frame"):
            target_index(dance, wrong)
    nobody = replace(dance, present=torch.zeros(6, dtype=torch.bool))
    with pytest.raises(NoPersonError):
        target_index(nobody, "frontal")


def test_frontal_prefers_those_who_face_the_camera_and_stand(dance: Motion) -> None:
    body = dance.skeleton.body.clone()
    turned = body[:1].clone()  # seen from behind: left and right exchanged
    shoulders = [Joint.L_SHOULDER, Joint.R_SHOULDER]
    turned[0, shoulders] = turned[0, shoulders[::-1]]
    crouching = body[:1].clone()
    for joint in (Joint.L_ANKLE, Joint.R_ANKLE):
        crouching[0, joint, 1] = crouching[0, Joint.MID_HIP, 1] + 10
    unsure = body[:1].clone()
    unsure[..., 2] *= 0.4
    bodies = torch.cat([turned, crouching, unsure, body[:1]])
    empty = Skeleton.empty(4)
    score = frontality(Skeleton(bodies, empty.hands, empty.face))
    assert int(score.argmax()) == 3
    assert float(score[0]) == 0


def test_analyze_tells_that_a_video_is_cut_short(studio: Any) -> None:
    told: list[str] = []

    class Listening(Silent):
        def note(self, text: str) -> None:
            told.append(text)

    cut = studio.folder / "cut.mkv"
    noise = np.random.default_rng(0)  # so that all frames are about as large in the file
    with av.open(str(cut), "w") as file:
        stream = file.add_stream("libx264rgb", rate=10, options={"qp": "0"})
        stream.height, stream.width, stream.pix_fmt = 160, 200, "rgb24"
        for frame in read_video(studio.video):
            pixels = frame.pixels ^ noise.integers(0, 4, frame.pixels.shape, np.uint8)
            file.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        file.mux(stream.encode())
    cut.write_bytes(cut.read_bytes()[: cut.stat().st_size * 6 // 10])
    found = api.analyze(cut, spec=studio.spec, setup=studio.setup, progress=Listening())
    assert 4 < found.frames < 12
    assert any("cut.mkv is truncated" in text for text in told)
