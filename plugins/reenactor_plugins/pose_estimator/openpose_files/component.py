"""The pose estimator `openpose-files`: reads OpenPose's output."""

from typing import final

from reenactor.roles import SkeletonEstimator
from reenactor.runtime import Runtime
from reenactor.values import Frames, People
from reenactor_plugins.pose_estimator.openpose_files.options import OpenPoseFilesOptions
from reenactor_plugins.pose_estimator.openpose_files.people import read_people
from reenactor_plugins.prepared_files.folder import PreparedFolder


@final
class OpenPoseFiles(SkeletonEstimator[OpenPoseFilesOptions]):
    """Reads people from OpenPose's JSON files; a frame without a file has none."""

    def __init__(self, options: OpenPoseFilesOptions, runtime: Runtime) -> None:
        self.options = options
        self.runtime = runtime
        self._files = PreparedFolder(options.folder, ".json")

    def estimate(self, frames: Frames, before: People | None = None) -> tuple[People, ...]:
        del before  # files need no tracking
        size = count = None
        if frames.extent is not None:
            size, count = frames.extent.size, frames.extent.frames
        paths = [self._files.file(frames.name, index, count) for index in frames.index]
        return tuple(People.nobody() if path is None else read_people(path, size) for path in paths)
