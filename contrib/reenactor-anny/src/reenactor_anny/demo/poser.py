"""From a pose in a choreographer's words to one turn and one place for every bone."""

from collections.abc import Mapping

import numpy as np

from reenactor_anny.body import Body
from reenactor_anny.bones import SIGN, Bones, Turns, bend_hand
from reenactor_anny.mesh import Array
from reenactor_anny.turning import FRONT, about, frame

# Every channel and its resting value. Degrees, and centimetres for places and heights. `spin` turns
# the body on the spot, to its left; the feet's own spins are where they stand meanwhile.
BODY_CHANNELS = {
    "hips.x": 0.0, "hips.y": 0.0, "hips.z": 0.0, "spin": 0.0, "turn": 0.0, "tilt": 0.0, "tip": 0.0,
    "bend": 0.0, "side": 0.0, "twist": 0.0, "nod": 0.0, "look": 0.0, "cock": 0.0,
    "smile": 0.6, "blink": 0.0, "wide": 0.0, "brows": 0.1, "open": 0.0,
}  # fmt: skip
SIDE_CHANNELS = {
    "arm": 18.0, "front": 4.0, "roll": 0.0, "elbow": 16.0, "palm": 0.0, "wrist": 0.0, "curl": 0.25,
    "shrug": 0.0, "spin": 0.0, "foot.x": 11.0, "foot.y": 0.0, "foot.z": 0.0, "toe": 10.0,
    "heel": 0.0,
}  # fmt: skip
CHANNELS = dict(BODY_CHANNELS) | {
    f"{side}.{name}": value for side in SIGN for name, value in SIDE_CHANNELS.items()
}


def about_x(degrees: float) -> Array:
    return about(np.array([1.0, 0, 0]), degrees)


def about_y(degrees: float) -> Array:
    return about(np.array([0, 1.0, 0]), degrees)


def about_z(degrees: float) -> Array:
    return about(np.array([0, 0, 1.0]), degrees)


class Poser:
    """Solves poses for one body: spine and arms forward, legs from where the feet stand."""

    def __init__(self, body: Body) -> None:
        self._body = body
        self._lowest = float(body.vertices[:, 2].min())
        self._stance = {side: self._rest_ball(side) for side in SIGN}

    def _rest_ball(self, side: str) -> Array:
        ball = self._body.head(f"toe2-1.{side}").copy()
        ball[2] = self._lowest
        return ball

    def solve(self, pose: Mapping[str, float], lift: float = 0.0) -> Bones:
        """`pose` holds every channel; `lift` metres of shoe sole under the feet. Floor at z=0."""
        body = self._body
        turns: Turns = {}
        places = np.zeros((len(body.labels), 3))
        hips = np.array([pose["hips.x"], pose["hips.y"], pose["hips.z"]]) / 100
        hips = about_z(pose["spin"]) @ hips
        hips[2] += -self._lowest + lift
        whole = about_z(pose["spin"] + pose["turn"])
        turns["root"] = whole @ about_y(pose["tilt"]) @ about_x(pose["tip"])
        self._torso(pose, turns)
        for side in SIGN:
            self._arm(pose, side, turns)
        for bone, label in enumerate(body.labels):
            parent = body.parents[bone]
            if bone == 0:
                places[0] = hips
                continue
            above = turns[body.labels[parent]]
            places[bone] = places[parent] + above @ (body.heads[bone] - body.heads[parent])
            if label.startswith("upperleg01"):
                self._leg(pose, label[-1], places[bone], whole, lift, turns)
            if label not in turns:
                turns[label] = above
        return Bones(np.stack([turns[name] for name in body.labels]), places, body.heads)

    def _torso(self, pose: Mapping[str, float], turns: Turns) -> None:
        current = turns["root"]
        step = about_z(pose["twist"] / 5) @ about_y(pose["side"] / 5) @ about_x(pose["bend"] / 5)
        for number in (5, 4, 3, 2, 1):
            current = current @ step
            turns[f"spine0{number}"] = current
        head = about_z(pose["look"] / 4) @ about_y(pose["cock"] / 4) @ about_x(pose["nod"] / 4)
        for name in ("neck01", "neck02", "neck03", "head"):
            current = current @ head
            turns[name] = current

    def _arm(self, pose: Mapping[str, float], side: str, turns: Turns) -> None:
        body, sign = self._body, SIGN[side]
        value = {name: pose[f"{side}.{name}"] for name in SIDE_CHANNELS}
        chest = turns["spine01"]
        shoulder, elbow, wrist = (
            body.head(f"{bone}.{side}") for bone in ("upperarm01", "lowerarm01", "wrist")
        )
        # A straight arm held sideways, its elbow bending to the front; then roll, raise, swing.
        bow = value["elbow"]

        def swing(roll: float) -> Array:
            return np.asarray(
                about_z(-sign * value["front"])
                @ about_y(sign * (90 - value["arm"]))
                @ about_x(-roll)
            )

        def upper(roll: float) -> Array:
            full = swing(roll)
            rest = frame(elbow - shoulder, wrist - elbow)
            return np.asarray(chest @ frame(full @ (sign * np.eye(3)[0]), full @ FRONT) @ rest.T)

        hinge = swing(value["roll"])
        out = hinge @ (sign * np.eye(3)[0])
        fore = np.cos(np.radians(bow)) * out + np.sin(np.radians(bow)) * (hinge @ FRONT)
        bend_axis = np.cross(out, hinge @ FRONT)
        rest_axis = np.cross(elbow - shoulder, wrist - elbow)
        lower = chest @ frame(fore, bend_axis) @ frame(wrist - elbow, rest_axis).T
        raised = max(0.0, value["arm"] - 50) * 0.22 + value["shrug"]
        collar = chest @ about_y(-sign * raised)
        turns[f"clavicle.{side}"] = collar
        turns[f"upperarm02.{side}"] = upper(value["roll"])
        turns[f"upperarm01.{side}"] = upper(value["roll"] * 0.6)
        turns[f"shoulder01.{side}"] = halfway(collar, upper(value["roll"] * 0.3))
        turns[f"lowerarm01.{side}"] = lower
        along = chest @ fore
        half, full = (about(along, sign * value["palm"] * part) @ lower for part in (0.5, 1.0))
        turns[f"lowerarm02.{side}"] = half
        bend_hand(body, side, full, value["curl"], value["wrist"], turns)

    def _leg(
        self, pose: Mapping[str, float], side: str, hip: Array, whole: Array, lift: float,
        turns: Turns,
    ) -> None:  # fmt: skip
        """Two bones between the hip and the ankle, the knee over the toes."""
        body, sign = self._body, SIGN[side]
        value = {name: pose[f"{side}.{name}"] for name in SIDE_CHANNELS}
        thigh0, knee0, ankle0 = (
            body.head(f"{bone}.{side}") for bone in ("upperleg01", "lowerleg01", "foot")
        )
        stand = about_z(value["spin"] + pose["turn"] * 0.55)
        yaw = stand @ about_z(sign * (value["toe"] - 10))
        tread = yaw @ about_x(value["heel"])
        ball = np.array([sign * value["foot.x"], value["foot.y"], value["foot.z"]]) / 100
        rest = np.array([0, self._stance[side][1], lift])
        ball = stand @ ball + about_z(value["spin"]) @ rest
        ankle = ball + tread @ (ankle0 - self._stance[side])
        upper, lower = np.linalg.norm(knee0 - thigh0), np.linalg.norm(ankle0 - knee0)
        line = ankle - hip
        reach = float(np.clip(np.linalg.norm(line), 0.2, (upper + lower) * 0.998))
        line = line / np.linalg.norm(line)
        pole = 0.5 * (yaw @ FRONT + whole @ FRONT) + 0.12 * sign * whole[:, 0]
        base = frame(line, pole)
        angle = np.arccos(np.clip((upper**2 + reach**2 - lower**2) / (2 * upper * reach), -1, 1))
        knee = hip + upper * (np.cos(angle) * base[:, 0] + np.sin(angle) * base[:, 1])
        thigh = frame(knee - hip, pole) @ frame(knee0 - thigh0, FRONT).T
        shin = frame(hip + line * reach - knee, pole) @ frame(ankle0 - knee0, FRONT).T
        for number in ("1", "2"):
            turns[f"upperleg0{number}.{side}"] = thigh
            turns[f"lowerleg0{number}.{side}"] = shin
        turns[f"foot.{side}"] = tread
        flat = yaw @ about_x(min(value["heel"], 0.0))
        for name in body.labels:
            if name.startswith("toe") and name.endswith(side):
                turns[name] = flat


def halfway(first: Array, second: Array) -> Array:
    """The rotation half the way from one to the other, by the polar part of their sum."""
    u, _, v = np.linalg.svd(first + second)
    return np.asarray(u @ v)


def standing(**changes: float) -> dict[str, float]:
    """The resting pose with some channels changed; a dot in a name is written as two underlines."""
    named = {name.replace("__", "."): value for name, value in changes.items()}
    unknown = set(named) - set(CHANNELS)
    if unknown:
        raise ValueError(f"no such channel: {sorted(unknown)}; there are {sorted(CHANNELS)}")
    return CHANNELS | named
