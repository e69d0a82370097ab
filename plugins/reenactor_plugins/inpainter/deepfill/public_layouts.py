"""Renames the tensors of public checkpoints of DeepFill v2.

The layouts of the port nipponjo/deepfillv2-pytorch are supported and recognised by their keys. Its
files contain the generator under "G".

* `flat`: the authors' TensorFlow weights, converted (`states_tf_places2.pth`). One network, whose
  layers bear the authors' names: `conv1.conv.weight`, `xconv7_atrous.conv.bias`, and with one
  `conv` more where a layer enlarges: `conv13_upsample.conv.conv.weight`.
* `staged`: fine-tuned to PyTorch's borders and halvings (`states_pt_places2.pth`). The same
  layers as `stage1.conv1.conv.weight`, `stage2.b1_conv_bn2.conv.bias`,
  `stage2.up_block1.conv1_upsample.conv.conv.weight`. So they were called at first; since then the
  two branches of the second stage are `conv_..` and `ca_..` instead of `b1_..` and `b2_..`, and the
  kernel that lets neighbours support each other, fixed here, is among the tensors (`fuse_weight`).
"""

from collections.abc import Iterator, Mapping

import torch
from torch import Tensor

from reenactor_plugins.inpainter.deepfill.network import (
    ATTENDED,
    COARSE,
    JOINED,
    LOOKING,
    PLAIN,
    LayerSpec,
)

INSIDE = "G"
"""Key of the generator in public files."""

_STAGED = "stage1."
_SINCE = {
    "stage2.conv_conv": "stage2.b1_conv",
    "stage2.conv_down": "stage2.b1_down",
    "stage2.ca_": "stage2.b2_",
}
"""Current and original key prefixes of the branches."""
_FUSING = "contextual_attention.fuse_weight"
_CHAINS = {
    "coarse": COARSE,
    "plain": PLAIN,
    "looking": LOOKING,
    "attended": ATTENDED,
    "joined": JOINED,
}


def is_tensorflow(tensors: Mapping[str, Tensor]) -> bool:
    """Whether these are the authors' weights (also true for our own names)."""
    return not any(key.startswith(_STAGED) for key in tensors)


def renamed(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Rename tensors to our keys; unknown keys are kept, so that loading reports them."""
    ours = {public: own for own, public in names(staged=not is_tensorflow(tensors))}
    return {
        ours.get(_at_first(key), key): value
        for key, value in tensors.items()
        if not (key.endswith(_FUSING) and _is_diagonal(value))
    }


def _at_first(key: str) -> str:
    for now, then in _SINCE.items():
        if key.startswith(now):
            return then + key.removeprefix(now)
    return key


def _is_diagonal(kernel: Tensor) -> bool:
    """Whether the kernel is the one built into `attention`."""
    return kernel.shape == (1, 1, 3, 3) and torch.equal(kernel[0, 0].float(), torch.eye(3))


def names(staged: bool) -> Iterator[tuple[str, str]]:
    """Our key and the original public key of each tensor."""
    for chain, layers in _CHAINS.items():
        for index, layer in enumerate(layers):
            for part in ("weight", "bias"):
                yield f"{chain}.{index}.conv.{part}", f"{_public(chain, layer, staged)}.{part}"


def _public(chain: str, layer: LayerSpec, staged: bool) -> str:
    name = layer.name
    if staged:
        name = f"stage{1 if chain == 'coarse' else 2}.{layer.port}"
    return f"{name}.conv.conv" if layer.enlarge else f"{name}.conv"
