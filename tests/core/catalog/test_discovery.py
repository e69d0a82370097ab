import sys
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

from reenactor.catalog import discover
from reenactor.catalog.discovery import list_providers
from reenactor.errors import UsageError
from reenactor.manifest import ComponentInfo, Facet, Role, Weight

Install = Callable[..., Path]

HEAD = "from reenactor.hookspecs import hookimpl\nfrom reenactor.manifest import *\n"


def test_the_built_ins_come_in_by_the_entry_point_and_first() -> None:
    providers, failures = list_providers()
    assert providers[0].distribution == "reenactor"
    assert providers[0].target == "reenactor_plugins.manifest"
    assert not failures
    assert "default" in discover().spec_resources()


def test_a_plugin_is_found(plugin: Install) -> None:
    plugin("mine")
    catalog = discover()
    entry = catalog.entry(Role.PARSER, "mine")
    assert str(entry.provider) == "reenactor-mine 1.0"
    assert not catalog.failures


def test_only_and_block(plugin: Install) -> None:
    plugin("mine")
    assert [e.info.name for e in discover(only={"reenactor-mine"}).components] == ["mine"]
    assert [e.info.name for e in discover(only={"reenactor_mine"}).components] == ["mine"]
    blocked = discover(block={"reenactor-mine"})
    assert "mine" not in [e.info.name for e in blocked.components]
    assert [p.distribution for p in blocked.blocked] == ["reenactor-mine"]
    with pytest.raises(UsageError, match="reenactor-mien"):
        discover(block={"reenactor-mien"})


def test_a_blocked_plugin_is_not_imported(install: Install) -> None:
    install("reenactor-evil", {"manifest.py": "raise SystemError\n"})
    assert not discover(block={"reenactor-evil"}).failures
    assert "reenactor_evil.manifest" not in sys.modules


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("def broken(:\n", "SyntaxError"),
        ("1 / 0\n", "ZeroDivisionError: division by zero"),
        ("raise SystemExit(3)\n", "SystemExit: 3"),
        ("import no_such_module_at_all\n", "ModuleNotFoundError"),
        ("x = 1\n", "marked with reenactor.hookspecs.hookimpl"),
        (HEAD + "@hookimpl\ndef reenactor_componens(): return []\n", "reenactor_componens"),
        (HEAD + "@hookimpl\ndef reenactor_components(extra): return []\n", "extra"),
        (HEAD + "@hookimpl\ndef reenactor_components(): return 1 / 0\n", "ZeroDivisionError"),
        (HEAD + "@hookimpl\ndef reenactor_components(): return ['a']\n", "returned a str"),
        (HEAD + "@hookimpl\ndef reenactor_components(): return 5\n", "a list, not int"),
        (HEAD + "@hookimpl\ndef reenactor_components(): return None\n", "a list, not NoneType"),
        (HEAD + "@hookimpl\ndef reenactor_components(): return 'ab'\n", "a list, not str"),
        (HEAD + "@hookimpl\ndef reenactor_components():\n    yield 1 / 0\n", "ZeroDivisionError"),
        (HEAD + "@hookimpl\ndef reenactor_datasets(): pass\n", "a list, not NoneType"),
        ("class Quit(BaseException): ...\nraise Quit('now')\n", "Quit: now"),
        (
            "class Mute(Exception):\n    def __str__(self): raise OSError\nraise Mute\n",
            "it is broken: Mute",
        ),
        (
            HEAD + "@hookimpl\ndef reenactor_components():\n    return [ComponentInfo("
            "Role.PARSER, 'a', 'a:B', 'a:C', ' ', 'MIT')]\n",
            "summary must be some text",
        ),
        (HEAD + "@hookimpl\ndef reenactor_specs(): return [5]\n", "returned a int"),
        (
            HEAD + "@hookimpl\ndef reenactor_specs():\n"
            "    return [SpecInfo('a', 'p:f.yaml', ''), SpecInfo('a', 'p:g.yaml', '')]\n",
            "lists spec a twice",
        ),
        (HEAD + "@hookimpl\ndef reenactor_datasets(): return [5]\n", "returned a int"),
        (
            HEAD + "@hookimpl\ndef reenactor_datasets():\n"
            "    return [DatasetInfo('a', 'p:A', 'p:B', 'x', 'y')] * 2\n",
            "lists dataset a twice",
        ),
    ],
)
def test_a_broken_plugin_is_a_result_and_harms_no_other(
    install: Install, plugin: Install, source: str, said: str
) -> None:
    plugin("mine")
    install("reenactor-broken", {"manifest.py": source}, version="2.3")
    catalog = discover()
    (failure,) = catalog.failures
    assert str(failure.provider) == "reenactor-broken 2.3"
    assert failure.provider.entry_point == "reenactor_broken"
    assert said in failure.problem + failure.traceback
    assert catalog.find(Role.PARSER, "mine").name == "mine"
    assert catalog.components


INFO = "ComponentInfo(Role.PARSER, 'odd', 'a:B', 'a:C', 'x', 'MIT'"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ((f"while True: yield {INFO})",), "reenactor_components returned more than 1000 values"),
        (
            (
                f"info = {INFO})",
                "object.__setattr__(info, 'needs', itertools.repeat(Facet.MASK))",
                "return [info]",
            ),
            "ComponentInfo.needs has more than 1000 values",
        ),
        (
            (
                "recipe = RecipeInfo('a:b', 'a:C', ())",
                "object.__setattr__(recipe, 'configs', itertools.count())",
                f"return [{INFO}, recipe=recipe)]",
            ),
            "RecipeInfo.configs has more than 1000 values",
        ),
        (
            (
                "weight = Weight('w', 'f', '0' * 64, 1, 'x', 'y')",
                "object.__setattr__(weight, 'mirrors', itertools.repeat('https://example.org'))",
                f"return [{INFO}, weights=(weight,))]",
            ),
            "Weight.mirrors has more than 1000 values",
        ),
    ],
)
def test_what_never_ends_is_cut_off(
    install: Install, plugin: Install, lines: tuple[str, ...], said: str
) -> None:
    plugin("mine")
    head = f"import itertools\n{HEAD}@hookimpl\ndef reenactor_components():\n"
    install("reenactor-endless", {"manifest.py": head + "".join(f"    {s}\n" for s in lines)})
    catalog = discover()
    (failure,) = catalog.failures
    assert failure.provider.distribution == "reenactor-endless"
    assert said in failure.problem
    assert catalog.find(Role.PARSER, "mine").name == "mine"


def test_values_of_a_plugins_own_kinds_become_plain(install: Install) -> None:
    """Nothing of a manifest's own classes is asked for anything later."""
    head = (
        "from collections.abc import Iterable\n"
        "class Odd(str):\n"
        "    def fail(self, *_): raise ValueError('odd')\n"
        "    __eq__ = __lt__ = __str__ = __format__ = __len__ = __bool__ = fail\n"
        "    __hash__ = lambda self: 1 / 0\n"
        "class Info(ComponentInfo):\n"
        "    def __getattribute__(self, name):\n"
        "        found = super().__getattribute__(name)\n"
        "        return Odd(found) if type(found) is str else found\n"
    )
    source = (
        "@hookimpl\ndef reenactor_components():\n"
        "    weight = Weight('w', 'f', Odd('0' * 64), 1, Odd('x'), Odd('y'), '', (Odd("
        "'https://example.org'),))\n"
        "    info = Info(Role.PARSER, 'odd', 'a:B', 'a:C', 'x', 'MIT')\n"
        "    object.__setattr__(info, 'weights', iter([weight]))\n"
        "    object.__setattr__(info, 'needs', iter([Facet.SKELETON]))\n"
        "    return [info]\n"
    )
    install("reenactor-odd", {"manifest.py": HEAD + head + source})
    catalog = discover()
    assert not catalog.failures
    info = catalog.find(Role.PARSER, "odd")
    assert type(info) is ComponentInfo
    for text in (info.name, info.target, info.options, info.summary, info.licence):
        assert type(text) is str
    assert info.needs == {Facet.SKELETON}
    (weight,) = info.weights
    assert weight == Weight("w", "f", "0" * 64, 1, "x", "y", "", ("https://example.org",))
    assert type(weight.sha256) is str


def test_a_traceback_shows_the_plugins_lines_only(install: Install) -> None:
    install("reenactor-broken", {"manifest.py": "def f():\n    1 / 0\n\nf()\n"})
    (failure,) = discover().failures
    assert "1 / 0" in failure.traceback
    assert "discovery.py" not in failure.traceback
    assert "importlib" not in failure.traceback


def test_another_version_is_refused_before_anything_is_imported(install: Install) -> None:
    install(
        "reenactor-future",
        {"manifest.py": "raise RuntimeError('imported!')\n"},
        version="0.3",
        requires=["numpy>=1", "Reenactor >=7,<8 ; python_version >= '3'"],
    )
    (failure,) = discover().failures
    assert failure.problem == (
        "reenactor-future 0.3 requires reenactor<8,>=7, and this is reenactor 0.1.0"
    )
    assert "reenactor_future" not in sys.modules


@pytest.mark.parametrize(
    "requirement",
    ["reenactor", "reenactor>=0.1,<1", "reenactor>=9; python_version < '3'", "reenactor @@@", ""],
)
def test_requirements_that_hold_or_say_nothing(install: Install, requirement: str) -> None:
    source = HEAD + "@hookimpl\ndef reenactor_components(): return []\n"
    install("reenactor-fine", {"manifest.py": source}, requires=[requirement] * bool(requirement))
    assert not discover().failures


def test_an_object_of_a_module_can_be_the_plugin(install: Install) -> None:
    source = HEAD + (
        "class Plugin:\n    @hookimpl\n    def reenactor_specs(self):\n"
        "        return [SpecInfo('theirs', 'reenactor_object:a.yaml', '')]\n"
        "plugin = Plugin()\n"
    )
    points = "[reenactor]\nobject = reenactor_object.manifest:plugin\n"
    install("reenactor-object", {"manifest.py": source}, entry_points=points)
    assert "theirs" in discover().spec_resources()


def test_an_entry_point_that_is_none(install: Install) -> None:
    install("reenactor-odd", {}, entry_points="[reenactor]\nodd = not a module!\n")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        (failure,) = discover().failures
    assert "not a module!" in failure.problem


def test_an_unreadable_entry_point_file_does_not_hide_the_others(
    install: Install, plugin: Install
) -> None:
    plugin("mine")
    install("unrelated", {}, entry_points="[console_scripts]\na = b:c\na = d:e\n")
    catalog = discover()
    assert catalog.find(Role.PARSER, "mine").name == "mine"
    assert any("unreadable" in failure.problem for failure in catalog.failures)


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("entry_points.txt", b"\xff\xfe[reenactor]", "UnicodeDecodeError"),
        ("entry_points.txt", b"[reenactor]\na = b.c\na = d.e\n", "DuplicateOptionError"),
        ("entry_points.txt", b"[reenactor]\n[reenactor]\n", "DuplicateSectionError"),
        ("entry_points.txt", b"a = b\n", "MissingSectionHeaderError"),
        ("entry_points.txt", b"[reenactor]\nnothing\n", "ParsingError"),
        ("entry_points.txt", b"[reenactor]\na =\n", "Couldn't parse"),
        ("entry_points.txt", b"[reenactor]\na = %(b)s\n", "Couldn't parse"),
        ("entry_points.txt", None, "IsADirectoryError"),
        ("METADATA", b"", "no name"),
        ("METADATA", b"Name: reenactor-damaged\n", "no version"),
        ("METADATA", b"Version: 1.0\n", "no name"),
        ("METADATA", b"Name: \xff\n", "UnicodeDecodeError"),
    ],
)
def test_damaged_metadata_is_a_result_and_harms_no_other(
    install: Install, plugin: Install, file: str, content: bytes | None, said: str
) -> None:
    plugin("mine")
    for name in ("reenactor-damaged", "reenactor-damaged-too"):  # two are as harmless as one
        package = install(name, {"manifest.py": HEAD})
        (damaged,) = package.parent.glob(f"*.dist-info/{file}")
        damaged.unlink()
        if content is None:
            damaged.mkdir()
        else:
            damaged.write_bytes(content.replace(b"damaged", name.encode()))
    catalog = discover()
    assert [said in failure.problem for failure in catalog.failures] == [True, True]
    assert catalog.find(Role.PARSER, "mine").name == "mine"
    assert catalog.spec_resources()["default"].startswith("reenactor_plugins:")


def test_two_plugins_of_one_name_harm_only_who_asks(plugin: Install) -> None:
    plugin("mine", "reenactor-one")
    plugin("mine", "reenactor-two")
    catalog = discover()
    assert not catalog.failures
    (conflict,) = catalog.conflicts()
    assert {p.distribution for p in conflict.providers} == {"reenactor-one", "reenactor-two"}


def test_datasets_are_found(install: Install) -> None:
    source = HEAD + (
        "@hookimpl\ndef reenactor_datasets():\n"
        "    return [DatasetInfo('mine', 'p:A', 'p:B', 'a test', 'MIT')]\n"
    )
    install("reenactor-mine", {"manifest.py": source})
    (entry,) = discover(only={"reenactor-mine"}).datasets
    assert entry.info.name == "mine"
    assert str(entry.provider) == "reenactor-mine 1.0"
