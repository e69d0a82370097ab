"""The fields of study.yaml, and their documentation."""

import re
from pathlib import Path

from reenactor.study.model import StudyFile

PAGE = Path(__file__).parents[3] / "docs" / "study.md"


def test_every_field_is_documented_and_described() -> None:
    text = PAGE.read_text("utf-8")
    table = "\n".join(line for line in text.splitlines() if line.startswith("| `"))
    for name, field in StudyFile.model_fields.items():
        assert f"`{name}`" in table, name
        assert field.description, name


def test_the_documented_example_is_one() -> None:
    import yaml

    example = re.search(r"```yaml\n(.*?)```", PAGE.read_text("utf-8"), re.S)
    assert example
    file = StudyFile.model_validate(yaml.safe_load(example[1]))
    assert file.reference in file.methods


def test_the_papers_choices_are_the_defaults() -> None:
    file = StudyFile.model_validate({"version": 1, "methods": {"a": "a", "b": "b"}})
    assert (file.pairs, file.no_preference, file.repeats) == ("one", False, 0)
    assert file.questions == ("Which video do you prefer?",)
