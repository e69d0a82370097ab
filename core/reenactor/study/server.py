"""A study over HTTP, by the standard library's threading server.

Tens of participants each ask for a page and a few small videos a minute: a thread for each
connection is enough, and no web framework is needed.
"""

import socket
import sys
from http.server import ThreadingHTTPServer
from ipaddress import ip_address
from typing import Any

from reenactor.errors import UsageError
from reenactor.progress import Progress, Silent
from reenactor.study.answers import Answers
from reenactor.study.desk import Desk
from reenactor.study.handler import Handler
from reenactor.study.load import Study

LOCAL = ("localhost", "127.0.0.1", "[::1]")


class StudyServer(ThreadingHTTPServer):
    """Serves one study from the moment it is made, once `serve_forever` is called."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(
        self,
        study: Study,
        host: str = "127.0.0.1",
        port: int = 0,
        names: tuple[str, ...] = (),
        progress: Progress | None = None,
    ) -> None:
        """Open the answers and the port (0: any that is free).

        On this machine's own address only its own names are answered to, and `names`, by which
        a proxy in front is asked: so no page of another site can reach the study by pointing a
        name of its own here.

        Raises:
            UsageError: the address cannot be had, or the answers belong to another study.
            ReenactorError: the answers cannot be used.
        """
        accepted = (*LOCAL, *(name.lower() for name in names)) if is_loopback(host) else ()
        self.desk = Desk(study, Answers(study.answers), accepted, progress or Silent())
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            ThreadingHTTPServer.__init__(self, (host, port), Handler)
        except (OSError, OverflowError) as error:
            raise UsageError(
                "the study cannot be served there",
                given=f"--host {host} --port {port}: {error}",
                advice="another --port; 0 takes any that is free",
            ) from error

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        host, port = self.server_address[:2]
        name = f"[{host!s}]" if ":" in str(host) else str(host)
        return f"http://{name}:{port}/"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that goes away is no error; anything else is told, and the others go on."""
        del request, client_address
        error = sys.exc_info()[1]
        if not isinstance(error, ConnectionError | TimeoutError):
            self.desk.progress.note(f"a request failed: {type(error).__name__}: {error}")


def is_loopback(host: str) -> bool:
    """Whether only programs of this machine reach an address."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
