"""Pictures of people: supersampled ray casting, painted surfaces, soft light, a studio behind."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import warp as wp
from numpy.typing import NDArray

from reenactor_anny import rays
from reenactor_anny.mesh import Array, Faces, Layer, normals, unit


@dataclass(frozen=True)
class Spots:
    """Seen points of one material: `coords` at rest, `normal`, `place`; the rest as in a Layer."""

    coords: Array
    normal: Array
    place: Array
    uv: Array | None
    flow: Array | None
    tint: Array | None


@dataclass(frozen=True)
class Paint:
    """`albedo` (n, 3) linear; `rough` (n,), `shine` (n,) strength; `wrap` (3,) light's creep."""

    albedo: Array
    rough: Array
    shine: Array
    wrap: tuple[float, float, float] = (0.0, 0.0, 0.0)
    normal: Array | None = None


Painter = Callable[[Spots], Paint]


@dataclass(frozen=True)
class Camera:
    """Looks level along +y from `distance` metres before the origin at the height `eye`.

    `tall` metres fit the picture's height at the origin; its middle shows the height `middle` and
    what is `aside` metres to the right. Pixels count from the picture's corner: the first one's
    middle is at (0.5, 0.5).
    """

    width: int
    height: int
    distance: float = 7.0
    eye: float = 1.2
    tall: float = 2.2
    middle: float = 1.0
    aside: float = 0.0

    @property
    def scale(self) -> float:
        """Pixels to a metre at the origin."""
        return self.height / self.tall

    def project(self, points: Array) -> Array:
        """(..., 3) metres to (..., 2) pixels."""
        depth = (points[..., 1] + self.distance) / self.distance
        x = self.width / 2 + (points[..., 0] / depth - self.aside) * self.scale
        z = (points[..., 2] - self.eye) / depth + self.eye - self.middle
        return np.stack([x, self.height / 2 - z * self.scale], axis=-1)

    def aim(self, pixels: Array) -> Array:
        """(n, 2) pixels to (n, 3) unit directions."""
        x = (pixels[:, 0] - self.width / 2) / self.scale + self.aside
        z = (self.height / 2 - pixels[:, 1]) / self.scale + self.middle - self.eye
        return unit(np.stack([x, np.full_like(x, self.distance), z], axis=1))

    @property
    def place(self) -> Array:
        return np.array([0.0, -self.distance, self.eye])


@dataclass(frozen=True)
class Lamp:
    place: tuple[float, float, float]
    glow: tuple[float, float, float]
    radius: float


@dataclass(frozen=True)
class Studio:
    """Lamps, the ambient's colours from above and below, and the backdrop's formula."""

    backdrop: Callable[[Camera], Array]
    lamps: Sequence[Lamp] = (
        Lamp((-2.8, -3.6, 3.4), (1.95, 1.84, 1.70), 0.9),
        Lamp((3.4, -2.2, 2.0), (0.34, 0.38, 0.48), 1.2),
        Lamp((2.4, 2.6, 3.2), (1.1, 1.1, 1.2), 0.6),
    )
    above: tuple[float, float, float] = (0.46, 0.48, 0.53)
    below: tuple[float, float, float] = (0.30, 0.27, 0.25)
    exposure: float = 0.78


@dataclass(frozen=True)
class Shot:
    """`picture` and `background` (without the person) (H, W, 3) uint8."""

    picture: NDArray[np.uint8]
    background: NDArray[np.uint8]


def film(linear: Array) -> Array:
    """Linear light to display values in [0, 1]: a soft shoulder, then the sRGB curve."""
    x = np.maximum(linear, 0)
    x = x * (1 + x / 6.25) / (1 + x)  # Reinhard, white at 2.5
    x = x * 1.18
    return np.asarray(
        np.where(x <= 0.0031308, 12.92 * x, 1.055 * x ** (1 / 2.4) - 0.055).clip(0, 1)
    )


def linear(colour: str) -> Array:
    """'#rrggbb' to linear light (3,)."""
    c = np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)]) / 255
    return np.asarray(np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4))


def _vec(values: Array) -> wp.array:
    return wp.array(np.ascontiguousarray(values, np.float32), dtype=wp.vec3, device="cpu")


@dataclass(frozen=True)
class Hits:
    """What rays hit: `face` (n,), -1 for nothing, and the weights of its `corners` (n, 3)."""

    face: Faces
    corners: Array

    def mix(self, values: Array) -> Array:
        """Values of faces' corners (F, 3, C) at the spots that were hit, (hits, C)."""
        seen = self.face >= 0
        return np.asarray(np.einsum("nc,ncd->nd", self.corners[seen], values[self.face[seen]]))


class Surface:
    """A mesh that rays can ask."""

    def __init__(self, vertices: Array, faces: Faces) -> None:
        self.vertices, self.faces = vertices, faces
        self.mesh = wp.Mesh(
            points=_vec(vertices),
            indices=wp.array(faces.ravel().astype(np.int32), dtype=wp.int32, device="cpu"),
        )

    def see(self, camera: Camera, pixels: Array) -> Hits:
        """What is seen at pixels (n, 2)."""
        count = len(pixels)
        faces = wp.zeros(count, dtype=wp.int32, device="cpu")
        corners = wp.zeros(count, dtype=wp.vec2, device="cpu")
        starts = np.broadcast_to(camera.place, (count, 3))
        wp.launch(
            rays.see, dim=count, device="cpu",
            inputs=[self.mesh.id, _vec(starts), _vec(camera.aim(pixels)), faces, corners],
        )  # fmt: skip
        two = corners.numpy().astype(np.float64)
        weights = np.stack([two[:, 0], two[:, 1], 1 - two.sum(axis=1)], axis=1)
        return Hits(faces.numpy().astype(np.int64), weights)


class Scene(Surface):
    """Layers as one mesh, painted."""

    def __init__(
        self, layers: Sequence[Layer], painters: dict[str, Painter], albedos: Array | None = None
    ) -> None:
        """`albedos` (F, 3) are those of an earlier scene of the same layers, to save work."""
        self._layers, self._painters = layers, painters
        self._owner = np.concatenate([np.full(len(a.faces), k) for k, a in enumerate(layers)])
        self._first = np.cumsum([0] + [len(layer.faces) for layer in layers])
        self._normals = np.concatenate([normals(a.vertices, a.faces) for a in layers])
        starts = np.cumsum([0] + [len(layer.vertices) for layer in layers])
        super().__init__(
            np.concatenate([layer.vertices for layer in layers]),
            np.concatenate([a.faces + start for a, start in zip(layers, starts, strict=False)]),
        )
        self.albedos = self._mean_albedos() if albedos is None else albedos

    def _mean_albedos(self) -> Array:
        out = np.zeros((len(self.faces), 3))
        for k, layer in enumerate(self._layers):
            rows = np.arange(len(layer.faces))
            third = np.full((len(rows), 3), 1 / 3)
            out[self._owner == k] = self._paint(k, rows, third)[0].albedo
        return out

    def _paint(self, k: int, rows: Faces, corners: Array) -> tuple[Paint, Array, Array]:
        layer = self._layers[k]
        faces = self.faces[rows + self._first[k]]
        local = layer.faces[rows]

        def blend(values: Array) -> Array:
            return np.asarray(np.einsum("nc,ncd->nd", corners, values))

        place = blend(self.vertices[faces])
        normal = unit(blend(self._normals[faces]))
        spots = Spots(
            coords=blend(layer.coords[local]),
            normal=normal,
            place=place,
            uv=None if layer.uv is None else blend(layer.uv[rows]),
            flow=None if layer.flow is None else unit(blend(layer.flow[local])),
            tint=None if layer.tint is None else blend(layer.tint[local][..., None])[:, 0],
        )
        paint = self._painters[layer.material](spots)
        return paint, place, normal if paint.normal is None else paint.normal

    def shade(
        self, faces: Faces, corners: Array, camera: Camera, studio: Studio,
        bounces: int, turn: int, hashes: Array,
    ) -> Array:  # fmt: skip
        """Linear light (n, 3) leaving the seen spots for the camera."""
        count = len(faces)
        albedo, spot, normal, flat = (np.zeros((count, 3)) for _ in range(4))
        rough, shine, wrap = np.zeros(count), np.zeros(count), np.zeros((count, 3))
        owner = self._owner[faces]
        for k in np.unique(owner):
            mine = np.flatnonzero(owner == k)
            paint, place, bent = self._paint(k, faces[mine] - self._first[k], corners[mine])
            albedo[mine], spot[mine], normal[mine] = paint.albedo, place, bent
            rough[mine], shine[mine], wrap[mine] = paint.rough, paint.shine, paint.wrap
        a, b, c = (self.vertices[self.faces[faces][:, k]] for k in range(3))
        flat = unit(np.cross(b - a, c - a))
        view = unit(spot - camera.place)
        away = np.sign(-np.einsum("nd,nd->n", flat, view))[:, None]
        flat = flat * np.where(away == 0, 1, away)
        turned = np.sign(np.einsum("nd,nd->n", flat, normal))[:, None]
        normal = normal * np.where(turned == 0, 1, turned)
        diffuse, gloss = self.lit(
            spot, normal, flat, view, wrap, rough, studio, bounces, turn, hashes
        )
        fresnel = 0.04 + 0.5 * (1 - np.abs(np.einsum("nd,nd->n", view, normal))) ** 5
        return np.asarray(albedo * diffuse + gloss * (shine * fresnel * 6)[:, None])

    def lit(
        self, spot: Array, normal: Array, flat: Array, view: Array, wrap: Array, rough: Array,
        studio: Studio, bounces: int, turn: int, hashes: Array,
    ) -> tuple[Array, Array]:  # fmt: skip
        """Diffuse and glossy light (n, 3) at spots."""
        count = len(spot)
        out = [wp.zeros(count, dtype=wp.vec3, device="cpu") for _ in range(2)]
        floats = [wp.array(np.asarray(v, np.float32), dtype=float, device="cpu")
                  for v in (rough, [lamp.radius for lamp in studio.lamps])]  # fmt: skip
        wp.launch(
            rays.light, dim=count, device="cpu",
            inputs=[
                self.mesh.id, _vec(self.albedos), _vec(spot), _vec(normal), _vec(flat),
                _vec(view), _vec(wrap), floats[0],
                _vec(np.array([lamp.place for lamp in studio.lamps])),
                _vec(np.array([lamp.glow for lamp in studio.lamps])), floats[1],
                wp.vec3(*studio.above), wp.vec3(*studio.below), bounces, turn,
                wp.array(hashes.astype(np.float32), dtype=wp.vec2, device="cpu"), *out,
            ],
        )  # fmt: skip
        return out[0].numpy().astype(np.float64), out[1].numpy().astype(np.float64)
