import hashlib
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from reenactor.catalog import Catalog, ComponentEntry, Provider
from reenactor.cli import session
from reenactor.manifest import ComponentInfo, Facet, Role, Weight

Run = Callable[..., Any]
OURS = Provider("reenactor", "0.1.0", "builtin", "reenactor_plugins.manifest")
CONTENT = b"weights of a test"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a store; two components with a weight each that their user brings."""
    weights = {
        name: Weight(
            name,
            f"{name}.pt",
            hashlib.sha256(content).hexdigest(),
            len(content),
            "MIT",
            "the tests",
        )
        for name, content in (("one", CONTENT), ("two", b"others"))
    }
    infos = [
        ComponentInfo(
            role,
            "it",
            "a:B",
            "reenactor.options:NoOptions",
            "a test",
            "MIT",
            provides=frozenset({facet}),
            weights=(weights[name],),
        )
        for role, name, facet in (
            (Role.PARSER, "one", Facet.PARSING),
            (Role.POSE_ESTIMATOR, "two", Facet.SKELETON),
        )
    ]
    catalog = Catalog(tuple(ComponentEntry(info, OURS) for info in infos))
    monkeypatch.setattr(session, "discover", lambda **_: catalog)
    monkeypatch.setenv("REENACTOR_WEIGHTS", str(tmp_path / "store"))
    return tmp_path / "store"


def test_list_import_verify(run: Run, store: Path, tmp_path: Path) -> None:
    listed = run("weights", "list", "--json").document
    assert [(w["name"], w["state"]) for w in listed] == [("one", "absent"), ("two", "absent")]
    assert run("weights", "verify").out == ""

    (tmp_path / "download.bin").write_bytes(CONTENT)
    imported = run("weights", "import", str(tmp_path / "download.bin"))
    assert (imported.code, imported.out) == (0, "imported one\n")
    assert "one" in run("weights", "list").out
    assert run("weights", "verify").out == "one: ok\n"

    (path,) = store.glob("*/one.pt")
    path.write_bytes(b"x" * len(CONTENT))
    broken = run("weights", "verify", "one")
    assert broken.code == 5
    assert broken.out.startswith("one: damaged, or another version")
    assert run("weights", "verify", "--json").document["one"]


def test_importing_what_is_none(run: Run, store: Path, tmp_path: Path) -> None:
    (tmp_path / "one.pt").write_bytes(b"older")
    result = run("weights", "import", str(tmp_path / "one.pt"))
    assert result.code == 5
    assert "one.pt: as 'one': another version: 5 bytes, not 17" in result.err
    assert "one (one.pt), two (two.pt)" in result.err


def test_pull_tries_every_weight(run: Run, store: Path) -> None:
    result = run("weights", "pull", "--all")
    assert result.code == 5
    assert "2 of 2 weights could not be downloaded" in result.err
    assert "get two.pt from the tests" in result.err
    assert run("weights", "pull", "one").code == 5
    nothing = run("weights", "pull")
    assert nothing.code == 2
    assert "names, --spec SPEC or --all" in nothing.err


def test_a_name_that_is_none(run: Run, store: Path) -> None:
    result = run("weights", "pull", "onee")
    assert result.code == 2
    assert "did you mean 'one'?" in result.err


def test_a_specs_weights(run: Run, store: Path, tmp_path: Path) -> None:
    spec = tmp_path / "a.yaml"
    spec.write_text("version: 1\nparser: it\n", encoding="utf-8")
    assert run("weights", "list", "--spec", str(spec)).code == 4


@pytest.fixture
def restricted(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of the store, and a parser whose weights are for research, on loopback."""
    served = tmp_path / "served"
    served.mkdir()
    (served / "three.pt").write_bytes(CONTENT)
    quiet = partial(SimpleHTTPRequestHandler, directory=str(served))
    server = ThreadingHTTPServer(("127.0.0.1", 0), quiet)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    weight = Weight(
        "three", "three.pt", hashlib.sha256(CONTENT).hexdigest(), len(CONTENT), "for research",
        "the tests", mirrors=(f"http://127.0.0.1:{server.server_port}/three.pt",),
        commercial=False,
    )  # fmt: skip
    info = ComponentInfo(
        Role.PARSER, "it", "a:B", "reenactor.options:NoOptions", "a test", "MIT",
        provides=frozenset({Facet.PARSING}), weights=(weight,),
    )  # fmt: skip
    catalog = Catalog((ComponentEntry(info, OURS),))
    monkeypatch.setattr(session, "discover", lambda **_: catalog)
    yield store
    server.shutdown()
    thread.join()
    server.server_close()


def test_terms_are_accepted_once(run: Run, restricted: Path) -> None:
    refused = run("weights", "pull", "three")
    assert refused.code == 5
    assert "three is not for commercial use: for research (the tests)" in refused.err
    assert not list(restricted.glob("*/three.pt"))

    accepted = run("weights", "pull", "three", "--accept")
    assert accepted.code == 0
    assert [path.read_bytes() for path in restricted.glob("*/three.pt")] == [CONTENT]
    again = run("weights", "pull", "three")
    assert (again.code, again.err) == (0, "")
