"""A whole evaluation: figures that can be foretold, nothing done twice, nothing averaged away."""

import csv
import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from reenactor.errors import InputError, ReenactorError, UsageError, WeightsError
from reenactor.evaluation.protocol import BySpec, GivenFrames, Method, Protocol
from reenactor.evaluation.run import evaluate
from reenactor.metrics import METRICS

NAMES = ("ssbs", "ssis", "ssim", "dssim", "psnr", "mkr", "akd", "tof", "body-shape", "ssbs-micro")


def protocol(studio: Any, **changes: Any) -> Protocol:
    return Protocol(
        videos=(studio.video,),
        output=studio.folder / "out",
        optional=changes.pop("optional", NAMES),
        analyst=str(studio.spec),
        draws=50,
        **changes,
    )


def test_figures_are_grouped_by_the_drivers_yaw(studio: Any, copies: Path) -> None:
    """The dancer walks 4 pixels a frame from column 40 and is a profile from column 60 on."""
    made = evaluate(studio.setup, protocol(studio, target="first"), both(studio, copies))
    box = made.methods["box"]
    counts = {group: f["ssbs"].count for group, f in box.by_yaw.items()}
    assert counts == {"0-30": 4, "60-120": 9}  # frame 0 is the target
    parts = [box.by_yaw[group]["ssbs"] for group in ("0-30", "60-120")]
    mean = sum(part.value * part.count for part in parts) / 13
    assert box.figures["ssbs"].value == pytest.approx(mean)
    assert "body-shape" in box.by_yaw["60-120"]
    assert "ssbs-micro" not in box.by_yaw["60-120"]
    written = json.loads((studio.folder / "out" / "report.json").read_text())
    assert written["methods"]["box"]["by yaw"]["0-30"]["ssbs"] == vars(parts[0])
    # Stored results give the same again.
    again = evaluate(studio.setup, protocol(studio, target="first"), both(studio, copies))
    assert again.methods["box"].by_yaw == box.by_yaw


@pytest.fixture
def copies(studio: Any) -> Path:
    """A method that copies the true frames, one of them lost, one of another size."""
    from av import open as open_film

    folder: Path = studio.folder / "copies" / "walk"
    folder.mkdir(parents=True)
    with open_film(str(studio.video)) as film:
        for t, frame in enumerate(film.decode(video=0)):
            Image.fromarray(frame.to_ndarray(format="rgb24")).save(folder / f"frame_{t:04d}.png")
    (folder / "frame_0007.png").unlink()
    Image.new("RGB", (50, 50)).save(folder / "frame_0011.png")
    Image.new("RGB", (200, 160)).save(folder / "frame_0099.png")
    return folder.parent


def both(studio: Any, copies: Path) -> list[Method]:
    return [BySpec("box", str(studio.spec)), GivenFrames("copy", copies)]


def test_self_reenactment(studio: Any, copies: Path) -> None:
    made = evaluate(studio.setup, protocol(studio, target="first"), both(studio, copies))
    copy, box = made.methods["copy"], made.methods["box"]
    assert {n: copy.figures[n].value for n in ("ssbs", "ssis", "ssim", "dssim", "psnr")} == (
        pytest.approx({"ssbs": 1, "ssis": 1, "ssim": 1, "dssim": 0, "psnr": 100}, abs=1e-6)
    )
    # The target's own frame, the lost one and the one of another size are not scored.
    assert copy.frames == 14 - 3
    one = copy.videos["walk"]
    assert one.missing == (7, 11)
    assert [line.split(":")[0] for line in one.odd] == ["frame_0099.png", "frame_0011.png"]
    assert "50x50" in one.odd[1]
    assert copy.failures == 2
    assert any("copy: 2 frames" in warning for warning in made.warnings)
    # The box spans the joints, 0.6 of the dancer's width and 0.9 of its height (and edges).
    assert box.frames == 13
    assert 0.54 < box.figures["ssbs"].value < 0.75
    assert box.figures["psnr"].value < 40
    assert box.figures["body-shape"].value < 0.1
    figure = box.figures["dssim"]
    assert figure.low is not None
    assert figure.high is not None
    assert figure.low <= figure.value <= figure.high
    assert made.not_measured == {}
    # In one order always, so that the same evaluation writes the same report.
    pixelwise = [n for n in box.videos["walk"].measured.values if n in ("ssim", "dssim", "psnr")]
    assert pixelwise == [n for n in METRICS if n in pixelwise]


def test_reports(studio: Any, copies: Path) -> None:
    wanted = (*NAMES, "fid", "lpips-vgg", "dpbs")
    made = evaluate(studio.setup, protocol(studio, optional=wanted), both(studio, copies))
    folder = studio.folder / "out"
    document = json.loads((folder / "report.json").read_text())
    assert document["metrics"]["ssim"] == {
        "version": "ssim[gaussian11,1.5,range1]", "better": "higher", "unit": "",
        "for each": "frame",
    }  # fmt: skip
    assert "weights pull lpips-vgg-backbone" in document["not measured"]["lpips-vgg"]
    assert document["not measured"]["dpbs"] == "this evaluation has no dense"
    assert document["methods"]["copy"]["videos"]["walk"]["missing"] == [7, 11]
    text = (folder / "report.md").read_text()
    assert "| Method | SSBS ↑ | SSIS ↑ | DPBS ↑ | DPIS ↑ | LPIPS (VGG) ↓ |" in text
    assert "**1.000**" in text
    assert "missing 000007, 000011" in text
    with (folder / "frames.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == sum(result.frames for result in made.methods.values())
    assert {row["method"] for row in rows} == {"box", "copy"}
    assert float(rows[-1]["psnr[rgb,range1,cap100]"]) == 100
    page = (folder / "report.html").read_text()
    assert "http" not in page
    assert "<script" not in page
    assert page.count("data:image/jpeg;base64,") > 10
    assert "<svg" in page


def test_nothing_is_done_twice(studio: Any, copies: Path) -> None:
    wanted = protocol(studio)
    first = evaluate(studio.setup, wanted, both(studio, copies))
    report = (wanted.output / "report.json").read_bytes()
    rendered, looked = studio.parts.Painter.rendered, studio.parts.Finder.looked
    again = evaluate(studio.setup, wanted, both(studio, copies))
    assert (studio.parts.Painter.rendered, studio.parts.Finder.looked) == (rendered, looked)
    assert (wanted.output / "report.json").read_bytes() == report
    assert again.methods["box"].figures == first.methods["box"].figures
    # An interruption between two steps costs that step only.
    shutil.rmtree(wanted.output / "results" / "copy")
    evaluate(studio.setup, wanted, both(studio, copies))
    assert (wanted.output / "report.json").read_bytes() == report
    assert studio.parts.Painter.rendered == rendered


def kept(folder: Path) -> dict[str, bytes]:
    """All files of an evaluation by their places in it, but for the report of its run, which has
    times."""
    paths = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
    del paths["frames/box/walk.json"]
    return {name: path.read_bytes() for name, path in paths.items()}


def flipped(content: bytes) -> bytes:
    """The same, with one bit in the middle changed."""
    data = bytearray(content)
    data[len(data) // 2] ^= 1
    return bytes(data)


def test_what_was_damaged_is_made_again(studio: Any, copies: Path) -> None:
    """Every file of every kind that an evaluation keeps, and a picture that is not its own."""
    wanted = protocol(studio)
    evaluate(studio.setup, wanted, both(studio, copies))
    whole = kept(wanted.output)
    [photo] = [name for name in whole if ".target." in name and name.endswith(".png")]
    for name in (
        "truth/walk.motion", "truth/walk/000003.png", photo, "frames/box/walk/000004.png",
        "crops/copy/walk/000005.png", "crops/box/walk/000000.png",
        "analysis/box/walk.safetensors", "analysis/truth/walk.safetensors",
        "results/copy/walk.safetensors",
    ):  # fmt: skip
        (wanted.output / name).write_bytes(flipped(whole[name]))
    (wanted.output / "truth/walk/000004.png").unlink()
    (wanted.output / "crops/copy/walk/000007.png").write_bytes(whole["truth/walk/000003.png"])
    (wanted.output / "results/.0.json.0123abcd.part").write_bytes(b"half")
    figures = json.loads(whole["results/box/walk.json"])
    figures["result"]["values"]["psnr"][2] += 1  # sound JSON that says something else
    (wanted.output / "results/box/walk.json").write_text(json.dumps(figures))
    made = evaluate(studio.setup, wanted, both(studio, copies))
    assert made.methods["copy"].videos["walk"].missing == (7, 11)
    assert kept(wanted.output) == whole
    damages = (b"", b"[" * 100_000, b"[]", b"{}", b'"\xff"', b'{"sum": 1, "made": 5}')
    records = [name for name in whole if name.endswith(".json") and "/" in name]
    assert len(records) >= len(damages)
    for number, name in enumerate(records):
        (wanted.output / name).write_bytes(damages[number % len(damages)])
    evaluate(studio.setup, wanted, both(studio, copies))
    assert kept(wanted.output) == whole


def test_a_given_network_measures_the_perceptual_distance(
    studio: Any, copies: Path, squeezenet: Path
) -> None:
    wanted = ("psnr", "perceptual", "perceptual-person")
    without = evaluate(studio.setup, protocol(studio, optional=wanted), both(studio, copies))
    assert without.not_measured["perceptual"].endswith("no features (give --features FILE)")
    asked = protocol(studio, optional=wanted, features=squeezenet)
    made = evaluate(studio.setup, asked, both(studio, copies))
    assert made.not_measured == {}
    assert made.methods["copy"].figures["perceptual"].value == 0
    box = made.methods["box"].figures
    # On the person, who is wrong, it is more than on the whole, whose background is right.
    assert box["perceptual-person"].value > box["perceptual"].value > 0
    assert str(made.protocol["features"]).startswith("squeeze.pth imagenet ")
    # The same file, told to take other colours, is another judge: nothing old is shown.
    other = protocol(studio, optional=wanted, features=squeezenet, features_input="caffe")
    figures = evaluate(studio.setup, other, both(studio, copies)).methods["box"].figures
    assert figures["perceptual"].value != box["perceptual"].value


def test_changed_frames_are_measured_anew(studio: Any, copies: Path) -> None:
    methods = [GivenFrames("copy", copies)]
    before = evaluate(studio.setup, protocol(studio), methods).methods["copy"]
    path = copies / "walk" / "frame_0003.png"
    pixels = np.array(Image.open(path))
    Image.fromarray((pixels * 0.9).astype(np.uint8)).save(path)
    after = evaluate(studio.setup, protocol(studio), methods).methods["copy"]
    assert before.figures["psnr"].value == 100
    assert after.figures["psnr"].value < 100


def test_cross_reenactment_needs_no_truth(studio: Any) -> None:
    photo = studio.folder / "other.png"
    pixels = np.full((160, 200, 3), (40, 160, 60), np.uint8)
    pixels[30:130, 60:110] = (30, 30, 220)  # broader than the driver
    Image.fromarray(pixels).save(photo)
    wanted = protocol(studio, targets=(photo,), optional=("body-shape", "warping-own", "psnr"))
    made = evaluate(studio.setup, wanted, [BySpec("box", str(studio.spec))])
    assert made.not_measured == {"psnr": "this evaluation has no truth"}
    box = made.methods["box"]
    assert list(box.videos) == ["other+walk"]
    assert box.frames == 14
    # The box keeps the driver's width, 30 pixels of a body of 100, where the target has 50.
    assert box.figures["body-shape"].value > 0.02
    assert "kind: cross-reenactment" in (wanted.output / "report.md").read_text()


def test_what_is_asked_for_is_refused_before_any_work(studio: Any, copies: Path) -> None:
    methods = both(studio, copies)
    with pytest.raises(WeightsError, match="reenactor weights pull"):
        evaluate(studio.setup, protocol(studio, required=("lpips-vgg",)), methods)
    with pytest.raises(UsageError, match="no dense"):
        evaluate(studio.setup, protocol(studio, required=("dpis",)), methods)
    with pytest.raises(UsageError, match="the same name"):
        evaluate(studio.setup, protocol(studio), [methods[1], methods[1]])
    with pytest.raises(UsageError, match="nothing to evaluate"):
        evaluate(studio.setup, protocol(studio), [])
    assert not (studio.folder / "out" / "frames").exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"videos": ("walk.mp4", "nope.mp4")}, "nope.mp4"),
        ({"targets": ("nope.png",)}, "nope.png"),
        ({"target": 14}, "invalid target frame"),
        ({"canvas": (0, 64)}, "invalid crop size"),
        ({"overrides": ("frame_renderer=nope",)}, "no frame renderer of that name"),
    ],
)
def test_what_is_given_is_looked_at_before_any_work(
    studio: Any, copies: Path, changes: dict[str, Any], said: str
) -> None:
    for name in ("videos", "targets"):
        if name in changes:
            changes[name] = tuple(studio.video.parent / file for file in changes[name])
    wanted = replace(protocol(studio), **changes)
    with pytest.raises(ReenactorError, match=said):
        evaluate(studio.setup, wanted, both(studio, copies))
    assert not (studio.folder / "out" / "truth").exists()


def test_every_method_is_looked_at_before_any_work(studio: Any, copies: Path) -> None:
    methods = both(studio, copies)
    for last in (GivenFrames("x", studio.folder / "nope"), BySpec("x", "nope")):
        with pytest.raises(ReenactorError, match=r"no frames of walk|no such spec"):
            evaluate(studio.setup, protocol(studio), [*methods, last])
    assert not (studio.folder / "out" / "truth").exists()


def test_lossy_and_absent_frames_are_refused(studio: Any, copies: Path) -> None:
    with pytest.raises(InputError, match="has no frames of walk"):
        evaluate(studio.setup, protocol(studio), [GivenFrames("none", studio.folder)])
    Image.new("RGB", (200, 160)).save(copies / "walk" / "0001.jpg")
    with pytest.raises(InputError, match="JPEG"):
        evaluate(studio.setup, protocol(studio), [GivenFrames("copy", copies)])
