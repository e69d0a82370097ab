"""Files that the user prepared with other programs, one for each frame or photo."""
