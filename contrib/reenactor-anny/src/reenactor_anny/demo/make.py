"""Makes what reenactor ships: the demo's photos, dance, music and stage; the avatar's rig."""

import argparse
import logging
from collections.abc import Iterable
from pathlib import Path

import av
import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from reenactor_anny.body import BodyShop
from reenactor_anny.demo import arne, juno, kofi, vera
from reenactor_anny.demo.dance import BPM, FPS, perform
from reenactor_anny.demo.music import RATE, compose
from reenactor_anny.demo.poser import Poser, standing
from reenactor_anny.demo.studio import seamless, stage
from reenactor_anny.mesh import Array, Layer
from reenactor_anny.person import Person
from reenactor_anny.photo import photograph
from reenactor_anny.render import Camera, Scene, Studio
from reenactor_anny.rig import bake
from reenactor_anny.shoes import Shoe

Picture = NDArray[np.uint8]
log = logging.getLogger("reenactor_anny")
DRIVER_SIZE = (540, 720)
PHOTO_SIZE = (640, 960)


def posed(person: Person, poser: Poser, pose: dict[str, float]) -> list[Layer]:
    """The person's layers in a pose, the face's expressions included."""
    body = person.body
    bones = poser.solve(pose, Shoe.sole)
    out = []
    for layer in person.layers:
        rest = layer.vertices
        if layer.material in ("skin", "eye"):
            rest = rest + sum(
                move * pose[name] for name, move in body.expressions.items() if name in pose
            )
        out.append(layer.moved(bones.carry(rest, layer.weights)))
    return out


def dance(shop: BodyShop, out: Path, every: int, grid: int) -> None:
    person = juno.make(shop)
    poser = Poser(person.body)
    motion = perform()
    camera = Camera(*DRIVER_SIZE, distance=6.5, eye=1.15, tall=2.36, middle=1.08)
    studio = Studio(seamless("#8fb8b4", "#b9cfc6"))
    folder, albedos = out / "frames", None
    folder.mkdir(exist_ok=True)
    paths = [folder / f"{k:04d}.png" for k in range(0, motion.frames, every)]
    for k, path in zip(range(0, motion.frames, every), paths, strict=True):
        if not path.exists():
            scene = Scene(posed(person, poser, motion.at(k)), person.painters, albedos)
            albedos = scene.albedos
            shot = photograph(scene, camera, studio, grid=grid, bounces=1, seed=7)
            cv2.imwrite(str(path), shot.picture[:, :, ::-1])
            log.info("frame %d of %d", k, motion.frames)
    frames = (_read(path) for path in paths)
    write_video(out / "dance.mp4", frames, max(1, FPS // every), compose(motion.frames / FPS, BPM))


def _read(path: Path) -> Picture:
    picture = cv2.imread(str(path))
    if picture is None:
        raise SystemExit(f"{path} is damaged: remove it, and it is made again")
    return np.asarray(picture[:, :, ::-1], np.uint8)


def stage_loop(out: Path) -> None:
    """Eight beats of the stage, which end where they begin."""
    count = round(8 * 60 / BPM * FPS)
    frames = (stage(*DRIVER_SIZE, k / count) for k in range(count))
    write_video(out / "stage.mp4", frames, FPS, None, crf=24)


def photos(shop: BodyShop, out: Path, grid: int) -> None:
    for name, (make, wall, floor) in PHOTOS.items():
        person = make(shop)
        pose = standing(**PHOTO_POSE)
        scene = Scene(posed(person, Poser(person.body), pose), person.painters)
        tall = float(person.body.vertices[:, 2].max() - person.body.vertices[:, 2].min()) + 0.06
        camera = Camera(*PHOTO_SIZE, distance=5.0, eye=1.25, tall=tall * 1.13, middle=tall * 0.5)
        shot = photograph(scene, camera, Studio(seamless(wall, floor)), grid=grid, seed=3)
        cv2.imwrite(str(out / f"{name}.png"), shot.picture[:, :, ::-1])
        cv2.imwrite(
            str(out / f"{name}.jpg"), shot.picture[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, 93]
        )


# Who is photographed before which wall and floor.
PHOTOS = {
    "kofi": (kofi.make, "#a9bccb", "#b3c0c8"),
    "vera": (vera.make, "#d8c4b2", "#ccb7a3"),
    "arne": (arne.make, "#c6c8b8", "#bdbda9"),
}
PHOTO_POSE = {
    "smile": 0.9, "brows": 0.2, "wide": 0.6, "L__arm": 21.0, "R__arm": 21.0, "L__elbow": 17.0,
    "R__elbow": 17.0, "cock": 2.0, "hips__x": 1.0, "tilt": 1.0, "side": -1.0,
}  # fmt: skip


def write_video(
    path: Path, frames: Iterable[Picture], fps: int, sound: Array | None, crf: int = 21
) -> None:
    """H.264 and, where there is sound, AAC."""
    with av.open(str(path), "w", options={"movflags": "+faststart"}) as box:
        video = box.add_stream("libx264", rate=fps)
        video.width, video.height = DRIVER_SIZE
        video.pix_fmt = "yuv420p"
        video.options = {"crf": str(crf), "preset": "veryslow", "threads": "1"}
        audio = box.add_stream("aac", rate=RATE, layout="mono") if sound is not None else None
        for frame in frames:
            picture = av.VideoFrame.from_ndarray(np.ascontiguousarray(frame), "rgb24")
            box.mux(video.encode(picture))
        box.mux(video.encode(None))
        if audio is None or sound is None:
            return
        audio.bit_rate = 96_000
        for start in range(0, len(sound), 1024):
            piece = np.ascontiguousarray(sound[None, start : start + 1024], np.float32)
            block = av.AudioFrame.from_ndarray(piece, "fltp", "mono")
            block.sample_rate, block.pts = RATE, start
            box.mux(audio.encode(block))
        box.mux(audio.encode(None))


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    parser = argparse.ArgumentParser("python -m reenactor_anny", description=__doc__)
    parser.add_argument("what", choices=["photos", "dance", "stage", "all", "rig"])
    parser.add_argument("--out", type=Path, default=Path("out"))
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--grid", type=int, default=3)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    shop = BodyShop()
    if given.what in ("photos", "all"):
        photos(shop, given.out, given.grid)
    if given.what in ("stage", "all"):
        stage_loop(given.out)
    if given.what == "rig":
        bake(shop, given.out / "rig.npz")
    if given.what in ("dance", "all"):
        dance(shop, given.out, given.every, given.grid)
