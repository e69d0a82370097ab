"""Values that are written in one of several forms, told apart by the key they hold."""

from collections.abc import Mapping
from typing import Any

from pydantic import Discriminator

TAG = "form:"
"""Begins the names of forms in pydantic's error paths, where they are no part of the field."""


def form_of(forms: Mapping[str, type], problem: str, expected: str) -> Discriminator:
    """Choose among models by the key that each alone has; `forms` maps that key to the model.

    A value of no form is a mistake with this problem and what was expected.
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
