"""The dancer of the driving video: a young woman with a bun, a wide shirt and dark trousers."""

import numpy as np
from body import Array, BodyShop
from clothes import Cloth, Shoe, bottoms, measure, sew, shoes, snug, tops
from face import Complexion
from hair import (
    TIED,
    Ground,
    Locks,
    ball,
    cap,
    grow,
    hairline,
    head_of,
    on_bone,
)
from mesh import unit
from paint import cloth_painter, hair_painter, shoe_painter
from person import SOLE, Person, person


def make(shop: BodyShop) -> Person:
    """Kept at rest; see `make.posed`."""
    body = shop.make(
        {"gender": 0.95, "age": 0.66, "muscle": 0.5, "weight": 0.47, "height": 0.45,
         "proportions": 0.9, "cupsize": 0.42, "firmness": 0.7, "african": 0.2, "asian": 0.35,
         "caucasian": 0.45},
        {"l-eye-scale-incr": 0.45, "r-eye-scale-incr": 0.45, "mouth-angles-up": 0.4},
    )  # fmt: skip
    m = measure(body)
    shirt, trousers = tops(body, m, 0.62, 0.0), bottoms(m, 0.06, 1.84)
    ease = 0.014 + 0.012 * np.clip(m.arm, 0, 1) + 0.008 * np.clip((0.2 - m.height) / 0.2, 0, 1)
    loose = 0.007 + 0.012 * np.clip(m.leg - 0.3, 0, 1.6)
    line = hairline(body, TIED)
    scalp = cap(body, line, 0.009)
    head = head_of(body)
    knot = head.centre + np.array([0.0, 0.045, 0.98 * head.tall])

    def comb(points: Array, _: float) -> Array:
        return unit(knot - points)

    locks = grow(
        scalp, Ground([scalp]),
        Locks(560, lambda root: np.linalg.norm(root - knot, axis=1) * 1.02, comb, 0.0105, 0.1,
              margin=0.002, spread=0.004, steps=8, stiff=0.3),
        on_bone(body, "head"),
    )  # fmt: skip
    worn = (
        sew(body, Cloth("trousers", trousers, loose, 30)),
        sew(body, Cloth("shirt", shirt, snug(body, ease), 60)),
        scalp, locks, ball(body, knot, 0.045), *shoes(body, Shoe(SOLE)),
    )  # fmt: skip
    look = Complexion("#c98f6b", "#a8504a", "#2a1812", "#4a2c18", hair="#2b1710")
    painters = {
        "shirt": cloth_painter("#f2b632", hem=0.014),
        "trousers": cloth_painter("#27324d", seed=4, hem=0.02),
        "hair": hair_painter("#2b1710", "#5a3420"),
        "shoe": shoe_painter("#f4f1ea", "#ffffff", "#e2604a"),
    }  # fmt: skip
    return person(body, look, line, [shirt, trousers], worn, painters)
