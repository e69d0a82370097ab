"""`reenactor licenses`: the terms of code and weights, also of a spec that lacks weights."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

Run = Callable[..., Any]


def test_the_terms_of_a_spec(run: Run, tmp_path: Path) -> None:
    (tmp_path / "net.safetensors").touch()
    spec = tmp_path / "a.yaml"
    spec.write_text(
        "version: 1\nparser: {use: schp, classes: lip}\npose_estimator: [openpose, densepose]\n"
        "body_generator: {use: p2b, weights: net.safetensors}\n"
        "frame_renderer: b2f\ninpainter: median\n",
        encoding="utf-8",
    )
    found = {part["name"]: part for part in run("licenses", str(spec), "--json").document}
    assert found["schp"]["licence"] == "Apache-2.0"
    [lip] = found["schp"]["weights"]
    assert (lip["name"], lip["commercial"]) == ("schp-lip", False)
    [file] = found["p2b"]["files"].values()
    assert Path(file).name == "net.safetensors"
    assert found["p2b"]["weights"] == []
    table = run("licenses", str(spec)).out
    assert "net.safetensors" in table
    assert "academic or non-profit (non-commercial)" in table


def test_other_mistakes_are_mistakes(run: Run) -> None:
    assert run("licenses", "no-such-spec").code == 4
