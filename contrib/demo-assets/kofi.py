"""An athletic young man in a coral T-shirt and navy shorts."""

import numpy as np
from body import Array, BodyShop
from clothes import Cloth, Shoe, bottoms, measure, sew, shoes, snug, tops
from face import Complexion
from hair import (
    SHORT,
    Ground,
    Locks,
    cap,
    grow,
    hairline,
    head_of,
    on_bone,
)
from mesh import unit
from paint import bands, cloth_painter, hair_painter, shoe_painter
from person import SOLE, Person, person


def make(shop: BodyShop) -> Person:
    """Kept at rest; see `make.posed`."""
    body = shop.make(
        {"gender": 0.0, "age": 0.66, "muscle": 0.66, "weight": 0.45, "height": 0.38,
         "proportions": 1.0, "african": 1.0, "asian": 0.0, "caucasian": 0.1},
        {"l-eye-scale-incr": 0.35, "r-eye-scale-incr": 0.35, "mouth-angles-up": 0.3},
    )  # fmt: skip
    m = measure(body)
    shirt, shorts = tops(body, m, 0.62, -0.02, neck=0.04, drop=0.065), bottoms(m, 0.06, 0.82)
    socks = np.minimum((m.leg - 1.72) * 0.4, 0.2)
    ease = 0.012 + 0.010 * np.clip(m.arm, 0, 1) + 0.008 * np.clip((0.2 - m.height) / 0.2, 0, 1)
    loose = 0.010 + 0.022 * np.clip(m.leg, 0, 1)
    line = hairline(body, SHORT)
    head = head_of(body)
    scalp = cap(body, line, 0.010)

    def cropped(root: Array) -> Array:
        return 0.011 + 0.05 * np.clip(root[:, 2] - head.eye[2] - 0.04, 0, 0.1)

    def outward(points: Array, _: float) -> Array:
        return unit(points - head.centre)

    curls = grow(
        scalp, Ground([scalp]),
        Locks(3400, cropped, outward, 0.006, 0.8, wave=0.007, margin=0.0, spread=0.0, steps=9),
        on_bone(body, "head"),
    )  # fmt: skip
    worn = (
        sew(body, Cloth("shorts", shorts, loose, 30)),
        sew(body, Cloth("shirt", shirt, snug(body, ease), 60)),
        sew(body, Cloth("socks", socks, 0.003, 4)),
        scalp, curls, *shoes(body, Shoe(SOLE)),
    )  # fmt: skip
    look = Complexion(
        "#7f5238",
        "#7d4238",
        "#0c0807",
        "#2a160c",
        brow=0.005,
        blush=0.12,
        stubble=0.25,
        hair="#0a0706",
    )
    painters = {
        "shirt": cloth_painter(
            "#ef6a4f", hem=0.014, pattern=bands("#fff3e2", (0.37, 0.395), (0.33, 0.36))
        ),
        "shorts": cloth_painter("#2c3f66", seed=4, hem=0.02),
        "socks": cloth_painter("#f2f2f2", crease=0.02),
        "hair": hair_painter("#080605", "#241a16", shine=0.25),
        "shoe": shoe_painter("#f0efe9", "#ffffff", "#3a6fb0"),
    }  # fmt: skip
    return person(body, look, line, [shirt, shorts], worn, painters)
