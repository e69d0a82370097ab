"""What a user installs: everything that is tracked, and not too much."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.skipif(
    shutil.which("git") is None or not (ROOT / ".git").exists(), reason="needs the git checkout"
)
def test_the_wheel_holds_every_tracked_file_of_both_packages(tmp_path: Path) -> None:
    """An ignore rule that is too broad would drop a package's data without a word."""
    options = ["--quiet", "--no-deps", "--no-index", "--no-build-isolation"]
    command = [sys.executable, "-m", "pip", "wheel", *options, "-w", str(tmp_path), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    listed = ["git", "-C", str(ROOT), "ls-files", "-z", "core", "plugins"]
    tracked = subprocess.run(listed, capture_output=True, text=True, check=True).stdout
    wanted = {name.split("/", 1)[1] for name in tracked.split("\0") if name}
    assert len(wanted) > 300
    assert wanted - set(zipfile.ZipFile(wheel).namelist()) == set()
    assert wheel.stat().st_size < 80_000_000  # the package index takes 100 MB
