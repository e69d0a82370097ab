"""An elderly man with a grey beard and spectacles, in an open cardigan and brown trousers."""

import numpy as np

from reenactor.labels import Label
from reenactor_anny.body import BodyShop
from reenactor_anny.clothes import Cloth, Collar, bottoms, sew, snug, tops
from reenactor_anny.face import Complexion
from reenactor_anny.hair import SHORT, Locks
from reenactor_anny.hairdos import beard, swept
from reenactor_anny.headwear import spectacles
from reenactor_anny.measures import Form
from reenactor_anny.paint import cloth_painter, hair_painter, plain, shoe_painter
from reenactor_anny.person import Person, person
from reenactor_anny.shoes import Shoe, shoe_cover, shoes


def make(shop: BodyShop) -> Person:
    """Kept at rest."""
    body = shop.make(
        {"gender": 0.0, "age": 0.88, "muscle": 0.45, "weight": 0.62, "height": 0.36,
         "proportions": 0.6, "african": 0.0, "asian": 0.0, "caucasian": 1.0},
        {"mouth-angles-up": 0.4, "l-eye-scale-incr": 0.25, "r-eye-scale-incr": 0.25},
        expressions=True,
    )  # fmt: skip
    form = Form.of(body)
    shirt, trousers = tops(form, 0.5, 0.02, Collar(0.03, 0.045)), bottoms(form, 0.10, 1.93)
    coat = tops(form, 1.88, -0.06, Collar(0.05, 0.08))
    open_front = np.where(
        form.back < body.head("spine03")[1],
        np.abs(form.side) - 0.055 - 0.05 * np.clip(-form.height + 0.1, 0, 1),
        0.2,
    )
    coat = np.minimum(coat, np.maximum(open_front, -0.05))
    locks = Locks(
        1300, lambda root: 0.044 + 0 * root[:, 2], width=0.0065, lift=0.4, margin=0.003,
        spread=0.009,
    )  # fmt: skip
    wide = 0.008 + 0.010 * np.clip(form.leg, 0, 2)
    ease = 0.017 + 0.004 * np.clip(form.arm, 0, 2)
    shoe = Shoe()
    worn = (
        sew(form, Cloth("trousers", Label.PANTS, trousers, wide, 30)),
        sew(form, Cloth("shirt", Label.UPPER_CLOTHES, shirt, 0.006, 60)),
        sew(form, Cloth("coat", Label.COAT, coat, snug(form, ease), 40)),
        *swept(form, SHORT, 0.008, locks),
        *beard(form), *spectacles(body, "wire"), *shoes(form, shoe),
    )  # fmt: skip
    look = Complexion(
        "#d9a588",
        "#a8625a",
        "#7d7973",
        "#3f6a86",
        brow=0.0055,
        blush=0.4,
        stubble=0.35,
        liner=0.35,
        hair="#8d8a86",
    )
    painters = {
        "shirt": cloth_painter("#f0efe8"), "trousers": cloth_painter("#6b4a33", seed=4, hem=0.012),
        "coat": cloth_painter("#2f7f78", weave=0.002, bump=0.3, seed=8, hem=0.018),
        "hair": hair_painter("#97938d", "#d9d6d0", shine=0.4),
        "wire": plain("#2a2724"),
        "shoe": shoe_painter("#3a261a", "#20150f", "#3a261a"),
    }  # fmt: skip
    covers = [shoe_cover(form, shoe), shoe_cover(form, shoe), shirt, trousers, coat]
    return person(form, look, SHORT, covers, worn, painters)
