"""Keys of pix2pixHD's public generator, so that training can start from its checkpoint."""

from reenactor_plugins.body_generator.p2b.network import P2BArchitecture
from reenactor_plugins.networks.public_layout import NORM, PublicKeys


def public_keys(architecture: P2BArchitecture) -> PublicKeys:
    """Keys of `P2B` in pix2pixHD's global generator."""
    keys = pix2pixhd_keys(architecture.downsamplings, architecture.blocks)
    return {f"generator.{ours}": public for ours, public in keys.items()}


def pix2pixhd_keys(downsamplings: int, blocks: int) -> PublicKeys:
    """Keys of `GlobalGenerator` in pix2pixHD's generator of the same name.

    The public one is a single sequence, `model.0` to `model.N`, that counts paddings and
    activations too: four entries for the stem, three for each stage, one for each block.
    """
    keys: dict[str, str] = {}

    def conv(ours: str, public: str) -> None:
        keys.update({f"{ours}.{part}": f"{public}.{part}" for part in ("weight", "bias")})

    def norm(ours: str, public: str) -> None:
        keys.update({f"{ours}.{part}": f"{public}.{part}" for part in NORM})

    conv("stem.conv", "model.1")
    norm("stem.norm", "model.2")
    at = 4
    for step in range(downsamplings):
        conv(f"down.{step}.conv", f"model.{at}")
        norm(f"down.{step}.norm", f"model.{at + 1}")
        at += 3
    for block in range(blocks):
        for ours, conv_at in ((0, 1), (1, 5)):
            conv(f"residual.{block}.conv_{ours}", f"model.{at}.conv_block.{conv_at}")
            norm(f"residual.{block}.norm_{ours}", f"model.{at}.conv_block.{conv_at + 1}")
        at += 1
    for step in range(downsamplings):
        conv(f"up.{step}.conv", f"model.{at}")
        norm(f"up.{step}.norm", f"model.{at + 1}")
        at += 3
    conv("head.conv", f"model.{at + 1}")
    return keys
