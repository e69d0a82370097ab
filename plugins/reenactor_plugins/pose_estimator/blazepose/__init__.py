"""The embedded pose estimator: BlazePose with hands and face, on the CPU, nothing to download."""
