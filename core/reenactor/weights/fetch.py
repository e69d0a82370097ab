"""Downloads, with resume. The only module that touches the network."""

import http.client
import re
import urllib.error
import urllib.request
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from threading import Thread
from time import monotonic
from typing import IO, Any
from urllib.parse import urlsplit

from reenactor import __version__
from reenactor.manifest import Weight
from reenactor.weights.digest import difference

_BLOCK = 1 << 18
_ATTEMPTS = 3
"""How often a mirror is asked again after a broken connection that brought some bytes."""
_SLOWEST = 1024
"""Bytes a second, on average over the time limit, below which a mirror is given up."""

Announce = Callable[[int], None]
"""Is told how many bytes of the file are there, whenever more are."""


class FetchError(Exception):
    """A mirror did not give the file; `again` where asking it to go on may help."""

    def __init__(self, reason: str, again: bool = False) -> None:
        self.again = again
        super().__init__(reason)


def fetch(url: str, weight: Weight, part: Path, timeout: float, announce: Announce) -> None:
    """Download a weight from one mirror into `part`, going on where that file ends.

    What comes is checked against size and sha256. Bytes of a broken download stay in `part`
    for the next attempt, which may be at another mirror; bytes that turned out wrong do not.

    Args:
        url: the file's address at the mirror, http or https.
        weight: what the file must be.
        part: where it is written; a regular file, or nothing yet.
        timeout: seconds within which an answer must begin. A mirror that sends less than 1 KiB a
            second over that time is given up, too.
        announce: told how many bytes are there.

    Raises:
        FetchError: the mirror did not give the file.
        OSError: the file cannot be written.
    """
    for attempt in range(_ATTEMPTS):
        before = _size(part)
        try:
            _continue(url, weight, part, timeout, announce)
        except FetchError as error:
            if not error.again or _size(part) <= before or attempt == _ATTEMPTS - 1:
                raise
            continue
        wrong = difference(part, weight)
        if not wrong:
            return
        part.unlink()
        if not before:
            raise FetchError(wrong)
        # The bytes that were there already may have been another version's: once more, afresh.
    raise FetchError("other bytes each time")


def _continue(url: str, weight: Weight, part: Path, timeout: float, announce: Announce) -> None:
    """Ask for what is missing of `part` and append it."""
    start = _size(part)
    if start == weight.size:
        return
    if start > weight.size:
        part.unlink()
        start = 0
    try:
        with _open(url, start, timeout) as response:
            start = _accepted_start(response, start, weight.size)
            with part.open("ab") as file:
                file.truncate(start)
                _copy(response, file, start, weight.size, timeout, announce)
    except ValueError as error:  # an address or a header that cannot be parsed
        raise FetchError(f"it gave an invalid answer: {error}") from error


def _open(url: str, start: int, timeout: float) -> Any:
    _check_scheme(url)
    headers = {"User-Agent": f"reenactor/{__version__}", "Accept-Encoding": "identity"}
    if start:
        headers["Range"] = f"bytes={start}-"
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler,
        urllib.request.HTTPHandler,
        urllib.request.HTTPSHandler,
        urllib.request.HTTPDefaultErrorHandler,
        _Redirects,
        urllib.request.HTTPErrorProcessor,
    ):
        opener.add_handler(handler())
    request = urllib.request.Request(url, headers=headers)  # noqa: S310  # scheme checked above
    try:
        return _within(timeout, lambda: opener.open(request, timeout=timeout))
    except urllib.error.HTTPError as error:
        error.close()
        if start and error.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            return _open(url, 0, timeout)
        raise FetchError(f"HTTP {error.code} {error.reason}") from error
    except urllib.error.URLError as error:
        raise FetchError(f"no connection: {error.reason}") from error
    except (OSError, http.client.HTTPException) as error:
        raise FetchError(f"no connection: {_reason(error)}") from error


def _within(seconds: float, call: Callable[[], Any]) -> Any:
    """What a call gives, if it does so in time.

    A socket's own time limit counts from byte to byte: a server that sends its headers one by one
    would never reach it. The thread of a call that is given up ends with its connection.
    """
    result: Future[Any] = Future()

    def work() -> None:
        try:
            result.set_result(call())
        except BaseException as error:  # raised again where it is waited for
            result.set_exception(error)

    Thread(target=work, daemon=True).start()
    try:
        return result.result(seconds)
    except TimeoutError as error:
        raise TimeoutError(f"timed out after {seconds:g} s") from error


def _accepted_start(response: Any, asked: int, size: int) -> int:
    """Where the body begins in the file: where we asked, or at 0 from a server without ranges."""
    if response.headers.get_content_type() == "text/html":
        raise FetchError("it gave a web page instead of a file")
    length = response.headers.get("Content-Length", "")
    start, total = 0, int(length) if length.isdecimal() else None
    if response.status == http.HTTPStatus.PARTIAL_CONTENT:
        match = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", response.headers.get("Content-Range", ""))
        if match is None or int(match[1]) != asked:
            raise FetchError("it answered with another range than it was asked for")
        start, total = asked, int(match[2]) if match[2] != "*" else None
    if total is not None and total != size:
        raise FetchError(f"another version: {total} bytes, not {size}")
    return start


def _copy(
    response: Any, file: IO[bytes], done: int, size: int, timeout: float, announce: Announce
) -> None:
    announce(done)
    since, before = monotonic(), done
    while True:
        try:
            block = response.read1(_BLOCK)
        except (OSError, http.client.HTTPException) as error:
            reason = f"broken off after {done} of {size} bytes: {_reason(error)}"
            raise FetchError(reason, again=True) from error
        if not block:
            break
        file.write(block)
        done += len(block)
        if done > size:
            raise FetchError(f"another version: more than {size} bytes")
        announce(done)
        now = monotonic()
        if now - since >= timeout and done < size:
            if done - before < _SLOWEST * (now - since):
                raise FetchError(f"too slow: {done - before} bytes in {now - since:.0f} s")
            since, before = now, done
    if done < size:
        raise FetchError(f"broken off after {done} of {size} bytes", again=True)


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects to http and https only, and from https to https only."""

    def http_error_302(self, req: Any, fp: Any, code: int, msg: str, headers: Any) -> Any:
        try:
            return urllib.request.HTTPRedirectHandler.http_error_302(
                self, req, fp, code, msg, headers
            )
        except (ValueError, FetchError):  # the answer that led nowhere would stay open
            fp.close()
            raise

    http_error_301 = http_error_303 = http_error_307 = http_error_308 = http_error_302

    def redirect_request(
        self, req: urllib.request.Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        _check_scheme(newurl)
        if req.type == "https" and urlsplit(newurl).scheme != "https":
            raise FetchError(f"it leads from https to an address without encryption: {newurl}")
        return urllib.request.HTTPRedirectHandler.redirect_request(
            self, req, fp, code, msg, headers, newurl
        )


def _check_scheme(url: str) -> None:
    scheme = urlsplit(url).scheme
    if scheme not in ("http", "https"):
        raise FetchError(f"only http and https are allowed, not {scheme or 'no scheme'}: {url}")


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__
