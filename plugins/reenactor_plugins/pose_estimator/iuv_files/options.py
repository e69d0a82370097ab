"""Options of `iuv_files`."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from reenactor.options import Options


class IuvFilesOptions(Options):
    """Where the files are, and how they were written."""

    folder: Path = Field(
        description="Folder with IUV pictures as large as the source's frames: those of the "
        "source `dance` are `dance_000000.png` and so on, or lie in a folder `dance`."
    )
    part_in: Literal["blue", "red"] = Field(
        "blue",
        description="The channel that holds the part's number: blue where OpenCV wrote the "
        "files (DensePose's own tools do), red where they were written as RGB. The other of the "
        "two holds V.",
    )
