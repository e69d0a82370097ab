"""What people are made of: cloth keeps off the skin, hems are where they are asked for."""

import numpy as np
import pytest

from reenactor.labels import Label
from reenactor_anny.body import Body, BodyShop
from reenactor_anny.bones import Bones
from reenactor_anny.clothes import Cloth, Drop, bottoms, hang, sew, skin_labels, tops
from reenactor_anny.demo import juno
from reenactor_anny.hair import LONG, Head, Locks, hairline
from reenactor_anny.hairdos import loose
from reenactor_anny.measures import Form
from reenactor_anny.mesh import cut, loft, normals, outline
from reenactor_anny.person import Person
from reenactor_anny.render import Camera, Scene, Surface, film, linear
from reenactor_anny.shoes import Shoe, shoes
from reenactor_anny.turning import about

SQUARE = np.array([[0.0, 0, 0], [1, 0, 0], [1, 0, 1], [0, 0, 1]])
TWO = np.array([[0, 1, 2], [0, 2, 3]])


@pytest.fixture(scope="module")
def shop() -> BodyShop:
    return BodyShop()


@pytest.fixture(scope="module")
def form(shop: BodyShop) -> Form:
    return Form.of(shop.make({"age": 0.67, "gender": 0.5}))


@pytest.fixture(scope="module")
def dancer(shop: BodyShop) -> Person:
    return juno.make(shop)


def test_a_cut_keeps_the_area_on_its_side() -> None:
    part = cut(TWO, SQUARE[:, 2] - 0.25)  # what lies higher than a quarter
    a, b, c = (part.take(SQUARE)[part.faces[:, k]] for k in range(3))
    assert np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2 == pytest.approx(0.75)
    assert part.take(SQUARE)[:, 2].min() == pytest.approx(0.25)


def test_a_lofted_tube_is_closed_and_its_open_sheet_is_not() -> None:
    angles = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    ring = np.stack([np.cos(angles), np.sin(angles), 0 * angles], 1)
    grid = np.stack([ring, ring + np.array([0, 0, 1])])
    points, faces = loft(grid, caps=True)
    # A closed surface without handles: corners - edges + faces = 2, three half-edges a face.
    assert len(points) - len(faces) * 3 // 2 + len(faces) == 2
    assert len(loft(grid, closed=False)[1]) == 2 * 11


def test_the_outline_of_a_square() -> None:
    corners = np.array([[1.0, 1], [-1, 1], [-1, -1], [1, -1]])
    ways = np.array([[1.0, 0], [np.sqrt(0.5), np.sqrt(0.5)]])
    assert outline(corners, ways)[0] == pytest.approx(1)


def test_cloth_keeps_off_the_skin_and_ends_at_its_hems(form: Form) -> None:
    shirt = sew(form, Cloth("shirt", Label.UPPER_CLOTHES, tops(form, 0.6, 0.05), 0.012))
    height = shirt.vertices[:, 2] - form.hip[2]
    assert height.min() > 0.05 - 0.02
    assert np.abs(shirt.weights.sum(1) - 1).max() < 1e-6
    skin = Surface(form.body.vertices, form.body.faces)
    # Seen from the front, the shirt hides the skin wherever it is.
    both = np.concatenate([skin.faces, shirt.faces + len(skin.vertices)])
    dressed = Surface(np.concatenate([skin.vertices, shirt.vertices]), both)
    camera = Camera(60, 90, middle=float(form.neck[2]) - 0.2, tall=0.7)
    y, x = np.mgrid[0:90, 0:60]
    pixels = np.stack([x.ravel(), y.ravel()], 1) + 0.5
    alone = Surface(shirt.vertices, shirt.faces).see(camera, pixels).face >= 0
    seen = dressed.see(camera, pixels).face[alone]
    assert alone.sum() > 500
    # Arms and hands hang before it here and there.
    assert (seen >= len(skin.faces)).mean() > 0.95


def test_trousers_end_where_they_are_asked_to(form: Form) -> None:
    shorts = sew(form, Cloth("shorts", Label.PANTS, bottoms(form, 0.1, 1.0), 0.01))
    knee = form.body.head("lowerleg01.L")[2]
    assert shorts.vertices[:, 2].min() == pytest.approx(knee, abs=0.03)


def test_a_skirt_is_wider_at_its_hem_and_may_be_open(form: Form) -> None:
    drop = Drop("skirt", Label.SKIRT, 0.1, -0.5, flare=0.2, depth=0.0)
    skirt = hang(form, drop)
    top, hem = (skirt.vertices[skirt.vertices[:, 2] == z] for z in
                (skirt.vertices[:, 2].max(), skirt.vertices[:, 2].min()))  # fmt: skip
    assert np.ptp(hem[:, 0]) > np.ptp(top[:, 0]) + 0.3
    opened = hang(form, Drop("coat", Label.COAT, 0.1, -0.5, 0.0, opening=60))
    ahead = opened.vertices[opened.vertices[:, 1] < opened.vertices[:, 1].mean() - 0.05]
    assert np.abs(ahead[:, 0]).min() > 0.02  # nothing in the middle of the front


def test_shoes_hold_the_feet(form: Form) -> None:
    for shoe, side, label in zip(
        shoes(form, Shoe(sole=0.02, solid=1.0)),
        "LR",
        (Label.LEFT_SHOE, Label.RIGHT_SHOE),
        strict=True,
    ):
        assert shoe.label == label
        sign = 1 if side == "L" else -1
        mine = (form.foot > 0.5) & (form.side * sign > 0)
        foot = form.body.vertices[mine]
        for axis in (0, 1):
            assert shoe.vertices[:, axis].min() < foot[:, axis].min() + 0.004
            assert shoe.vertices[:, axis].max() > foot[:, axis].max() - 0.004
        low = form.body.vertices[:, 2].min()
        assert shoe.vertices[:, 2].min() == pytest.approx(low - 0.02, abs=0.003)


def test_the_body_is_labelled_left_and_right(form: Form) -> None:
    labels = skin_labels(form)
    side = form.side[form.body.faces].mean(1)
    for left, right in (
        (Label.LEFT_HAND, Label.RIGHT_HAND),
        (Label.LEFT_ARM, Label.RIGHT_ARM),
        (Label.LEFT_LEG, Label.RIGHT_LEG),
    ):
        # Faces that the middle runs through may be on either side by some millimetres.
        assert (side[labels == left] > -0.005).all()
        assert (side[labels == right] < 0.005).all()


def test_long_hair_falls_over_the_shoulders_and_not_into_the_body(form: Form) -> None:
    skin = cut(form.body.faces, np.ones(len(form.body.vertices)))
    body = sew(form, Cloth("skin", Label.TORSO_SKIN, np.ones(len(form.head)), 0.0, taut=0))
    assert len(skin.faces) == len(form.body.faces)
    locks = Locks(60, lambda root: np.full(len(root), 0.4), fall=0.8, margin=0.006, steps=20)
    scalp, hair = loose(form, LONG, 0.006, locks, [body])
    assert scalp.label == hair.label == Label.HAIR
    assert hair.vertices[:, 2].min() < form.neck[2] - 0.05
    assert (hairline(form.body, LONG) > 0).sum() > 100
    face = Head.of(form.body).eye
    near = np.linalg.norm(hair.vertices - face - [0, -0.03, 0], axis=1)
    assert near.min() > 0.03  # free of the face


def test_bones_carry_as_a_rigid_turn_does(form: Form) -> None:
    body: Body = form.body
    turn = about(np.array([0, 0, 1.0]), 30)
    count = len(body.labels)
    bones = Bones(np.repeat(turn[None], count, 0), body.heads @ turn.T, body.heads)
    np.testing.assert_allclose(
        bones.carry(body.vertices, body.weights), body.vertices @ turn.T, atol=1e-6
    )


def test_normals_of_a_square_point_along_one_axis() -> None:
    np.testing.assert_allclose(np.abs(normals(SQUARE, TWO)), [[0, 1, 0]] * 4)


def test_a_camera_sees_where_it_projects_to() -> None:
    camera = Camera(80, 120, distance=4, eye=0.3, tall=2.0, middle=0.5, aside=0.2)
    points = np.array([[0.1, 0.0, 0.4], [-0.3, 0.7, 0.9], [0.2, -0.5, 0.1]])
    ways = points - camera.place
    ways /= np.linalg.norm(ways, axis=1, keepdims=True)
    np.testing.assert_allclose(camera.aim(camera.project(points)), ways, atol=1e-12)
    # In the plane of the origin a metre is height / tall pixels; the middle shows aside, middle.
    np.testing.assert_allclose(camera.project(np.array([0.2, 0, 0.5])), [40, 60])
    np.testing.assert_allclose(camera.project(np.array([0.7, 0, 1.5])), [70, 0])


def test_rays_hit_the_nearest_and_mix_its_corners() -> None:
    near, far = SQUARE - [0.5, 0, 0], SQUARE - [0.5, -1, 0]
    surface = Surface(np.concatenate([far, near]), np.concatenate([TWO, TWO + 4]))
    camera = Camera(10, 10, distance=2, eye=0.5, tall=2, middle=0.5)
    hits = surface.see(camera, np.array([[5.0, 5.0], [0.5, 0.5]]))
    assert hits.face[0] in (2, 3)
    assert hits.face[1] == -1
    np.testing.assert_allclose(hits.mix(surface.vertices[surface.faces]), [[0, 0, 0.5]], atol=1e-6)


def test_colours_survive_the_way_to_light_and_keep_their_order() -> None:
    grey = linear("#808080")
    assert grey == pytest.approx(((128 / 255 + 0.055) / 1.055) ** 2.4)
    assert linear("#000000").sum() == 0
    shades = film(np.linspace(0, 4, 50))
    assert (np.diff(shades) >= 0).all()
    assert shades.max() <= 1


def test_whoever_is_put_together_is_labelled_and_painted(dancer: Person) -> None:
    labels = {int(label) for layer in dancer.layers for label in np.unique(layer.label)}
    assert {Label.UPPER_CLOTHES, Label.PANTS, Label.HAIR, Label.FACE, Label.LEFT_HAND} <= labels
    assert int(Label.BACKGROUND) not in labels
    assert {layer.material for layer in dancer.layers} == set(dancer.painters)
    albedos = Scene(dancer.layers, dancer.painters).albedos
    shirt = next(k for k, layer in enumerate(dancer.layers) if layer.material == "shirt")
    starts = np.cumsum([0, *(len(layer.faces) for layer in dancer.layers)])
    mean = albedos[starts[shirt] : starts[shirt + 1]].mean(0)
    np.testing.assert_allclose(mean, linear("#f2b632"), rtol=0.15)  # the dye that she is given
