"""The server over HTTP: two people at once, restarts, duplicates, ranges, and what is refused."""

import re
import socket
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlencode

import pytest

from reenactor.errors import PluginError, UsageError
from reenactor.study.answers import Answers
from reenactor.study.load import load_study
from reenactor.study.server import StudyServer, is_loopback

from .conftest import Maker, Serving, served

pytest.importorskip("waitress", reason="serving needs the extra `study`")


class Browser:
    """A participant: asks, and follows to where a form leads."""

    def __init__(self, server: StudyServer) -> None:
        self.port = server.server_address[1]
        self.cookie = ""

    def ask(
        self, method: str, path: str, body: str | None = None, **headers: str
    ) -> tuple[HTTPResponse, bytes]:
        connection = HTTPConnection("127.0.0.1", int(self.port), timeout=10)
        sent = {"Cookie": self.cookie, **{k.replace("_", "-"): v for k, v in headers.items()}}
        try:
            connection.request(method, path, body, sent)
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        return response, content

    def get(self, path: str, **headers: str) -> tuple[HTTPResponse, bytes]:
        return self.ask("GET", path, **headers)

    def post(self, path: str, **fields: object) -> tuple[HTTPResponse, bytes]:
        return self.ask("POST", path, urlencode(fields))

    def begin(self) -> str:
        """Agree, and give the link."""
        response, _ = self.post("/begin")
        assert response.status == 303
        self.cookie = response.headers["Set-Cookie"].split(";")[0]
        return response.headers["Location"]

    def place(self, link: str) -> int | None:
        """The step that is shown, counted from 0; None at the end."""
        text = self.get(link)[1].decode()
        found = re.search(r'name="place" value="(\d+)"', text)
        return int(found[1]) if found else None


def test_two_at_once_and_a_restart(study_of: Maker) -> None:
    study = study_of(3, reference="ours")
    with served(study) as server:
        one, two = Browser(server), Browser(server)
        links = one.begin(), two.begin()
        assert links[0] != links[1]
        for browser, link in ((one, links[0]), (two, links[1]), (one, links[0])):
            place = browser.place(link)
            response, _ = browser.post(link, place=place, choice="left")
            assert (response.status, response.headers["Location"]) == (303, link)
        port = int(server.server_address[1])
    with served(load_study(study.folder), port) as server:
        assert (one.place(links[0]), two.place(links[1])) == (2, 1)
        intro = one.get("/")[1].decode()
        assert links[0] in intro  # the browser remembers
        assert "/s/" not in Browser(server).get("/")[1].decode()
        one.post(links[0], place=2, choice="right")
        assert one.place(links[0]) is None
        assert "Thank you" in one.get(links[0])[1].decode()
    given = [answer for answer in Answers(study.answers).all() if answer.choice]
    assert [(a.number, a.place) for a in given] == [(0, 0), (0, 1), (0, 2), (1, 0)]


def test_a_double_click_counts_once(study_of: Maker, serving: Serving) -> None:
    study = study_of()
    browser = Browser(serving(study))
    link = browser.begin()
    with ThreadPoolExecutor(6) as pool:
        jobs = [pool.submit(browser.post, link, place=0, choice="left") for _ in range(6)]
        assert {job.result()[0].status for job in jobs} == {303}
    assert browser.place(link) == 1
    assert sum(answer.choice is not None for answer in Answers(study.answers).all()) == 1


def test_many_people_at_once(study_of: Maker, serving: Serving) -> None:
    study = study_of(3)
    server = serving(study)

    def take_part(number: int) -> None:
        browser = Browser(server)
        link = browser.begin()
        while (place := browser.place(link)) is not None:
            browser.post(link, place=place, choice=("left", "right")[(number + place) % 2])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(take_part, range(12)))
    given = Answers(study.answers).all()
    assert len(given) == 36
    assert all(answer.choice for answer in given)


def test_videos_come_in_parts(study_of: Maker, serving: Serving) -> None:
    study = study_of(1, beside=True, reference="ours")
    browser = Browser(serving(study))
    link = browser.begin()
    step = Answers(study.answers).all()[0].step
    whole = study.methods[step.left][step.video].read_bytes()
    response, content = browser.get(f"{link}/0/left")
    assert (response.status, content) == (200, whole)
    assert response.headers["Accept-Ranges"] == "bytes"
    assert response.headers["Content-Type"] == "video/mp4"
    response, content = browser.get(f"{link}/0/left", Range="bytes=0-1")
    assert (response.status, content) == (206, whole[:2])
    assert response.headers["Content-Range"] == f"bytes 0-1/{len(whole)}"
    response, content = browser.get(f"{link}/0/right", Range="bytes=-7")
    assert content == study.methods[step.right][step.video].read_bytes()[-7:]
    response, content = browser.get(f"{link}/0/left", Range=f"bytes={len(whole)}-")
    assert (response.status, content) == (416, b"")
    assert response.headers["Content-Range"] == f"bytes */{len(whole)}"
    response, content = browser.ask("HEAD", f"{link}/0/left")
    assert (response.headers["Content-Length"], content) == (str(len(whole)), b"")
    response, content = browser.get(f"{link}/0/target")
    assert (response.headers["Content-Type"], content[:4]) == ("image/png", b"\x89PNG")
    assert browser.get(f"{link}/0/driver")[1] == study.drivers[step.video].read_bytes()


def test_no_path_leads_out(study_of: Maker, serving: Serving) -> None:
    browser = Browser(serving(study_of(1)))
    link = browser.begin()
    for path in (
        "/study.yaml", "/answers.sqlite", "/../study.yaml", "/%2e%2e/study.yaml", "//etc/passwd",
        "/page/study.css", "/s/../answers.sqlite", f"{link}/0/../../study.yaml", f"{link}/0/ours",
        f"{link}/0/left/../../../study.yaml", f"{link}/0/..%2fstudy.yaml", f"{link}/0/left%00",
        f"{link}/99/left", f"{link}/-1/left", f"{link}/0/target", f"{link}/{'9' * 40}/left",
        f"{link}x", "/s/" + "A" * 22, "/s/", f"{link}/",
    ):  # fmt: skip
        response, content = browser.get(path)
        assert response.status == 404, path
        assert b"version: 1" not in content
        assert b"SQLite" not in content


def test_wrong_answers(study_of: Maker, serving: Serving) -> None:
    study = study_of()
    browser = Browser(serving(study))
    link = browser.begin()
    for fields in (
        {}, {"place": 0}, {"choice": "left"}, {"place": 0, "choice": "none"},
        {"place": 0, "choice": "ours"}, {"place": "x", "choice": "left"},
        {"place": "-1", "choice": "left"}, {"place": "1e9", "choice": "left"},
        {"place": "9" * 30, "choice": "left"}, {"place": "٣", "choice": "left"},
    ):  # fmt: skip
        assert browser.post(link, **fields)[0].status == 400, fields
    assert browser.ask("POST", link, "place=0&place=1&choice=left")[0].status == 400
    assert browser.ask("POST", link, "&".join("a=1" for _ in range(50)))[0].status == 400
    assert browser.ask("POST", link, "x" * 5000)[0].status == 400
    assert browser.ask("POST", link, b"\xff\xfe".decode("latin-1"))[0].status == 400
    assert browser.ask("POST", link, None, Content_Length="-5")[0].status == 400
    assert browser.post("/s/" + "A" * 22, place=0, choice="left")[0].status == 404
    assert browser.post("/elsewhere", place=0, choice="left")[0].status == 404
    assert browser.ask("DELETE", link)[0].status == 501
    assert browser.post(link, place=2, choice="left")[0].status == 303  # not its turn: ignored
    assert not any(answer.choice for answer in Answers(study.answers).all())
    assert browser.place(link) == 0


def test_torn_and_odd_requests_harm_nobody(study_of: Maker, serving: Serving) -> None:
    study = study_of(1)
    server = serving(study)
    for text, answer in (
        (b"GET http://[ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", b"400"),
        (b"POST /begin HTTP/1.1\r\nHost: localhost\r\n\r\n", b"400"),  # no length
        (b"GET / HTTP/1.1\r\n\r\n", b"421"),
        (b"POST /begin HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50\r\n\r\nhalf", b""),
    ):
        address = "127.0.0.1", int(server.server_address[1])
        with socket.create_connection(address, timeout=10) as line:
            line.sendall(text)
            line.shutdown(socket.SHUT_WR)
            assert line.recv(12)[9:] == answer
    assert Browser(server).get("/")[0].status == 200
    assert Answers(study.answers).all() == []


def connected(server: StudyServer) -> socket.socket:
    return socket.create_connection(("127.0.0.1", int(server.server_address[1])), timeout=10)


def replies(server: StudyServer, *sent: bytes) -> list[str]:
    """The status lines of everything that comes back on one connection until it is closed."""
    with connected(server) as line:
        for text in sent:
            line.sendall(text)
        line.shutdown(socket.SHUT_WR)
        content = b""
        while piece := line.recv(1 << 16):
            content += piece
    return re.findall(r"HTTP/1\.[01] (\d{3}) ", content.decode("latin-1"))


def test_a_request_in_a_body_is_none(study_of: Maker, serving: Serving) -> None:
    """What a program before the server takes for a body must not be a second request."""
    study = study_of(1)
    server = serving(study)
    inner = b"POST /begin HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"
    length, chunked = b"Content-Length: %d\r\n" % len(inner), b"Transfer-Encoding: chunked\r\n"
    for head, expected in (
        (b"GET / HTTP/1.1\r\nHost: localhost\r\n" + length, ["200"]),
        (b"HEAD / HTTP/1.1\r\nHost: localhost\r\n" + length, ["200"]),
        (b"DELETE / HTTP/1.1\r\nHost: localhost\r\n" + length, ["501"]),
        (b"POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n" + length, ["400"]),
        (b"POST /x HTTP/1.1\r\nHost: localhost\r\n" + length + length, ["400"]),
        (b"POST /x HTTP/1.1\r\nHost: localhost\r\n" + chunked + length, ["400"]),
        (b"POST /x HTTP/1.0\r\nHost: localhost\r\n" + chunked + length, ["400"]),
        (b"POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: +5\r\n", ["400"]),
    ):  # fmt: skip
        assert replies(server, head + b"\r\n" + inner) == expected, head
    assert Answers(study.answers).all() == []


def test_forms_of_other_sites_are_refused(study_of: Maker, serving: Serving) -> None:
    study = study_of(1)
    server = serving(study)
    here = f"localhost:{server.server_address[1]}"
    browser = Browser(server)
    link = browser.begin()
    refused = (
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:1"},  # another program of this machine
        {"Origin": f"http://{here}.evil.example"},
        {"Origin": f"http://{here}", "Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    )
    for path, form in (("/begin", ""), (link, "place=0&choice=left")):
        for headers in refused:
            asked = browser.ask("POST", path, form, Host=here, **headers)
            assert asked[0].status == 403, headers
    assert not any(answer.choice for answer in Answers(study.answers).all())
    assert {answer.number for answer in Answers(study.answers).all()} == {0}
    for headers in (
        {"Origin": f"http://{here}"},
        {"Origin": f"https://{here}"},  # a proxy with TLS in front
        {"Origin": "https://study.example", "Sec_Fetch_Site": "same-origin"},
    ):
        asked = browser.ask("POST", "/begin", "", Host=here, **headers)
        assert asked[0].status == 303, headers


def test_who_is_slow_to_ask_holds_no_thread(study_of: Maker, serving: Serving) -> None:
    server = serving(study_of(1))
    browser = Browser(server)
    browser.get("/")
    before = threading.active_count()
    with ExitStack() as stack:
        for _ in range(60):
            line = stack.enter_context(connected(server))
            line.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
        for _ in range(20):
            assert browser.get("/")[0].status == 200
        assert threading.active_count() == before


def test_a_head_without_end_is_cut_off(study_of: Maker, serving: Serving) -> None:
    server = serving(study_of(1))
    with connected(server) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 20_000)
        assert line.recv(12)[9:] == b"431"


def test_no_preference_only_where_it_is_allowed(study_of: Maker, serving: Serving) -> None:
    study = study_of(no_preference=True)
    browser = Browser(serving(study))
    link = browser.begin()
    assert b"No preference" in browser.get(link)[1]
    assert browser.post(link, place=0, choice="none")[0].status == 303
    assert browser.place(link) == 1


def test_pages_need_nothing_else_and_tell_no_method(study_of: Maker, serving: Serving) -> None:
    study = study_of(1, title="<b>& more</b>", questions=["<script>?"])
    browser = Browser(serving(study))
    link = browser.begin()
    for path in ("/", link, "/nothing"):
        response, content = browser.get(path)
        text = content.decode()
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Cache-Control"] == "no-store"
        assert "Python" not in response.headers["Server"]
        assert "http" not in text.replace("http-equiv", "")
        assert "<b>&" not in text
        assert "<script>?" not in text
        assert not any(name in text for name in ("ours", "warp", "spt", "dance0"))
    for path in re.findall(r'(?:src|href)="([^"]+)"', browser.get(link)[1].decode()):
        assert browser.get(path)[0].status == 200, path


def test_only_its_own_names_are_answered_to(study_of: Maker) -> None:
    study = study_of(1)
    with StudyServer(study) as server:
        assert server.desk.names
    with served(study) as server:
        browser = Browser(server)
        assert browser.get("/", Host="evil.example")[0].status == 421
        assert browser.ask("POST", "/begin", "", Host="evil.example:80")[0].status == 421
        assert browser.get("/", Host="LOCALHOST:99")[0].status == 200
    with StudyServer(study, names=("Study.example",)) as server:
        assert "study.example" in server.desk.names
    with StudyServer(study, host="0.0.0.0") as server:  # noqa: S104  # an open address is the case
        assert server.desk.names == ()
    with StudyServer(study, host="0.0.0.0", names=("lab.example",)) as server:  # noqa: S104  # an open address is the case
        assert set(server.desk.names) == {"localhost", "127.0.0.1", "[::1]", "lab.example"}


def test_without_waitress_the_extra_is_named(
    study_of: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "waitress.server", None)
    with pytest.raises(PluginError, match=r"reenactor\[study\]"):
        StudyServer(study_of(1))


@pytest.mark.parametrize(
    ("host", "answer"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("x", False)],  # noqa: S104  # an open address is the case
)
def test_loopback(host: str, answer: bool) -> None:
    assert is_loopback(host) is answer


def test_a_port_that_is_taken(study_of: Maker) -> None:
    study = study_of(1)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(UsageError, match="another --port"):
            StudyServer(study, port=other.getsockname()[1])


def test_answers_of_another_study(study_of: Maker, serving: Serving) -> None:
    study = study_of(2)
    Browser(serving(study)).begin()
    with pytest.raises(UsageError, match="no longer has"):
        StudyServer(study_of(2, videos=["dance0"]))


def test_a_full_disk_is_told(study_of: Maker, serving: Serving, tmp_path: Path) -> None:
    study = study_of(1)
    browser = Browser(serving(study))
    link = browser.begin()
    study.answers.write_bytes(b"overwritten by something else " * 200)
    for path in study.folder.glob("answers.sqlite-*"):
        path.unlink()
    response, content = browser.post(link, place=0, choice="left")
    assert response.status == 503
    assert b"try again" in content
