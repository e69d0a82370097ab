from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from annotated_types import Gt

from reenactor.cli.describe import _type
from reenactor.options import NoOptions


@pytest.mark.parametrize(
    ("annotation", "said"),
    [
        (int, "whole number"),
        (float | None, "number or nothing"),
        (Literal["small", "large"], "'small' or 'large'"),
        (Literal["random"] | Path | None, "'random' or path or nothing"),
        (Annotated[int, Gt(3)], "whole number"),
        (tuple[int, int], "list of whole number"),
        (tuple[float, ...], "list of number"),
        (NoOptions, "NoOptions"),
    ],
)
def test_types_in_words(annotation: Any, said: str) -> None:
    assert _type(annotation) == said
