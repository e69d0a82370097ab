"""Measuring methods against each other: the protocol behind `reenactor evaluate`.

protocol   what is wanted: videos, crop, target frame, metrics
truth      the driver's own frames on the crop, and the photo taken from it
frames     a method's frames, rendered by a spec or given in a folder
annotators   what the parser and the pose estimators find in the crops
measure    figures for each frame of one method and video
tally      means with confidence intervals over all videos
report     JSON, CSV, Markdown; `page` makes the same a page to look at
run        the order of it all (`work` is what its steps share, `record` what was done)

`beside` writes videos side by side, for `reenactor compare`.
"""
