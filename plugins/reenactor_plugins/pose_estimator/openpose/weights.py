"""OpenPose's networks in PyTorch, as ControlNet's annotators use them. Imports no torch."""

from reenactor.manifest import Weight

_ORIGIN = "CMU-Perceptual-Computing-Lab/openpose, converted by Hzzone/pytorch-openpose"
_MIRRORS = (
    "https://huggingface.co/lllyasviel/Annotators/resolve/982e7edaec38759d914a963c48c4726685de7d96/",
    "https://huggingface.co/lllyasviel/ControlNet/resolve/main/annotator/ckpts/",
)


def _weight(name: str, file: str, sha256: str, size: int, mirrors: tuple[str, ...]) -> Weight:
    return Weight(
        name=name,
        file=file,
        sha256=sha256,
        size=size,
        licence="OpenPose: academic or non-profit",
        origin=_ORIGIN,
        mirrors=tuple(mirror + file for mirror in mirrors),
        commercial=False,
    )


BODY = _weight(
    "openpose-body",
    "body_pose_model.pth",
    "25a948c16078b0f08e236bda51a385d855ef4c153598947c28c0d47ed94bb746",
    209267595,
    _MIRRORS,
)
"""COCO's 18 points; BODY_25 was never converted under a checksum that two sources state."""
HANDS = _weight(
    "openpose-hands",
    "hand_pose_model.pth",
    "b76b00d1750901abd07b9f9d8c98cc3385b8fe834a26d4b4f0aad439e75fc600",
    147341049,
    _MIRRORS,
)
FACE = _weight(
    "openpose-face",
    "facenet.pth",
    "8beb52e548624ffcc4aed12af7aee7dcbfaeea420c75609fee999fe7add79d43",
    153718792,
    _MIRRORS[:1],
)
