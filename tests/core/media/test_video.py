import gc
import struct
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from reenactor.errors import InputError
from reenactor.media.video import VideoFrame, probe, read_frames, read_video

Film = Callable[..., Path]
NTSC = Fraction(30000, 1001)
CLIPS = Path(__file__).parents[3].parent / "shared" / "data" / "clips"


def shades(frames: list[VideoFrame]) -> list[int]:
    """The number of each frame by its grey."""
    return [round((float(frame.pixels.mean()) - 20) / 10) for frame in frames]


def moving(count: int) -> list[np.ndarray]:
    """A pattern that moves: predicted frames differ from decoded anew ones."""
    tiles = np.random.default_rng(0).integers(0, 255, (12, 16, 3), np.uint8)
    picture = tiles.repeat(4, 0).repeat(4, 1)
    return [np.roll(picture, 3 * index, 1) for index in range(count)]


def test_ntsc_with_sound(film: Film) -> None:
    info = probe(film("a.mp4", 12, rate=NTSC, sound=0.5))
    assert info.fps == NTSC
    assert not info.variable
    assert info.frames == 12
    assert info.times == tuple(1001 * place for place in range(12))
    assert info.time_base == Fraction(1, 30000)
    assert info.duration == Fraction(12 * 1001, 30000)
    assert info.size == (48, 64)
    assert info.name == "a"
    assert info.has_audio
    assert info.rotation == 0
    assert info.pixel_aspect == 1


def test_variable_times_are_those_that_were_muxed(film: Film) -> None:
    muxed = [0, 20, 50, 55, 100]
    path = film("v.mp4", 5, time_base=Fraction(1, 600), times=muxed)
    info = probe(path)
    assert info.variable
    assert [time * info.time_base for time in info.times] == [Fraction(t, 600) for t in muxed]
    assert [(f.index, f.time) for f in read_video(info)] == list(enumerate(info.times))


def test_frames_are_counted_where_the_header_does_not(film: Film) -> None:
    path = film("a.mkv", 17)
    with av.open(str(path)) as file:
        assert file.streams.video[0].frames == 0
    info = probe(path)
    assert info.frames == 17
    assert shades(list(read_video(info))) == list(range(17))


@pytest.mark.parametrize(
    ("angle", "mirrored", "corner", "degrees"),
    [
        (-90, False, (0, 1), 90),
        (90, False, (1, 0), 270),
        (180, False, (1, 1), 180),
        (0, True, (0, 1), 180),
        (0, False, (0, 0), 0),
    ],
)
def test_rotation_is_applied(
    film: Film, angle: float, mirrored: bool, corner: tuple[int, int], degrees: int
) -> None:
    picture = np.zeros((48, 64, 3), np.uint8)
    picture[:16, :16] = 255  # the stored picture is white at its top left
    info = probe(film("r.mp4", [picture] * 2, turn=(angle, mirrored)))
    assert info.size == ((64, 48) if angle in (90, -90) else (48, 64))
    assert mirrored or info.rotation == degrees
    pixels = next(read_video(info)).pixels
    assert pixels.shape[:2] == info.size
    found = pixels[:: pixels.shape[0] - 1, :: pixels.shape[1] - 1].mean(-1) > 128
    assert [tuple(place) for place in np.argwhere(found).tolist()] == [corner]


def test_odd_size(film: Film) -> None:
    pictures = [np.full((77, 101, 3), 90, np.uint8)]
    info = probe(film("o.webm", pictures, codec="libvpx-vp9"))
    assert info.size == (77, 101)
    assert next(read_video(info)).pixels.shape == (77, 101, 3)


def test_one_frame(film: Film) -> None:
    info = probe(film("one.mp4", 1))
    assert info.frames == 1
    assert info.fps == 25
    assert info.duration == Fraction(1, 25)
    assert len(list(read_video(info))) == 1


@pytest.mark.parametrize(("aspect", "size"), [((4, 3), (48, 85)), ((2, 3), (72, 64))])
def test_pixels_become_square_by_stretching(
    film: Film, aspect: tuple[int, int], size: tuple[int, int]
) -> None:
    info = probe(film("s.mp4", 2, aspect=Fraction(*aspect)))
    assert info.pixel_aspect == Fraction(*aspect)
    assert info.size == size
    assert next(read_video(info)).pixels.shape == (*size, 3)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("b.mp4", {"options": {"g": "12", "bf": "3"}}),
        ("open.mkv", {"options": {"g": "12", "bf": "3", "x264-params": "open-gop=1"}}),
        ("open.ts", {"options": {"g": "12", "bf": "3", "x264-params": "open-gop=1"}}),
        ("p.webm", {"codec": "libvpx-vp9", "options": {"g": "12"}}),
        ("m.avi", {"codec": "mpeg4", "options": {"bf": "2"}}),
        ("m.mpg", {"codec": "mpeg2video", "options": {"bf": "2"}}),
        ("raw.h264", {}),
        ("g.gif", {"codec": "gif", "layout": "rgb8", "rate": Fraction(10)}),
    ],
)
def test_reading_from_anywhere_gives_the_same_frames(
    film: Film, name: str, options: dict[str, object], notes: list[str]
) -> None:
    info = probe(film(name, moving(40), **options))
    whole = list(read_video(info, note=notes.append))
    assert [frame.index for frame in whole] == list(range(40))
    for start in (1, 11, 12, 13, 25, 39):
        frame = next(read_video(info, start, note=notes.append))
        assert (frame.index, frame.time) == (start, info.times[start])
        assert np.array_equal(frame.pixels, whole[start].pixels)
    assert notes == []


def test_a_part(film: Film) -> None:
    path = film("a.mp4", 20, options={"g": "5"})
    assert shades(list(read_video(path, 7, 11))) == [7, 8, 9, 10]
    assert shades(list(read_video(path, 18, 99))) == [18, 19]
    assert list(read_video(path, 20)) == []
    assert list(read_video(path, 5, 5)) == []


def test_frames_that_only_serve_prediction_are_not_counted(film: Film, tmp_path: Path) -> None:
    """VP8 marks them by a bit (RFC 6386, 9.1); here it is cleared in the second frame."""
    path = film("plain.webm", 6, codec="libvpx")
    hidden = tmp_path / "hidden.webm"
    with av.open(str(path)) as source, av.open(str(hidden), "w") as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        for place, packet in enumerate(source.demux(video=0)):
            content = bytearray(bytes(packet))
            if not content:
                continue
            content[0] &= 0xFF if place != 1 else 0xEF
            copy = av.Packet(bytes(content))
            copy.pts, copy.dts, copy.time_base = packet.pts, packet.dts, packet.time_base
            copy.is_keyframe, copy.stream = packet.is_keyframe, stream
            target.mux(copy)
    info = probe(hidden)
    assert info.frames == 5
    assert shades(list(read_video(info))) == [0, 2, 3, 4, 5]


def test_frames_that_an_edit_list_hides_are_not_counted(film: Film, notes: list[str]) -> None:
    """As of a clip that was trimmed on a telephone: it begins between two key frames."""
    path = film("e.mp4", 20, times=range(-5, 15), options={"g": "30", "bf": "2"})
    with av.open(str(path)) as file:
        assert file.streams.video[0].frames == 20
        assert sum(packet.size > 0 for packet in file.demux(video=0)) == 20
    info = probe(path, notes.append)
    assert info.frames == 15
    assert info.times[0] == 0
    assert shades(list(read_video(info, note=notes.append))) == list(range(5, 20))
    assert shades(list(read_video(info, 3, 5))) == [8, 9]
    assert notes == []


def damaged(path: Path) -> Path:
    """The same file with its middle overwritten."""
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 1500] = bytes(1500)
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("name", ["d.mp4", "d.ts"])
def test_damage_in_the_middle_leaves_no_gap_and_is_told(
    film: Film, name: str, notes: list[str]
) -> None:
    path = damaged(film(name, moving(60), options={"g": "12", "bf": "2"}))
    info = probe(path, notes.append)
    frames = list(read_video(info, note=notes.append))
    assert [frame.index for frame in frames] == list(range(info.frames))
    assert len(notes) == 1
    assert name in notes[0]
    for start in range(0, info.frames, 7):
        again = next(read_video(info, start))
        assert np.array_equal(again.pixels, frames[start].pixels)


def test_a_truncated_file_is_read_to_its_end(film: Film, notes: list[str]) -> None:
    faststart = {"movflags": "+faststart"}
    path = film("t.mp4", moving(60), options={"g": "12"}, file_options=faststart)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 6 // 10])
    info = probe(path, notes.append)
    assert 15 < info.frames < 45
    assert notes == [f"t.mp4 is truncated: it has {info.frames} of 60 frames"]
    assert len(list(read_video(info))) == info.frames


def test_a_truncated_stream_is_noticed_without_a_count(film: Film, notes: list[str]) -> None:
    path = film("t.mkv", moving(60), options={"g": "12"})
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    assert 10 < probe(path, notes.append).frames < 50
    assert "of 2.4 seconds" in notes[0]


@pytest.mark.parametrize(
    ("name", "codec"), [("t.flv", "libx264"), ("t.webm", "libvpx"), ("t.avi", "mpeg4")]
)
def test_a_cut_is_noticed_in_every_container_that_says_its_length(
    film: Film, notes: list[str], name: str, codec: str
) -> None:
    path = film(name, moving(60), codec=codec, options={"g": "12"})
    assert probe(path, notes.append).frames == 60
    assert notes == []
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 6 // 10])
    assert 5 < probe(path, notes.append).frames < 50
    assert "is truncated: it has" in notes[0]


def test_a_file_cut_before_its_index_is_refused_with_advice(film: Film) -> None:
    path = film("t.mp4", 60)
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(InputError, match="damaged or truncated"):
        probe(path)


def test_files_that_are_no_video(film: Film, tmp_path: Path) -> None:
    empty = tmp_path / "empty.mp4"
    empty.touch()
    text = tmp_path / "text.mp4"
    text.write_text("this is no video\n" * 50)
    photo = tmp_path / "photo.png"
    Image.new("RGB", (30, 20)).save(photo)
    sound = tmp_path / "sound.wav"
    with av.open(str(sound), "w") as file:
        stream = file.add_stream("pcm_s16le", rate=8000)
        stream.layout = "mono"
        samples = av.AudioFrame.from_ndarray(np.zeros((1, 800), np.int16), "s16", "mono")
        samples.sample_rate = 8000
        file.mux(stream.encode(samples))
    for path, told in [
        (empty, "is empty"),
        (text, "cannot be read as a video"),
        (photo, "a single picture"),
        (sound, "contains no video"),
        (tmp_path, "is a folder"),
        (tmp_path / "missing.mp4", "file not found"),
    ]:
        with pytest.raises(InputError, match=told) as caught:
            probe(path)
        assert caught.value.expected or caught.value.advice
        with pytest.raises(InputError, match=told):
            list(read_video(path))


def test_a_playlist_in_disguise_opens_nothing_else(film: Film, tmp_path: Path) -> None:
    other = film("other.ts", 5)
    path = tmp_path / "list.mp4"
    path.write_text(f"ffconcat version 1.0\nfile '{other.name}'\n")
    with pytest.raises(InputError, match="is a playlist"):
        probe(path)
    path.write_text(f"#EXTM3U\n#EXTINF:1,\n{other}\n#EXT-X-ENDLIST\n")
    with pytest.raises(InputError):
        probe(path)


def test_cover_art_is_no_video(tmp_path: Path) -> None:
    path = tmp_path / "song.flac"
    cover = tmp_path / "cover.png"
    Image.new("RGB", (30, 20)).save(cover)
    with av.open(str(path), "w") as file:
        stream = file.add_stream("flac", rate=8000)
        samples = av.AudioFrame.from_ndarray(np.zeros((1, 8000), np.int16), "s16", "mono")
        samples.sample_rate = 8000
        file.mux(stream.encode(samples))
        file.mux(stream.encode(None))
    with_cover(path, cover.read_bytes())
    with av.open(str(path)) as file:
        assert file.streams.video
    with pytest.raises(InputError, match="contains no video"):
        probe(path)


def with_cover(path: Path, png: bytes) -> None:
    """Put a PICTURE block behind a FLAC file's first metadata block (RFC 9639, 8.8)."""
    kind = b"image/png"
    body = struct.pack(">II", 3, len(kind)) + kind + struct.pack(">I", 0)
    body += struct.pack(">IIIII", 30, 20, 24, 0, len(png)) + png
    content = path.read_bytes()
    end = 8 + int.from_bytes(content[5:8], "big")
    block = bytes([6]) + len(body).to_bytes(3, "big") + body
    path.write_bytes(content[:end] + block + content[end:])


def test_interlaced_video_is_told(film: Film, notes: list[str]) -> None:
    options = {"flags": "+ilme+ildct", "x264-params": "interlaced=1"}
    info = probe(film("i.mp4", 6, options=options), notes.append)
    assert info.interlaced
    assert notes == ["i.mp4 is interlaced: moving edges may show combing"]


def test_the_file_is_closed_when_reading_stops(film: Film) -> None:
    frames = read_video(film("a.mp4", 10))
    next(frames)
    frames.close()  # type: ignore[attr-defined]  # a generator, if not by its type
    assert list(frames) == []


def test_frames_are_freed_at_once_not_when_the_collector_comes(film: Film) -> None:
    """A circle of references would keep each: gigabytes, before Python counts enough objects."""
    info = probe(film("a.mp4", 30))
    gc.collect()
    before = living_frames()
    gc.disable()
    try:
        for _ in read_video(info):
            pass
        assert living_frames() <= before + 2
    finally:
        gc.enable()


def living_frames() -> int:
    return sum(type(thing) is av.VideoFrame for thing in gc.get_objects())


@pytest.mark.parametrize(
    ("name", "count", "fps"),
    [
        ("mp_pose_seg", 102, Fraction(20)),
        ("romp_sample2", 300, NTSC),
        ("tfjs_squats", 65, Fraction(5)),
        ("sam2_juggle", 247, Fraction(24)),
    ],
)
def test_real_clips(name: str, count: int, fps: Fraction) -> None:
    path = CLIPS / f"{name}.mp4"
    if not path.exists():
        pytest.skip("the clips are not here")
    info = probe(path)
    assert (info.frames, info.fps, info.variable) == (count, fps, False)
    assert info.has_audio == (name == "romp_sample2")
    last = list(read_video(info, count - 2))
    assert [frame.index for frame in last] == [count - 2, count - 1]


@pytest.mark.parametrize("indices", [[0], [39], [3, 4, 5], [0, 13, 14, 27, 39], [7, 31]])
def test_some_frames_are_those_of_the_whole(film: Callable[..., Path], indices: list[int]) -> None:
    info = probe(film("keys.mp4", 40, options={"g": "10"}))
    whole = {frame.index: frame for frame in read_video(info)}
    found = list(read_frames(info, indices))
    assert [frame.index for frame in found] == indices
    for frame in found:
        assert frame.time == whole[frame.index].time
        assert np.array_equal(frame.pixels, whole[frame.index].pixels)
