"""Files made with other programs, one for each frame or photo."""
