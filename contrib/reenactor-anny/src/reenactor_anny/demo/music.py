"""A little drum and bass loop, made of sines and noise: 112 beats a minute, 44.1 kHz, mono."""

import numpy as np

from reenactor_anny.mesh import Array

RATE = 44_100
# A bar of bass and chords, in semitones over A1 (55 Hz): I - vi - IV - V, two beats each.
ROOTS = (3, 0, 8, 10)
CHORDS = ((15, 19, 22), (12, 15, 19), (15, 20, 24), (17, 22, 26))
TUNE = {0.5: 27, 1.0: 31, 2.5: 29, 3.0: 27, 4.5: 24, 5.0: 27, 6.5: 29, 7.0: 26, 7.5: 29}


def compose(seconds: float, bpm: float) -> Array:
    """(samples,) in [-1, 1]."""
    rng = np.random.default_rng(112)
    out = np.zeros(int(seconds * RATE) + RATE)
    beat = 60 / bpm

    def put(at: float, sound: Array, gain: float) -> None:
        start = int(at * beat * RATE)
        if 0 <= start < len(out):
            end = min(len(out), start + len(sound))
            out[start:end] += gain * sound[: end - start]

    beats = round(seconds / beat)
    for k in range(beats * 4):
        at = k / 4
        if at >= beats - 0.5:
            break
        swing = 0.03 if k % 2 else 0.0
        if k % 4 == 0 and at % 16 != 12.75:
            put(at, kick(), 0.85)
        if k % 8 == 4:
            put(at, clap(rng), 0.36)
        put(at + swing, hat(rng, 0.05 if k % 4 != 2 else 0.16), 0.10 if k % 4 != 2 else 0.14)
        if k % 4 in (0, 3) or k % 8 == 6:
            root = ROOTS[int(at // 2) % 4]
            put(at + swing, bass(root + (12 if k % 8 == 6 else 0), 0.22), 0.34)
        if k % 8 == 2 or k % 8 == 5:
            for note in CHORDS[int(at // 2) % 4]:
                put(at, pluck(note, 0.3), 0.07)
    for bar in range(beats // 8):
        for at, note in TUNE.items():
            put(bar * 8 + at, pluck(note + 12, 0.5), 0.10 if bar else 0.0)
    for note in (27, 31, 34, 39):
        put(beats - 3, pluck(note, 1.2), 0.09)
    out = np.tanh(1.1 * out[: int(seconds * RATE)])
    fade = np.clip((len(out) - np.arange(len(out))) / (0.4 * RATE), 0, 1)
    return np.asarray(0.68 * out * fade)


def _clock(seconds: float) -> Array:
    return np.arange(int(seconds * RATE)) / RATE


def _pitch(semitones: float) -> float:
    return float(55.0 * 2 ** (semitones / 12))


def kick() -> Array:
    t = _clock(0.28)
    phase = 2 * np.pi * (48 * t + 110 / 32 * (1 - np.exp(-32 * t)))
    return np.asarray(np.sin(phase) * np.exp(-9 * t) * np.minimum(1, (0.28 - t) * 40))


def clap(rng: np.random.Generator) -> Array:
    t = _clock(0.2)
    bursts = sum(np.exp(-120 * np.abs(t - d)) * (t >= d) for d in (0.0, 0.011, 0.023))
    raw = rng.standard_normal(len(t))
    bright = raw - np.convolve(raw, np.ones(12) / 12, "same")
    return np.asarray(bright * (bursts * 0.6 + np.exp(-28 * t) * 0.5))


def hat(rng: np.random.Generator, length: float) -> Array:
    t = _clock(length * 2)
    raw = rng.standard_normal(len(t))
    return np.asarray(np.diff(raw, prepend=0.0) * np.exp(-t / length * 4))


def bass(note: float, length: float) -> Array:
    t = _clock(length)
    f = _pitch(note)
    wave = sum(np.sin(2 * np.pi * f * k * t) / k**1.6 for k in (1, 2, 3, 4))
    return np.asarray(
        wave * np.exp(-3 * t) * np.minimum(1, t * 200) * np.minimum(1, (length - t) * 60)
    )


def pluck(note: float, length: float) -> Array:
    t = _clock(length)
    f = _pitch(note)
    wave = np.sin(2 * np.pi * f * t) + 0.35 * np.sin(4 * np.pi * f * t) * np.exp(-8 * t)
    return np.asarray(
        wave * np.exp(-6 * t) * np.minimum(1, t * 300) * np.minimum(1, (length - t) * 40)
    )
