"""What each conclusion sounds like: pulses as IEC 60601-1-8 spaces them, rendered to WAV."""

import io
import wave
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sync.contract.records import Conclusion

RATE_HZ = 22_050
HARMONICS = 5
"""A pulse carries its fundamental and four harmonics, so that it is heard through noise and by aged ears."""

RISE_S = 0.02
FULL = 32_000
LOUDNESS: Mapping[int, float] = {1: 0.12, 2: 0.4, 3: 1.0}
"""Part of full scale, by the volume of the panel."""


@dataclass(frozen=True)
class Pulse:
    """A tone of so many Hz, then silence, both in seconds."""

    pitch: float
    length: float
    rest: float


@dataclass(frozen=True)
class Burst:
    """Pulses in a row; `gap` seconds later they come again until somebody acknowledges them, or never."""

    pulses: Sequence[Pulse]
    gap: float | None = None


_FIVE = [Pulse(660, 0.15, rest) for rest in (0.1, 0.1, 0.3, 0.1, 0.5)]

BURSTS: Mapping[Conclusion, Burst] = {
    "alarm": Burst([*_FIVE, *_FIVE], gap=2.6),
    "caution": Burst([Pulse(520, 0.2, 0.2)] * 3),
    "inconclusive": Burst([Pulse(330, 0.2, 0.2)] * 2),
    "no_alarm": Burst([Pulse(440, 0.15, 0.05)]),
    "fault": Burst([Pulse(330, 0.25, 0.05), Pulse(220, 0.35, 0.05)]),
}


def render(burst: Burst, volume: int) -> bytes:
    """Return a burst as the bytes of a WAV file: 16 bit, one channel."""
    samples = np.concatenate([_samples(pulse) for pulse in burst.pulses]) * (FULL * LOUDNESS[volume])
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE_HZ)
        sound.writeframes(samples.astype("<i2").tobytes())
    return file.getvalue()


def _samples(pulse: Pulse) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    time = np.arange(round(pulse.length * RATE_HZ)) / RATE_HZ
    tone = sum(np.sin(2 * np.pi * pulse.pitch * k * time) / k for k in range(1, HARMONICS + 1))
    envelope = np.minimum(1, np.minimum(time, pulse.length - time) / RISE_S)
    silence = np.zeros(round(pulse.rest * RATE_HZ))
    return np.concatenate([tone / np.max(np.abs(tone)) * envelope, silence])
