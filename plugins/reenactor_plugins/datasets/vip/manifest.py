"""The manifest of the dataset `vip`."""

from reenactor.manifest import DatasetInfo

DATASETS = (
    DatasetInfo(
        name="vip",
        target="reenactor_plugins.datasets.vip.dataset:Vip",
        options="reenactor_plugins.datasets.vip.options:VipOptions",
        summary="Video Instance-level Parsing: videos with every 25th frame labelled",
        licence="non-commercial research",
        paper="Zhou et al., Adaptive Temporal Encoding Network for Video Instance-level Human "
        "Parsing (2018)",
    ),
)
