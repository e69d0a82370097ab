"""Compares files with the weights that a manifest declares."""

import hashlib
from pathlib import Path

from reenactor.manifest import Weight


def sha256_of(path: Path) -> str:
    """The sha256 of a file's content, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def difference(path: Path, weight: Weight) -> str:
    """How a file differs from the weight it should be; empty if it is that weight."""
    size = path.stat().st_size
    if size != weight.size:
        return f"another version: {size} bytes, not {weight.size}"
    sha256 = sha256_of(path)
    if sha256 != weight.sha256:
        return f"damaged, or another version: its sha256 is {sha256}, not {weight.sha256}"
    return ""
