"""The dancer of the driving video: a young woman with a bun, a wide shirt and dark trousers."""

import numpy as np

from reenactor.labels import Label
from reenactor_anny.body import BodyShop
from reenactor_anny.clothes import Cloth, bottoms, sew, snug, tops
from reenactor_anny.face import Complexion
from reenactor_anny.hair import TIED, Head, Locks, ball
from reenactor_anny.hairdos import tied
from reenactor_anny.measures import Form
from reenactor_anny.paint import cloth_painter, hair_painter, shoe_painter
from reenactor_anny.person import Person, person
from reenactor_anny.shoes import Shoe, shoe_cover, shoes


def make(shop: BodyShop) -> Person:
    """Kept at rest."""
    body = shop.make(
        {"gender": 0.95, "age": 0.66, "muscle": 0.5, "weight": 0.47, "height": 0.45,
         "proportions": 0.9, "cupsize": 0.42, "firmness": 0.7, "african": 0.2, "asian": 0.35,
         "caucasian": 0.45},
        {"l-eye-scale-incr": 0.45, "r-eye-scale-incr": 0.45, "mouth-angles-up": 0.4},
        expressions=True,
    )  # fmt: skip
    form = Form.of(body)
    shirt, trousers = tops(form, 0.62, 0.0), bottoms(form, 0.06, 1.84)
    ease = (
        0.014 + 0.012 * np.clip(form.arm, 0, 1) + 0.008 * np.clip((0.2 - form.height) / 0.2, 0, 1)
    )
    loose = 0.007 + 0.012 * np.clip(form.leg - 0.3, 0, 1.6)
    head = Head.of(body)
    knot = head.centre + np.array([0.0, 0.045, 0.98 * head.tall])
    locks = Locks(
        560, lambda root: np.full(len(root), 1.02), width=0.0105, lift=0.1, margin=0.002,
        spread=0.004, steps=8, stiff=0.3,
    )  # fmt: skip
    shoe = Shoe()
    worn = (
        sew(form, Cloth("trousers", Label.PANTS, trousers, loose, 30)),
        sew(form, Cloth("shirt", Label.UPPER_CLOTHES, shirt, snug(form, ease), 60)),
        *tied(form, TIED, 0.009, locks, knot), ball(body, knot, 0.045), *shoes(form, shoe),
    )  # fmt: skip
    look = Complexion("#c98f6b", "#a8504a", "#2a1812", "#4a2c18", hair="#2b1710")
    painters = {
        "shirt": cloth_painter("#f2b632", hem=0.014),
        "trousers": cloth_painter("#27324d", seed=4, hem=0.02),
        "hair": hair_painter("#2b1710", "#5a3420"),
        "shoe": shoe_painter("#f4f1ea", "#ffffff", "#e2604a"),
    }  # fmt: skip
    covers = [shoe_cover(form, shoe), shoe_cover(form, shoe), shirt, trousers]
    return person(form, look, TIED, covers, worn, painters)
