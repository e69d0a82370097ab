from pathlib import Path
from threading import Event, Thread

from reenactor.weights.lock import locked


def test_one_at_a_time(tmp_path: Path) -> None:
    order: list[str] = []
    waiting = Event()

    def second() -> None:
        waiting.set()
        with locked(tmp_path / "lock"):
            order.append("second")

    with locked(tmp_path / "lock"):
        thread = Thread(target=second)
        thread.start()
        waiting.wait(5)
        thread.join(0.05)
        order.append("first")
    thread.join(5)
    assert order == ["first", "second"]
