"""Files that ship inside Python packages, named as "package:path/file"."""

import re
from importlib.resources import files
from importlib.resources.abc import Traversable

PATTERN = re.compile(r"[A-Za-z_]\w*(\.\w+)*:[^/\\:][^\\:]*")
"""What a resource's name looks like."""


def find_resource(resource: str) -> Traversable:
    """Give the file that "package:path/file" names; imports that package's `__init__`.

    Raises:
        ValueError: the name has another form.
        FileNotFoundError: there is no such package, it cannot be imported, or has no such file.
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
