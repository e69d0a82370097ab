"""The shared context of an evaluation's steps, built before the first one."""

from dataclasses import dataclass

from reenactor import api
from reenactor.catalog import Plan
from reenactor.evaluation.annotation import Annotators, annotators_of
from reenactor.evaluation.embedders import embedder_of
from reenactor.evaluation.networks import MetricNetworks
from reenactor.evaluation.protocol import BySpec, EvaluationRequest, Protocol
from reenactor.media.files import sha256_of
from reenactor.metrics import METRICS, Need, missing, require
from reenactor.metrics.perceptual import load_perceptual
from reenactor.progress import Progress
from reenactor.spec.motion import PAPER_CANVAS


@dataclass(frozen=True)
class Context:
    """Annotators, networks and protocol. `names` are the metrics that can be measured."""

    setup: api.Setup
    protocol: Protocol
    spec: str
    canvas: tuple[int, int]
    annotators: Annotators
    tools: MetricNetworks
    names: tuple[str, ...]
    progress: Progress
    features: str
    """The description of the user's perceptual network for reports."""


def prepared(
    setup: api.Setup, request: EvaluationRequest, progress: Progress
) -> tuple[Context, dict[str, str]]:
    """Build the context and check that all required metrics can be measured.

    Returns:
        The context, and the reason for each optional metric that cannot be measured.

    Raises:
        ReenactorError: a required metric cannot be measured.
    """
    protocol = request.protocol
    specs = [method.spec for method in request.methods if isinstance(method, BySpec)]
    spec = protocol.analyst or (specs[0] if specs else "default")
    plan: Plan = setup.plan(spec, protocol.overrides)
    embedder, name = None, ""
    if protocol.identity is not None:
        embedder, name = embedder_of(protocol.identity, protocol.identity_scale)
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
    canvas = protocol.canvas or plan.spec.output.canvas or PAPER_CANVAS
    tools = MetricNetworks(runtime, network)
    context = Context(setup, protocol, spec, canvas, annotators, tools, names, progress, features)
    return context, {name: reason for name, reason in reasons.items() if reason}
