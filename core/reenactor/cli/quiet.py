"""Hiding libraries' warnings, which are for programmers."""

import os
import sys
import warnings


def silence_warnings() -> None:
    """Hide Python's warnings in this process and its children.

    `python -W` and PYTHONWARNINGS still show them.
    """
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
        os.environ["PYTHONWARNINGS"] = "ignore"
