"""The chain of Eqs. 2 to 8 over hand-made components on a canvas of a few pixels."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
import torch
from torch import Tensor

from reenactor.options import NoOptions
from reenactor.pipeline.backdrop import Backdrop, StillBackdrop, TransparentBackdrop
from reenactor.pipeline.render import RenderComponents, RenderedFrame, Renderer, Scene, last_layers
from reenactor.pipeline.stopwatch import Stopwatch
from reenactor.progress import Silent
from reenactor.roles import BodyGenerator, FaceRefiner, FrameRenderer
from reenactor.runtime import Runtime
from reenactor.values import (
    Clip,
    Frames,
    Layer,
    Motion,
    Parsing,
    Pose,
    Skeleton,
    Target,
    Window,
)

SIZE = (16, 12)
GREY = np.full((*SIZE, 3), 100, np.uint8)


def nowhere(weight: object) -> object:
    raise AssertionError("nothing here has weights")


RUNTIME = Runtime(weight=nowhere)  # type: ignore[arg-type]  # never returns


class Numbered(FrameRenderer[NoOptions, None]):
    """Paints every frame in its own number (of 255), and remembers what it was shown."""

    mask = 1.0

    def prepare(self, target: Target, motion: Motion) -> None:
        self.batches: list[tuple[int, ...]] = []
        self.pasts: list[list[int]] = []

    def render(self, prepared: None, pose: Pose, body: Parsing | None, past: Layer | None) -> Layer:
        self.batches.append(pose.index)
        self.pasts.append([] if past is None else numbers(past))
        index = torch.tensor(pose.index).float() / 255
        image = index[:, None, None, None].expand(-1, 3, *pose.canvas).clone()
        return Layer(image, torch.full((len(pose), 1, *pose.canvas), self.mask))


class Brighter(FaceRefiner[NoOptions, None]):
    """Adds a tenth to the upper half of what it is shown, and remembers that."""

    def prepare(self, target: Target) -> None:
        self.shown: list[Tensor] = []

    def refine(self, prepared: None, frames: Tensor, pose: Pose, body: Parsing | None) -> Tensor:
        self.shown.append(frames)
        refined = frames.clone()
        refined[:, :, : SIZE[0] // 2] += 0.1
        return refined


class Fives(BodyGenerator[NoOptions, str]):
    """Class 5 everywhere."""

    def prepare(self, target: Target, motion: Motion) -> str:
        return "prepared"

    def generate(self, prepared: str, pose: Pose) -> Parsing:
        assert prepared == "prepared"
        return Parsing(torch.full((len(pose), *pose.canvas), 5, dtype=torch.uint8))


def numbers(layer: Layer) -> list[int]:
    """Which frames these are."""
    return [round(float(value) * 255) for value in layer.image[:, 0, 0, 0]]


def scene(length: int, backdrop: Backdrop | None = None, absent: Sequence[int] = ()) -> Scene:
    """A motion file's scene: no driver is decoded, and the canvas is the frame."""
    clip = Clip(
        times=torch.arange(length),
        time_base=Fraction(1, 25),
        fps=Fraction(25),
        size=SIZE,
        name="clip",
        source="0" * 64,
    )
    present = torch.ones(length, dtype=torch.bool)
    present[list(absent)] = False
    whole = torch.tensor([[-0.5, -0.5, SIZE[1] - 0.5, SIZE[0] - 0.5]])
    photo = Frames(torch.zeros(1, *SIZE, 3, dtype=torch.uint8), (0,), "photo")
    target = Target(
        photo=photo,
        window=Window(whole, SIZE),
        image=photo.images,
        parsing=Parsing(torch.ones(1, *SIZE, dtype=torch.uint8)),
        skeleton=Skeleton.empty(1),
    )
    motion = Motion(
        clip=clip,
        skeleton=Skeleton.empty(length),
        present=present,
        box=torch.zeros(length, 4),
        mask=torch.zeros(length, 0, 0, dtype=torch.uint8),
        mask_box=torch.zeros(length, 4),
    )
    window = Window(whole.repeat(length, 1), SIZE)
    return Scene(target, motion, window, backdrop or StillBackdrop(GREY), None, SIZE)


def renderer_of(scene: Scene, history: int = 0, batch: int | None = None) -> Renderer:
    numbered = Numbered(NoOptions(), RUNTIME)
    numbered.history, numbered.batch = history, batch
    return Renderer(scene, RenderComponents(numbered), Stopwatch(), Silent())


def rendered(renderer: Renderer, length: int) -> list[RenderedFrame]:
    return list(renderer.frames(range(length)))


def test_a_renderer_with_a_history_sees_the_last_frames_before_each_batch() -> None:
    renderer = renderer_of(scene(9), history=3, batch=2)
    rendered(renderer, 9)
    assert renderer.components.renderer.batches == [(0, 1), (2, 3), (4, 5), (6, 7), (8,)]  # type: ignore[attr-defined]  # Numbered
    assert renderer.components.renderer.pasts == [[], [0, 1], [1, 2, 3], [3, 4, 5], [5, 6, 7]]  # type: ignore[attr-defined]  # Numbered


def test_a_renderer_without_a_history_sees_none() -> None:
    renderer = renderer_of(scene(5), batch=2)
    assert all(one.past is None for one in rendered(renderer, 5))
    assert renderer.components.renderer.pasts == [[], [], []]  # type: ignore[attr-defined]  # Numbered


def test_what_goes_on_behind_a_segment_sees_what_was_before_it() -> None:
    """A segment has 48 frames; the last of them carries what a later run needs."""
    frames = rendered(renderer_of(scene(50), history=3), 50)
    carried = {one.index: numbers(one.past) for one in frames if one.past is not None}
    assert carried == {47: [45, 46, 47], 49: [47, 48, 49]}
    later = renderer_of(scene(50), history=3)
    list(later.frames([48, 49], frames[47].past))
    assert later.components.renderer.pasts == [[45, 46, 47]]  # type: ignore[attr-defined]  # Numbered


def test_no_batch_crosses_a_segment() -> None:
    renderer = renderer_of(scene(60), batch=20)
    rendered(renderer, 60)
    batches = renderer.components.renderer.batches  # type: ignore[attr-defined]  # Numbered
    assert [(batch[0], len(batch)) for batch in batches] == [(0, 20), (20, 20), (40, 8), (48, 12)]


@pytest.mark.parametrize("mask", [0.25, 0.5, 1.0])
def test_what_the_refiner_changed_is_in_the_picture_whatever_the_mask(mask: float) -> None:
    """Eqs. 7 and 8: the result is what FR made of f0, though only z is changed."""
    renderer = renderer_of(scene(3))
    renderer.components.renderer.mask = mask  # type: ignore[attr-defined]  # Numbered
    brighter = Brighter(NoOptions(), RUNTIME)
    renderer = Renderer(
        renderer.scene, replace(renderer.components, refiner=brighter), Stopwatch(), Silent()
    )
    last = rendered(renderer, 3)[2]
    f0 = 2 / 255 * mask + 100 / 255 * (1 - mask)
    torch.testing.assert_close(brighter.shown[0][2], torch.full((3, *SIZE), f0))
    picture = last.picture(SIZE).astype(float)
    # One part in 255 is lost in each of two roundings, and at the edge some pixels are mixed.
    np.testing.assert_allclose(picture[1:7, 1:-1], 255 * (f0 + 0.1), atol=2)
    np.testing.assert_allclose(picture[9:-1, 1:-1], 255 * f0, atol=2)


def test_where_nothing_is_drawn_the_refiner_changes_nothing() -> None:
    renderer = renderer_of(scene(1))
    renderer.components.renderer.mask = 0.04  # type: ignore[attr-defined]  # Numbered
    cast = replace(renderer.components, refiner=Brighter(NoOptions(), RUNTIME))
    [one] = rendered(Renderer(renderer.scene, cast, Stopwatch(), Silent()), 1)
    assert float(one.layer.image.abs().max()) == 0


def test_frames_without_the_dancer_show_the_background_alone_whatever_is_rendered() -> None:
    frames = rendered(renderer_of(scene(9, absent=(0, 4, 5))), 9)
    for one in frames:
        alone = bool((one.picture(SIZE) == GREY).all())
        assert alone == (one.index in (0, 4, 5))
        assert float(one.layer.mask.max()) == (0 if alone else 1)


def test_without_a_background_the_picture_has_alpha() -> None:
    [one] = rendered(renderer_of(scene(1, TransparentBackdrop())), 1)
    assert one.background is None
    assert one.picture(SIZE).shape == (*SIZE, 4)
    assert one.picture(SIZE)[8, 6].tolist() == [0, 0, 0, 255]


def test_the_body_is_generated_from_what_was_prepared_and_handed_out_frame_by_frame() -> None:
    plain = renderer_of(scene(5))
    cast = replace(plain.components, body=Fives(NoOptions(), RUNTIME))
    frames = rendered(Renderer(plain.scene, cast, Stopwatch(), Silent()), 5)
    assert [one.index for one in frames] == [one.pose.index[0] for one in frames] == [*range(5)]
    assert all(one.body is not None and one.body.labels.shape == (1, *SIZE) for one in frames)
    assert [numbers(one.layer) for one in frames] == [[0], [1], [2], [3], [4]]


def layer_of(*frames: int) -> Layer:
    value = torch.tensor(frames).float()[:, None, None, None] / 255
    return Layer(value.expand(-1, 3, 2, 2), torch.ones(len(frames), 1, 2, 2))


def test_what_is_remembered_reaches_back_over_several_batches() -> None:
    assert last_layers(0, None, [layer_of(1)]) is None
    first = last_layers(4, None, [layer_of(1, 2)])
    assert first is not None
    assert numbers(first) == [1, 2]
    second = last_layers(4, first, [layer_of(3), layer_of(4, 5)])
    assert second is not None
    assert numbers(second) == [2, 3, 4, 5]
    assert len(second.mask) == 4
