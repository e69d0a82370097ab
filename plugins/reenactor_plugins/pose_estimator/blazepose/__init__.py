"""The bundled pose estimator: BlazePose with hands and face, on the CPU, without downloads."""
