"""Guessing which word was meant, and showing words that hold bytes of no known encoding."""

import re
from collections.abc import Iterable
from difflib import get_close_matches

_SURROGATES = re.compile("[\ud800-\udfff]")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """ "did you mean 'puppet'?", or nothing where no known word is near."""
    cutoff = 0.6 if len(word) > 3 else 0.8  # two letters in common make no typing mistake
    near = get_close_matches(word, list(known), n=1, cutoff=cutoff)
    return f"did you mean {near[0]!r}?" if near else ""


def legible(text: str) -> str:
    """Text that every encoder takes: what stands for bytes that are not UTF-8, as in the names
    of files, becomes U+FFFD."""
    return _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", text)
