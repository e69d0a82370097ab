"""The cache folder, for analysed videos and downloaded weights."""

import os
from pathlib import Path

from platformdirs import user_cache_path

VARIABLE = "REENACTOR_CACHE"


def cache_folder() -> Path:
    """The folder in the environment variable REENACTOR_CACHE, or the user's cache folder.

    It may not exist.
    """
    named = os.environ.get(VARIABLE)
    return Path(named).absolute() if named else user_cache_path("reenactor")
