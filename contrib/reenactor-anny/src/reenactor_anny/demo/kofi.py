"""An athletic young man in a coral T-shirt and navy shorts."""

import numpy as np

from reenactor.labels import Label
from reenactor_anny.body import BodyShop
from reenactor_anny.clothes import Cloth, Collar, bottoms, sew, snug, tops
from reenactor_anny.face import Complexion
from reenactor_anny.hair import SHORT, Locks
from reenactor_anny.hairdos import cropped
from reenactor_anny.measures import Form
from reenactor_anny.paint import bands, cloth_painter, hair_painter, shoe_painter
from reenactor_anny.person import Person, person
from reenactor_anny.shoes import Shoe, shoe_cover, shoes


def make(shop: BodyShop) -> Person:
    """Kept at rest."""
    body = shop.make(
        {"gender": 0.0, "age": 0.66, "muscle": 0.66, "weight": 0.45, "height": 0.38,
         "proportions": 1.0, "african": 1.0, "asian": 0.0, "caucasian": 0.1},
        {"l-eye-scale-incr": 0.35, "r-eye-scale-incr": 0.35, "mouth-angles-up": 0.3},
        expressions=True,
    )  # fmt: skip
    form = Form.of(body)
    shirt, shorts = tops(form, 0.62, -0.02, Collar(0.04, 0.065)), bottoms(form, 0.06, 0.82)
    socks = np.minimum((form.leg - 1.72) * 0.4, 0.2)
    ease = (
        0.012 + 0.010 * np.clip(form.arm, 0, 1) + 0.008 * np.clip((0.2 - form.height) / 0.2, 0, 1)
    )
    loose = 0.010 + 0.022 * np.clip(form.leg, 0, 1)
    locks = Locks(
        3400, lambda root: 0.011 + 0 * root[:, 2], width=0.006, lift=0.8, wave=0.007, margin=0.0,
        spread=0.0, steps=9,
    )  # fmt: skip
    shoe = Shoe()
    worn = (
        sew(form, Cloth("shorts", Label.PANTS, shorts, loose, 30)),
        sew(form, Cloth("shirt", Label.UPPER_CLOTHES, shirt, snug(form, ease), 60)),
        sew(form, Cloth("socks", Label.SOCKS, socks, 0.003, 4)),
        *cropped(form, SHORT, 0.010, locks), *shoes(form, shoe),
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
    covers = [shoe_cover(form, shoe), shoe_cover(form, shoe), shirt, shorts]
    return person(form, look, SHORT, covers, worn, painters)
