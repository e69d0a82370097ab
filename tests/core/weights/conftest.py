import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import pytest

from reenactor.manifest import Weight

CONTENT = bytes(range(256)) * 4096  # one MiB


@dataclass
class Mirror:
    """A web server on this machine, and how it behaves for each path."""

    url: str = ""
    requests: list[tuple[str, str]] = field(default_factory=list)
    """Path and Range header of every request."""
    cut: int = 256 * 1024 + 7
    """After how many bytes `/cut` closes the connection."""
    location: str = ""
    """Where `/moved-anywhere` leads."""
    length: str = ""
    """What `/odd-length` says of its length."""
    closed: Event = field(default_factory=Event)
    """Set when the server ends, so that what drips stops."""


def _drip(handler: BaseHTTPRequestHandler, mirror: Mirror, data: bytes) -> None:
    """One byte at a time, far more often than the client's time limit."""
    for byte in data:
        try:
            handler.wfile.write(bytes([byte]))
        except OSError:
            return
        if mirror.closed.wait(0.02):
            return


def _serve(handler: BaseHTTPRequestHandler, mirror: Mirror) -> None:
    asked = handler.headers.get("Range", "")
    mirror.requests.append((handler.path, asked))
    match = re.fullmatch(r"bytes=(\d+)-", asked)
    start = int(match[1]) if match else 0
    body, status, kind = CONTENT, 200, "application/octet-stream"
    headers: dict[str, str] = {}
    path = handler.path
    if path in ("/good", "/cut") and match:
        body, status = CONTENT[start:], 206
        headers["Content-Range"] = f"bytes {start}-{len(CONTENT) - 1}/{len(CONTENT)}"
    elif path == "/wrong-range" and match:
        body, status = CONTENT[5:], 206
        headers["Content-Range"] = f"bytes 5-{len(CONTENT) - 1}/{len(CONTENT)}"
    elif (path == "/unsatisfiable" and match) or path == "/never-satisfiable":
        body, status = b"", 416
    elif path == "/moved-anywhere":
        body, status, headers["Location"] = b"", 302, mirror.location
    elif path == "/moved-in-circles":
        body, status, headers["Location"] = b"", 302, path
    elif path == "/drips-headers":
        _drip(handler, mirror, b"HTTP/1.1 200 OK\r\n" + b"X-More: yes\r\n" * 1000)
        return
    elif path == "/other-bytes":
        body = bytes(len(CONTENT))
    elif path == "/other-size":
        body = CONTENT + b"more"
    elif path == "/page":
        body, kind = b"<html>log in</html>", "text/html"
    elif path == "/missing":
        body, status = b"", 404
    elif path == "/moved":
        body, status, headers["Location"] = b"", 302, "/good"
    elif path == "/moved-to-file":
        body, status, headers["Location"] = b"", 302, "file:///etc/passwd"
    elif path == "/moved-to-ftp":
        body, status, headers["Location"] = b"", 302, "ftp://127.0.0.1/good"
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    if path == "/odd-length":
        handler.send_header("Content-Length", mirror.length)
    elif path != "/no-length-too-long":
        handler.send_header("Content-Length", str(len(body)))
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.end_headers()
    if path == "/no-length-too-long":
        body = CONTENT + b"more"
    if path in ("/cut", "/cut-without-ranges"):
        body = body[: mirror.cut]
    if path == "/drips":
        _drip(handler, mirror, body)
        return
    handler.wfile.write(body)
    handler.close_connection = True


@pytest.fixture
def mirror() -> Iterator[Mirror]:
    """A mirror on the loopback interface."""
    mirror = Mirror()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            _serve(self, mirror)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its name
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    mirror.url = f"http://127.0.0.1:{server.server_port}"
    yield mirror
    mirror.closed.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def weight(mirror: Mirror) -> Callable[..., Weight]:
    """A weight with the content above and mirrors at these paths."""

    def make(*paths: str, **fields: object) -> Weight:
        values: dict[str, object] = {
            "name": "net",
            "file": "net.safetensors",
            "sha256": hashlib.sha256(CONTENT).hexdigest(),
            "size": len(CONTENT),
            "licence": "MIT",
            "origin": "the tests",
            "mirrors": tuple(p if "://" in p else mirror.url + p for p in paths),
            **fields,
        }
        return Weight(**values)  # type: ignore[arg-type]  # arguments of several types

    return make


@pytest.fixture
def content() -> bytes:
    """What the weight's file holds."""
    return CONTENT
