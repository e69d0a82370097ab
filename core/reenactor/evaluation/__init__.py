"""The evaluation protocol behind `reenactor evaluate`.

protocol   the settings: videos, crop, target frame, metrics
truth      the ground truth: the driver's frames on the crop, and the target photo
frames     a method's frames, rendered by a spec or given in a folder
annotation the results of the parser and the pose estimators on the crops
comparison what is compared: one method's crops and the truth
measure    metrics for each frame of one method and video
aggregate  means with confidence intervals over all videos
report     JSON, CSV and Markdown; `page` is the same as HTML
run        the sequence of steps (they share a `context`; `record` says which are done)

`yaw_groups` are the groups of frames by the driver's yaw. `parts` measures components on prepared
examples, `together` whole pipelines.

`side_by_side` writes videos side by side, for `reenactor compare`.
"""
