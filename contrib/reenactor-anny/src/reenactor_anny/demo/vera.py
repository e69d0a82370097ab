"""A young woman with long dark hair in a red dress with white dots."""

from reenactor.labels import Label
from reenactor_anny.body import BodyShop
from reenactor_anny.clothes import Cloth, Collar, Drop, bare, bottoms, hang, sew, tops
from reenactor_anny.face import Complexion
from reenactor_anny.hair import LONG, Locks, hairline
from reenactor_anny.hairdos import loose
from reenactor_anny.measures import Form
from reenactor_anny.paint import cloth_painter, dots, hair_painter, shoe_painter
from reenactor_anny.person import Person, person
from reenactor_anny.shoes import Shoe, shoe_cover, shoes


def make(shop: BodyShop) -> Person:
    """Kept at rest."""
    body = shop.make(
        {"gender": 1.0, "age": 0.64, "muscle": 0.45, "weight": 0.42, "height": 0.47,
         "proportions": 1.0, "cupsize": 0.5, "firmness": 0.7, "african": 0.1, "asian": 0.8,
         "caucasian": 0.3},
        {"l-eye-scale-incr": 0.5, "r-eye-scale-incr": 0.5, "mouth-angles-up": 0.3},
        expressions=True,
    )  # fmt: skip
    form = Form.of(body)
    bodice = tops(form, 0.34, 0.16, Collar(0.05, 0.10))
    flared = Drop("dress", Label.DRESS, 0.185, -0.47, 0.13, depth=0.026, follow=(0.6, 0, 0))
    under = bottoms(form, 0.20, 0.6)
    line = hairline(body, LONG)
    top = sew(form, Cloth("dress", Label.DRESS, bodice, 0.006, 60))
    locks = Locks(
        1100, lambda root: 0.44 + 0 * root[:, 2], width=0.013, lift=0.15, fall=0.8, wave=0.0025,
        margin=0.006, spread=0.016, steps=30, stiff=0.55,
    )  # fmt: skip
    shore = [bare(form, line, [bodice]), top]
    shoe = Shoe(top=0.0)
    worn = (
        top, hang(form, flared), *loose(form, LONG, 0.006, locks, shore), *shoes(form, shoe),
    )  # fmt: skip
    look = Complexion("#e3b795", "#b8414a", "#1a1210", "#2c1a10", liner=0.9, hair="#140d0b")
    painters = {
        "dress": cloth_painter(
            "#b92b3a", crease=0.14, sheen=0.2, pattern=dots("#f4e4d2", 0.055, 0.0085)
        ),
        "hair": hair_painter("#140d0b", "#33221b"),
        "shoe": shoe_painter("#2b2022", "#3b2c2c", "#2b2022"),
    }  # fmt: skip
    return person(form, look, LONG, [shoe_cover(form, shoe), bodice, under], worn, painters)
