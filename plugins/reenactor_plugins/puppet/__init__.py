"""The puppet: the target's picture, cut into parts that move on bones."""
