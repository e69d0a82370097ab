"""Settings of the process that an import must not change, and how they are restored."""

import builtins
import gc
import locale
import os
import signal
import socket
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple


class _Setting(NamedTuple):
    """A setting; with `change` empty it is restored without a word, as libraries change it too."""

    change: str
    read: Callable[[], Any]
    restore: Callable[[Any], object]


@contextmanager
def kept_state(changed: list[str]) -> Iterator[None]:
    """Restore all settings afterwards, and append what the code inside changed to `changed`."""
    before = [setting.read() for setting in _SETTINGS]
    try:
        yield
    finally:
        for setting, value in zip(_SETTINGS, before, strict=True):
            if setting.change and setting.read() == value:
                continue
            if setting.change:
                changed.append(setting.change)
            with suppress(Exception):  # what cannot be restored stays
                setting.restore(value)


def _restore_builtins(before: Mapping[str, Any]) -> None:
    vars(builtins).update(before)


def _restore_modules(before: Mapping[str, Any]) -> None:
    for name in [n for n, module in sys.modules.items() if module is None and n not in before]:
        del sys.modules[name]
    sys.modules.update(before)


def _restore_path(before: tuple[list[str], list[str]]) -> None:
    """New folders come last, so that they cannot shadow the modules of others."""
    path, folders = before
    path[:] = [*folders, *(one for one in sys.path if one not in folders)]
    sys.path = path


def _restore_hooks(before: tuple[Any, ...]) -> None:
    sys.excepthook, sys.displayhook, trace, profile = before
    if sys.gettrace() is not trace:
        sys.settrace(trace)
    if sys.getprofile() is not profile:
        sys.setprofile(profile)


def _restore_warnings(before: list[Any]) -> None:
    """Libraries may silence their own warnings, but not make errors of those of others."""
    now: list[Any] = warnings.filters  # type: ignore[assignment]  # a list, which is not promised
    if now != before:
        new = [one for one in now if one not in before and one[0] != "error"]
        warnings.resetwarnings()
        now[:] = [*new, *before]


def _folder() -> str:
    try:
        return os.getcwd()  # noqa: PTH109 - restored as it was
    except OSError:  # the folder was removed
        return ""


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


_TIMERS = [getattr(signal, n) for n in dir(signal) if n.startswith("ITIMER_")]


def _timers() -> list[bool]:
    """Which timers are armed: `signal.alarm` is one of them."""
    return [signal.getitimer(timer) != (0.0, 0.0) for timer in _TIMERS]


def _restore_timers(before: list[bool]) -> None:
    for timer, armed in zip(_TIMERS, before, strict=True):
        if not armed:
            signal.setitimer(timer, 0)


def _torch() -> Any:
    """The module torch if it is loaded completely."""
    torch = sys.modules.get("torch")
    return torch if hasattr(torch, "set_default_dtype") else None


def _torch_defaults() -> tuple[Any, ...]:
    """Torch's global settings, or those it begins with if it is not loaded yet."""
    if (torch := _torch()) is None:
        return "torch.float32", "cpu", False, False, True
    return (
        str(torch.get_default_dtype()),
        str(torch.empty(0).device),
        torch.are_deterministic_algorithms_enabled(),
        torch.is_deterministic_algorithms_warn_only_enabled(),
        torch.is_grad_enabled(),
    )


def _restore_torch_defaults(before: tuple[Any, ...]) -> None:
    dtype, device, deterministic, warn_only, gradients = before
    if (torch := _torch()) is not None:
        torch.set_default_dtype(getattr(torch, dtype.rpartition(".")[2]))
        torch.set_default_device(None if device == "cpu" else device)
        torch.use_deterministic_algorithms(deterministic, warn_only=warn_only)
        torch.set_grad_enabled(gradients)


def _torch_speed() -> tuple[Any, ...] | None:
    if (torch := _torch()) is None:
        return None
    cudnn = torch.backends.cudnn
    return torch.get_num_threads(), cudnn.benchmark, cudnn.deterministic


def _restore_torch_speed(before: tuple[Any, ...] | None) -> None:
    torch = _torch()
    if torch is not None and before is not None and before != _torch_speed():
        threads, *flags = before
        torch.set_num_threads(threads)
        torch.backends.cudnn.benchmark, torch.backends.cudnn.deterministic = flags


_SETTINGS = (
    # The first ones come first: restoring the others needs them.
    _Setting("changed the recursion limit", sys.getrecursionlimit, sys.setrecursionlimit),
    _Setting("", lambda: dict(vars(builtins)), _restore_builtins),
    _Setting("", lambda: dict(sys.modules), _restore_modules),
    _Setting("", lambda: (sys.path, list(sys.path)), _restore_path),
    _Setting("", lambda: dict(os.environ), os.environ.update),  # new variables stay
    _Setting("", lambda: list(warnings.filters), _restore_warnings),
    _Setting(
        "",
        lambda: (sys.excepthook, sys.displayhook, sys.gettrace(), sys.getprofile()),
        _restore_hooks,
    ),
    _Setting("", _torch_speed, _restore_torch_speed),
    _Setting("changed torch's default settings", _torch_defaults, _restore_torch_defaults),
    _Setting("started a timer", _timers, _restore_timers),
    _Setting("changed the working folder", _folder, lambda value: os.chdir(value or ".")),
    _Setting("changed the umask", _umask, os.umask),
    _Setting(
        "turned the garbage collector on or off",
        gc.isenabled,
        lambda value: gc.enable() if value else gc.disable(),
    ),
    _Setting("", gc.get_threshold, lambda value: gc.set_threshold(*value)),
    _Setting(
        "",
        lambda: locale.setlocale(locale.LC_ALL),
        lambda value: locale.setlocale(locale.LC_ALL, value),
    ),
    _Setting(
        "changed the default timeout of sockets", socket.getdefaulttimeout, socket.setdefaulttimeout
    ),
)
