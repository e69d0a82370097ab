"""Packages of others, built and installed as a user would, used in processes of their own."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from reenactor.cli import main
from reenactor.manifest import Role
from reenactor.media.formats import Format
from reenactor.media.video import read_video
from reenactor.media.writer import SegmentWriter

ROOT = Path(__file__).parents[1]
TOY = ROOT / "contrib" / "reenactor-toy"

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def install(target: Path, *packages: Path) -> None:
    """Build and install packages into a folder, without a network."""
    options = ["--quiet", "--no-index", "--no-deps", "--no-build-isolation", "--no-compile"]
    command = [sys.executable, "-m", "pip", "install", *options, "--target", str(target)]
    done = subprocess.run([*command, *map(str, packages)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def runner(target: Path) -> Run:
    """Runs the command line where the packages in a folder are installed."""

    path = os.pathsep.join(filter(None, (str(target), os.environ.get("PYTHONPATH"))))

    def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "reenactor", *arguments],
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
        )

    return run


def scaffold(name: str, folder: Path, role: Role = Role.PARSER) -> Path:
    assert main(["plugins", "new", name, "--role", role, "--folder", str(folder)]) == 0
    return folder / f"reenactor-{name}"


@pytest.fixture(scope="module")
def toy_target(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder into which the toy is installed."""
    target = tmp_path_factory.mktemp("toy")
    install(target, TOY)
    return target


@pytest.fixture(scope="module")
def toy(toy_target: Path) -> Run:
    """The command line where the toy is installed."""
    return runner(toy_target)


@pytest.fixture(scope="module")
def bad_neighbours(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Where the toy has three neighbours: one broken, one too new, one with a name of its own."""
    folder = tmp_path_factory.mktemp("packages")
    broken, future = scaffold("broken", folder), scaffold("future", folder)
    manifest = broken / "src" / "reenactor_broken" / "manifest.py"
    manifest.write_text("import os\n\nraise RuntimeError('nobody tested me')\n", encoding="utf-8")
    project = future / "pyproject.toml"
    text = project.read_text(encoding="utf-8").replace("reenactor>=0.1.0,<1", "reenactor>=99")
    project.write_text(text, encoding="utf-8")
    target = tmp_path_factory.mktemp("neighbours")
    install(target, TOY, broken, future, scaffold("toy-bands", folder))
    return runner(target)


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Run]:
    """A fresh package for every role, and where all are installed."""
    folder, target = tmp_path_factory.mktemp("fresh"), tmp_path_factory.mktemp("installed")
    packages = [scaffold(f"my-{role.value.replace('_', '-')}", folder, role) for role in Role]
    install(target, *packages)
    return folder, runner(target)


def failure(document: Any, distribution: str) -> Any:
    (found,) = [f for f in document["failures"] if f["provider"].startswith(distribution)]
    return found


def test_the_toy_is_used_from_yaml(toy: Run, tmp_path: Path) -> None:
    spec = tmp_path / "mine.yaml"
    spec.write_text(
        "version: 1\nparser: {use: toy-bands, threshold: 20}\npose_estimator: toy-blob\n"
        "body_generator: puppet\nframe_renderer: puppet\nbackground: white\n",
        encoding="utf-8",
    )
    done = toy("check", str(spec), "--json")
    assert done.returncode == 0, done.stderr
    resolved = json.loads(done.stdout)["resolved"]
    assert resolved["parser"] == {"use": "toy-bands", "threshold": 20}
    assert resolved["pose_estimator"] == [{"use": "toy-blob", "threshold": 40, "min_area": 0.005}]


def figure(x: int) -> np.ndarray:
    """A person of plain shapes before a white wall: head, shirt, legs."""
    picture = np.full((240, 200, 3), 255, np.uint8)
    cv2.circle(picture, (x, 50), 16, (200, 150, 120), -1)
    cv2.rectangle(picture, (x - 26, 68), (x + 26, 140), (30, 90, 200), -1)
    for side in (-14, 14):
        cv2.rectangle(picture, (x + side - 9, 140), (x + side + 9, 222), (40, 40, 60), -1)
    return picture


def test_the_toy_makes_a_video(toy: Run, tmp_path: Path) -> None:
    """Its parser and its estimator in a spec, a photo and a film of plain shapes, a real run."""
    spec = tmp_path / "mine.yaml"
    spec.write_text(
        "version: 1\nparser: toy-bands\npose_estimator: toy-blob\n"
        "body_generator: puppet\nframe_renderer: puppet\nbackground: '#00c000'\n"
        "output: {height: 256, width: 160}\n",
        encoding="utf-8",
    )
    photo, film, out = tmp_path / "photo.png", tmp_path / "film.mp4", tmp_path / "out.mp4"
    cv2.imwrite(str(photo), figure(100)[..., ::-1])
    frames = range(12)
    with SegmentWriter(film, Format.MP4, (240, 200), Fraction(1, 12), Fraction(12)) as writer:
        for frame in frames:
            writer.write(figure(70 + 5 * frame), frame)
    files = ["-t", str(photo), "-d", str(film), "-o", str(out)]
    done = toy("run", *files, "--spec", str(spec), "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["frames"] == len(frames)
    assert {part["provider"] for part in report["fingerprint"]["components"]} == {
        "reenactor 0.1.0", "reenactor-toy 0.1.0",
    }  # fmt: skip
    middles = []
    for shown in read_video(out):
        shirt = (shown.pixels[..., 2] > 150) & (shown.pixels[..., 1] < 140)
        assert shirt.sum() > 500  # the blue shirt is there, on green
        middles.append(np.argwhere(shirt)[:, 1].mean())
    np.testing.assert_allclose(np.diff(middles).mean(), 5, atol=1)  # and walks as the film does


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Where the toy has a neighbour whose parser fails as an option says."""
    folder = tmp_path_factory.mktemp("faulty")
    package = scaffold("faulty", folder)
    source = package / "src" / "reenactor_faulty"
    (source / "options.py").write_text(
        "from typing import Literal\nfrom reenactor.options import Options\n\n"
        "class FaultyOptions(Options):\n    how: Literal['int64', 'exit', 'raise'] = 'raise'\n",
        encoding="utf-8",
    )
    (source / "component.py").write_text(
        "from reenactor.roles import Parser\nfrom reenactor.values import Parsing\n\n"
        "class Faulty(Parser):\n    def parse(self, frames, skeleton):\n"
        "        if self.options.how == 'raise':\n            1 / 0\n"
        "        if self.options.how == 'exit':\n            raise SystemExit(0)\n"
        "        return Parsing(frames.pixels[..., 0].long())\n",
        encoding="utf-8",
    )
    project = package / "pyproject.toml"
    text = project.read_text(encoding="utf-8")
    urls = '[project.urls]\nIssues = "https://faulty.example/issues"\n\n[build-system]'
    project.write_text(text.replace("[build-system]", urls), encoding="utf-8")
    target = tmp_path_factory.mktemp("faulty-installed")
    install(target, TOY, package)
    return runner(target)


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("int64", "violates the contract of its role by `parse`"),
        ("exit", "failed in `parse`: SystemExit"),
        ("raise", "failed in `parse`: ZeroDivisionError: division by zero"),
    ],
)
def test_whoever_fails_is_named_and_nothing_is_made(
    faulty: Run, tmp_path: Path, how: str, said: str
) -> None:
    photo, film, out = tmp_path / "photo.png", tmp_path / "film.mp4", tmp_path / "out.mp4"
    cv2.imwrite(str(photo), figure(100)[..., ::-1])
    with SegmentWriter(film, Format.MP4, (240, 200), Fraction(1, 12), Fraction(12)) as writer:
        for frame in range(2):
            writer.write(figure(70), frame)
    files = ["-t", str(photo), "-d", str(film), "-o", str(out)]
    parser = f"parser={{use: faulty, how: {how}}}"
    done = faulty("run", *files, "--spec", "toy", "-s", parser, "--json")
    assert done.returncode == 6, done.stderr
    error = json.loads(done.stdout)["error"]
    assert f"the parser 'faulty' {said}" in error["problem"]
    assert "reenactor-faulty 0.1.0, reenactor_faulty.component:Faulty" in done.stderr
    assert "https://faulty.example/issues" in error["advice"]
    assert "Traceback" not in done.stderr
    assert not out.exists()
    if how == "raise":
        loud = faulty("--debug", "run", *files, "--spec", "toy", "-s", parser)
        assert loud.returncode == 6
        assert "1 / 0" in loud.stderr


def test_its_options_are_checked_in_their_place(toy: Run) -> None:
    done = toy("check", "toy", "-s", "parser.treshold=20", "-s", "pose_estimator.threshold=300")
    assert done.returncode == 4
    assert "override 'parser.treshold=20': parser.treshold: unknown key" in done.stderr
    assert "did you mean 'threshold'?" in done.stderr
    assert "at most 254" in done.stderr


def test_its_spec_its_schema_and_its_health(toy: Run) -> None:
    assert toy("check", "toy").returncode == 0
    schema = json.loads(toy("schema").stdout)
    assert "threshold" in schema["$defs"]["parser.toy-bands"]["properties"]
    health = toy("plugins", "doctor")
    assert "ok     reenactor-toy 0.1.0: pose_estimator 'toy-blob'" in health.stdout


def test_without_the_toy_it_is_known_which_package_to_install(tmp_path: Path) -> None:
    done = runner(tmp_path)("check", "default", "-s", "parser=toy-bands")
    assert done.returncode == 6
    assert "pip install reenactor-toy" in done.stderr


def test_it_can_be_left_out(toy: Run) -> None:
    done = toy("--block", "reenactor-toy", "check", "toy")
    assert done.returncode == 4
    assert "no such spec" in done.stderr


def test_bad_neighbours_are_results_and_harm_nobody_else(bad_neighbours: Run) -> None:
    listed = bad_neighbours("plugins", "list", "--json")
    assert listed.returncode == 0, listed.stderr
    document = json.loads(listed.stdout)
    broken = failure(document, "reenactor-broken")
    assert broken["problem"] == "it is broken: RuntimeError: nobody tested me"
    assert "raise RuntimeError('nobody tested me')" in broken["traceback"]
    future = failure(document, "reenactor-future")
    assert "requires reenactor>=99" in future["problem"]
    assert document["conflicts"] == [
        {
            "role": "parser",
            "name": "toy-bands",
            "providers": ["reenactor-toy 0.1.0", "reenactor-toy-bands 0.1.0"],
        }
    ]
    assert bad_neighbours("check", "toy", "-s", "parser=taps").returncode == 0


def test_a_name_of_two_is_an_error_for_who_asks(bad_neighbours: Run) -> None:
    done = bad_neighbours("check", "toy")
    assert done.returncode == 6
    assert "two plugins provide the parser 'toy-bands'" in done.stderr
    assert "reenactor-toy 0.1.0 and reenactor-toy-bands 0.1.0" in done.stderr
    assert bad_neighbours("--block", "reenactor-toy-bands", "check", "toy").returncode == 0


def test_who_needs_the_broken_one_sees_its_traceback(bad_neighbours: Run) -> None:
    done = bad_neighbours("check", "toy", "-s", "parser=broken")
    assert done.returncode == 6
    assert "nobody tested me" in done.stderr
    assert "requires reenactor>=99" in done.stderr


def test_fresh_packages_are_sound(fresh: tuple[Path, Run]) -> None:
    done = fresh[1]("plugins", "doctor", "--json")
    assert done.returncode == 0, done.stdout
    found = {f["what"] for f in json.loads(done.stdout) if "my-" in f["provider"]}
    assert len(found) == len(Role)


def test_a_fresh_package_is_used_from_yaml(fresh: tuple[Path, Run]) -> None:
    done = fresh[1](
        "check", "default", "-s", "parser={use: my-parser, strength: 0.5}", "-s", "inpainter=none"
    )
    assert done.returncode == 0, done.stderr


def test_the_toys_own_tests_pass(toy_target: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", str(TOY / "tests")],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(toy_target)},
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stdout


def test_fresh_packages_conform(fresh: tuple[Path, Run]) -> None:
    folder, _ = fresh
    sources = [str(package / "src") for package in folder.iterdir()]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--import-mode=importlib", str(folder)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sources), "OMP_NUM_THREADS": "1"},
        cwd=folder,
    )
    assert done.returncode == 0, done.stdout
    assert f"{len(Role)} passed" in done.stdout
