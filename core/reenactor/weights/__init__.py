"""Weight files: shipped, stored or downloaded, and always checked against their sha256.

`reenactor.weights.tensors` reads them without executing code; only that module imports torch.
"""

from reenactor.weights.store import Imported, State, WeightStore, default_folder

__all__ = ["Imported", "State", "WeightStore", "default_folder"]
