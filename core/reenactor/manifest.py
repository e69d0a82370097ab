"""What a plugin says of its components, in plain data: no torch, nothing imported until used."""

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
    """Something that one component finds and another may need.

    The pipeline computes a facet only where somebody needs it.
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
    """A file of weights: where it comes from, what it may be used for, and what it must hash to.

    `resource` names a file inside a Python package ("package:path/file.onnx") where the plugin
    ships it; `mirrors` are addresses to fetch it from, tried in order. A weight with neither is
    one that the user brings (`reenactor weights import`).
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
        """What tells it from others: its name, its file's, and what that holds."""
        return self.name, self.file, self.sha256


@dataclass(frozen=True)
class RecipeInfo:
    """How a component's network is trained (`reenactor train`).

    `target` names a function, `train(settings, options, run)`; `settings` the pydantic model of
    its settings, in a module that does not import torch; `configs` the YAML files shipped with
    it, each a name and a resource ("package:path/file.yaml"), the first being the default.
    """

    target: str
    settings: str
    configs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ComponentInfo:
    """One line of a plugin's manifest: a component that fills a role.

    `target` and `options` are dotted names ("package.module:Name"): the class that fills the role
    and the pydantic model of its options. The module of `options` must not import torch, so that
    specs are checked at once.

    `own_body` is for a frame renderer that fits what it draws to a body and can do without: the
    body generator that makes the shape it draws by itself. Where the spec has that one, with the
    same options, the body is not computed for it; from any other it is.
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
    """A pipeline spec that a package ships under a name; `resource` is "package:path/file.yaml"."""

    name: str
    resource: str
    summary: str


@dataclass(frozen=True)
class DatasetInfo:
    """A kind of training material that `reenactor prepare` reads.

    `target` names the class, a `reenactor.training.Dataset`; `options` the pydantic model of its
    options, in a module that does not import torch. `licence` is the material's.
    """

    name: str
    target: str
    options: str
    summary: str
    licence: str
    paper: str = ""
