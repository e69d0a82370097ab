"""Origin and hash of the baked rig. Imports no torch."""

from reenactor.manifest import Weight

RIG = Weight(
    name="anny-rig",
    file="anny_rig.npz",
    sha256="06262a809b844086dafa28d55d786b8df7f654c5a38cb77a0c55fb8afd8420c0",
    size=192250,
    licence="CC0-1.0 shapes (MakeHuman), baked by Apache-2.0 code",
    origin="Anny 0.6.2, baked by contrib/reenactor-anny",
    resource="reenactor_plugins:avatar/data/anny_rig.npz",
)
