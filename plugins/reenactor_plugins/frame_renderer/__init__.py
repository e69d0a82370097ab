"""Frame renderers: from parsings and poses to pictures of the target."""
