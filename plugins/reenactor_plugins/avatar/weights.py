"""Origin and hash of the baked rig. Imports no torch."""

from reenactor.manifest import Weight

RIG = Weight(
    name="anny-rig",
    file="anny_rig.npz",
    sha256="0773d08e7036a58dd7b309fa4a1bcaeab3235a5a6b1d2616b1ce709a61528629",
    size=188814,
    licence="CC0-1.0",
    origin="MakeHuman shapes in Anny 0.6.2, baked by contrib/reenactor-anny",
    resource="reenactor_plugins:avatar/data/anny_rig.npz",
)
