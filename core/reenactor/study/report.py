"""Formats a tally as JSON, Markdown and CSV."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from reenactor.errors import InputError
from reenactor.media.files import read_json
from reenactor.study.answers import Answer
from reenactor.study.proportions import LEVEL, Interval, Proportion
from reenactor.study.tally import Counted, Tally

FEW = 20
"""With fewer participants, the bootstrap interval is known to be too narrow."""


def as_json(tally: Tally) -> dict[str, Any]:
    """Plain values."""
    return {
        "title": tally.title,
        "reference": tally.reference,
        "methods": list(tally.methods),
        "participants": {
            "began": tally.began,
            "counted": tally.answering,
            "finished": tally.finished,
            "only_finished": tally.only_finished,
        },
        "preferences": [
            {
                "question": one.question,
                "first": one.first,
                "second": one.second,
                "video": one.video or None,
                **proportion_json(one.share),
            }
            for one in tally.counted
        ],
        "left": proportion_json(tally.left),
        "alike": None if tally.alike is None else proportion_json(tally.alike),
        "seconds_between_answers": tally.pace,
    }


def is_report(path: Path) -> bool:
    """Whether a file is an earlier output of `as_json`."""
    try:
        found = read_json(path)
    except InputError:
        return False
    return isinstance(found, dict) and {"reference", "participants", "preferences"} <= found.keys()


def proportion_json(share: Proportion) -> dict[str, Any]:
    """A proportion as JSON values; intervals as [low, high]."""
    return {
        "share": share.value,
        "chosen": share.chosen,
        "count": share.count,
        "undecided": share.undecided,
        "participants": share.people,
        "wilson": share.wilson and list(share.wilson),
        "by_participant": share.by_person and list(share.by_person),
    }


def as_markdown(tally: Tally) -> str:
    """The paper's column for each question, then every video, then notes on the answers."""
    parts = [f"# {_cell(tally.title)}", _who(tally)]
    for question in tally.questions:
        parts += [f"## {_cell(question)}", preference_table(tally, question), _note(tally)]
        by_video = [one for one in tally.counted if one.question == question and one.video]
        if by_video:
            parts += ["### Each video", _by_video(by_video)]
    return "\n\n".join([*parts, "## The answers", _checks(tally)]) + "\n"


def preference_table(tally: Tally, question: str) -> str:
    """The last column of the paper's Table 1: the share that preferred the reference to each
    method. Without a reference, each method against each other."""
    heads = ["95 %, answers", "95 %, participants", "n", "undecided", "participants"]
    rows = []
    for one in tally.overall(question):
        name = one.second if tally.reference else f"{one.first} over {one.second}"
        rows.append([_cell(name), *_cells(one.share)])
    if tally.reference:
        rows.append([f"**{_cell(tally.reference)}**", "-", *([""] * 5)])
    return _table(["Method", "Human Preference", *heads], rows)


def _by_video(counted: Iterable[Counted]) -> str:
    rows = [
        [_cell(one.video), _cell(f"{one.first} over {one.second}"), *_cells(one.share)]
        for one in sorted(counted, key=lambda one: one.video)
    ]
    heads = ["95 %, answers", "95 %, participants", "n", "undecided", "participants"]
    return _table(["Video", "Preference", "share", *heads], rows)


def _cells(share: Proportion) -> list[str]:
    value = "—" if share.value is None else f"{share.value:.2f}"
    counts = [share.count, share.undecided, share.people]
    return [value, bounds(share.wilson), bounds(share.by_person), *(str(n) for n in counts)]


def bounds(interval: Interval | None) -> str:
    """Format an interval."""
    return "—" if interval is None else f"{interval[0]:.2f} … {interval[1]:.2f}"


def _who(tally: Tally) -> str:
    kept = "of those who finished" if tally.only_finished else "of all, finished or not"
    return (
        f"{tally.began} participants began, {tally.finished} finished. Counted are the answers "
        f"{kept}: {tally.answering} participants."
    )


def _note(tally: Tally) -> str:
    named = tally.reference
    versus = f"{named} over the method" if named else "the first over the second"
    text = (
        f"The share of n answers that preferred {versus}. Answers without a preference are in "
        f"no share. Intervals hold {LEVEL:.0%}: Wilson's, as if answers were independent, and that "
        "of drawing participants with replacement, since answers of one person are alike."
    )
    few = min((one.share.people for one in tally.counted if not one.video), default=0)
    if few < FEW:
        text += f" With fewer than {FEW} participants the second is too narrow."
    return text


def _checks(tally: Tally) -> str:
    rows = [["the left video was chosen", *_cells(tally.left)]]
    if tally.alike is not None:
        rows.append(["a repeated pair was answered as before", *_cells(tally.alike)])
    heads = ["share", "95 %, answers", "95 %, participants", "n", "undecided", "participants"]
    text = _table(["", *heads], rows)
    if tally.pace is not None:
        text += f"\n\nHalf of the answers came within {tally.pace:.1f} s of the one before."
    return text


def as_csv(tally: Tally) -> str:
    """A line for each pair of methods and video; the video is empty for all videos together."""
    heads = ["question", "first", "second", "video", "share", "chosen", "count", "undecided",
             "participants", "wilson_low", "wilson_high", "people_low", "people_high"]  # fmt: skip
    rows = []
    for one in tally.counted:
        share = one.share
        ends = [*(share.wilson or ("", "")), *(share.by_person or ("", ""))]
        value = "" if share.value is None else share.value
        counts = [share.chosen, share.count, share.undecided, share.people]
        rows.append([one.question, one.first, one.second, one.video, value, *counts, *ends])
    return _csv(heads, rows)


def answers_csv(steps: Sequence[Answer]) -> str:
    """A line for each answer, for further statistics. Tokens are left out."""
    heads = ["participant", "place", "video", "left", "right", "question", "again", "choice",
             "preferred", "answered"]  # fmt: skip
    rows = [
        [a.number, a.place, a.step.video, a.step.left, a.step.right, a.step.question,
         int(a.step.again), str(a.choice), a.preferred, a.answered]
        for a in steps if a.choice is not None
    ]  # fmt: skip
    return _csv(heads, rows)


def _csv(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows(rows)
    return text.getvalue()


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
