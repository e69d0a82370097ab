import io

from rich.console import Console

from reenactor.cli.progress import (
    BarProgress,
    LineProgress,
    amount,
    make_progress,
    speed,
    time_left,
)


def console(terminal: bool = False) -> tuple[Console, io.StringIO]:
    stream = io.StringIO()
    return Console(file=stream, force_terminal=terminal, width=100, color_system=None), stream


def test_words() -> None:
    assert speed(24, "frames") == "24.0 fps"
    assert speed(3_100_000, "bytes") == "3.1 MB/s"
    assert speed(2, "people") == "2.0 people/s"
    assert amount(120, "frames") == "120 frames"
    assert amount(3_100_000, "bytes") == "3.1 MB"
    assert time_left(123.4) == "2:03"
    assert time_left(3723) == "1:02:03"


class Clock:
    """A time that tests set."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_lines_now_and_then() -> None:
    target, stream = console()
    clock = Clock()
    progress = LineProgress(target, clock)
    with progress.stage("render", 100, done=20) as advance:
        clock.now = 5.0
        advance(10)
        clock.now = 10.0
        advance(10)
        clock.now = 12.0
        advance(20)
        progress.note("frame 7: [nobody]")
        clock.now = 20.0
        advance(40)
    assert stream.getvalue().splitlines() == [
        "render: begins (100 frames)",
        "render: 40%, 2.0 fps, 0:30 left",
        "note: frame 7: [nobody]",
        "render: 100%, 4.0 fps, 0:00 left",
        "render: done, 100 frames at 4.0 fps",
    ]


def test_lines_of_unknown_length() -> None:
    target, stream = console()
    clock = Clock()
    with LineProgress(target, clock).stage("read", None, "bytes") as advance:
        clock.now = 10.0
        advance(50_000_000)
    assert stream.getvalue().splitlines() == [
        "read: begins",
        "read: 50.0 MB, 5.0 MB/s",
        "read: done, 50.0 MB at 5.0 MB/s",
    ]


def test_bars() -> None:
    target, stream = console(terminal=True)
    progress = BarProgress(target)
    with progress.stage("decode [all]", 10) as outer, progress.stage("render", None) as inner:
        outer(10)
        inner(3)
        progress.note("something")
    with progress.stage("again", 5) as advance:
        advance(5)
    shown = stream.getvalue()
    for part in ("decode [all]", "10 frames", "100%", "3 frames", "note: something", "again"):
        assert part in shown


def test_stages_end_when_work_fails() -> None:
    target, stream = console(terminal=True)
    progress = BarProgress(target)
    try:
        with progress.stage("render", 10):
            raise RuntimeError
    except RuntimeError:
        pass
    with progress.stage("again", 1):
        pass
    assert "again" in stream.getvalue()


def test_no_bars_without_a_terminal() -> None:
    assert isinstance(make_progress(), LineProgress)
