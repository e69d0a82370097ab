"""The two questions asked of the scene, as warp kernels: what is seen, and how is it lit."""

from typing import no_type_check

import warp as wp

wp.config.log_level = wp.LOG_ERROR  # that there is no GPU is no matter: all runs on the CPU


@no_type_check
@wp.kernel
def see(
    scene: wp.uint64,
    starts: wp.array(dtype=wp.vec3),
    aims: wp.array(dtype=wp.vec3),
    faces: wp.array(dtype=wp.int32),
    corners: wp.array(dtype=wp.vec2),
):
    """The first face along each ray (-1 for none) and the weights of its first two corners."""
    i = wp.tid()
    hit = wp.mesh_query_ray(scene, starts[i], aims[i], 100.0)
    faces[i] = -1
    if hit.result:
        faces[i] = hit.face
        corners[i] = wp.vec2(hit.u, hit.v)


@no_type_check
@wp.func
def dice(x: int, y: int, z: int, seed: int):
    """A number in [-1, 1] for a lattice point."""
    key = (x * 73856093) ^ (y * 19349663) ^ (z * 83492791) ^ (seed * 374761393)
    return wp.randf(wp.rand_init(key)) * 2.0 - 1.0


@no_type_check
@wp.kernel
def lattice(points: wp.array(dtype=wp.vec3), seed: int, out: wp.array(dtype=float)):
    """Value noise: numbers on a lattice of distance 1, smoothly mixed between."""
    i = wp.tid()
    p = points[i]
    x, y, z = int(wp.floor(p[0])), int(wp.floor(p[1])), int(wp.floor(p[2]))
    a, b, c = p[0] - float(x), p[1] - float(y), p[2] - float(z)
    a, b, c = a * a * (3.0 - 2.0 * a), b * b * (3.0 - 2.0 * b), c * c * (3.0 - 2.0 * c)
    total = 0.0
    for k in range(8):
        dx, dy, dz = k & 1, (k >> 1) & 1, (k >> 2) & 1
        share = wp.where(dx == 1, a, 1.0 - a) * wp.where(dy == 1, b, 1.0 - b)
        share = share * wp.where(dz == 1, c, 1.0 - c)
        total = total + share * dice(x + dx, y + dy, z + dz, seed)
    out[i] = total


@no_type_check
@wp.func
def across(axis: wp.vec3, a: float, b: float):
    """A point of the unit disc square to `axis`, from two numbers in [0, 1)."""
    helper = wp.vec3(1.0, 0.0, 0.0)
    if wp.abs(axis[0]) > 0.7:
        helper = wp.vec3(0.0, 1.0, 0.0)
    u = wp.normalize(wp.cross(axis, helper))
    v = wp.cross(axis, u)
    return u * (wp.sqrt(a) * wp.cos(6.2831853 * b)) + v * (wp.sqrt(a) * wp.sin(6.2831853 * b))


@no_type_check
@wp.func
def around(axis: wp.vec3, a: float, b: float):
    """A direction about `axis`, cosine-weighted, from two numbers in [0, 1)."""
    return wp.normalize(across(axis, a, b) + axis * wp.sqrt(wp.max(0.0, 1.0 - a)))


@no_type_check
@wp.func
def sky(aim: wp.vec3, top: wp.vec3, bottom: wp.vec3):
    """The studio's own glow: brighter above and in front, the floor's colour from below."""
    t = 0.5 + 0.5 * aim[2]
    front = 0.75 - 0.25 * aim[1]
    return (top * t + bottom * (1.0 - t)) * front


@no_type_check
@wp.kernel
def light(
    scene: wp.uint64,
    albedos: wp.array(dtype=wp.vec3),
    spots: wp.array(dtype=wp.vec3),
    normals: wp.array(dtype=wp.vec3),
    flats: wp.array(dtype=wp.vec3),
    views: wp.array(dtype=wp.vec3),
    wraps: wp.array(dtype=wp.vec3),
    roughs: wp.array(dtype=float),
    lamps: wp.array(dtype=wp.vec3),
    glows: wp.array(dtype=wp.vec3),
    radii: wp.array(dtype=float),
    top: wp.vec3,
    bottom: wp.vec3,
    bounces: int,
    turn: int,
    hashes: wp.array(dtype=wp.vec2),
    diffuse: wp.array(dtype=wp.vec3),
    gloss: wp.array(dtype=wp.vec3),
):
    """Light on each spot: from round lamps with soft shadow, from the studio, off its neighbours.

    Sample number `turn` of a spot takes the next place of an even sequence, which starts at the
    pixel's own `hashes`, so that a pixel's samples share out the lamp. `wraps` lets light creep
    round the edge of shadow by channel, as it does under skin.
    """
    i = wp.tid()
    n = normals[i]
    step = float(turn)
    base = hashes[i]
    start = spots[i] + flats[i] * 0.0015
    total = wp.vec3(0.0, 0.0, 0.0)
    shine = wp.vec3(0.0, 0.0, 0.0)
    power = 2.0 / wp.max(1.0e-3, roughs[i] * roughs[i])
    for k in range(lamps.shape[0]):
        a = wp.mod(base[0] + step * 0.7548776662 + 0.37 * float(k), 1.0)
        b = wp.mod(base[1] + step * 0.5698402910 + 0.61 * float(k), 1.0)
        aim = lamps[k] - spots[i]
        aim = aim + across(wp.normalize(aim), a, b) * radii[k]
        far = wp.length(aim)
        aim = aim / far
        facing = wp.dot(n, aim)
        w = wraps[i]
        soft = wp.vec3(
            wp.max(0.0, (facing + w[0]) / (1.0 + w[0])),
            wp.max(0.0, (facing + w[1]) / (1.0 + w[1])),
            wp.max(0.0, (facing + w[2]) / (1.0 + w[2])),
        )
        if soft[0] + soft[1] + soft[2] > 0.0:
            clear = 1.0
            if wp.dot(flats[i], aim) > 0.0:
                block = wp.mesh_query_ray(scene, start, aim, far)
                if block.result:
                    clear = 0.0
            elif w[0] <= 0.0:
                clear = 0.0
            total = total + wp.cw_mul(glows[k], soft) * clear
            half = wp.normalize(aim - views[i])
            peak = wp.pow(wp.max(0.0, wp.dot(n, half)), power) * (power + 8.0) / 25.0
            shine = shine + glows[k] * (peak * clear * wp.max(0.0, facing))
    around_us = wp.vec3(0.0, 0.0, 0.0)
    for k in range(bounces):
        turns = step * float(bounces) + float(k)
        a = wp.mod(base[1] + turns * 0.7548776662, 1.0)
        b = wp.mod(base[0] + turns * 0.5698402910, 1.0)
        aim = around(n, a, b)
        near = wp.mesh_query_ray(scene, start, aim, 1.2)
        if near.result:
            fade = near.t / 1.2
            tint = albedos[near.face]
            around_us = (
                around_us
                + wp.cw_mul(tint, top) * (0.45 * (1.0 - fade))
                + sky(aim, top, bottom) * (fade * fade * 0.8)
            )
        else:
            around_us = around_us + sky(aim, top, bottom)
    diffuse[i] = total + around_us / float(wp.max(1, bounces))
    mirror = views[i] - n * (2.0 * wp.dot(n, views[i]))
    gloss[i] = shine + sky(mirror, top, bottom) * 0.25
