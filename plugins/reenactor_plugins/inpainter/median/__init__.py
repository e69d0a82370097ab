"""Background from the frames in which the dancer is elsewhere."""
