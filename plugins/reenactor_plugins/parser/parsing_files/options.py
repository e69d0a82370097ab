"""Options of `parsing_files`."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from reenactor.options import Options


class ParsingFilesOptions(Options):
    """Where the files are, and what their classes mean."""

    folder: Path = Field(
        description="Folder with one PNG for each photo, called as the photo: class numbers in a "
        "grey or palette PNG, or the colours of the LIP and CIHP palettes."
    )
    classes: Literal["cihp", "lip", "atr"] = Field(
        "cihp",
        description="The dataset whose class numbers the files use. CIHP's (and VIP's) are this "
        "program's own; LIP differs in class 10, ATR has 18 of its own.",
    )
