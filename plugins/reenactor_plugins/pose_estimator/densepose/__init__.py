"""DensePose's network on the canvas, the person's place being known."""
