"""What libraries say to those who program with them, which tells those who use us nothing."""

import os
import sys
import warnings


def silence_warnings() -> None:
    """Hide Python's warnings in this process and in those that it starts.

    Whoever asks for them, by `python -W` or PYTHONWARNINGS, sees them.
    """
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
        os.environ["PYTHONWARNINGS"] = "ignore"
