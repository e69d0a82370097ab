"""SCHP's public checkpoints under checksums that several sources state. Imports no torch."""

from reenactor.manifest import Weight
from reenactor_plugins.parser.label_sets import Dataset


def _weight(classes: Dataset, file: str, sha256: str, size: int) -> Weight:
    return Weight(
        name=f"schp-{classes}",
        file=file,
        sha256=sha256,
        size=size,
        licence=f"not stated; trained on {classes.upper()}, for research",
        origin="GoGoDuck912/Self-Correction-Human-Parsing",
        mirrors=(f"https://huggingface.co/zhengchong/CatVTON/resolve/main/SCHP/{file}",),
        commercial=False,
    )


CHECKPOINTS: dict[Dataset, Weight] = {
    "lip": _weight(
        "lip",
        "exp-schp-201908261155-lip.pth",
        "24fa3254ceeb74c8435458994a64b522fb439a3635b7b86ff470457e0413da00",
        267449349,
    ),
    "atr": _weight(
        "atr",
        "exp-schp-201908301523-atr.pth",
        "e9d7c91ce3b4e7133df56b599fc817b533e3439c5e8d282a59126d2fda339a2a",
        267445237,
    ),
}
"""By classes. Those of CIHP and Pascal-Person-Part are to be had from Google Drive alone."""
