"""The WSGI application of the study.

URLs contain no file names: videos are identified by a participant's token, the step and the side,
so no path can lead out of the study's folders.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

from reenactor.errors import ReenactorError
from reenactor.study.answers import Preference
from reenactor.study.load import PHOTOS, VIDEOS
from reenactor.study.pages import end_page, intro_page, message_page, pair_page
from reenactor.study.ranges import UnsatisfiableError, part_of
from reenactor.study.served import STATIC, ServedStudy

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_LONGEST = 2000
"""The most bytes of a form; an answer takes about thirty."""
_KINDS = {**VIDEOS, **PHOTOS}
_SITTING = re.compile(r"/s/([\w-]{22})", re.ASCII)
_MEDIUM = re.compile(r"/s/([\w-]{22})/([0-9]{1,6})/(left|right|target|driver)", re.ASCII)

Environ = dict[str, Any]
"""A WSGI environment (PEP 3333)."""


@dataclass(frozen=True)
class Reply:
    """A response; `length` is the length of the body in bytes."""

    status: HTTPStatus
    kind: str = "text/plain"
    body: Iterable[bytes] = ()
    length: int = 0
    extra: tuple[tuple[str, str], ...] = ()
    cache: str = "no-store"

    @property
    def headers(self) -> list[tuple[str, str]]:
        """All header fields."""
        return [
            ("Content-Type", self.kind),
            ("Content-Length", str(self.length)),
            ("Cache-Control", self.cache),
            ("Content-Security-Policy", POLICY),
            ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "same-origin"),
            *self.extra,
        ]


class Handler:
    """Handles requests, from any number of threads."""

    def __init__(self, desk: ServedStudy) -> None:
        self.study = desk

    def __call__(self, environ: Environ, start_response: Callable[..., object]) -> Iterable[bytes]:
        """Handle a request (the WSGI interface)."""
        try:
            reply = self._reply(environ)
        except ReenactorError as error:
            self.study.progress.note(str(error))
            reply = _message(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "Something went wrong",
                "Your answer may not have been stored. Please go back and try again.",
            )
        except Exception as error:  # one failed request must not affect others
            self.study.progress.note(f"a request failed: {type(error).__name__}: {error}")
            text = "Please go back and try again."
            reply = _message(HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong", text)
        start_response(f"{reply.status.value} {reply.status.phrase}", reply.headers)
        return reply.body

    def _reply(self, environ: Environ) -> Reply:
        name = re.sub(r":\d*$", "", environ.get("HTTP_HOST", "")).lower()
        if self.study.names and name not in self.study.names:
            text = f"No study is at {name}."
            return _message(HTTPStatus.MISDIRECTED_REQUEST, "Not here", text)
        method = environ["REQUEST_METHOD"]
        if method == "POST":
            return self._post(environ)
        if method == "GET":
            return self._get(environ)
        if method == "HEAD":
            reply = self._get(environ)
            close = getattr(reply.body, "close", None)
            if close is not None:
                close()
            return replace(reply, body=())
        return _message(HTTPStatus.NOT_IMPLEMENTED, "Not found", "This request is not supported.")

    def _get(self, environ: Environ) -> Reply:
        """Serve pages, videos, photos, the style and the script."""
        path = environ["PATH_INFO"]
        if path == "/":
            return _page(intro_page(self.study.study, self.study.steps, self._begun(environ)))
        if path in STATIC:
            content = self.study.static[path]
            kind = STATIC[path]
            return Reply(HTTPStatus.OK, kind, [content], len(content), cache="no-cache")
        if match := _SITTING.fullmatch(path):
            return self._next_step(match[1])
        if match := _MEDIUM.fullmatch(path):
            return self._medium(environ, match[1], int(match[2]), match[3])
        return _missing()

    def _next_step(self, token: str) -> Reply:
        """The page of the first unanswered step."""
        steps = self.study.answers.of(token)
        if not steps:
            return _missing()
        study = self.study.study
        ahead = next((one for one in steps if one.choice is None), None)
        if ahead is None:
            return _page(end_page(study, len(steps)))
        step = ahead.step
        return _page(pair_page(study, token, ahead.place, len(steps), step.video, step.question))

    def _medium(self, environ: Environ, token: str, place: int, side: str) -> Reply:
        steps = self.study.answers.of(token)
        path = self.study.file(steps[place].step, side) if place < len(steps) else None
        if path is None:
            return _missing()
        try:
            file = path.open("rb")
        except OSError as error:
            self.study.progress.note(f"{path} cannot be read: {error.strerror}")
            return _missing()
        size = file.seek(0, 2)
        try:
            part = part_of(environ.get("HTTP_RANGE"), size)
        except UnsatisfiableError:
            file.close()
            whole = (("Content-Range", f"bytes */{size}"),)
            return Reply(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, extra=whole)
        start, stop = part or (0, size)
        extra = [("Accept-Ranges", "bytes")]
        if part is not None:
            extra.append(("Content-Range", f"bytes {start}-{stop - 1}/{size}"))
        file.seek(start)
        return Reply(
            HTTPStatus.OK if part is None else HTTPStatus.PARTIAL_CONTENT,
            _KINDS[path.suffix.lower()],
            environ["wsgi.file_wrapper"](file),  # the server sends exactly `length` bytes
            stop - start,
            tuple(extra),
            "private, max-age=3600",
        )

    def _post(self, environ: Environ) -> Reply:
        """Handle a new participant or an answer."""
        if not _is_from_here(environ):
            text = "This form was sent from another site."
            return _message(HTTPStatus.FORBIDDEN, "Not allowed", text)
        form = _form(environ)
        path = environ["PATH_INFO"]
        if form is None:
            return _message(HTTPStatus.BAD_REQUEST, "No answer", "Invalid form.")
        if path == "/begin":
            token = self.study.answers.begin(self.study.plan)
            cookie = f"{self.study.cookie}={token}; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax"
            return _see_other(f"/s/{token}", ("Set-Cookie", cookie))
        if match := _SITTING.fullmatch(path):
            return self._answer(match[1], form)
        return _missing()

    def _answer(self, token: str, form: dict[str, list[str]]) -> Reply:
        allowed = {"left", "right"} | ({"none"} if self.study.study.file.no_preference else set())
        place, choice = form.get("place", []), form.get("choice", [])
        sound = len(place) == len(choice) == 1 and re.fullmatch(r"[0-9]{1,6}", place[0])
        if not sound or choice[0] not in allowed:
            return _message(HTTPStatus.BAD_REQUEST, "No answer", "Invalid answer.")
        if not self.study.answers.of(token):
            return _missing()
        self.study.answers.answer(token, int(place[0]), Preference(choice[0]))
        return _see_other(f"/s/{token}")

    def _begun(self, environ: Environ) -> str:
        """The link that this browser began with, if it belongs to this study."""
        try:
            cookie = SimpleCookie(environ.get("HTTP_COOKIE", "")).get(self.study.cookie)
        except CookieError:
            return ""
        token = cookie.value if cookie is not None else ""
        known = _SITTING.fullmatch(f"/s/{token}") and self.study.answers.of(token)
        return f"/s/{token}" if known else ""


def _is_from_here(environ: Environ) -> bool:
    """Whether a form was sent by one of our pages, according to the browser.

    Browsers send the origin of every form: `Sec-Fetch-Site` on secure connections, otherwise
    `Origin`. Clients that send neither are not browsers.
    """
    site = environ.get("HTTP_SEC_FETCH_SITE")
    if site is not None:
        return site in ("same-origin", "none")
    origin = environ.get("HTTP_ORIGIN")
    host = environ.get("HTTP_HOST", "").lower()
    return origin is None or origin.lower() in (f"http://{host}", f"https://{host}")


def _form(environ: Environ) -> dict[str, list[str]] | None:
    """The fields of a form; None if it is invalid."""
    length = environ.get("CONTENT_LENGTH", "")
    if not re.fullmatch(r"[0-9]{1,9}", length) or int(length) > _LONGEST:
        return None
    content: bytes = environ["wsgi.input"].read(int(length))
    try:
        return parse_qs(content.decode("utf-8", "replace"), max_num_fields=8)
    except ValueError:  # too many fields
        return {}


def _missing() -> Reply:
    return _message(HTTPStatus.NOT_FOUND, "Not found", "Please check your link.")


def _message(status: HTTPStatus, title: str, text: str) -> Reply:
    return _page(message_page(title, text), status)


def _page(text: str, status: HTTPStatus = HTTPStatus.OK) -> Reply:
    content = text.encode()
    return Reply(status, "text/html; charset=utf-8", [content], len(content))


def _see_other(address: str, *extra: tuple[str, str]) -> Reply:
    return Reply(HTTPStatus.SEE_OTHER, extra=(("Location", address), *extra))
