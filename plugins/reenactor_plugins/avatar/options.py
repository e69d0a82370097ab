"""Options of the avatar. Imports no torch."""

from reenactor_plugins.puppet.options import PuppetOptions


class AvatarOptions(PuppetOptions):
    """Those of the puppet, which cuts the target out and draws the limbs."""
