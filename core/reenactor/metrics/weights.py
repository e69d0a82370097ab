"""The weights of metrics. None are shipped; users fetch them with `reenactor weights pull`.

A metric is only comparable with published values if it uses exactly the same file, so each is
identified by its sha256. Except for the LPIPS heads, which we have read, checksums and sizes are
those that several public projects state for these files.
"""

from collections.abc import Mapping
from types import MappingProxyType

from reenactor.manifest import Weight

_TORCHVISION = "the torchvision project's published ImageNet weights"
_LPIPS_FOLDER = (
    "https://raw.githubusercontent.com/richzhang/PerceptualSimilarity/master/lpips/weights/v0.1"
)
_LPIPS = "the lpips package (richzhang/PerceptualSimilarity), folder lpips/weights/v0.1"


def _head(net: str, sha256: str, size: int) -> Weight:
    mirrors = (f"{_LPIPS_FOLDER}/{net}.pth",)
    return Weight(
        f"lpips-{net}-head", f"{net}.pth", sha256, size, "BSD-2-Clause", _LPIPS, mirrors=mirrors
    )


HEADS: Mapping[str, Weight] = MappingProxyType(
    {
        "vgg": _head(
            "vgg", "a78928a0af1e5f0fcb1f3b9e8f8c3a2a5a3de244d830ad5c1feddc79b8432868", 7289
        ),
        "squeeze": _head(
            "squeeze", "4a5350f23600cb79923ce65bb07cbf57dca461329894153e05a1346bd531cf76", 10811
        ),
        "alex": _head(
            "alex", "df73285e35b22355a2df87cdb6b70b343713b667eddbda73e1977e0c860835c0", 6009
        ),
    }
)
"""The learned 1x1 weights of LPIPS v0.1, by backbone."""

BACKBONES: Mapping[str, Weight] = MappingProxyType(
    {
        "vgg": Weight(
            name="lpips-vgg-backbone",
            file="vgg16-397923af.pth",
            sha256="397923af8e79cdbb6a7127f12361acd7a2f83e06b05044ddf496e83de57a5bf0",
            size=553433881,
            licence="BSD-3-Clause",
            origin=_TORCHVISION,
            mirrors=("https://download.pytorch.org/models/vgg16-397923af.pth",),
        ),
        "squeeze": Weight(
            name="lpips-squeeze-backbone",
            file="squeezenet1_1-b8a52dc0.pth",
            sha256="b8a52dc049b60e4b6ab68ad0df457362afab8b6304b2febdc1650a5dab4d7e7b",
            size=4958839,
            licence="BSD-3-Clause",
            origin=_TORCHVISION,
            mirrors=("https://download.pytorch.org/models/squeezenet1_1-b8a52dc0.pth",),
        ),
        "alex": Weight(
            name="lpips-alex-backbone",
            file="alexnet-owt-7be5be79.pth",
            sha256="7be5be791159472b1fbf3c69796f7cb30dca7ad8466c2df70058c37116cdee02",
            size=244408911,
            licence="BSD-3-Clause",
            origin=_TORCHVISION,
            mirrors=("https://download.pytorch.org/models/alexnet-owt-7be5be79.pth",),
        ),
    }
)
"""The ImageNet networks for which the heads were trained."""

INCEPTION = Weight(
    name="fid-inception",
    file="pt_inception-2015-12-05-6726825d.pth",
    sha256="6726825d0af5f729cebd5821db510b11b1cfad8faad88a03f1befd49fb9129b2",
    size=95628359,
    licence="Apache-2.0",
    origin="the pytorch-fid project's release of weights (mseitzer/pytorch-fid)",
    mirrors=(
        "https://github.com/mseitzer/pytorch-fid/releases/download/fid_weights/"
        "pt_inception-2015-12-05-6726825d.pth",
    ),
)
"""A port of TensorFlow's Inception of 2015-12-05, on which FID is defined."""

I3D = Weight(
    name="fvd-i3d",
    file="i3d_torchscript.pt",
    sha256="bec6519f66ea534e953026b4ae2c65553c17bf105611c746d904657e5860a5e2",
    size=51235320,
    licence="Apache-2.0",
    origin="the StyleGAN-V project's TorchScript of I3D, trained on Kinetics-400",
)

METRIC_WEIGHTS: tuple[Weight, ...] = (*HEADS.values(), *BACKBONES.values(), INCEPTION, I3D)
