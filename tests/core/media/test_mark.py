import os
from collections.abc import Callable
from pathlib import Path

import numpy as np

from reenactor.media.mark import COMMENT, KEY, SYNTHETIC, is_synthetic, marked, read_metadata
from reenactor.media.photo import write_photo


def test_the_mark_stays_whatever_is_added() -> None:
    assert marked() == {"comment": COMMENT, KEY: SYNTHETIC}
    assert marked({"comment": "more", KEY: "camera"}) == {"comment": "more", KEY: SYNTHETIC}


def test_what_is_added_can_be_written_whatever_it_holds() -> None:
    """The comment names the photo, and a photo's name may hold any bytes."""
    name = os.fsdecode(b"caf\xe9.jpg")
    assert marked({"comment": f"of {name}"})["comment"] == "of caf\ufffd.jpg"


def test_a_marked_picture_is_known(tmp_path: Path) -> None:
    plain, synthetic = tmp_path / "a.png", tmp_path / "b.png"
    write_photo(plain, np.zeros((4, 4, 3), np.uint8))
    write_photo(synthetic, np.zeros((4, 4, 3), np.uint8), marked({"title": "ü"}))
    assert not is_synthetic(plain)
    assert is_synthetic(synthetic)
    assert read_metadata(synthetic)["title"] == "ü"


def test_other_files_say_nothing(tmp_path: Path, film: Callable[..., Path]) -> None:
    text = tmp_path / "a.txt"
    text.write_text("hello")
    broken = tmp_path / "b.png"
    broken.write_bytes(b"\x89PNG")
    for path in (text, broken, tmp_path / "missing.png", film("a.mp4", 2)):
        assert not is_synthetic(path)
