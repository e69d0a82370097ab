"""The choreography, in a little language, and the motion it makes.

SHAPES names body shapes as `channel value` pairs (see poser.CHANNELS; degrees, centimetres;
`both.` stands for `L.` and `R.`). SCORE says on which beat which shapes are reached: later shapes
on a line overrule earlier ones, what no shape names is at rest, and `~name` is the shape mirrored.
Between the beats every channel glides from value to value without overshooting; hands and head
arrive a little later than what carries them.
"""

from dataclasses import dataclass

import numpy as np
from scipy.interpolate import PchipInterpolator

from reenactor_anny.demo.poser import CHANNELS
from reenactor_anny.mesh import Array

BPM = 112.0
FPS = 30

SHAPES = """
ready       both.arm 16  both.elbow 24  hips.z -1  smile 0.7
down        hips.z -4
low         hips.z -9  both.heel 0
step        hips.x -13  R.foot.x 26  L.foot.x 1  R.toe 16  tilt 3  side -5  L.heel 18  L.toe 2
wide        L.foot.x 17  R.foot.x 17  hips.z -4
swing       R.arm 62  R.front 12  R.elbow 28  L.arm 40  L.front 66  L.elbow 84  twist 9  look 8
snap        R.curl 0.8  R.wrist 18  brows 0.5
wings       both.arm 90  both.elbow 8  both.front 8  both.curl 0.1
wave1       L.arm 90  R.arm 118  R.elbow 10  R.wrist -40  R.shrug 8  side -6  tilt 3  hips.x -4
wave2       L.arm 90  R.arm 96  R.elbow 62  R.roll -62  R.wrist 30  L.elbow 8  side -3
wave3       R.arm 84  R.shrug 10  L.shrug 10  L.arm 84  both.elbow 10  hips.z -6  nod -6
wave4       R.arm 90  L.arm 96  L.elbow 62  L.roll -62  L.wrist 30  R.elbow 8  side 3
wave5       R.arm 90  L.arm 118  L.elbow 10  L.wrist -40  L.shrug 8  side 6  tilt -3  hips.x 4
stretch     R.arm 168  R.elbow 14  R.front 4  L.arm 54  L.elbow 90  L.roll -50  L.front 6
            side 22  tilt -6  hips.x -9  cock 8  look -6  L.curl 0.45  R.curl 0.05
reach       side 29  hips.x -11  tilt -8
crouch      hips.z -20  bend 20  nod -6  both.arm 34  both.front -24  both.elbow 22  both.heel 10
leap        hips.z 24  both.arm 142  both.elbow 12  both.curl 0  both.foot.z 22  both.foot.x 21
            both.heel 28  open 0.6  brows 1  smile 1
land        hips.z -13  bend 10  both.arm 70  both.front 26  both.elbow 44  both.foot.x 17
turned      turn 48  twist 8  look -26  R.arm 58  R.front 50  R.elbow 56  L.arm 74  L.front -12
            L.elbow 22  hips.z -5  both.foot.x 14  R.heel 24
pose        L.arm 150  L.elbow 26  L.front 8  L.curl 0  R.arm 54  R.elbow 90  R.roll -50
            R.front 6  R.curl 0.45  side -7  tilt -6  hips.x 7  hips.z -2  L.foot.x 8  R.foot.x 20
            R.heel 14  R.toe 26  cock -7  look 5  smile 1  brows 0.7
"""

SCORE = """
0      ready
0.5    ready down
1      ready step swing snap
1.5    ready down
2      ready ~step ~swing ~snap
2.5    ready down
3      ready step swing snap
3.5    ready down
4      ready wide wings
4.5    wide wings wave1
5      wide wings wave2
5.5    wide wings wave3
6      wide wings wave4
6.5    wide wings wave5
7      wide wings wave4
7.4    wide wings wave3
7.8    wide wings wave1
8.4    wide ready
9      wide stretch
9.6    wide stretch reach
10.1   wide ready low
11     wide ~stretch
11.6   wide ~stretch ~reach
12.1   wide ready
12.7   wide crouch
13.15  leap
13.6   land
14     ready wide low
14.6   turned
15.2   ready wide down
15.8   ~turned
16.4   ready down
17     pose
18.6   pose smile+
"""

# The whole body dips between the beats; arms and head trail their bearers by these seconds.
GROOVE = 1.6
TRAILS = {"elbow": 0.035, "wrist": 0.08, "curl": 0.10, "palm": 0.05, "look": 0.05, "nod": 0.05,
          "cock": 0.06, "roll": 0.02}  # fmt: skip
BLINKS = (2.2, 6.9, 10.4, 14.1, 17.9)


@dataclass(frozen=True)
class Motion:
    """`values` channel to (frames,)."""

    values: dict[str, Array]
    frames: int

    def at(self, frame: int) -> dict[str, float]:
        return {name: float(value[frame]) for name, value in self.values.items()}


def shapes() -> dict[str, dict[str, float]]:
    """SHAPES, read: name to channel to value."""
    out: dict[str, dict[str, float]] = {"smile+": {"smile": 1.0}}
    name = ""
    for line in SHAPES.strip().splitlines():
        words = line.split()
        if not line.startswith(" "):
            name, words = words[0], words[1:]
            out[name] = {}
        for channel, value in zip(words[::2], words[1::2], strict=True):
            sides = ("L.", "R.") if channel.startswith("both.") else ("",)
            for side in sides:
                key = side + channel.removeprefix("both.")
                if key not in CHANNELS:
                    raise ValueError(
                        f"shape {name}: no channel {key}; there are {sorted(CHANNELS)}"
                    )
                out[name][key] = float(value)
    return out


def mirrored(shape: dict[str, float]) -> dict[str, float]:
    """Left for right, and the other way round where a sign says the side."""
    out = {}
    for key, value in shape.items():
        if key[:2] in ("L.", "R."):
            out[("R." if key[0] == "L" else "L.") + key[2:]] = value
        else:
            out[key] = -value if key in SIDED else value
    return out


SIDED = ("hips.x", "turn", "tilt", "side", "twist", "look", "cock")


def perform() -> Motion:
    """SCORE, performed at FPS frames a second."""
    known = shapes()
    beats, rows = [], []
    for line in SCORE.strip().splitlines():
        beat, *names = line.split()
        row = dict(CHANNELS)
        for name in names:
            row |= mirrored(known[name[1:]]) if name.startswith("~") else known[name]
        beats.append(float(beat))
        rows.append(row)
    frames = round(beats[-1] * 60 / BPM * FPS)
    seconds = np.arange(frames) / FPS
    values = {}
    for channel in CHANNELS:
        curve = PchipInterpolator(beats, [row[channel] for row in rows], extrapolate=True)
        trail = TRAILS.get(channel.split(".")[-1], 0.0)
        values[channel] = curve(np.clip((seconds - trail) * BPM / 60, beats[0], beats[-1]))
    now = seconds * BPM / 60
    awake = np.clip((17 - now) / 0.5, 0, 1) * np.clip(now / 0.5, 0, 1)
    grounded = (values["L.foot.z"] < 0.5).astype(float)
    values["hips.z"] = (
        values["hips.z"] - GROOVE * 0.5 * (1 - np.cos(2 * np.pi * now)) * awake * grounded
    )
    for blink in BLINKS:
        values["blink"] = np.maximum(values["blink"], np.clip(1 - np.abs(now - blink) / 0.22, 0, 1))
    return Motion(values, frames)
