"""Progress as bars on a terminal, and as lines elsewhere."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, ProgressColumn, Task, TaskProgressColumn, TextColumn
from rich.progress import Progress as Bars
from rich.text import Text

from reenactor.cli.console import error_console
from reenactor.progress import Advance, Progress

_SECONDS_BETWEEN_LINES = 10.0


def make_progress() -> Progress:
    """Bars if stderr is a terminal, else lines."""
    console = error_console()
    return BarProgress(console) if console.is_terminal else LineProgress(console)


def speed(per_second: float | int, unit: str) -> str:
    """A speed for people: 24.0 fps, 3.1 MB/s."""
    if unit == "bytes":
        return f"{per_second / 1e6:.1f} MB/s"
    return f"{per_second:.1f} fps" if unit == "frames" else f"{per_second:.1f} {unit}/s"


def amount(count: float | int, unit: str) -> str:
    """An amount for people: 120 frames, 3.1 MB."""
    return f"{count / 1e6:.1f} MB" if unit == "bytes" else f"{count:.0f} {unit}"


def time_left(seconds: float | int) -> str:
    """A duration as 1:02:03 or 2:03."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


class _SpeedColumn(ProgressColumn):
    """Speed, amount and time left in the unit of the stage."""

    def render(self, task: Task) -> Text:
        unit = str(task.fields["unit"])
        parts = [amount(task.completed, unit)]
        if task.speed:
            parts.append(speed(task.speed, unit))
        if task.time_remaining is not None and not task.finished:
            parts.append(f"{time_left(task.time_remaining)} left")
        return Text(", ".join(parts))


class BarProgress:
    """One bar for each stage; stages may overlap. The bar of a finished stage stays."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._lock = Lock()
        self._open = 0
        self._bars: Bars | None = None

    @contextmanager
    def stage(
        self, name: str, total: int | None, unit: str = "frames", done: int = 0
    ) -> Iterator[Advance]:
        """Draw a bar during the stage."""
        bars = self._enter()
        task = bars.add_task(escape(name), total=total, completed=done, unit=unit)
        try:
            yield lambda count: bars.advance(task, count)
        finally:
            bars.stop_task(task)
            self._leave()

    def note(self, text: str) -> None:
        """Write a line above the bars."""
        self._console.print(f"note: {text}", style="yellow", markup=False)

    def _enter(self) -> Bars:
        with self._lock:
            self._open += 1
            if self._bars is None:
                columns = (
                    TextColumn("{task.description}"),
                    BarColumn(),
                    TaskProgressColumn(),
                    _SpeedColumn(),
                )
                self._bars = Bars(*columns, console=self._console)
                self._bars.start()
            return self._bars

    def _leave(self) -> None:
        with self._lock:
            self._open -= 1
            if self._open == 0 and self._bars is not None:
                self._bars.stop()
                self._bars = None


class LineProgress:
    """A line when a stage begins and ends, and every ten seconds in between."""

    def __init__(self, console: Console, clock: Callable[[], float] = time.monotonic) -> None:
        self._console = console
        self._clock = clock

    @contextmanager
    def stage(
        self, name: str, total: int | None, unit: str = "frames", done: int = 0
    ) -> Iterator[Advance]:
        """Write lines during the stage."""
        begun = last = self._clock()
        count = done

        def advance(more: int) -> None:
            nonlocal count, last
            count += more
            now = self._clock()
            if now - last >= _SECONDS_BETWEEN_LINES:
                last = now
                self._line(name, count, total, unit, (count - done) / (now - begun))

        of = "" if total is None else f" ({amount(total, unit)})"
        self._write(f"{name}: begins{of}")
        yield advance
        seconds = self._clock() - begun
        per_second = (count - done) / seconds if seconds > 0 else 0.0
        self._write(f"{name}: done, {amount(count, unit)} at {speed(per_second, unit)}")

    def note(self, text: str) -> None:
        """Write a line."""
        self._write(f"note: {text}")

    def _line(self, name: str, count: int, total: int | None, unit: str, per_second: float) -> None:
        parts = [amount(count, unit) if total is None else f"{count / max(total, 1):.0%}"]
        parts.append(speed(per_second, unit))
        if total is not None and per_second > 0:
            parts.append(f"{time_left((total - count) / per_second)} left")
        self._write(f"{name}: {', '.join(parts)}")

    def _write(self, text: str) -> None:
        self._console.print(text, markup=False, soft_wrap=True)
