"""The target's own place: how large it is, and where the dance is in it."""

from typing import Any

import numpy as np
import pytest

from reenactor.joints import Joint
from reenactor.media.photo import Photo
from reenactor.pipeline.driver import open_driver
from reenactor.pipeline.render import Scene
from reenactor.pipeline.scene import build_scene
from reenactor.pipeline.target import analyze_photo
from reenactor.progress import Silent
from reenactor.spec.motion import OutputSpec


def place_of(stage: Any, scale: int, **sides: object) -> Scene:
    """A photo of 160 x 120 pixels, enlarged, with somebody's feet at y = 100."""
    pixels = np.full((120, 160, 3), (40, 160, 60), np.uint8)
    pixels[40:100, 70:90] = (30, 30, 220)
    large = pixels.repeat(scale, 0).repeat(scale, 1)
    portrait = analyze_photo(
        Photo(large, None, "photo"), stage.components.estimator, stage.components.parser, Silent()
    )
    request = stage.request(background="target")
    driver = open_driver(
        stage.driver, stage.components.estimator, request.spec.motion, request.crowd_cache, Silent()
    )
    spec = request.spec
    if sides:
        spec = spec.model_copy(update={"output": OutputSpec.model_validate(sides)})
    return build_scene(portrait, driver, spec, stage.components.inpainter, Silent())


@pytest.mark.parametrize(
    ("scale", "size"),
    [
        (1, (120, 160)),  # a small photo is not enlarged
        (12, (1440, 1920)),
        (20, (1440, 1920)),  # 3200 x 2400: no side of the result is longer than 1920
    ],
)
def test_the_place_is_as_large_as_the_photo_up_to_1920(
    stage: Any, scale: int, size: tuple[int, int]
) -> None:
    scene = place_of(stage, scale)
    assert scene.size == size
    behind = scene.backdrop.picture(0, None)
    assert behind is not None
    assert behind.shape == (*size, 3)
    feet = scene.motion.skeleton.body[:, Joint.L_ANKLE, 1].median()
    assert float(feet) == pytest.approx(100 / 120 * size[0], rel=0.03)


@pytest.mark.parametrize("scale", [12, 20])
def test_a_canvas_follows_the_dancers_size_in_the_output(stage: Any, scale: int) -> None:
    """The person in the photo is 60 of 120 pixels tall, in the result 720 of 1440, and the canvas
    has a margin."""
    scene = place_of(stage, scale, height="auto")
    rows, columns = scene.window.canvas
    assert 720 < rows < 1.3 * 720
    assert scene.target.window.canvas == (rows, columns)
    largest = float((scene.window.box[:, 3] - scene.window.box[:, 1]).quantile(0.9))
    assert rows - 32 < largest <= rows + 32  # its shape is within half a step of 8:5


def test_a_canvas_has_a_least_size(stage: Any) -> None:
    assert place_of(stage, 1, height="auto").window.canvas == (256, 160)
