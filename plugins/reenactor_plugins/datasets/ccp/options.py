"""Options of the dataset `ccp`."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from reenactor.options import Options


class CcpOptions(Options):
    """Where the collection is, and which of its photos are taken."""

    folder: Path = Field(
        description="Folder of the collection, with photos, annotations and label_list.mat."
    )
    labelled: Literal["all", "only"] = Field(
        "all",
        description="`all`: photos without labels too, which the spec's parser labels. "
        "`only`: photos labelled by people.",
    )
