"""Serves a study over HTTP, with waitress.

Tens of participants request a page and a few small videos per minute, so a few threads suffice.
Waitress reads requests and writes responses outside these threads, so that slow browsers and
incomplete requests do not block them, and closes idle connections.
"""

import logging
import socket
from contextlib import ExitStack
from ipaddress import ip_address
from typing import Any

from reenactor.errors import PluginError, UsageError
from reenactor.progress import Progress, Silent
from reenactor.study.answers import Answers
from reenactor.study.handler import Handler
from reenactor.study.load import Study
from reenactor.study.served import ServedStudy

LOCAL = ("localhost", "127.0.0.1", "[::1]")
THREADS = 8
CONNECTIONS = 500
"""The most simultaneous connections; further ones wait."""
SILENCE = 30
"""Seconds after which idle connections are closed."""
_LONGEST = 1 << 14
"""The most bytes of a request's header and body."""


class StudyServer:
    """Serves a study after `serve_forever` is called."""

    def __init__(
        self,
        study: Study,
        host: str = "127.0.0.1",
        port: int = 0,
        names: tuple[str, ...] = (),
        progress: Progress | None = None,
    ) -> None:
        """Open the answers and bind the port (0: any free port).

        On a loopback address, only loopback host names and `names` (those of a proxy) are accepted,
        which prevents DNS rebinding. On other addresses all hosts are, unless `names` are given.

        Raises:
            UsageError: the address cannot be bound, or the answers belong to another study.
            PluginError: waitress is not installed.
            ReenactorError: the answers cannot be used.
        """
        create_server, channel = _waitress()
        accepted = tuple(name.lower() for name in names)
        if accepted or is_loopback(host):
            accepted = (*LOCAL, *accepted)
        self.desk = ServedStudy(study, Answers(study.answers), accepted, progress or Silent())
        self._socket = _bound(host, port)
        logging.getLogger("waitress").addHandler(logging.NullHandler())
        self._server: Any = create_server(
            Handler(self.desk),
            sockets=[self._socket],
            threads=THREADS,
            connection_limit=CONNECTIONS,
            channel_timeout=SILENCE,
            cleanup_interval=SILENCE // 3,
            max_request_header_size=_LONGEST,
            max_request_body_size=_LONGEST,
            asyncore_use_poll=True,  # select() is limited to 1024 open files
            ident="reenactor",
        )
        self._server.channel_class = channel

    @property
    def server_address(self) -> tuple[str, int]:
        """Host and port."""
        host, port = self._socket.getsockname()[:2]
        return str(host), int(port)

    @property
    def address(self) -> str:
        """The URL for browsers."""
        host, port = self.server_address
        name = f"[{host}]" if ":" in host else host
        return f"http://{name}:{port}/"

    def serve_forever(self) -> None:
        """Serve until Ctrl-C, or until another thread calls `shutdown`."""
        self._server.run()

    def shutdown(self) -> None:
        """Stop `serve_forever`, from another thread."""
        self._server.trigger.pull_trigger(self._close)

    def __enter__(self) -> "StudyServer":
        return self

    def __exit__(self, *error: object) -> None:
        self._server.task_dispatcher.shutdown()
        self._close()

    def _close(self) -> None:
        for channel in list(self._server.active_channels.values()):
            channel.handle_close()
        self._server.close()


def _waitress() -> tuple[Any, Any]:
    """Waitress's server factory and our channel class."""
    try:
        from waitress.server import create_server

        from reenactor.study.channel import Channel
    except ImportError as error:
        raise PluginError(
            "serving a study requires a package that is not installed",
            given=f"no {error.name}",
            advice="pip install 'reenactor[study]'",
        ) from error
    return create_server, Channel


def _bound(host: str, port: int) -> socket.socket:
    with ExitStack() as stack:
        try:
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            made = stack.enter_context(socket.socket(family, socket.SOCK_STREAM))
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            made.bind((host, port))
        except (OSError, OverflowError) as error:
            raise UsageError(
                "cannot serve the study at this address",
                given=f"--host {host} --port {port}: {error}",
                advice="another --port; 0 uses any free port",
            ) from error
        stack.pop_all()
        return made


def is_loopback(host: str) -> bool:
    """Whether an address is a loopback address."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
