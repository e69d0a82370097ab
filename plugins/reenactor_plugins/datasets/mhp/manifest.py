"""The manifest of the dataset `mhp`."""

from reenactor.manifest import DatasetInfo

DATASETS = (
    DatasetInfo(
        name="mhp",
        target="reenactor_plugins.datasets.mhp.dataset:Mhp",
        options="reenactor_plugins.datasets.mhp.options:MhpOptions",
        summary="Multi-Human Parsing v2: photos of several people with 58 labels, hands too",
        licence="non-commercial research",
        paper="Zhao et al., Understanding Humans in Crowded Scenes (2018)",
    ),
)
