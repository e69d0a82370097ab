"""OpenPose's own networks: bodies by part affinity fields, hands and faces by heat maps."""
