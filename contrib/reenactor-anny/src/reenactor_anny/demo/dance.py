"""The choreography, in a little language, and the motion it makes.

SHAPES names body shapes as `channel value` pairs (see poser.CHANNELS; degrees, centimetres;
`both.` stands for `L.` and `R.`). SCORE says on which beat which shapes are reached: later shapes
on a line overrule earlier ones, what no shape names is at rest, and `~name` is the shape mirrored.
A spin goes the shorter way round, so that 270 and then 0 complete a turn.
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
open        both.arm 64  both.front 20  both.elbow 26  both.curl 0.1  hips.z -3
wind        R.arm 66  R.front 74  R.elbow 52  L.arm 74  L.front -26  L.elbow 14  twist -14  look 10
            hips.z -7
spin1       spin 62  L.spin 20  R.spin 92  R.foot.z 7  L.heel 8  look -34
spin2       spin 108  L.spin 104  L.foot.z 7  R.spin 92  R.heel 10  look -24
spin3       spin 152  L.spin 188  R.spin 104  L.heel 6  R.heel 12  look 8
spin4       spin 198  L.spin 188  R.spin 196  R.foot.z 7  L.heel 10  look 20
spin5       spin 244  L.spin 200  R.spin 278  L.heel 14  look 26
spin6       spin 290  L.spin 288  L.foot.z 7  R.spin 278  R.heel 10  look 22
spin7       spin 334  L.spin 352  R.spin 290  R.heel 14  look 10
spin8       spin 0  R.spin 340  R.foot.z 5  look 2
high        both.arm 152  both.elbow 34  both.front 10  both.curl 0.1  hips.z 0
halfway     L.arm 150  L.elbow 30  L.front 10  R.arm 74  R.front 40  R.elbow 40  both.curl 0.1
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
14.5   ready wind
15     open spin1
15.4   open spin2
15.8   halfway spin3
16.2   high spin4
16.6   high spin5
17     halfway spin6
17.4   open spin7
17.8   open spin8
18.2   ready down
18.9   pose
20.4   pose smile+
"""

# The whole body dips between the beats; arms and head trail their bearers by these seconds.
GROOVE = 1.6
TRAILS = {"elbow": 0.035, "wrist": 0.08, "curl": 0.10, "palm": 0.05, "look": 0.05, "nod": 0.05,
          "cock": 0.06, "roll": 0.02}  # fmt: skip
BLINKS = (2.2, 6.9, 10.4, 14.1, 19.6)


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
            turns = key[2:] in SIDED
            out[("R." if key[0] == "L" else "L.") + key[2:]] = -value if turns else value
        else:
            out[key] = -value if key in SIDED else value
    return out


SIDED = ("hips.x", "spin", "turn", "tilt", "side", "twist", "look", "cock")


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
        reached = np.array([row[channel] for row in rows])
        if channel.endswith("spin"):
            reached = np.unwrap(reached, period=360)
        curve = PchipInterpolator(beats, reached, extrapolate=True)
        trail = TRAILS.get(channel.split(".")[-1], 0.0)
        values[channel] = curve(np.clip((seconds - trail) * BPM / 60, beats[0], beats[-1]))
    now = seconds * BPM / 60
    awake = np.clip((18.9 - now) / 0.5, 0, 1) * np.clip(now / 0.5, 0, 1)
    grounded = (np.minimum(values["L.foot.z"], values["R.foot.z"]) < 0.5).astype(float)
    values["hips.z"] = (
        values["hips.z"] - GROOVE * 0.5 * (1 - np.cos(2 * np.pi * now)) * awake * grounded
    )
    for blink in BLINKS:
        values["blink"] = np.maximum(values["blink"], np.clip(1 - np.abs(now - blink) / 0.22, 0, 1))
    return Motion(values, frames)
