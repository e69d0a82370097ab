"""The folder for what can be had again: people of watched videos, and downloaded weights."""

import os
from pathlib import Path

from platformdirs import user_cache_path

VARIABLE = "REENACTOR_CACHE"


def cache_folder() -> Path:
    """The folder that the variable REENACTOR_CACHE names, else the user's cache folder.

    It need not exist.
    """
    named = os.environ.get(VARIABLE)
    return Path(named).absolute() if named else user_cache_path("reenactor")
