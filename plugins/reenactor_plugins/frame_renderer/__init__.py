"""Frame renderers: parsings and poses to pictures of the target."""
