"""The puppet: the target's own picture, cut into parts that move on bones; body and renderer."""
