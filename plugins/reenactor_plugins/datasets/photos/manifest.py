"""The manifest of the dataset `photos`."""

from reenactor.manifest import DatasetInfo

DATASETS = (
    DatasetInfo(
        name="photos",
        target="reenactor_plugins.datasets.photos.dataset:Photos",
        options="reenactor_plugins.datasets.photos.options:PhotosOptions",
        summary="any photos; of each the largest person, key points and labels are found",
        licence="that of your photos",
    ),
)
