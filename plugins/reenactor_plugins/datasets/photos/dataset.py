"""Any photos: the largest person of each; key points and labels are predicted."""

from collections.abc import Sequence
from typing import final

from reenactor.errors import InputError
from reenactor.runtime import Runtime
from reenactor.training import Dataset, Shot
from reenactor_plugins.datasets.photos.options import PhotosOptions
from reenactor_plugins.datasets.reading import (
    PHOTOS,
    files_in,
    names_of,
    read_frames_of,
    require_folder,
)


@final
class Photos(Dataset[PhotosOptions]):
    """Unlabelled photos; each is assumed to show another person."""

    def __init__(self, options: PhotosOptions, runtime: Runtime) -> None:
        super().__init__(options, runtime)
        folder = options.folder
        require_folder(folder, "a folder of photos", "name one: --set folder=FOLDER")
        self._paths = files_in(folder, PHOTOS)
        if not self._paths:
            expected = f"files with the endings {', '.join(sorted(PHOTOS))}"
            raise InputError("the folder has no photos", given=str(folder), expected=expected)
        self._names = names_of(self._paths, folder)

    def names(self) -> Sequence[str]:
        return self._names

    def shots(self, index: int) -> Sequence[Shot]:
        name = self._names[index]
        return [Shot(read_frames_of(self._paths[index]), person=name, source=name)]
