"""Swap a component: preview the same dance with two frame renderers.

A preview shows a few frames, spread over the dance, as one picture. Usage: python swap_component.py
"""

from importlib.resources import as_file, files

import reenactor


def main() -> None:
    with as_file(files("reenactor") / "demo") as demo:
        for renderer in ("puppet", "avatar"):
            request = reenactor.Request(
                demo / "vera.jpg",
                demo / "dance.mp4",
                f"{renderer}.mp4",
                overrides=["background=white", f"frame_renderer={renderer}"],
                stop=2.0,  # seconds; leave it out to look at the whole video
                overwrite=True,
            )
            print(reenactor.preview(request, frames=4))


if __name__ == "__main__":
    main()
