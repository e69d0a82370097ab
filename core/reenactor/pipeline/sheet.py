"""The sheet of `reenactor analyze`: everybody who was found, and the dancer."""

import cv2
import numpy as np
import numpy.typing as npt

from reenactor.media.video import Note, ignore, read_frames
from reenactor.ops import drawing
from reenactor.pipeline.dancer import TrackedPeople
from reenactor.pipeline.driver import VideoAnalysis
from reenactor.values import Crowd, Motion

Picture = npt.NDArray[np.uint8]

DANCER = (40, 200, 90)
OTHERS = (255, 140, 40)


def draw_sheet(analysis: VideoAnalysis, note: Note = ignore, count: int = 12) -> Picture:
    """Frames spread over the clip, with a box and number for everybody."""
    crowd, tracked, chosen, motion = (
        analysis.crowd,
        analysis.tracked,
        analysis.chosen,
        analysis.motion,
    )
    wanted = sorted({round(i * (len(motion) - 1) / max(count - 1, 1)) for i in range(count)})
    pictures, captions = [], []
    for frame in read_frames(analysis.video, wanted, note):
        pictures.append(_marked(frame.pixels, frame.index, crowd, tracked, chosen, motion))
        captions.append(f"{float(motion.clip.seconds[frame.index]):.1f} s")
    return drawing.contact_sheet(pictures, captions)


def _marked(
    pixels: Picture, index: int, crowd: Crowd, tracked: TrackedPeople, chosen: int, motion: Motion
) -> Picture:
    """One frame with the dancer's skeleton, and a box and number for everybody."""
    out = pixels.copy()
    thick = max(2, out.shape[0] // 250)
    if bool(motion.present[index]):
        figure = drawing.stick_figure(motion.skeleton[index : index + 1], motion.clip.size)[0]
        lines = (figure.permute(1, 2, 0).numpy() * 255).astype(np.uint8)
        # Bones as wide as the boxes, at any frame size.
        lines = cv2.dilate(lines, np.ones((thick, thick), np.uint8)).astype(np.uint8)
        out = np.where(lines.any(-1, keepdims=True), lines, out // 2 + 60).astype(np.uint8)
    for m in np.flatnonzero(crowd.frame.numpy() == index).tolist():
        person = int(tracked.person[m])
        colour = DANCER if person == chosen else OTHERS
        x0, y0, x1, y1 = (round(v) for v in crowd.box[m].tolist())
        cv2.rectangle(out, (x0, y0), (x1, y1), colour, thick)
        size = out.shape[0] / 300
        cv2.putText(
            out,
            str(tracked.order.index(person)),
            (x0 + thick, max(y0 - thick, round(22 * size))),
            cv2.FONT_HERSHEY_SIMPLEX,
            0.7 * size,
            colour,
            thick,
            cv2.LINE_AA,
        )
    return out
