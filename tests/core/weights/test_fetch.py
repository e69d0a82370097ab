import socket
from collections.abc import Callable
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.request import Request

import pytest

from reenactor.manifest import Weight
from reenactor.weights.fetch import FetchError, _Redirects, fetch

Make = Callable[..., Weight]


@pytest.fixture
def part(tmp_path: Path) -> Path:
    return tmp_path / "net.part"


def get(weight: Weight, part: Path, timeout: float = 5.0) -> list[int]:
    """Fetch from the first mirror; gives the announced sizes."""
    announced: list[int] = []
    fetch(weight.mirrors[0], weight, part, timeout, announced.append)
    return announced


@pytest.mark.parametrize("path", ["/good", "/moved", "/wrong-range", "/unsatisfiable"])
def test_a_download(weight: Make, part: Path, content: bytes, path: str) -> None:
    announced = get(weight(path), part)
    assert part.read_bytes() == content
    assert announced[0] == 0
    assert announced[-1] == len(content)
    assert announced == sorted(announced)


def test_it_goes_on_where_it_was_broken_off(
    weight: Make, part: Path, content: bytes, mirror: Any
) -> None:
    part.write_bytes(content[:1000])
    get(weight("/good"), part)
    assert part.read_bytes() == content
    assert mirror.requests == [("/good", "bytes=1000-")]


def test_a_connection_that_breaks_is_taken_up_again(
    weight: Make, part: Path, content: bytes, mirror: Any
) -> None:
    mirror.cut = len(content) // 2 + 1
    get(weight("/cut"), part)
    assert part.read_bytes() == content
    assert [asked for _, asked in mirror.requests] == ["", f"bytes={mirror.cut}-"]


def test_a_mirror_that_always_breaks_leaves_what_it_brought(
    weight: Make, part: Path, content: bytes, mirror: Any
) -> None:
    mirror.cut = 1000
    with pytest.raises(FetchError, match="interrupted after 3000 of 1048576 bytes"):
        get(weight("/cut"), part)
    assert part.read_bytes() == content[:3000]


def test_a_server_without_ranges_begins_anew(weight: Make, part: Path, content: bytes) -> None:
    part.write_bytes(b"x" * 1000)
    get(weight("/moved"), part)
    assert part.read_bytes() == content


def test_a_server_without_ranges_that_breaks_is_given_up(
    weight: Make, part: Path, mirror: Any
) -> None:
    mirror.cut = 1000
    with pytest.raises(FetchError, match="interrupted"):
        get(weight("/cut-without-ranges"), part)
    assert len(mirror.requests) == 2  # the second brought no more than the first


def test_wrong_bytes_at_the_beginning_are_fetched_again(
    weight: Make, part: Path, content: bytes, mirror: Any
) -> None:
    part.write_bytes(b"x" * 1000)  # of another version, say
    get(weight("/good"), part)
    assert part.read_bytes() == content
    assert [asked for _, asked in mirror.requests] == ["bytes=1000-", ""]


def test_a_whole_file_left_behind_needs_no_request(
    weight: Make, part: Path, content: bytes, mirror: Any
) -> None:
    part.write_bytes(content)
    get(weight("/good"), part)
    assert mirror.requests == []


@pytest.mark.parametrize("given", [b"x" * 2_000_000, b"x" * 1048576])
def test_a_part_that_is_too_long_or_wrong_is_thrown_away(
    weight: Make, part: Path, content: bytes, given: bytes
) -> None:
    part.write_bytes(given)
    get(weight("/good"), part)
    assert part.read_bytes() == content


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/other-bytes", "damaged, or another version: its sha256 is 30e14955"),
        ("/other-size", "another version: 1048580 bytes, not 1048576"),
        ("/no-length-too-long", "another version: more than 1048576 bytes"),
        ("/page", "a web page instead of a file"),
        ("/missing", "HTTP 404"),
        ("/never-satisfiable", "HTTP 416"),
        ("/moved-in-circles", "HTTP 302"),
        ("/moved-to-file", "not allowed"),
        ("/moved-to-ftp", "only http and https are allowed, not ftp"),
        ("file:///etc/passwd", "only http and https are allowed, not file"),
        ("ftp://a.example/b", "only http and https are allowed, not ftp"),
    ],
)
def test_what_a_mirror_may_do_wrong(weight: Make, part: Path, path: str, said: str) -> None:
    far = weight(path)
    with pytest.raises(FetchError, match=said):
        get(far, part)
    if path == "/other-bytes":  # (a MiB of zeros, whose sha256 begins as above)
        assert not part.exists()


@pytest.mark.parametrize("there", [0, 1000])
def test_a_mirror_that_can_satisfy_no_range_is_asked_twice_at_most(
    weight: Make, part: Path, content: bytes, mirror: Any, there: int
) -> None:
    part.write_bytes(content[:there])
    with pytest.raises(FetchError, match="HTTP 416"):
        get(weight("/never-satisfiable"), part)
    assert len(mirror.requests) == (2 if there else 1)
    assert part.read_bytes() == content[:there]


@pytest.mark.parametrize(
    "location",
    [
        "http://[::1/x",
        "http://127.0.0.1:port/x",
        "http://" + "a" * 300 + ".example/",
        "//[/x",
        "http://127.0.0.1:99999/x",
    ],
)
def test_an_address_that_cannot_be_parsed(
    weight: Make, part: Path, mirror: Any, location: str
) -> None:
    mirror.location = location
    with pytest.raises(FetchError):
        get(weight("/moved-anywhere"), part)
    with pytest.raises(FetchError):
        get(weight(mirrors=(location,)), part)


@pytest.mark.parametrize("length", ["9" * 5000, "-1", "\u0661", "ten"])
def test_a_length_that_is_none(weight: Make, part: Path, mirror: Any, length: str) -> None:
    """Either it is refused, or the file is whole: its size and sum decide."""
    mirror.length = length.encode().decode("latin-1")
    try:
        get(weight("/odd-length"), part)
    except FetchError:
        return
    assert part.stat().st_size == 1 << 20


@pytest.mark.parametrize(
    ("path", "said"), [("/drips", "too slow"), ("/drips-headers", "timed out")]
)
def test_a_mirror_that_only_drips_is_given_up(
    weight: Make, part: Path, path: str, said: str
) -> None:
    with pytest.raises(FetchError, match=said):
        get(weight(path), part, timeout=0.2)


def test_what_dripped_is_kept_for_the_next_mirror(weight: Make, part: Path, content: bytes) -> None:
    with pytest.raises(FetchError, match="too slow"):
        get(weight("/drips"), part, timeout=0.2)
    came = part.read_bytes()
    assert came
    assert content.startswith(came)
    get(weight("/good"), part)
    assert part.read_bytes() == content


def test_encryption_is_not_given_up_on_the_way() -> None:
    request = Request("https://a.example/x")
    for there in ("http://a.example/x", "HTTP://b.example/x"):
        with pytest.raises(FetchError, match="unencrypted"):
            _Redirects().redirect_request(request, None, 302, "", Message(), there)
    followed = _Redirects().redirect_request(
        request, None, 302, "", Message(), "https://b.example/y"
    )
    assert followed is not None
    assert followed.full_url == "https://b.example/y"


def test_a_range_that_was_not_asked_for(weight: Make, part: Path) -> None:
    part.write_bytes(b"x" * 1000)
    with pytest.raises(FetchError, match="different range"):
        get(weight("/wrong-range"), part)


def test_a_range_that_cannot_be_is_asked_for_anew(weight: Make, part: Path, content: bytes) -> None:
    part.write_bytes(b"x" * 1000)
    get(weight("/unsatisfiable"), part)
    assert part.read_bytes() == content


def test_nobody_answers(weight: Make, part: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    with pytest.raises(FetchError, match="no connection"):
        get(weight(f"http://127.0.0.1:{port}/x"), part)


def test_a_server_that_never_answers(weight: Make, part: Path) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        port = silent.getsockname()[1]
        with pytest.raises(FetchError, match="timed out"):
            get(weight(f"http://127.0.0.1:{port}/x"), part, timeout=0.1)
