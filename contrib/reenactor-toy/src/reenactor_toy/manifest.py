"""The package's manifest. Does not import torch, because every command reads it."""

from reenactor.hookspecs import hookimpl
from reenactor.manifest import ComponentInfo, Facet, Role, SpecInfo


@hookimpl
def reenactor_components() -> list[ComponentInfo]:
    return [
        ComponentInfo(
            role=Role.POSE_ESTIMATOR,
            name="toy-blob",
            target="reenactor_toy.blob:ToyBlob",
            options="reenactor_toy.options:BlobOptions",
            summary="one person in front of a plain wall, standing straight",
            licence="Apache-2.0",
            provides=frozenset({Facet.SKELETON}),
        ),
        ComponentInfo(
            role=Role.PARSER,
            name="toy-bands",
            target="reenactor_toy.bands:ToyBands",
            options="reenactor_toy.options:BandsOptions",
            summary="face, shirt, trousers and shoes by height alone",
            licence="Apache-2.0",
            needs=frozenset({Facet.SKELETON}),
            provides=frozenset({Facet.PARSING}),
        ),
    ]


@hookimpl
def reenactor_specs() -> list[SpecInfo]:
    return [SpecInfo("toy", "reenactor_toy:specs/toy.yaml", "the toy's parser and estimator")]
