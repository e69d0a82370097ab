"""Options of `p2b`. Imports no torch."""

from typing import ClassVar, Literal

from pydantic import Field

from reenactor_plugins.networks.trained_options import TrainedOptions


class P2BOptions(TrainedOptions):
    """Options of `p2b`."""

    trained_with: ClassVar[frozenset[str]] = frozenset({"size", "dense", "hands", "residual_norm"})

    size: Literal["paper", "small", "tiny"] = Field(
        "paper",
        description="Size of the network, as it was trained: `paper` has pix2pixHD's 64 channels, "
        "4 downsamplings and 9 residual blocks, `small` suits a CPU, `tiny` suits tests.",
    )
    dense: Literal["full", "coarse", "none"] = Field(
        "full",
        description="Dense pose in the input, as in training: `coarse` in blocks of 8 pixels, as "
        "from a less accurate estimator (Fig. 6 c), `none` without it (Fig. 6 d).",
    )
    hands: bool = Field(
        True,
        description="Fingers in the stick figure and hand classes in the target's parsing, as in "
        "training (without them and with `dense: none`: Fig. 6 e).",
    )
    residual_norm: Literal["batch", "instance"] = Field(
        "batch",
        description="Norm of the residual blocks, as in training: the paper names batch norm for "
        "the encoder and instance norm for the decoder, and none for what lies between.",
    )
    reduce: Literal[1, 2, 4] = Field(
        1,
        description="Work at a canvas this many times smaller and enlarge the result: faster, and "
        "right for a network that was trained so.",
    )
