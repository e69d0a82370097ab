"""The manifest of the dataset `cihp`."""

from reenactor.manifest import DatasetInfo

DATASETS = (
    DatasetInfo(
        name="cihp",
        target="reenactor_plugins.datasets.cihp.dataset:Cihp",
        options="reenactor_plugins.datasets.cihp.options:CihpOptions",
        summary="Crowd Instance-level Human Parsing: photos of several people, labelled",
        licence="non-commercial research",
        paper="Gong et al., Instance-level Human Parsing via Part Grouping Network (2018)",
    ),
)
