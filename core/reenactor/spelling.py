"""Spelling suggestions, and printable forms of text with undecodable bytes."""

import re
from collections.abc import Iterable
from difflib import get_close_matches

_SURROGATES = re.compile("[\ud800-\udfff]")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """ "did you mean 'puppet'?", or an empty string if no known word is similar."""
    cutoff = 0.6 if len(word) > 3 else 0.8  # too short to tell a typo
    near = get_close_matches(word, list(known), n=1, cutoff=cutoff)
    return f"did you mean {near[0]!r}?" if near else ""


def legible(text: str) -> str:
    """Replace surrogate escapes (undecodable bytes in file names, for example) by U+FFFD."""
    return _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", text)
