"""The manifest of the dataset `ccp`."""

from reenactor.manifest import DatasetInfo

DATASETS = (
    DatasetInfo(
        name="ccp",
        target="reenactor_plugins.datasets.ccp.dataset:Ccp",
        options="reenactor_plugins.datasets.ccp.options:CcpOptions",
        summary="Clothing Co-Parsing: street photos of whole people, half of them labelled",
        licence="Apache-2.0 for the labels; the photos are third parties'",
        paper="Yang et al., Clothing Co-Parsing by Joint Image Segmentation and Labeling (2014)",
    ),
)
