"""Plain values that make up a catalog: what is provided, and by which plugin."""

import importlib.metadata
import re
import traceback
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType

from reenactor.manifest import ComponentInfo, DatasetInfo, SpecInfo

HOME = "reenactor"
"""Our own distribution. It comes first, and its specs take precedence."""


LONGEST = 400
"""The most characters of a plugin's text in a line; tensor shapes and summaries can be long."""


def printable(text: str) -> str:
    """A plugin's text as one line of bounded length, without characters that control terminals."""
    line = " ".join(text[: 10 * LONGEST].split())
    return _without_control(line if len(line) <= LONGEST else f"{line[:LONGEST]} …")


def _without_control(line: str) -> str:
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in line)


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
        """Where to report a failure, from the metadata; empty if it names no address."""
        try:
            metadata = importlib.metadata.metadata(self.distribution)
            listed = [line.partition(",") for line in metadata.get_all("Project-URL") or ()]
            urls = {re.sub("[^a-z]", "", name.lower()): url.strip() for name, _, url in listed}
            known = [urls[name] for name in _ADDRESSES if name in urls]
            known += [text for field in _CONTACTS for text in metadata.get_all(field) or ()]
        except Exception:  # not installed, or its metadata is damaged
            return ""
        return printable(known[0]) if known else ""


UNKNOWN = Provider("?", "", "?", "?")
"""Placeholder for an unknown distribution."""

_ADDRESSES = (
    "issues", "issuetracker", "bugtracker", "bugs", "bugreports", "tracker", "support",
    "homepage", "home", "repository", "source", "sourcecode", "github",
)  # fmt: skip
"""Labels of project URLs, lower case without spaces, in order of preference."""
_CONTACTS = ("Home-page", "Author-email", "Maintainer-email")


@dataclass(frozen=True)
class ComponentEntry:
    """A component and its provider."""

    info: ComponentInfo
    provider: Provider


@dataclass(frozen=True)
class SpecEntry:
    """A named spec and its provider."""

    info: SpecInfo
    provider: Provider


@dataclass(frozen=True)
class DatasetEntry:
    """A dataset and its provider."""

    info: DatasetInfo
    provider: Provider


@dataclass(frozen=True)
class Conflict:
    """A name that more than one plugin provides."""

    kind: str
    """A role, `spec` or `dataset`."""
    name: str
    providers: tuple[Provider, ...]

    @property
    def who(self) -> str:
        """The providers as text."""
        return " and ".join(str(provider) for provider in self.providers)


@dataclass(frozen=True)
class Failure:
    """A plugin that could not be loaded: the problem, and the traceback if there is one."""

    provider: Provider
    problem: str
    traceback: str = ""

    def __str__(self) -> str:
        head = f"{self.provider} (entry point {self.provider.entry_point!r}): {self.problem}"
        return f"{head}\n{self.traceback}".rstrip()


@dataclass(frozen=True)
class Finding:
    """The result of one check; `problem` is empty if it passed."""

    provider: str
    what: str
    problem: str = ""
    details: str = ""

    def as_json(self) -> dict[str, str]:
        """The same as JSON values."""
        return asdict(self)


def plugin_traceback(error: BaseException) -> str:
    """A traceback that begins at the plugin's own code, without our frames and the import
    system's.
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
    text = "".join(traceback.format_exception(type(error), error, kept)).rstrip()
    return "\n".join(_without_control(line[: 2 * LONGEST]) for line in text.splitlines()[-_LINES:])


_LINES = 200
"""The most lines of a traceback."""
_HERE = Path(__file__).parent
