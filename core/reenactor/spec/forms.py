"""Values with several forms, distinguished by their keys."""

from collections.abc import Mapping
from typing import Any

from pydantic import Discriminator

from reenactor.spec.choice import mistake

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


def require_one_form(value: Any, forms: Mapping[str, type]) -> None:
    """Raise a mistake where a mapping has the keys of several forms at once."""
    found = [form for form in forms if isinstance(value, Mapping) and form in value]
    if len(found) > 1:
        raise mistake(
            f"{len(found)} forms at once",
            given=" and ".join(found),
            expected=f"one of {', '.join(forms)}",
            advice=f"keep one: {' or '.join(found)}",
        )
