"""Values with several forms, distinguished by their keys."""

from collections.abc import Mapping
from typing import Any

from pydantic import Discriminator

TAG = "form:"
"""Prefix of form names in pydantic's error paths, which are not part of the field."""


def form_of(forms: Mapping[str, type], problem: str, expected: str) -> Discriminator:
    """Choose among models by a key that only one of them has; `forms` maps keys to models.

    A value that matches no form is a mistake with this problem and expectation.
    """

    def choose(value: Any) -> str | None:
        if isinstance(value, Mapping):
            found = (form for form in forms if form in value)
        else:
            found = (form for form, model in forms.items() if isinstance(value, model))
        form = next(found, None)
        return None if form is None else TAG + form

    return Discriminator(
        choose,
        custom_error_type="mistake",
        custom_error_message=problem,
        custom_error_context={"problem": problem, "expected": expected},
    )
