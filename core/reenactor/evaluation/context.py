"""What the steps of an evaluation share, made before any of them begins."""

from dataclasses import dataclass

from reenactor import api
from reenactor.catalog import Plan
from reenactor.evaluation.annotation import Annotators, annotators_of
from reenactor.evaluation.networks import MetricNetworks, onnx_embedder
from reenactor.evaluation.protocol import BySpec, Protocol, Request
from reenactor.media.files import sha256_of
from reenactor.metrics import METRICS, Need, missing, require
from reenactor.metrics.perceptual import load_perceptual
from reenactor.progress import Progress


@dataclass(frozen=True)
class Context:
    """The annotators, the networks, and what is measured on which crop. `names` can be measured."""

    setup: api.Setup
    protocol: Protocol
    spec: str
    canvas: tuple[int, int]
    annotators: Annotators
    tools: MetricNetworks
    names: tuple[str, ...]
    progress: Progress
    features: str
    """The user's network of a perceptual distance, as reports name it."""


def prepared(
    setup: api.Setup, request: Request, progress: Progress
) -> tuple[Context, dict[str, str]]:
    """Choose the annotators, and refuse before any work what cannot be done.

    Returns:
        The work, and for each metric that is wanted but cannot be measured why.

    Raises:
        ReenactorError: a metric that was asked for cannot be measured.
    """
    protocol = request.protocol
    specs = [method.spec for method in request.methods if isinstance(method, BySpec)]
    spec = protocol.analyst or (specs[0] if specs else "default")
    plan: Plan = setup.plan(spec, protocol.overrides)
    embedder = None
    if protocol.identity is not None:
        embedder = onnx_embedder(protocol.identity, protocol.identity_scale)
    name = ""
    if protocol.identity is not None:
        name = f"{protocol.identity.name} {sha256_of(protocol.identity)}"
    annotators = annotators_of(setup, plan, embedder, name)
    runtime = setup.runtime()
    network, features = None, ""
    offered = set(annotators.offered)
    if protocol.features is not None:
        network = load_perceptual(protocol.features, protocol.features_input).to(runtime.device)
        sha256 = sha256_of(protocol.features)
        features = f"{protocol.features.name} {protocol.features_input} {sha256}"
        offered.add(Need.FEATURES)
    if not protocol.crosses:
        offered.add(Need.TRUTH)
    for required in protocol.required:
        require(METRICS[required], setup.weights, offered)
    wanted = dict.fromkeys((*protocol.required, *protocol.optional))
    reasons = {n: missing(METRICS[n], setup.weights, offered) for n in wanted}
    names = tuple(name for name, reason in reasons.items() if not reason)
    canvas = protocol.canvas or plan.spec.output.canvas
    tools = MetricNetworks(runtime, network)
    work = Context(setup, protocol, spec, canvas, annotators, tools, names, progress, features)
    return work, {name: reason for name, reason in reasons.items() if reason}
