"""The silhouette from bones and colours."""

import numpy as np

from reenactor.testing.cartoon import Drawn
from reenactor_plugins.parser.guided.body_geometry import BodyGeometry, J, body_geometry
from reenactor_plugins.parser.guided.silhouette import depth_of, silhouette


def at(values: np.ndarray, point: np.ndarray) -> float:
    x, y = point.round().astype(int)
    return float(values[y, x])


def test_the_border_follows_colours(figure: BodyGeometry, drawn: Drawn) -> None:
    found = silhouette(drawn.frames.pixels[0].numpy(), figure, 0) > 0.5
    truth = drawn.parsing.labels[0].numpy() > 0
    by_bones = depth_of(figure, truth.shape) < 1
    shares = [(mask & truth).sum() / (mask | truth).sum() for mask in (found, by_bones)]
    assert shares[0] > 0.85
    assert shares[0] > shares[1]


def test_it_is_the_same_each_time(figure: BodyGeometry, drawn: Drawn) -> None:
    picture = drawn.frames.pixels[0].numpy()
    first = silhouette(picture, figure, 3)
    silhouette(picture[:, ::-1].copy(), figure, 4)
    assert (silhouette(picture, figure, 3) == first).all()


def test_depth_is_least_on_the_bones(figure: BodyGeometry) -> None:
    depth = depth_of(figure, (223, 167))
    for joint in (J.NOSE, J.L_ELBOW, J.R_KNEE, J.MID_HIP):
        assert at(depth, figure[joint]) < 0.3
    assert depth[0, 0] > 2


def test_without_background_the_bones_alone_say_where_the_person_is(figure: BodyGeometry) -> None:
    """A crop so tight that everything in it may be the person gives GrabCut nothing to learn."""
    x, y = figure[J.MID_HIP].round().astype(int)
    near = body_geometry(figure.body - [x - 3, y - 3, 0], np.zeros((70, 3)))
    assert near is not None
    assert silhouette(np.full((6, 6, 3), 90, np.uint8), near, 0).all()
