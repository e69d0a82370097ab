"""Options of `openpose_files`."""

from pathlib import Path

from pydantic import Field

from reenactor.options import Options


class OpenPoseFilesOptions(Options):
    """Where the files are."""

    folder: Path = Field(
        description="Folder with OpenPose's JSON files: those of the source `dance` are "
        "`dance_000000000000_keypoints.json` and so on, or lie in a folder `dance`."
    )
