from collections.abc import Callable
from dataclasses import replace

import pytest

from reenactor.catalog import Catalog, ComponentEntry, DatasetEntry, Failure, Provider, SpecEntry
from reenactor.errors import PluginError
from reenactor.manifest import ComponentInfo, DatasetInfo, Facet, Role, SpecInfo, Weight

Make = Callable[..., ComponentInfo]

OURS = Provider("reenactor", "0.1.0", "builtin", "reenactor_plugins.manifest")
ONE = Provider("reenactor-one", "1.0", "one", "one.manifest")
TWO = Provider("reenactor-two", "2.0", "two", "two.manifest")


def test_of_role_and_providing(info: Make) -> None:
    catalog = Catalog(
        (
            ComponentEntry(info(name="b"), OURS),
            ComponentEntry(info(name="a"), ONE),
            ComponentEntry(info(role=Role.INPAINTER, name="c", provides=frozenset()), OURS),
        )
    )
    assert [e.info.name for e in catalog.of_role(Role.PARSER)] == ["a", "b"]
    assert [e.info.name for e in catalog.providing(Facet.PARSING)] == ["a", "b"]
    assert catalog.find(Role.INPAINTER, "c").name == "c"


def test_a_misspelt_name(info: Make) -> None:
    catalog = Catalog(
        (ComponentEntry(info(name="schp"), OURS), ComponentEntry(info(name="taps"), OURS))
    )
    with pytest.raises(PluginError) as caught:
        catalog.find(Role.PARSER, "shcp")
    assert caught.value.given == "shcp"
    assert caught.value.expected == "one of the installed ones: schp, taps"
    assert caught.value.advice == "did you mean 'schp'?"


def test_a_name_of_another_role(info: Make) -> None:
    catalog = Catalog((ComponentEntry(info(name="puppet", role=Role.FRAME_RENDERER), OURS),))
    with pytest.raises(PluginError, match="'puppet' is a frame renderer"):
        catalog.find(Role.PARSER, "puppet")


def test_a_known_package_that_is_not_installed() -> None:
    with pytest.raises(PluginError) as caught:
        Catalog(()).find(Role.PARSER, "toy-bands")
    assert caught.value.advice == "pip install reenactor-toy"
    assert caught.value.expected == "one of the installed ones: none"


def test_a_known_package_that_is_broken() -> None:
    toy = Provider("reenactor-toy", "0.1", "toy", "reenactor_toy.manifest")
    failures = (Failure(toy, "it is broken", "Traceback: line 7"), Failure(ONE, "also broken"))
    with pytest.raises(PluginError) as caught:
        Catalog((), failures=failures).find(Role.PARSER, "toy-bands")
    assert "installed, but broken" in caught.value.advice
    assert "Traceback: line 7" in caught.value.advice
    assert "reenactor-one" not in caught.value.advice


def test_a_broken_plugin_may_have_had_it() -> None:
    failures = (Failure(ONE, "it is broken", "Traceback: line 7"),)
    with pytest.raises(PluginError) as caught:
        Catalog((), failures=failures).find(Role.PARSER, "mine")
    assert "reenactor-one 1.0 (entry point 'one'): it is broken" in caught.value.advice
    assert "Traceback: line 7" in caught.value.advice


def test_two_plugins_of_one_name_are_both_named(info: Make) -> None:
    catalog = Catalog(
        (ComponentEntry(info(name="mine"), TWO), ComponentEntry(info(name="mine"), ONE))
    )
    with pytest.raises(PluginError, match="two plugins provide the parser 'mine'") as caught:
        catalog.find(Role.PARSER, "mine")
    assert caught.value.given == "reenactor-one 1.0 and reenactor-two 2.0"


def test_our_named_specs_win() -> None:
    catalog = Catalog(
        (),
        (
            SpecEntry(SpecInfo("default", "ours:a.yaml", ""), OURS),
            SpecEntry(SpecInfo("default", "theirs:a.yaml", ""), ONE),
        ),
    )
    assert catalog.spec_resources() == {"default": "ours:a.yaml"}
    (conflict,) = catalog.conflicts()
    assert (conflict.kind, conflict.name) == ("spec", "default")
    assert conflict.providers == (OURS, ONE)


def test_two_plugins_that_ship_a_spec_of_one_name_are_both_named() -> None:
    specs = (
        SpecEntry(SpecInfo("theirs", "one:a.yaml", ""), ONE),
        SpecEntry(SpecInfo("theirs", "two:a.yaml", ""), TWO),
    )
    catalog = Catalog((), specs)
    (conflict,) = catalog.conflicts()
    assert (conflict.kind, conflict.name, conflict.providers) == ("spec", "theirs", (ONE, TWO))
    with pytest.raises(PluginError, match="two plugins provide the spec 'theirs'") as caught:
        catalog.draft("theirs")
    assert caught.value.given == "reenactor-one 1.0 and reenactor-two 2.0"


def test_two_plugins_with_a_dataset_of_one_name_are_a_conflict() -> None:
    info = DatasetInfo("mine", "p:A", "p:B", "a test", "MIT")
    catalog = Catalog((), datasets=(DatasetEntry(info, ONE), DatasetEntry(info, TWO)))
    (conflict,) = catalog.conflicts()
    assert (conflict.kind, conflict.name, conflict.providers) == ("dataset", "mine", (ONE, TWO))


def test_weights_are_listed_once(info: Make, weight: Weight) -> None:
    entries = tuple(ComponentEntry(info(name=name, weights=(weight,)), OURS) for name in "ab")
    assert Catalog(entries).weights() == (weight,)


@pytest.mark.parametrize("resource", ["reenactor:none.yaml", "no_such_package:a.yaml"])
def test_a_spec_that_its_plugin_does_not_ship(resource: str) -> None:
    catalog = Catalog((), (SpecEntry(SpecInfo("theirs", resource, ""), ONE),))
    with pytest.raises(PluginError, match="the spec 'theirs' cannot be read") as caught:
        catalog.draft("theirs")
    assert caught.value.given == f"reenactor-one 1.0, {resource}"


def test_a_plugins_weight_of_the_same_content_does_not_rename_ours(
    info: Make, weight: Weight
) -> None:
    theirs = replace(weight, name="theirs", file="theirs.bin")
    entries = (
        ComponentEntry(info(name="a", weights=(weight,)), OURS),
        ComponentEntry(info(name="b", weights=(theirs,)), ONE),
    )
    assert Catalog(entries).weights() == (weight, theirs)


def dataset(name: str, provider: Provider) -> DatasetEntry:
    return DatasetEntry(DatasetInfo(name, "a:B", "a:C", "a test", "MIT"), provider)


def test_datasets() -> None:
    catalog = Catalog(
        (), datasets=(dataset("cihp", OURS), dataset("vip", OURS), dataset("vip", TWO))
    )
    assert str(catalog.dataset("cihp").provider) == "reenactor 0.1.0"
    with pytest.raises(PluginError, match="two plugins provide the dataset 'vip'"):
        catalog.dataset("vip")
    with pytest.raises(PluginError) as caught:
        catalog.dataset("cpih")
    assert caught.value.expected == "one of the installed ones: cihp, vip"
    assert caught.value.advice == "did you mean 'cihp'?"


def test_a_dataset_of_a_known_package_says_how_to_install_it() -> None:
    with pytest.raises(PluginError, match="no dataset of that name is installed") as caught:
        Catalog((), datasets=(dataset("cihp", OURS),)).dataset("anny")
    assert caught.value.given == "anny"
    assert caught.value.advice == "pip install ./contrib/reenactor-anny"


def test_a_dataset_of_a_broken_plugin() -> None:
    catalog = Catalog((), failures=(Failure(ONE, "importing its manifest failed"),))
    with pytest.raises(PluginError, match="one of the installed ones: none") as caught:
        catalog.dataset("vip")
    assert "reenactor-one 1.0" in caught.value.advice
