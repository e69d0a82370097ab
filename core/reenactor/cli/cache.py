"""`reenactor cache`: list and clear the cache of people detected in videos."""

import json
from datetime import datetime
from pathlib import Path

from safetensors import SafetensorError, safe_open

from reenactor.cli.console import plain_table
from reenactor.cli.context import Context
from reenactor.cli.lazy import COMMANDS, command_app, show_help
from reenactor.cli.session import AsJson, Session
from reenactor.media.cache import LIMIT, cached_crowds, clear, crowd_folder
from reenactor.media.files import readable

app = command_app(COMMANDS["cache"][1])
app.callback(invoke_without_command=True)(show_help)


@app.command("list")
def list_cache(context: Context, as_json: AsJson = False) -> None:
    """List the videos whose people are cached, the most recently used last.

    The cache holds key points and silhouettes, no pictures.
    """
    session = Session(context, as_json)
    folder = crowd_folder()
    found = cached_crowds(folder)
    if as_json:
        videos = [
            {"video": _video(one.path), "file": one.path.name, "size": one.size, "used": one.used}
            for one in found
        ]
        session.answer({"folder": str(folder), "limit": LIMIT, "videos": videos})
        return
    table = plain_table("video", "size", "last used")
    for one in found:
        table.add_row(_video(one.path), readable(one.size), _date(one.used))
    session.console.print(table)
    size = sum(one.size for one in found)
    session.say(f"{folder}: {readable(size)} of at most {readable(LIMIT)}")


@app.command("clear")
def clear_cache(context: Context, as_json: AsJson = False) -> None:
    """Clear the cache; the next run analyzes its driver again."""
    session = Session(context, as_json)
    removed = clear(crowd_folder())
    size = sum(one.size for one in removed)
    if as_json:
        session.answer({"folder": str(crowd_folder()), "removed": len(removed), "size": size})
    else:
        session.say(f"{crowd_folder()}: {len(removed)} files removed, {readable(size)}")


def _date(seconds: float) -> str:
    """When that was; of a time that no calendar has, only that."""
    try:
        return datetime.fromtimestamp(seconds).strftime("%Y-%m-%d %H:%M")
    except (OSError, OverflowError, ValueError):
        return "unknown"


def _video(path: Path) -> str:
    """The video's name, from the file's header."""
    try:
        with safe_open(path, framework="np") as file:
            return str(json.loads(file.metadata()["reenactor"])["name"])
    except (SafetensorError, OSError, KeyError, TypeError, ValueError, RecursionError):
        return "(damaged)"
