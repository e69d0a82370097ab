"""Loads `study.yaml` and finds all its videos and photos before the study starts."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from pydantic import ValidationError

from reenactor.errors import InputError
from reenactor.inputs import require_regular_file
from reenactor.media.decode import opened
from reenactor.media.files import input_error
from reenactor.spec.document import MAX_BYTES, read_text
from reenactor.spec.load import absolute
from reenactor.spec.mistakes import mistakes
from reenactor.spec.problem import Problem, SpecMistakesError, in_order
from reenactor.spelling import did_you_mean
from reenactor.study.model import StudyFile

FILE = "study.yaml"
ANSWERS = "answers.sqlite"
VIDEOS: Mapping[str, str] = {".mp4": "video/mp4", ".m4v": "video/mp4", ".webm": "video/webm"}
"""Media types that browsers play, by suffix."""
PHOTOS: Mapping[str, str] = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".avif": "image/avif",
}
CODECS = frozenset({"h264", "vp8", "vp9", "av1"})
LAYOUTS = frozenset({"yuv420p", "yuvj420p", "yuva420p"})
"""The pixel formats that browsers play."""


@dataclass(frozen=True)
class Study:
    """A study with all its files.

    `methods` has the videos of each method by name. `targets` and `drivers` are empty if none are
    shown; `wide` are the videos that are wider than high.
    """

    folder: Path
    file: StudyFile
    methods: Mapping[str, Mapping[str, Path]]
    videos: tuple[str, ...]
    targets: Mapping[str, Path]
    drivers: Mapping[str, Path]
    wide: frozenset[str]

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The pairs of methods to compare, with the reference first."""
        reference = self.file.reference
        if reference is None:
            return tuple(combinations(self.methods, 2))
        return tuple((reference, other) for other in self.methods if other != reference)

    @property
    def answers(self) -> Path:
        """The path of the answers."""
        return self.folder / ANSWERS


def load_study(folder: Path) -> Study:
    """Read a study's folder.

    Raises:
        SpecMistakesError: study.yaml has mistakes; it names all of them.
        InputError: it is missing, or a video or photo is missing or cannot be played.
    """
    file = _read(folder / FILE)
    methods = {n: _by_name(absolute(p, folder), VIDEOS) for n, p in file.methods.items()}
    videos = shared_videos(methods, file.videos)
    targets = beside(file.targets, folder, PHOTOS, videos, 0)
    drivers = beside(file.drivers, folder, VIDEOS, videos, -1)
    wide = {v for v in videos for method in methods.values() if _is_wide(method[v])}
    for path in drivers.values():
        _is_wide(path)
    return Study(folder, file, methods, videos, targets, drivers, frozenset(wide))


def _read(path: Path) -> StudyFile:
    require_regular_file(path)
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise InputError(
            "not the folder of a study",
            given=f"no {path}",
            advice="make one with `reenactor study new`",
        ) from error
    except OSError as error:
        raise input_error(path, error) from error
    document = read_text(path.absolute(), str(path), content)
    if not isinstance(document.data, dict):
        raise SpecMistakesError(document.problems)
    problems = list(document.problems)
    try:
        made = StudyFile.model_validate(document.data)
    except ValidationError as error:
        problems += mistakes(error, StudyFile, document.data, document.source)
    else:
        if made.reference is not None and made.reference not in made.methods:
            problems.append(
                Problem(
                    "not one of the methods",
                    document.source.value(("reference",)),
                    ("reference",),
                    made.reference,
                    ", ".join(made.methods),
                    did_you_mean(made.reference, made.methods),
                )
            )
    if problems:
        raise SpecMistakesError(in_order(problems))
    return made


def _by_name(folder: Path, kinds: Mapping[str, str]) -> dict[str, Path]:
    """Files with these suffixes, by stem."""
    try:
        paths = sorted(p for p in folder.iterdir() if p.suffix.lower() in kinds and p.is_file())
    except (OSError, ValueError) as error:  # ValueError for a null byte
        raise InputError(
            "a folder of the study cannot be read",
            given=f"{str(folder)!r}: {error}",
            advice="paths in study.yaml are relative to its folder",
        ) from error
    found: dict[str, Path] = {}
    for path in paths:
        if path.stem in found:
            raise InputError("two files have the same name", given=f"{found[path.stem]} and {path}")
        found[path.stem] = path
    return found


def shared_videos(
    methods: Mapping[str, Collection[str]], named: tuple[str, ...] | None = None
) -> tuple[str, ...]:
    """The names of the videos to show: `named` or all. Every method must have all of them."""
    names = named or tuple(sorted({name for found in methods.values() for name in found}))
    expected = f"files of the same name in each folder: {', '.join(VIDEOS)}"
    if not names:
        raise InputError(
            "the methods' folders have no videos", given=", ".join(methods), expected=expected
        )
    absent = [f"{m} lacks {n}" for m, found in methods.items() for n in names if n not in found]
    if absent:
        more = f" and {len(absent) - 6} more" if len(absent) > 6 else ""
        raise InputError(
            "not every method has every video",
            given=", ".join(absent[:6]) + more,
            expected=expected,
            advice="add them, or name those to show under `videos:`",
        )
    return names


def beside(
    path: Path | None, folder: Path, kinds: Mapping[str, str], videos: tuple[str, ...], part: int
) -> dict[str, Path]:
    """The media shown beside each video, by its name or a part of it (PHOTO+VIDEO)."""
    if path is None:
        return {}
    found = _by_name(absolute(path, folder), kinds)
    by_video = {v: _beside(v, found, part) for v in videos}
    absent = [name for name, one in by_video.items() if one is None]
    if absent:
        raise InputError(
            "media to show beside some videos are missing",
            given=f"nothing in {path} for {', '.join(absent[:6])}",
            expected=f"files of the videos' names: {', '.join(kinds)}",
        )
    return {name: one for name, one in by_video.items() if one is not None}


def _beside(video: str, found: Mapping[str, Path], part: int) -> Path | None:
    """The file of a video's name, or else the one of its part: both parts may have a plus sign."""
    if video in found:
        return found[video]
    cuts = [i for i, character in enumerate(video) if character == "+"]
    names = [video[:i] if part == 0 else video[i + 1 :] for i in cuts]
    known = [name for name in names if name in found]
    if len(known) > 1:
        raise InputError(
            "two files could be shown beside one video",
            given=f"{' and '.join(known)} for {video}",
            expected="one of them, or a file of the video's whole name",
        )
    return found[known[0]] if known else None


def _is_wide(path: Path) -> bool:
    """Whether a video is wider than high; rejects videos that browsers do not play."""
    problem, wide = playable(path)
    if problem:
        raise InputError(
            "browsers do not play this video",
            given=f"{path}: {problem}",
            expected="H.264, VP9 or AV1 with pixels as yuv420p",
            advice=f"reenactor study new, or: ffmpeg -i {path.name} -c:v libx264 "
            "-pix_fmt yuv420p -movflags +faststart NEW.mp4",
        )
    return wide


def playable(path: Path) -> tuple[str, bool]:
    """Why browsers do not play a video (empty if they do), and whether it is wider than high.

    Raises:
        InputError: not a video.
    """
    with opened(path) as (_, stream):
        context = stream.codec_context
        name, layout = context.codec.canonical_name, context.pix_fmt
        wide = context.width > context.height
    if name not in CODECS:
        return f"it is encoded as {name}", wide
    if layout not in LAYOUTS:
        return f"its pixels are stored as {layout}", wide
    return "", wide
