"""The weight store: a folder of files by sha256, filled from mirrors or by hand."""

import os
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path

from reenactor.cache import cache_folder
from reenactor.errors import WeightsError
from reenactor.manifest import Weight
from reenactor.progress import Progress, Silent
from reenactor.resource import find_resource
from reenactor.weights.digest import difference, sha256_of
from reenactor.weights.fetch import FetchError, fetch


class State(StrEnum):
    """Where a weight is."""

    SHIPPED = "shipped"
    """Inside an installed package."""
    STORED = "stored"
    """In the folder of the store."""
    FETCHABLE = "fetchable"
    """At a mirror, to be downloaded when needed."""
    ABSENT = "absent"
    """Nowhere: the user must provide it."""


@dataclass(frozen=True)
class Imported:
    """The result of an import: stored weights, and files that are not weights, with reasons."""

    weights: tuple[Weight, ...]
    refused: tuple[tuple[Path, str], ...]


def default_folder() -> Path:
    """The default folder for weights, inside the cache folder."""
    return cache_folder() / "weights"


class WeightStore:
    """Finds weight files: first in packages, then in its folder, then at mirrors.

    Every file is checked against its sha256 on first use, once per store. Components receive
    `path` as their `WeightFinder`.
    """

    def __init__(
        self,
        folder: Path,
        offline: bool = False,
        progress: Progress | None = None,
        timeout: float = 30.0,
    ) -> None:
        """Args:
        folder: where files are stored; created when needed.
        offline: never access the network.
        progress: reports downloads.
        timeout: seconds without a response, or with less than 1 KiB per second, after which a
            mirror is given up.
        """
        self.folder = folder
        self.offline = offline
        self._progress = progress or Silent()
        self._timeout = timeout
        self._accepted: set[str] = set()
        self._verified: dict[str, Path] = {}

    def accept(self, weights: Iterable[Weight]) -> None:
        """Accept the terms of weights that do not allow commercial use, so that this store may
        download them."""
        self._accepted |= {weight.sha256 for weight in weights}

    def awaits_acceptance(self, weight: Weight) -> bool:
        """Whether a weight is to be downloaded, and only once its terms are accepted."""
        return not self._may_download(weight) and self.state(weight) is State.FETCHABLE

    def _may_download(self, weight: Weight) -> bool:
        return weight.commercial or weight.sha256 in self._accepted

    def state(self, weight: Weight) -> State:
        """Where a weight is, by name and size; its content is not read."""
        if self._shipped(weight) is not None:
            return State.SHIPPED
        stored = self._stored(weight)
        if stored.is_file() and stored.stat().st_size == weight.size:
            return State.STORED
        return State.FETCHABLE if weight.mirrors and not self.offline else State.ABSENT

    def path(self, weight: Weight) -> Path:
        """The verified file of a weight, downloaded if necessary.

        Raises:
            WeightsError: it is missing, or the file does not match.
        """
        if weight.sha256 not in self._verified:
            self._verified[weight.sha256] = self._found(weight)
        return self._verified[weight.sha256]

    def find(self, weight: Weight) -> Path | None:
        """The file of a weight if it is present, without reading or downloading it."""
        stored = self._stored(weight)
        return self._shipped(weight) or (stored if stored.is_file() else None)

    def verify(self, weight: Weight) -> str:
        """Verify a weight that is present; returns the problem, or an empty string.

        Raises:
            WeightsError: it is not present.
        """
        path = self.find(weight)
        if path is None:
            raise self._absent(weight)
        return difference(path, weight)

    def add(self, source: Path, weights: Iterable[Weight]) -> Imported:
        """Copy files into the store, identified by content, not by name.

        Args:
            source: a file, or a folder that is searched recursively.
            weights: the weights to look for.

        Raises:
            WeightsError: no such file or folder, or it cannot be stored.
        """
        if not source.exists():
            raise WeightsError("no such file or folder", given=str(source))
        wanted = list(weights)
        sizes = {weight.size for weight in wanted}
        stored: list[Weight] = []
        refused: list[tuple[Path, str]] = []
        for path in [source] if source.is_file() else _files_below(source):
            reason = "" if path.stat().st_size in sizes else "no known weight has this size"
            sha256 = "" if reason else sha256_of(path)
            found = [weight for weight in wanted if weight.sha256 == sha256]
            for weight in found:  # several if plugins name the same file differently
                self._keep(weight, partial(shutil.copyfile, path))
            stored += found
            if not found:
                refused.append((path, _why(path, wanted, reason)))
        return Imported(tuple(stored), tuple(refused))

    def _found(self, weight: Weight) -> Path:
        shipped = self._shipped(weight)
        if shipped is not None:
            wrong = difference(shipped, weight)
            if wrong:
                advice = "reinstall the package"
                raise WeightsError(
                    f"the weights {weight.name!r} of a package are {wrong}",
                    given=str(shipped),
                    advice=advice,
                )
            return shipped
        stored = self._stored(weight)
        fetchable = bool(weight.mirrors) and not self.offline
        if stored.is_file():
            wrong = difference(stored, weight)
            if not wrong:
                return stored
            if not fetchable:
                raise WeightsError(
                    f"the stored weights {weight.name!r} are {wrong}",
                    given=str(stored),
                    advice=_how_to_get(weight, self.offline),
                )
        if not fetchable:
            raise self._absent(weight)
        if not self._may_download(weight):
            raise WeightsError(
                f"the weights {weight.name!r} do not allow commercial use, and nobody has accepted "
                "their terms",
                given=f"{weight.licence} ({weight.origin})",
                advice=f"reenactor weights pull {weight.name}, and answer yes or give --accept",
            )
        self._keep(weight, lambda part: self._download(weight, part))
        return stored

    def _shipped(self, weight: Weight) -> Path | None:
        if not weight.resource:
            return None
        try:
            return Path(str(find_resource(weight.resource)))
        except FileNotFoundError:
            return None  # a package need not ship weights that have mirrors

    def _stored(self, weight: Weight) -> Path:
        return self.folder / weight.sha256 / weight.file

    def _absent(self, weight: Weight) -> WeightsError:
        return WeightsError(
            f"the weights {weight.name!r} are missing",
            given=f"offline, folder {self.folder}" if self.offline else f"folder {self.folder}",
            expected=f"{weight.file}, {weight.size} bytes, sha256 {weight.sha256}",
            advice=_how_to_get(weight, self.offline),
        )

    def _keep(self, weight: Weight, write: Callable[[Path], object]) -> None:
        """Store a file atomically; `write` fills a partial file."""
        from filelock import FileLock  # slow to import and rarely needed

        target = self._stored(weight)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            lock = target.parent / "lock"
            _discard_link(lock)
            with FileLock(lock):  # one download of a file at a time, across processes
                try:
                    self._replace(target, weight, write)
                finally:
                    with suppress(OSError):  # on Windows, open files cannot be removed
                        lock.unlink()
        except OSError as error:
            raise WeightsError(
                f"the weights {weight.name!r} cannot be stored: {error.strerror or error}",
                given=str(target.parent),
                advice="free some space, or choose another folder with --weights-folder",
            ) from error

    def _replace(self, target: Path, weight: Weight, write: Callable[[Path], object]) -> None:
        if target.is_file() and not difference(target, weight):
            return  # another process was faster
        part = target.with_name(target.name + ".part")
        _discard_link(part)
        write(part)
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(target)

    def _download(self, weight: Weight, part: Path) -> None:
        failures: list[str] = []
        for url in weight.mirrors:
            try:
                with self._announced(weight, part) as announce:
                    fetch(url, weight, part, self._timeout, announce)
            except FetchError as error:
                failures.append(f"{url}: {error}")
            else:
                return
        listed = "\n".join(f"    {failure}" for failure in failures)
        raise WeightsError(
            f"the weights {weight.name!r} cannot be downloaded\n{listed}",
            expected=f"{weight.file}, {weight.size} bytes, sha256 {weight.sha256}",
            advice=_how_to_get(weight, offline=True),
        )

    @contextmanager
    def _announced(self, weight: Weight, part: Path) -> Iterator[Callable[[int], None]]:
        """Convert the number of bytes present into progress steps."""
        there = part.stat().st_size if part.exists() else 0
        with self._progress.stage(weight.name, weight.size, "bytes", there) as advance:

            def announce(done: int) -> None:
                nonlocal there
                advance(done - there)
                there = done

            yield announce


def _how_to_get(weight: Weight, offline: bool) -> str:
    by_hand = f"get {weight.file} from {weight.origin}, then: reenactor weights import FILE"
    if weight.mirrors and not offline:
        return f"reenactor weights pull {weight.name}"
    return by_hand


def _discard_link(path: Path) -> None:
    """Remove a partial file that is a link, a hard link or a pipe: writing to it would modify
    something else."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return
    if not stat.S_ISREG(found.st_mode) or found.st_nlink > 1:
        path.unlink()


def _files_below(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _why(path: Path, wanted: Iterable[Weight], reason: str) -> str:
    """Why a file is not one of the weights; if the name matches, it is another version."""
    same_name = next((weight for weight in wanted if weight.file == path.name), None)
    if same_name is not None:
        return f"as {same_name.name!r}: {difference(path, same_name)}"
    return reason or "no known weight has this sha256"
