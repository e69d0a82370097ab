"""The people, the dance, the music and the stage of `reenactor demo`."""
