"""The manifest of the specs."""

from reenactor.manifest import SpecInfo

SPECS = tuple(
    SpecInfo(name, f"reenactor_plugins:specs/{name}.yaml", summary)
    for name, summary in (
        ("default", "runs on a CPU without downloads"),
        ("small", "the paper's networks, small, with weights that we trained; on a CPU"),
        ("paper", "the paper's method; you provide all weights"),
        ("paper-no-fr", "Fig. 5 (b): no face refinement"),
        ("paper-no-mask", "Fig. 5 (c): no blending mask"),
        ("paper-no-hands", "Fig. 5 (d): no hand labels in what B2F renders"),
        ("paper-low-resolution", "Fig. 5 (e): no face loss, 256x160"),
        ("paper-no-squeeze", "Fig. 6 (b): parsings not squeezed in training"),
        ("paper-coarse-dense", "Fig. 6 (c): a less accurate dense pose"),
        ("paper-no-dense", "Fig. 6 (d): no dense pose"),
        ("paper-no-dense-no-hands", "Fig. 6 (e): no dense pose and no hands"),
    )
)
