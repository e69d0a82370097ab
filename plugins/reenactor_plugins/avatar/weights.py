"""Origin and hash of the baked rig. Imports no torch."""

from reenactor.manifest import Weight

RIG = Weight(
    name="anny-rig",
    file="anny_rig.npz",
    sha256="99c93b6d93d607034f66f7e47f598f74104f11cc32b9f47d726cfb740b255aa8",
    size=95153,
    licence="CC0-1.0",
    origin="MakeHuman shapes in Anny 0.6.2, baked by contrib/reenactor-anny",
    resource="reenactor_plugins:avatar/data/anny_rig.npz",
)
