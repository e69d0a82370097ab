"""A young woman with long dark hair in a red dress with white dots."""

from dataclasses import replace

import numpy as np
from body import Array, Body, BodyShop
from clothes import Cloth, Shoe, bare, bottoms, measure, sew, shoes, skirt, tops
from face import Complexion
from hair import (
    LONG,
    Ground,
    Locks,
    cap,
    grow,
    hairline,
    head_of,
    on_bone,
)
from mesh import unit
from paint import cloth_painter, dots, hair_painter, shoe_painter
from person import SOLE, Person, person


def make(shop: BodyShop) -> Person:
    """Kept at rest; see `make.posed`."""
    body = shop.make(
        {"gender": 1.0, "age": 0.64, "muscle": 0.45, "weight": 0.42, "height": 0.47,
         "proportions": 1.0, "cupsize": 0.5, "firmness": 0.7, "african": 0.1, "asian": 0.8,
         "caucasian": 0.3},
        {"l-eye-scale-incr": 0.5, "r-eye-scale-incr": 0.5, "mouth-angles-up": 0.3},
    )  # fmt: skip
    m = measure(body)
    bodice = tops(body, m, 0.34, 0.16, neck=0.05, drop=0.10)
    flared = skirt(body, "dress", 0.185, -0.47, 0.13, depth=0.026)
    under = bottoms(m, 0.20, 0.6)
    line = hairline(body, LONG)
    scalp = cap(body, line, 0.006)
    head = head_of(body)
    top = sew(body, Cloth("dress", bodice, 0.006, 60))
    shore = Ground([bare(body, line, [bodice]), top, scalp])
    part = 0.012
    ear = np.array([head.wide * 1.08, head.centre[1] - 0.012, head.eye[2] + 0.012])

    def comb(points: Array, _: float) -> Array:
        d = points - head.centre
        side = np.where(d[:, 0] > part, 1.0, -1.0)[:, None]
        ahead = (d[:, 1] < 0.03)[:, None]
        high = np.clip((points[:, 2] - ear[2]) / 0.03, 0, 1)[:, None]
        to_ear = unit(ear * np.concatenate([side, np.ones((len(d), 2))], axis=1) - points)
        back = np.stack([0.25 * d[:, 0] / head.wide, 0.25 + 0 * d[:, 0], -1 + 0 * d[:, 0]], axis=1)
        down = np.concatenate([0.06 * side, 0 * side - 0.10, 0 * side - 1], axis=1)
        return unit(np.where(ahead, high * to_ear + (1 - high) * down, unit(back)))

    locks = grow(
        scalp, shore,
        Locks(1100, lambda root: 0.44 + 0 * root[:, 2], comb, 0.013, 0.15, fall=0.8, wave=0.0025,
              margin=0.006, spread=0.016, steps=30, stiff=0.55),
        on_bone(body, "head"),
    )  # fmt: skip
    locks = replace(locks, weights=_falling(body, locks.vertices))
    worn = (
        top, flared, scalp, locks, *shoes(body, Shoe(SOLE, top=0.0)),
    )  # fmt: skip
    look = Complexion("#e3b795", "#b8414a", "#1a1210", "#2c1a10", liner=0.9, hair="#140d0b")
    painters = {
        "dress": cloth_painter(
            "#b92b3a", crease=0.14, sheen=0.2, pattern=dots("#f4e4d2", 0.055, 0.0085)
        ),
        "hair": hair_painter("#140d0b", "#33221b"),
        "shoe": shoe_painter("#2b2022", "#3b2c2c", "#2b2022"),
    }  # fmt: skip
    return person(body, look, line, [bodice, under], worn, painters)


def _falling(body: Body, points: Array) -> Array:
    """Long hair follows the head above and the chest below."""
    chin = body.head("head")[2]
    share = np.clip((points[:, 2] - chin + 0.12) / 0.14, 0, 1)[:, None]
    return on_bone(body, "head")(points) * share + on_bone(body, "spine01")(points) * (1 - share)
