"""The networks of metrics, loaded on first use."""

from dataclasses import dataclass, field

from reenactor.metrics.fid import load_inception
from reenactor.metrics.fvd import Detector, load_i3d
from reenactor.metrics.inception import Inception
from reenactor.metrics.lpips import Lpips, Net, load_lpips
from reenactor.runtime import Runtime


@dataclass
class MetricNetworks:
    """Networks, loaded on first use (hence not frozen)."""

    runtime: Runtime
    perceptual: Lpips | None = None
    """The network of the user's file."""
    _lpips: dict[str, Lpips] = field(default_factory=dict)
    _inception: list[Inception] = field(default_factory=list)
    _i3d: list[Detector] = field(default_factory=list)

    def lpips(self, net: Net) -> Lpips:
        if net not in self._lpips:
            self._lpips[net] = load_lpips(net, self.runtime)
        return self._lpips[net]

    @property
    def inception(self) -> Inception:
        if not self._inception:
            self._inception.append(load_inception(self.runtime))
        return self._inception[0]

    @property
    def i3d(self) -> Detector:
        if not self._i3d:
            self._i3d.append(load_i3d(self.runtime))
        return self._i3d[0]
