"""Who provides what: the plain values that a catalog is made of."""

import importlib.metadata
import re
import traceback
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType

from reenactor.manifest import ComponentInfo, DatasetInfo, SpecInfo

HOME = "reenactor"
"""Our own distribution; its components answer first, and its specs win."""


@dataclass(frozen=True)
class Provider:
    """An installed distribution's entry point in the group `reenactor`."""

    distribution: str
    version: str
    entry_point: str
    target: str
    """The manifest: "package.module", or "package.module:object"."""

    def __str__(self) -> str:
        return f"{self.distribution} {self.version}".strip()

    @property
    def address(self) -> str:
        """Where its author hears of a failure, as its metadata has it; empty where it does not."""
        try:
            metadata = importlib.metadata.metadata(self.distribution)
            listed = [line.partition(",") for line in metadata.get_all("Project-URL") or ()]
            urls = {re.sub("[^a-z]", "", name.lower()): url.strip() for name, _, url in listed}
            known = [urls[name] for name in _ADDRESSES if name in urls]
            known += [text for field in _CONTACTS for text in metadata.get_all(field) or ()]
        except Exception:  # not installed, or its metadata is damaged
            return ""
        return known[0] if known else ""


UNKNOWN = Provider("?", "", "?", "?")
"""Stands for a distribution that is not known."""

_ADDRESSES = (
    "issues", "issuetracker", "bugtracker", "bugs", "bugreports", "tracker", "support",
    "homepage", "home", "repository", "source", "sourcecode", "github",
)  # fmt: skip
"""The labels of addresses in a distribution's metadata, without spaces, the best first."""
_CONTACTS = ("Home-page", "Author-email", "Maintainer-email")


@dataclass(frozen=True)
class ComponentEntry:
    """A component and who provides it."""

    info: ComponentInfo
    provider: Provider


@dataclass(frozen=True)
class SpecEntry:
    """A named spec and who provides it."""

    info: SpecInfo
    provider: Provider


@dataclass(frozen=True)
class DatasetEntry:
    """A kind of training material and who provides it."""

    info: DatasetInfo
    provider: Provider


@dataclass(frozen=True)
class Conflict:
    """What more than one plugin provides."""

    kind: str
    """A role, `spec` or `dataset`."""
    name: str
    providers: tuple[Provider, ...]

    @property
    def who(self) -> str:
        """The providers in words."""
        return " and ".join(str(provider) for provider in self.providers)


@dataclass(frozen=True)
class Failure:
    """A plugin that could not be used: what was wrong, and the traceback where there is one."""

    provider: Provider
    problem: str
    traceback: str = ""

    def __str__(self) -> str:
        head = f"{self.provider} (entry point {self.provider.entry_point!r}): {self.problem}"
        return f"{head}\n{self.traceback}".rstrip()


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; `problem` is empty where it is sound."""

    provider: str
    what: str
    problem: str = ""
    details: str = ""

    def as_json(self) -> dict[str, str]:
        """The same for a program."""
        return asdict(self)


def plugin_traceback(error: BaseException) -> str:
    """A traceback as its plugin's author wants it: it begins where their code does, behind our
    frames and the import system's.
    """
    frames: list[TracebackType] = []
    rest = error.__traceback__
    while rest:
        frames.append(rest)
        rest = rest.tb_next
    files = [frame.tb_frame.f_code.co_filename for frame in frames]
    start = 1 + max((i for i, file in enumerate(files) if _HERE in Path(file).parents), default=-1)
    while start < len(files) and "importlib" in files[start]:
        start += 1
    kept = frames[start] if start < len(frames) else None
    return "".join(traceback.format_exception(type(error), error, kept)).rstrip()


_HERE = Path(__file__).parent
