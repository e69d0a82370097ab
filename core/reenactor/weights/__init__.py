"""Weight files: shipped, stored, or fetched; always checked against their sha256.

`reenactor.weights.tensors` reads them without executing code (it imports torch, this does not).
"""

from reenactor.weights.store import Imported, State, WeightStore, default_folder

__all__ = ["Imported", "State", "WeightStore", "default_folder"]
