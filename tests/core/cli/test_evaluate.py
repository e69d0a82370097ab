"""`reenactor evaluate` and `reenactor compare` as commands; their work is tested elsewhere."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

Run = Callable[..., Any]


def test_list_tells_what_is_missing(run: Run, tmp_path: Path) -> None:
    result = run("--weights-folder", str(tmp_path), "evaluate", "--list", "--json")
    listed = {row["name"]: row for row in result.document}
    assert listed["psnr"] == {"name": "psnr", "version": "psnr[rgb,range1,cap100]", "missing": ""}
    assert "reenactor weights pull fid-inception" in listed["fid"]["missing"]
    assert "identity" in listed["aed"]["missing"]
    assert "--features FILE" in listed["perceptual"]["missing"]
    with_one = run("evaluate", "--list", "--json", "--features", "any.pth").document
    assert {row["name"]: row["missing"] for row in with_one}["perceptual"] == ""


def test_mistakes_are_told_before_any_work(run: Run, tmp_path: Path) -> None:
    output = ("--output", str(tmp_path / "out"), "--videos", "none.mp4")
    for arguments, said in (
        (("evaluate", *output), "nothing to evaluate"),
        (("evaluate", "--method", "a", *output), "NAME=FOLDER"),
        (("evaluate", "--metrics", "sim", *output), "did you mean 'ssim'"),
        (("evaluate", "--target", "last", *output), "unknown target frame"),
        (("evaluate", "--height", "64", *output), "--width"),
        (("evaluate", "--identity-scale", "x", *output), "unknown scale"),
        (("evaluate", "--features-input", "x", *output), "unknown input"),
        (("compare", "a.mp4"), "nothing to compare"),
        (("compare", "a.mp4", "b.mp4", "--names", "a"), "2 names"),
        (("compare", "a.mp4", "b.mp4", "--height", "1"), "--height"),
    ):
        result = run(*arguments)
        assert result.code == 2, arguments
        assert said in result.err, arguments
    assert not (tmp_path / "out" / "report.json").exists()


def test_metrics_are_imported_as_weights(run: Run, tmp_path: Path) -> None:
    (tmp_path / "alex.pth").write_bytes(b"x" * 6009)  # as large as the head, but not the head
    arguments = ("--weights-folder", str(tmp_path / "store"), "weights", "import", str(tmp_path))
    result = run(*arguments)
    assert result.code == 5
    assert "as 'lpips-alex-head'" in result.err
