"""The manifest of the dataset `videos`."""

from reenactor.manifest import DatasetInfo

DATASETS = (
    DatasetInfo(
        name="videos",
        target="reenactor_plugins.datasets.videos.dataset:Videos",
        options="reenactor_plugins.datasets.videos.options:VideosOptions",
        summary="frames of videos of one person each, with predicted key points and labels",
        licence="the licence of your videos",
    ),
)
