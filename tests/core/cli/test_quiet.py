import os
import subprocess
import sys
from pathlib import Path

import pytest

WARNER = """
import warnings
import numpy as np
np.array([1.0]) / np.array([0.0])
warnings.warn("old", FutureWarning)
"""


@pytest.mark.parametrize(
    ("before", "environ", "is_told"),
    [
        ([], {}, False),
        (["--debug"], {}, True),
        ([], {"PYTHONWARNINGS": "default"}, True),
    ],
)
def test_warnings_of_libraries_are_for_who_asks(
    tmp_path: Path, before: list[str], environ: dict[str, str], is_told: bool
) -> None:
    (tmp_path / "warner_plugin.py").write_text(WARNER)
    info = tmp_path / "warner-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: warner\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[reenactor]\nwarner = warner_plugin\n")
    path = os.pathsep.join([str(tmp_path), *sys.path])
    done = subprocess.run(
        [sys.executable, "-m", "reenactor", *before, "plugins", "list"],
        env={**os.environ, "PYTHONPATH": path, **environ},
        capture_output=True,
        text=True,
        check=True,
    )
    for warning in ("RuntimeWarning: divide by zero", "FutureWarning: old"):
        assert (warning in done.stderr) is is_told
    if not is_told:
        assert done.stderr == ""
