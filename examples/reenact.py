"""Make a short video: the person of a photo performs the dance of a video.

The photo and the video come with reenactor. Usage: python reenact.py [PHOTO VIDEO]
"""

import sys
from importlib.resources import as_file, files

import reenactor


def main() -> None:
    with as_file(files("reenactor") / "demo") as demo:
        photo, video = sys.argv[1:] or (demo / "kofi.jpg", demo / "dance.mp4")
        report = reenactor.reenact(
            photo,
            video,
            "reenacted.mp4",
            overrides=["background=white"],
            stop=0.5,  # seconds; leave it out to render the whole video
            overwrite=True,
        )
    print(f"{report.outputs[0]}: {report.frames} frames")


if __name__ == "__main__":
    main()
