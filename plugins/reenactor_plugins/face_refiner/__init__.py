"""Face refiners: the rendered face made to resemble the target's."""
