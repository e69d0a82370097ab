"""Files in Python packages, named as "package:path/file"."""

import re
from importlib.resources import files
from importlib.resources.abc import Traversable

PATTERN = re.compile(r"[A-Za-z_]\w*(\.\w+)*:[^/\\:][^\\:]*")
"""The pattern of resource names."""


def find_resource(resource: str) -> Traversable:
    """Find the file that "package:path/file" names; imports the package's `__init__`.

    Raises:
        ValueError: the name is malformed.
        FileNotFoundError: the package or the file does not exist, or the import failed.
    """
    if not PATTERN.fullmatch(resource) or ".." in resource.split(":")[1].split("/"):
        raise ValueError(f'a resource is named "package:path/file", not {resource!r}')
    package, _, path = resource.partition(":")
    try:
        found = files(package).joinpath(*path.split("/"))
    except ModuleNotFoundError as error:
        raise FileNotFoundError(f"no package {package!r} for the resource {resource!r}") from error
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # the package's `__init__` may raise anything
        problem = f"the package {package!r} cannot be imported: {type(error).__name__}"
        raise FileNotFoundError(problem) from error
    if not found.is_file():
        raise FileNotFoundError(f"the package {package!r} has no file {path!r}")
    return found
