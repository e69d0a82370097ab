"""Training the networks of components: material, shards, and what all recipes share."""

from reenactor.training.dataset import Dataset, Shot
from reenactor.training.example import Example, ExampleInfo

__all__ = ["Dataset", "Example", "ExampleInfo", "Shot"]
