import pytest
import yaml

from reenactor.cli.run import quote_background


@pytest.mark.parametrize(
    "background",
    [
        'a "quote_background" name.png',
        "C:\\Users\\me\\b.png",
        "# b.png",
        "caf\udce9.png",
        "ü 🎉.png",
    ],
)
def test_a_background_may_have_any_name(background: str) -> None:
    assert yaml.safe_load(quote_background(background)) == background


def test_a_background_may_be_a_mapping() -> None:
    assert quote_background("{color: white}") == "{color: white}"
