from pathlib import Path

from reenactor.manifest import Weight
from reenactor.weights.digest import difference, sha256_of

# FIPS 180-2, appendix B.1: the sha256 of "abc"
ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_digest_and_difference(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"abc")
    assert sha256_of(path) == ABC
    assert difference(path, Weight("a", "a", ABC, 3, "MIT", "here")) == ""
    assert "4 bytes" not in difference(path, Weight("a", "a", "0" * 64, 3, "MIT", "here"))
    wrong = difference(path, Weight("a", "a", ABC, 4, "MIT", "here"))
    assert wrong == "another version: 3 bytes, not 4"
