"""The HTML pages. The names of methods and files never reach the browser."""

import html
import re

from reenactor.study.load import Study

STYLE, SCRIPT, ICON = "/study.css", "/study.js", "/icon.svg"


def intro_page(study: Study, steps: int, going_on: str = "") -> str:
    """The introduction with a consent button. `going_on` is a link from an earlier visit."""
    go_on = ""
    if going_on:
        go_on = (
            f'<p><a class="button" href="{html.escape(going_on)}">Continue where I stopped</a></p>'
        )
    begin = "Start as a new participant" if going_on else "I agree: begin"
    return _page(
        study.file.title,
        f"<main class='text'><h1>{html.escape(study.file.title)}</h1>{_prose(study.file.intro)}"
        f"<p>{_counted(steps)}</p>{go_on}"
        f'<form method="post" action="/begin"><button{" class=quiet" if going_on else ""}>{begin}'
        "</button></form></main>",
    )


def pair_page(study: Study, token: str, place: int, steps: int, video: str, question: str) -> str:
    """Two videos and a question. Media URLs contain only the number of the step."""
    here = f"/s/{token}/{place}"
    beside = ""
    if video in study.targets:
        beside += _figure(f'<img src="{here}/target" alt="The person">', "The person")
    if video in study.drivers:
        beside += _figure(_player(f"{here}/driver", "The dance"), "The dance")
    beside = f"<aside>{beside}</aside>" if beside else ""
    shape = "wide" if video in study.wide else "high"
    none = '<button name="choice" value="none" data-key="ArrowDown">No preference</button>'
    return _page(
        f"{place + 1} of {steps}",
        f'<header><progress aria-label="Progress" max="{steps}" value="{place}"></progress>'
        f"<span>{place + 1} of {steps}</span></header>"
        f"<main class='pair {shape}'><h1>{html.escape(question)}</h1>{beside}"
        f'<section class="shown">{_figure(_player(f"{here}/left", "Video A"), "A")}'
        f"{_figure(_player(f'{here}/right', 'Video B'), 'B')}</section>"
        f'<form method="post" action="/s/{token}">'
        f'<input type="hidden" name="place" value="{place}">'
        '<button name="choice" value="left" data-key="ArrowLeft"><kbd>←</kbd> A</button>'
        f"{none if study.file.no_preference else ''}"
        '<button name="choice" value="right" data-key="ArrowRight">B <kbd>→</kbd></button>'
        '</form><p class="status" role="status"><button type="button" id="pause" hidden>Pause'
        '</button> <span id="said"></span></p></main>'
        f'<script src="{SCRIPT}"></script>',
    )


def end_page(study: Study, steps: int) -> str:
    """The page after the last answer."""
    return _page(
        "Thank you",
        f'<header><progress aria-label="Progress" max="{steps}" value="{steps}"></progress>'
        f"<span>{steps} of {steps}</span></header>"
        f"<main class='text'><h1>Thank you</h1>{_prose(study.file.thanks)}</main>",
    )


def message_page(title: str, text: str) -> str:
    """A page with a message."""
    return _page(
        title,
        f"<main class='text'><h1>{html.escape(title)}</h1>{_prose(text)}"
        '<p><a href="/">To the beginning</a></p></main>',
    )


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="robots" content="noindex">'
        f'<title>{html.escape(title)}</title><link rel="icon" href="{ICON}">'
        f'<link rel="stylesheet" href="{STYLE}"></head><body>{body}</body></html>\n'
    )


def _prose(text: str) -> str:
    """Paragraphs, separated by empty lines."""
    parts = [part for part in re.split(r"\n\s*\n", text.strip()) if part]
    return "".join(f"<p>{html.escape(part)}</p>" for part in parts)


def _counted(steps: int) -> str:
    return "There is one question." if steps == 1 else f"There are {steps} questions."


def _player(address: str, label: str) -> str:
    """A video that plays automatically; the script controls looping to keep videos in sync."""
    return (
        f'<video src="{address}" aria-label="{label}" autoplay muted loop playsinline '
        'preload="auto" disablepictureinpicture></video>'
    )


def _figure(shown: str, caption: str) -> str:
    return f"<figure>{shown}<figcaption>{caption}</figcaption></figure>"
