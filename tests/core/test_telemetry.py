"""Nothing is sent anywhere: the libraries that report their use are told not to."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SWITCHES = {"ORT_DISABLE_TELEMETRY": "1", "RAY_USAGE_STATS_ENABLED": "0"}

RECORDER = """
import os
from pathlib import Path
seen = os.environ.get("ORT_DISABLE_TELEMETRY")
Path(os.environ["SEEN"]).write_text(str(seen))
raise SystemExit(0)
"""

FIRST_IMPORTS = {
    "a built-in": "import reenactor_plugins.inpainter.lama.component",
    "the network of a built-in": "import reenactor_plugins.networks.mediapipe.session",
    "a plugin's manifest": "from reenactor.catalog import discover; discover()",
    "the command line": "from reenactor.cli import main; main(['plugins', 'list'])",
    "a program of one's own": "import reenactor.spec, onnxruntime",
}


def environment(**more: str) -> dict[str, str]:
    plain = {key: value for key, value in os.environ.items() if key not in SWITCHES}
    return {**plain, **more}


@pytest.mark.parametrize("program", FIRST_IMPORTS.values(), ids=FIRST_IMPORTS)
def test_the_switch_is_set_before_onnxruntime_is_imported(tmp_path: Path, program: str) -> None:
    """A module of that name stands in for it and notes what it would read."""
    (tmp_path / "onnxruntime.py").write_text(RECORDER)
    (tmp_path / "hasty_plugin.py").write_text("import onnxruntime")
    info = tmp_path / "hasty-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: hasty\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[reenactor]\nhasty = hasty_plugin\n")
    seen = tmp_path / "seen"
    path = os.pathsep.join([str(tmp_path), *sys.path])
    subprocess.run(
        [sys.executable, "-c", program],
        env=environment(PYTHONPATH=path, SEEN=str(seen)),
        capture_output=True,
        check=False,
    )
    assert seen.read_text() == SWITCHES["ORT_DISABLE_TELEMETRY"]


def test_who_has_decided_otherwise_is_obeyed() -> None:
    program = f"import os, reenactor; print([os.environ[name] for name in {list(SWITCHES)}])"
    for given, expected in (({}, ["1", "0"]), (dict.fromkeys(SWITCHES, "x"), ["x", "x"])):
        done = subprocess.run(
            [sys.executable, "-c", program],
            env=environment(**given),
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == str(expected)


# A filter of the kernel's, because a library's own code passes Python by: whoever opens a socket
# of the internet's families is killed. Filled in: the architecture's number and that of socket().
NO_INTERNET = """
import ctypes, platform, struct
audit, number = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}[platform.machine()]
lines = [  # code, jump if true, jump if false, value
    (0x20, 0, 0, 4), (0x15, 1, 0, audit), (0x06, 0, 0, 0x7FFF0000),
    (0x20, 0, 0, 0), (0x15, 1, 0, number), (0x06, 0, 0, 0x7FFF0000),
    (0x20, 0, 0, 16), (0x15, 1, 0, 2), (0x15, 0, 1, 10), (0x06, 0, 0, 0x80000000),
    (0x06, 0, 0, 0x7FFF0000),
]
code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in lines))
class Program(ctypes.Structure):
    _fields_ = [("count", ctypes.c_ushort), ("lines", ctypes.c_void_p)]
libc = ctypes.CDLL(None, use_errno=True)
given = Program(len(lines), ctypes.addressof(code))
refused = libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, ctypes.byref(given), 0, 0)
if refused:
    raise SystemExit("no filter")
"""

RUN_A_NETWORK = """
import numpy as np
from reenactor.runtime import Runtime
from reenactor.weights import WeightStore, default_folder
from reenactor_plugins.networks.mediapipe.session import OnnxNetwork
from reenactor_plugins.networks.mediapipe.weights import POSE_DETECTION as weight
network = OnnxNetwork(weight, Runtime(weight=WeightStore(default_folder(), offline=True).path))
print(len(network(np.zeros((224, 224, 3), np.uint8), 0, 1)))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the filter is Linux's")
def test_a_network_runs_without_a_connection_or_a_file(tmp_path: Path) -> None:
    def run(program: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-c", NO_INTERNET + program],
            env=environment(
                PYTHONPATH=os.pathsep.join(sys.path),
                PYTHONDONTWRITEBYTECODE="1",
                HOME=str(tmp_path),
                TMPDIR=str(tmp_path),
                XDG_CACHE_HOME=str(tmp_path / "cache"),
            ),
            capture_output=True,
            text=True,
            check=False,
        )

    connecting = run("import socket; socket.socket()")
    if "no filter" in connecting.stderr:
        pytest.skip("the kernel takes no filter here")
    assert connecting.returncode < 0
    done = run(RUN_A_NETWORK)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "2"
    assert list(tmp_path.rglob("*")) == []
