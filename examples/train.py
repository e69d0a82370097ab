"""Train a tiny body generator on a folder of photos.

Three photos and four steps only show how the parts fit together; see docs/training.md for a real
training. It needs `pip install 'reenactor[train]'`. Usage: python train.py [FOLDER_OF_PHOTOS]
"""

import sys
from importlib.resources import as_file, files

import reenactor


def main() -> None:
    with as_file(files("reenactor") / "demo") as demo:
        folder = sys.argv[1] if len(sys.argv) > 1 else demo
        prepared = reenactor.prepare(
            "photos", "shards", options=[f"folder={folder}"], canvas=(128, 80)
        )
        print(f"{prepared.examples} examples in {prepared.folder}")
    trained = reenactor.train(
        "p2b",
        "trained",
        data=["shards"],
        config="tiny",
        overrides=["training.mirror_alone=1"],  # a photo and its mirror image are a pair
    )
    print(f"{trained.steps} steps: {trained.weights}")


if __name__ == "__main__":
    main()
