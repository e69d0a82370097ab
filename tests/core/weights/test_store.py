import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reenactor.errors import WeightsError
from reenactor.manifest import Weight
from reenactor.weights import State, WeightStore

Make = Callable[..., Weight]


@pytest.fixture
def store(tmp_path: Path) -> WeightStore:
    return WeightStore(tmp_path / "weights", timeout=5.0)


@pytest.fixture
def shipped(
    weight: Make, content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Weight:
    """A weight inside a package."""
    package = tmp_path / "site" / "weights_of_a_test"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "net.safetensors").write_bytes(content)
    monkeypatch.syspath_prepend(str(package.parent))
    monkeypatch.delitem(sys.modules, package.name, raising=False)  # another test's, whose is gone
    return weight(resource="weights_of_a_test:net.safetensors")


def test_a_weight_of_a_package_is_used_where_it_is(
    store: WeightStore, shipped: Weight, content: bytes
) -> None:
    assert store.state(shipped) is State.SHIPPED
    assert store.path(shipped).read_bytes() == content
    assert store.verify(shipped) == ""
    assert not store.folder.exists()


def test_a_damaged_package_is_told(store: WeightStore, shipped: Weight) -> None:
    wrong = replace(shipped, sha256="0" * 64)
    with pytest.raises(WeightsError, match="of a package are damaged, or another version"):
        store.path(wrong)


def test_a_package_may_leave_a_file_to_its_mirrors(
    store: WeightStore, weight: Make, content: bytes
) -> None:
    far = weight("/good", resource="reenactor:no-such-file.bin")
    assert store.state(far) is State.FETCHABLE
    assert store.path(far).read_bytes() == content


def test_a_download_is_kept(store: WeightStore, weight: Make, content: bytes, mirror: Any) -> None:
    far = weight("/good")
    assert store.state(far) is State.FETCHABLE
    path = store.path(far)
    assert path.read_bytes() == content
    assert path.name == "net.safetensors"
    assert store.state(far) is State.STORED
    again = WeightStore(store.folder, offline=True)
    assert again.path(far) == path
    assert len(mirror.requests) == 1
    assert [p.name for p in path.parent.iterdir() if p.suffix == ".part"] == []


def test_mirrors_are_tried_in_order_and_go_on_where_the_one_before_stopped(
    store: WeightStore, weight: Make, content: bytes, mirror: Any
) -> None:
    mirror.cut = 1000
    far = weight("/missing", "/cut", "/good")
    assert store.path(far).read_bytes() == content
    assert mirror.requests[0][0] == "/missing"
    assert mirror.requests[-1] == ("/good", "bytes=3000-")


def test_every_mirrors_failure_is_told(store: WeightStore, weight: Make, mirror: Any) -> None:
    far = weight("/missing", "/page", "/other-size")
    with pytest.raises(WeightsError) as caught:
        store.path(far)
    text = str(caught.value)
    assert f"{mirror.url}/missing: HTTP 404" in text
    assert f"{mirror.url}/page: a web page" in text
    assert f"{mirror.url}/other-size: another version" in text
    assert "get net.safetensors from the tests, then: reenactor weights import FILE" in text
    assert store.state(far) is State.FETCHABLE


def test_a_weight_that_its_user_brings(store: WeightStore, weight: Make) -> None:
    own = weight()
    assert store.state(own) is State.ABSENT
    assert store.find(own) is None
    with pytest.raises(WeightsError, match="are missing") as caught:
        store.path(own)
    assert own.sha256 in caught.value.expected
    with pytest.raises(WeightsError, match="are missing"):
        store.verify(own)


def test_offline_never_asks(tmp_path: Path, weight: Make, mirror: Any) -> None:
    store = WeightStore(tmp_path, offline=True)
    far = weight("/good")
    assert store.state(far) is State.ABSENT
    with pytest.raises(WeightsError) as caught:
        store.path(far)
    assert "offline" in caught.value.given
    assert mirror.requests == []


def test_a_damaged_file_is_fetched_again_or_told(
    store: WeightStore, weight: Make, content: bytes
) -> None:
    far = weight("/good")
    path = store.path(far)
    path.write_bytes(b"x" * len(content))
    assert "damaged" in store.verify(far)
    with pytest.raises(WeightsError, match="are damaged"):
        WeightStore(store.folder, offline=True).path(far)
    assert WeightStore(store.folder).path(far).read_bytes() == content
    path.write_bytes(b"short")
    assert store.state(far) is State.FETCHABLE
    assert store.verify(far) == "another version: 5 bytes, not 1048576"


def test_a_file_is_read_once_in_the_life_of_a_store(store: WeightStore, weight: Make) -> None:
    far = weight("/good")
    path = store.path(far)
    path.write_bytes(b"changed behind its back")
    assert store.path(far) == path


def test_importing_goes_by_what_a_file_holds(
    store: WeightStore, weight: Make, content: bytes, tmp_path: Path
) -> None:
    own, other = weight(), weight(name="other", file="other.pth", sha256="1" * 64, size=3)
    folder = tmp_path / "downloads" / "deep"
    folder.mkdir(parents=True)
    (folder / "checkpoint (1).bin").write_bytes(content)
    (folder / "other.pth").write_bytes(b"longer")
    (folder / "abc.bin").write_bytes(b"abc")
    (folder / "notes.txt").write_bytes(b"hello")
    imported = store.add(tmp_path / "downloads", [own, other])
    assert imported.weights == (own,)
    assert {path.name: why for path, why in imported.refused} == {
        "abc.bin": "no known weight has this sha256",
        "notes.txt": "no known weight has this size",
        "other.pth": "as 'other': another version: 6 bytes, not 3",
    }
    assert store.path(own).name == "net.safetensors"
    assert store.add(folder / "checkpoint (1).bin", [own]).weights == (own,)


def test_a_file_that_two_plugins_name_differently_is_there_for_both(
    store: WeightStore, tmp_path: Path, weight: Make, content: bytes
) -> None:
    (tmp_path / "download").write_bytes(content)
    ours = weight()
    theirs = replace(ours, name="theirs", file="theirs.bin")
    assert store.add(tmp_path / "download", [ours, theirs]).weights == (ours, theirs)
    for one in (ours, theirs):
        assert store.path(one).read_bytes() == content
        assert store.state(one) is State.STORED


def test_there_is_nothing_to_import(store: WeightStore, tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="no such file"):
        store.add(tmp_path / "nothing", [])


def test_a_folder_that_cannot_be_written(tmp_path: Path, weight: Make) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(WeightsError, match="cannot be stored"):
        WeightStore(tmp_path / "file").path(weight("/good"))


@pytest.mark.parametrize("how", ["link", "hard link", "dangling", "pipe"])
@pytest.mark.parametrize("name", ["net.safetensors.part", "lock"])
@pytest.mark.parametrize("begun", [1000, 1 << 20])
def test_nothing_is_written_through_a_link(
    store: WeightStore,
    weight: Make,
    content: bytes,
    tmp_path: Path,
    how: str,
    name: str,
    begun: int,
) -> None:
    """Whether what the link leads to looks like a beginning of the file, or like all of it."""
    far, mine = weight("/good"), tmp_path / "mine"
    folder = store.folder / far.sha256
    folder.mkdir(parents=True)
    if how == "pipe":
        os.mkfifo(folder / name)
    elif how == "dangling":
        (folder / name).symlink_to(mine)
    else:
        mine.write_bytes(b"x" * begun)
        (os.link if how == "hard link" else os.symlink)(mine, folder / name)
    source = tmp_path / "source.bin"
    source.write_bytes(content)
    for get in (lambda: store.path(far), lambda: store.add(source, [far])):
        get()
        assert (folder / far.file).read_bytes() == content
        assert not (folder / far.file).is_symlink()
        if how in ("link", "hard link"):
            assert mine.read_bytes() == b"x" * begun
        else:
            assert not mine.exists()
        (folder / far.file).unlink()
        if how == "link":
            (folder / name).unlink(missing_ok=True)
            (folder / name).symlink_to(mine)


class Listener:
    """A progress that remembers."""

    def __init__(self) -> None:
        self.stages: list[tuple[str, int | None, str, int]] = []
        self.done = 0

    @contextmanager
    def stage(
        self, name: str, total: int | None, unit: str = "frames", done: int = 0
    ) -> Iterator[Callable[[int], None]]:
        self.stages.append((name, total, unit, done))
        self.done = done

        def advance(count: int) -> None:
            self.done += count

        yield advance

    def note(self, text: str) -> None:
        raise AssertionError(text)


def test_progress_counts_bytes_and_knows_what_was_there(
    tmp_path: Path, weight: Make, content: bytes
) -> None:
    listener, far = Listener(), weight("/missing", "/good")
    part = tmp_path / far.sha256 / "net.safetensors.part"
    part.parent.mkdir()
    part.write_bytes(content[:5000])
    WeightStore(tmp_path, progress=listener).path(far)
    assert listener.stages == [("net", len(content), "bytes", 5000)] * 2
    assert listener.done == len(content)


def test_terms_are_accepted_before_a_download(
    store: WeightStore, weight: Make, content: bytes, mirror: Any
) -> None:
    restricted = weight("/good", commercial=False, licence="for research alone")
    with pytest.raises(WeightsError, match="do not allow commercial use") as caught:
        store.path(restricted)
    assert "for research alone" in str(caught.value)
    assert "weights pull" in str(caught.value)
    assert not mirror.requests  # nothing was asked of anybody
    store.accept([restricted])
    assert store.path(restricted).read_bytes() == content
    # What is there needs no asking again.
    assert WeightStore(store.folder).path(restricted).read_bytes() == content
