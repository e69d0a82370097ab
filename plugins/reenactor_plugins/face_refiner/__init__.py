"""Face refiners: make the rendered face resemble the target's."""
