import subprocess
import sys


def test_what_lightning_tells_programmers_does_not_reach_the_terminal() -> None:
    """Which precision it uses, say."""
    program = "from reenactor.training.train import _fabric; _fabric('cpu', 'bf16-mixed')"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("", "")
