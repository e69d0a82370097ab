"""One connection to a study: which address gives what.

No address holds a file's name: videos are found by a participant's token, the place of the step
and the side, so there is no path that could lead out of the study's folders.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler
from typing import Any, BinaryIO
from urllib.parse import parse_qs

from reenactor.errors import ReenactorError
from reenactor.study.answers import Choice
from reenactor.study.desk import STATIC, Desk
from reenactor.study.load import PHOTOS, VIDEOS
from reenactor.study.pages import end_page, intro_page, message_page, pair_page
from reenactor.study.ranges import UnsatisfiableError, part_of

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_LONGEST = 2000
"""Bytes of a form: an answer takes thirty."""
_PIECE = 1 << 16
_KINDS = {**VIDEOS, **PHOTOS}
_SITTING = re.compile(r"/s/([\w-]{22})", re.ASCII)
_MEDIUM = re.compile(r"/s/([\w-]{22})/([0-9]{1,6})/(left|right|target|driver)", re.ASCII)


class Handler(BaseHTTPRequestHandler):
    """One connection. The names do_GET … and the attributes are the standard library's."""

    protocol_version = "HTTP/1.1"
    server_version, sys_version = "reenactor", ""
    timeout = 60

    @property
    def desk(self) -> Desk:
        """What all connections share."""
        found: Desk = self.server.desk  # type: ignore[attr-defined]  # a StudyServer's
        return found

    def do_GET(self) -> None:
        """Pages, videos, photos, style and script."""
        self._guarded(self._get)

    def do_HEAD(self) -> None:
        """As GET, without the content."""
        self._guarded(self._get)

    def do_POST(self) -> None:
        """A participant begins, or answers."""
        self._guarded(self._post)

    def _guarded(self, act: Callable[[str], None]) -> None:
        """Do it unless the browser goes away, or asks for a host that is not here."""
        try:
            name = re.sub(r":\d*$", "", self.headers.get("Host", "")).lower()
            if self.desk.names and name not in self.desk.names:
                self.close_connection = True
                self._message(HTTPStatus.MISDIRECTED_REQUEST, "Not here", f"No study is at {name}.")
            else:
                self._tried(act)
        except (ConnectionError, TimeoutError):
            self.close_connection = True

    def _tried(self, act: Callable[[str], None]) -> None:
        try:
            act(self.path.partition("?")[0])
        except ReenactorError as error:
            self.desk.progress.note(str(error))
            self.close_connection = True
            self._message(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "That did not work",
                "Your answer may not have been stored. Please go back and try again.",
            )

    def _get(self, path: str) -> None:
        if path == "/":
            self._page(intro_page(self.desk.study, self.desk.steps, self._begun()))
        elif path in STATIC:
            content = self.desk.static[path]
            self._head(HTTPStatus.OK, STATIC[path], len(content), cache="no-cache")
            self._body([content])
        elif match := _SITTING.fullmatch(path):
            self._sitting(match[1])
        elif match := _MEDIUM.fullmatch(path):
            self._medium(match[1], int(match[2]), match[3])
        else:
            self._missing()

    def _sitting(self, token: str) -> None:
        """The first step that is not answered."""
        steps = self.desk.answers.of(token)
        if not steps:
            self._missing()
            return
        study = self.desk.study
        ahead = next((one for one in steps if one.choice is None), None)
        if ahead is None:
            self._page(end_page(study, len(steps)))
            return
        step = ahead.step
        self._page(pair_page(study, token, ahead.place, len(steps), step.video, step.question))

    def _medium(self, token: str, place: int, side: str) -> None:
        steps = self.desk.answers.of(token)
        path = self.desk.file(steps[place].step, side) if place < len(steps) else None
        if path is None:
            self._missing()
            return
        try:
            file = path.open("rb")
        except OSError as error:
            self.desk.progress.note(f"{path} cannot be read: {error.strerror}")
            self._missing()
            return
        with file:
            size = file.seek(0, 2)
            try:
                part = part_of(self.headers.get("Range"), size)
            except UnsatisfiableError:
                self._head(
                    HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
                    "text/plain",
                    0,
                    ("Content-Range", f"bytes */{size}"),
                )
                return
            start, stop = part or (0, size)
            kind = _KINDS[path.suffix.lower()]
            extra = [("Accept-Ranges", "bytes")]
            if part is not None:
                extra.append(("Content-Range", f"bytes {start}-{stop - 1}/{size}"))
            status = HTTPStatus.OK if part is None else HTTPStatus.PARTIAL_CONTENT
            self._head(status, kind, stop - start, *extra, cache="private, max-age=3600")
            file.seek(start)
            self._body(_pieces(file, stop - start))

    def _post(self, path: str) -> None:
        form = self._form()
        if form is None:
            return
        if path == "/begin":
            token = self.desk.answers.begin(self.desk.plan)
            cookie = f"{self.desk.cookie}={token}; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax"
            self._see_other(f"/s/{token}", ("Set-Cookie", cookie))
        elif match := _SITTING.fullmatch(path):
            self._answer(match[1], form)
        else:
            self._missing()

    def _answer(self, token: str, form: dict[str, list[str]]) -> None:
        allowed = {"left", "right"} | ({"none"} if self.desk.study.file.no_preference else set())
        place, choice = form.get("place", []), form.get("choice", [])
        sound = len(place) == len(choice) == 1 and re.fullmatch(r"[0-9]{1,6}", place[0])
        if not sound or choice[0] not in allowed:
            self._message(HTTPStatus.BAD_REQUEST, "No answer", "Nobody can answer that.")
            return
        if not self.desk.answers.of(token):
            self._missing()
            return
        self.desk.answers.answer(token, int(place[0]), Choice(choice[0]))
        self._see_other(f"/s/{token}")

    def _form(self) -> dict[str, list[str]] | None:
        """The fields of a form; None where it was refused."""
        length = self.headers.get("Content-Length", "")
        if not re.fullmatch(r"[0-9]{1,9}", length) or int(length) > _LONGEST:
            self.close_connection = True  # what may still come is not read
            self._message(HTTPStatus.BAD_REQUEST, "No answer", "This is no form of ours.")
            return None
        content = self.rfile.read(int(length))
        if len(content) < int(length):
            raise ConnectionAbortedError("the browser went away amid a form")
        try:
            return parse_qs(content.decode("utf-8", "replace"), max_num_fields=8)
        except ValueError:  # more fields than that
            return {}

    def _begun(self) -> str:
        """The link that this browser began with, if it is one of this study."""
        try:
            cookie = SimpleCookie(self.headers.get("Cookie", "")).get(self.desk.cookie)
        except CookieError:
            return ""
        token = cookie.value if cookie is not None else ""
        known = _SITTING.fullmatch(f"/s/{token}") and self.desk.answers.of(token)
        return f"/s/{token}" if known else ""

    def _missing(self) -> None:
        self._message(HTTPStatus.NOT_FOUND, "Nothing is here", "Please check your link.")

    def _message(self, status: HTTPStatus, title: str, text: str) -> None:
        self._page(message_page(title, text), status)

    def _page(self, text: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        content = text.encode()
        self._head(status, "text/html; charset=utf-8", len(content))
        self._body([content])

    def _see_other(self, address: str, *extra: tuple[str, str]) -> None:
        self._head(HTTPStatus.SEE_OTHER, "text/plain", 0, ("Location", address), *extra)

    def _head(
        self,
        status: HTTPStatus,
        kind: str,
        length: int,
        *extra: tuple[str, str],
        cache: str = "no-store",
    ) -> None:
        self.send_response(status)
        for key, value in (
            ("Content-Type", kind),
            ("Content-Length", str(length)),
            ("Cache-Control", cache),
            ("Content-Security-Policy", POLICY),
            ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "same-origin"),
            *extra,
        ):
            self.send_header(key, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()

    def _body(self, pieces: Iterable[bytes]) -> None:
        if self.command != "HEAD":
            for piece in pieces:
                self.wfile.write(piece)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # its name
        """Nothing is logged: addresses of participants are nobody's business."""
        del format, args


def _pieces(file: BinaryIO, length: int) -> Iterator[bytes]:
    while length > 0 and (piece := file.read(min(_PIECE, length))):
        length -= len(piece)
        yield piece
