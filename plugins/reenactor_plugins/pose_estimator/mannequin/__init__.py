"""A dense pose without weights: a jointed doll drawn where the key points are."""
