"""Descriptions of a plugin's components as plain data; nothing is imported until it is used."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """The six parts of a pipeline (paper, section 3)."""

    PARSER = "parser"
    POSE_ESTIMATOR = "pose_estimator"
    INPAINTER = "inpainter"
    BODY_GENERATOR = "body_generator"
    FRAME_RENDERER = "frame_renderer"
    FACE_REFINER = "face_refiner"


class Facet(StrEnum):
    """A type of data that one component provides and others may need.

    The pipeline computes a facet only if a component needs it.
    """

    SKELETON = "skeleton"
    """Key points of body, hands and face (P^S)."""
    WORLD = "world"
    """Body key points in metres, with depth."""
    MASK = "mask"
    """Silhouettes of the people that a pose estimator finds."""
    DENSE = "dense"
    """Part index and surface coordinates (P^D)."""
    PARSING = "parsing"
    """The target's parsing (p^M*)."""
    BODY = "body"
    """The generated parsing of each frame (P^M)."""


@dataclass(frozen=True)
class Weight:
    """A weight file: source, licence, size and sha256.

    `resource` names a file in a Python package ("package:path/file.onnx") if the plugin ships it;
    `mirrors` are URLs to download it from, tried in order. A weight with neither must be provided
    by the user (`reenactor weights import`).
    """

    name: str
    file: str
    sha256: str
    size: int
    licence: str
    origin: str
    resource: str = ""
    mirrors: tuple[str, ...] = ()
    commercial: bool = True

    @property
    def key(self) -> tuple[str, str, str]:
        """Identifies a weight: name, file name and sha256."""
        return self.name, self.file, self.sha256

    @property
    def terms(self) -> str:
        """The licence, and whether it excludes commercial use."""
        return self.licence + ("" if self.commercial else " (non-commercial)")


@dataclass(frozen=True)
class RecipeInfo:
    """The training recipe of a component (`reenactor train`).

    `target` names a function, `train(settings, options, run)`; `settings` names the pydantic model
    of its settings, in a module that does not import torch; `configs` are pairs of a name and a
    resource ("package:path/file.yaml"), the first being the default.
    """

    target: str
    settings: str
    configs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ComponentInfo:
    """An entry in a plugin's manifest: a component for a role.

    `target` and `options` are dotted names ("package.module:Name") of the class and of the pydantic
    model of its options. The module of `options` must not import torch, so that specs are checked
    quickly.

    `own_body` is for frame renderers that can adapt to a generated body but do not require one. It
    names the body generator whose shape the renderer draws anyway: if the spec has that one, with
    the same options, the body is not computed.
    """

    role: Role
    name: str
    target: str
    options: str
    summary: str
    licence: str
    needs: frozenset[Facet] = frozenset()
    provides: frozenset[Facet] = frozenset()
    weights: tuple[Weight, ...] = ()
    paper: str = ""
    recipe: RecipeInfo | None = None
    own_body: str = ""

    @property
    def key(self) -> tuple[Role, str]:
        return self.role, self.name


@dataclass(frozen=True)
class SpecInfo:
    """A named spec that a package ships; `resource` is "package:path/file.yaml"."""

    name: str
    resource: str
    summary: str


@dataclass(frozen=True)
class DatasetInfo:
    """A dataset that `reenactor prepare` reads.

    `target` names the class, a `reenactor.training.Dataset`; `options` names the pydantic model of
    its options, in a module that does not import torch. `licence` is the licence of the data.
    """

    name: str
    target: str
    options: str
    summary: str
    licence: str
    paper: str = ""
