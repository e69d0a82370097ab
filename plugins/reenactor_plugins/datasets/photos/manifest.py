"""The manifest of the dataset `photos`."""

from reenactor.manifest import DatasetInfo

DATASETS = (
    DatasetInfo(
        name="photos",
        target="reenactor_plugins.datasets.photos.dataset:Photos",
        options="reenactor_plugins.datasets.photos.options:PhotosOptions",
        summary="any photos; the largest person of each, with predicted key points and labels",
        licence="the licence of your photos",
    ),
)
