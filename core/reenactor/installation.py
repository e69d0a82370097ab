"""Explains import errors that are caused by the installation, not by our code."""

import re
import sys
import traceback
from collections.abc import Collection, Mapping
from importlib import metadata
from types import MappingProxyType

from reenactor.errors import ReenactorError

_SHARED_OBJECT = re.compile(r"(\S+?\.so[.\d]*): cannot open shared object file")
_OUR_PACKAGES = ("reenactor", "reenactor_plugins")

_DEBIAN: Mapping[str, str] = MappingProxyType(
    {
        "libEGL": "libegl1",
        "libGL": "libgl1",
        "libICE": "libice6",
        "libOpenGL": "libopengl0",
        "libSM": "libsm6",
        "libX11": "libx11-6",
        "libXext": "libxext6",
        "libXrender": "libxrender1",
        "libatomic": "libatomic1",
        "libgfortran": "libgfortran5",
        "libglib-2.0": "libglib2.0-0",
        "libgobject-2.0": "libglib2.0-0",
        "libgomp": "libgomp1",
        "libgthread-2.0": "libglib2.0-0",
        "libnuma": "libnuma1",
        "libopenblas": "libopenblas0",
        "libstdc++": "libstdc++6",
        "libxcb": "libxcb1",
        "libz": "zlib1g",
    }
)
"""The Debian and Ubuntu packages of system libraries that Python packages link to."""

_DISTRIBUTIONS: Mapping[str, str] = MappingProxyType(
    {"PIL": "pillow", "cv2": "opencv-python", "skimage": "scikit-image", "yaml": "pyyaml"}
)
"""Distributions whose import name differs from their distribution name."""


def installation_error(
    error: BaseException, importing: Collection[str] = _OUR_PACKAGES
) -> ReenactorError | None:
    """The error for an import that failed because a library or package is missing or broken.

    None if the installation is not the cause: for other errors, and for errors within the packages
    in `importing`.
    """
    if not isinstance(error, ImportError | OSError):
        return None
    library = _SHARED_OBJECT.search(str(error))
    if library is not None:
        return _without_library(library[1], error, importing)
    if not isinstance(error, ImportError):
        return None
    package = _package(error, importing)
    if not package or package in importing:
        return None
    distribution = _distribution(package)
    if isinstance(error, ModuleNotFoundError) and error.name == package:
        return ReenactorError(
            f"the Python package {package} is not installed",
            given=_where(),
            expected=package,
            advice=f"pip install {distribution}",
        )
    advice = f"pip install --force-reinstall {distribution}"
    if sys.platform == "win32":
        advice += "; if that does not help, Microsoft's Visual C++ Redistributable"
    return ReenactorError(
        f"the Python package {package} is installed, but cannot be imported",
        given=f"{error} ({_where()})",
        expected="a version compatible with this Python and the other packages",
        advice=f"{advice} (`pip check` lists conflicts)",
    )


def _without_library(
    library: str, error: BaseException, importing: Collection[str]
) -> ReenactorError:
    package = _package(error, importing)
    debian = _DEBIAN.get(library.split(".so")[0])
    if debian is not None:
        advice = f"apt-get install {debian} (Debian, Ubuntu), or its equivalent on your system"
    elif library.startswith(("libcu", "libnv", "libtorch", "libc10")):
        advice = "pip install --force-reinstall torch"
    else:
        advice = f"install the package that contains it (apt-file search {library})"
    if package == "cv2":
        advice += "; or replace opencv-python by opencv-python-headless, which needs no display"
    return ReenactorError(
        f"the system library {library} is missing",
        given=str(error),
        expected=f"{library}, which the Python package {package or 'that was imported'} needs",
        advice=advice,
    )


def _package(error: BaseException, importing: Collection[str]) -> str:
    """The top-level package that could not be imported, if known."""
    named = (getattr(error, "name", None) or "").partition(".")[0]
    if isinstance(error, ModuleNotFoundError):
        return named
    running = [
        str(frame.f_globals.get("__name__", "")).partition(".")[0]
        for frame, _ in traceback.walk_tb(error.__traceback__)
    ]
    inside = [name for name in running if name and name != "importlib"]
    if inside and inside[-1] not in importing:
        return inside[-1]  # the error is in the package itself
    # A compiled module that fails to load has no frame. A missing name is an error of the importing
    # module.
    return "" if str(error).startswith("cannot import name") else named


def _distribution(package: str) -> str:
    """The distribution name of a package for pip."""
    installed = metadata.packages_distributions().get(package)
    return installed[0] if installed else _DISTRIBUTIONS.get(package, package)


def _where() -> str:
    return f"Python {sys.version.split()[0]} at {sys.executable}"
