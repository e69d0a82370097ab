"""Downloads with resume. The only module that accesses the network."""

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
"""Retries after a connection that broke but delivered some bytes."""
_SLOWEST = 1024
"""Minimum bytes per second, averaged over the timeout; slower mirrors are given up."""

Announce = Callable[[int], None]
"""Called with the number of bytes present, whenever it grows."""


class FetchError(Exception):
    """A mirror did not deliver the file; `again` if a retry may help."""

    def __init__(self, reason: str, again: bool = False) -> None:
        self.again = again
        super().__init__(reason)


def fetch(url: str, weight: Weight, part: Path, timeout: float, announce: Announce) -> None:
    """Download a weight from one mirror into `part`, resuming at its end.

    The result is checked against size and sha256. After a broken download the bytes stay in `part`
    for the next attempt, maybe at another mirror; wrong bytes are discarded.

    Args:
        url: the file's address at the mirror, http or https.
        weight: what the file must be.
        part: the partial file; a regular file, or missing.
        timeout: seconds until the response must begin. Mirrors that send less than 1 KiB per
            second over that time are given up.
        announce: called with the number of bytes present.

    Raises:
        FetchError: the mirror did not deliver the file.
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
        # The existing bytes may be of another version: start over once.
    raise FetchError("different bytes each time")


def _continue(url: str, weight: Weight, part: Path, timeout: float, announce: Announce) -> None:
    """Request the missing rest of `part` and append it."""
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
    except ValueError as error:  # an invalid address or header
        raise FetchError(f"invalid response: {error}") from error


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
    """The result of a call, if it returns in time.

    A socket's own timeout restarts with every byte, so a server that drips its headers would never
    reach it. The thread of an abandoned call ends with its connection.
    """
    result: Future[Any] = Future()

    def work() -> None:
        try:
            result.set_result(call())
        except BaseException as error:  # re-raised in the waiting thread
            result.set_exception(error)

    Thread(target=work, daemon=True).start()
    try:
        return result.result(seconds)
    except TimeoutError as error:
        raise TimeoutError(f"timed out after {seconds:g} s") from error


def _accepted_start(response: Any, asked: int, size: int) -> int:
    """The offset of the body in the file: as requested, or 0 if the server ignores ranges."""
    if response.headers.get_content_type() == "text/html":
        raise FetchError("a web page instead of a file")
    length = response.headers.get("Content-Length", "")
    start, total = 0, int(length) if length.isdecimal() else None
    if response.status == http.HTTPStatus.PARTIAL_CONTENT:
        match = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", response.headers.get("Content-Range", ""))
        if match is None or int(match[1]) != asked:
            raise FetchError("a different range than requested")
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
            reason = f"interrupted after {done} of {size} bytes: {_reason(error)}"
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
        raise FetchError(f"interrupted after {done} of {size} bytes", again=True)


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects to http and https only, and from https to https only."""

    def http_error_302(self, req: Any, fp: Any, code: int, msg: str, headers: Any) -> Any:
        try:
            return urllib.request.HTTPRedirectHandler.http_error_302(
                self, req, fp, code, msg, headers
            )
        except (ValueError, FetchError):  # close the redirecting response
            fp.close()
            raise

    http_error_301 = http_error_303 = http_error_307 = http_error_308 = http_error_302

    def redirect_request(
        self, req: urllib.request.Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        _check_scheme(newurl)
        if req.type == "https" and urlsplit(newurl).scheme != "https":
            raise FetchError(f"redirect from https to an unencrypted address: {newurl}")
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
