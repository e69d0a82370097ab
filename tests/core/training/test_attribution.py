"""A recipe that fails is its plugin's."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from reenactor.catalog import Provider, discover
from reenactor.errors import PluginError
from reenactor.progress import Silent
from reenactor.training.config import load_config
from reenactor.training.train import train

pytest.importorskip("lightning_fabric", reason="training needs the extra `train`")
pytest.importorskip("tensorboard", reason="training needs the extra `train`")

THEIRS = Provider("reenactor-mine", "4.2", "mine", "reenactor_mine.manifest")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("def train(settings, options, run): 1 / 0\n", "recipe of p2b failed: ZeroDivisionError"),
        ("def train(settings, options, run): raise SystemExit(0)\n", "failed: SystemExit"),
        ("train = 5\n", "cannot be called"),
        ("import no_such_module\n", "cannot be imported: the Python package"),
    ],
)
def test_a_recipe_that_fails_names_its_plugin(
    drawn_shards: Callable[..., Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    source: str,
    said: str,
) -> None:
    name = f"recipe_{abs(hash(source))}"
    (tmp_path / f"{name}.py").write_text(source, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    config = load_config(discover(), "p2b", "tiny", data=[drawn_shards()])
    recipe = replace(config.recipe, target=f"{name}:train")
    with pytest.raises(PluginError, match=said) as caught:
        train(
            replace(config, recipe=recipe, provider=THEIRS), tmp_path / "out", "cpu", Silent(), True
        )
    assert caught.value.given == f"reenactor-mine 4.2, {name}:train"
