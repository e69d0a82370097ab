"""Keys of SPADE's public generator, so that training can start from its checkpoint."""

from reenactor_plugins.networks.public_layout import NORM, PublicKeys


def public_keys(ups: int) -> PublicKeys:
    """Keys of B2F in SPADE's generator (`spectralspade..3x3`, `more` or `most`).

    SPADE's `fc`, which makes the latent of a label map or noise, has no counterpart in B2F; B2F's
    `project` and its mask have none in SPADE.

    Args:
        ups: blocks after the middle: 5 in `most`, 4 in `more`.
    """
    names = ["head_0", "G_middle_0", "G_middle_1", *(f"up_{step}" for step in range(ups))]
    keys: dict[str, str] = {}
    for index, public in enumerate(names):
        for which in ("0", "1", "s"):
            keys.update(
                _spade_conv(f"decoder.blocks.{index}.conv_{which}", f"{public}.conv_{which}")
            )
            keys.update(
                _spade_norm(f"decoder.blocks.{index}.norm_{which}", f"{public}.norm_{which}")
            )
    keys.update({f"image.{part}": f"conv_img.{part}" for part in ("weight", "bias")})
    return keys


def _spade_conv(ours: str, public: str) -> PublicKeys:
    """Keys of a convolution with spectral norm: weight, bias and two singular vectors."""
    inner = f"{ours}.parametrizations.weight"
    return {
        f"{ours}.bias": f"{public}.bias",
        f"{inner}.original": f"{public}.weight_orig",
        f"{inner}.0._u": f"{public}.weight_u",
        f"{inner}.0._v": f"{public}.weight_v",
    }


def _spade_norm(ours: str, public: str) -> PublicKeys:
    keys = {f"{ours}.norm.{part}": f"{public}.param_free_norm.{part}" for part in NORM[2:]}
    for own, its in (("shared", "mlp_shared.0"), ("gamma", "mlp_gamma"), ("beta", "mlp_beta")):
        keys.update({f"{ours}.{own}.{p}": f"{public}.{its}.{p}" for p in ("weight", "bias")})
    return keys
