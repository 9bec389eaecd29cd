"""An alarm is heard until it is acknowledged, and the next one is heard again."""

import io
import wave
from collections.abc import Iterator
from pathlib import Path
from queue import Queue
from threading import Event
from typing import get_args

import numpy as np
import pytest

from edge.player import Player, player
from edge.preferences import Panel
from edge.sound import Sound
from edge.tones import BURSTS, RATE_HZ, render
from sync.contract.records import Conclusion
from tests.waiting import HANG_S, wait_until


class Ear:
    """Hears what is played; the sound lasts until `go_on` is set, or it is stopped."""

    def __init__(self) -> None:
        self.heard: Queue[bytes] = Queue()
        self.go_on = Event()

    def play(self, sound: bytes, stop: Event) -> None:
        self.heard.put(sound)
        while not self.go_on.is_set() and not stop.wait(0.01):
            pass


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
def sound(ear: Ear, tmp_path: Path) -> Iterator[Sound]:
    sound = Sound(ear.play, Panel(tmp_path))
    yield sound
    sound.close()


def samples(sound: bytes) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    with wave.open(io.BytesIO(sound)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE_HZ)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2")


def pulses(sound: bytes) -> list[tuple[int, int]]:
    """Return where each stretch of sound begins and ends, in samples."""
    window = RATE_HZ // 100
    found = samples(sound)
    loud = np.array([np.abs(found[at : at + window]).max() > 50 for at in range(0, len(found), window)])
    edges = np.flatnonzero(np.diff(np.concatenate([[False], loud, [False]]).astype(int)))
    return [(int(begin) * window, int(end) * window) for begin, end in edges.reshape(-1, 2)]


@pytest.mark.parametrize(
    ("conclusion", "count"), [("alarm", 10), ("caution", 3), ("inconclusive", 2), ("no_alarm", 1), ("fault", 2)]
)
def test_each_conclusion_has_its_own_number_of_pulses(conclusion: Conclusion, count: int) -> None:
    assert len(pulses(render(BURSTS[conclusion], 3))) == count


def test_every_conclusion_sounds_and_the_alarm_alone_comes_again() -> None:
    assert set(BURSTS) == set(get_args(Conclusion))
    assert [conclusion for conclusion, burst in BURSTS.items() if burst.gap] == ["alarm"]
    assert 2.5 <= (BURSTS["alarm"].gap or 0) <= 4


def test_a_pulse_carries_its_pitch_and_four_harmonics() -> None:
    begin, end = pulses(render(BURSTS["alarm"], 3))[0]
    heard = samples(render(BURSTS["alarm"], 3))[begin:end]
    spectrum = np.abs(np.fft.rfft(heard * np.hanning(len(heard))))
    hertz = np.fft.rfftfreq(len(heard), 1 / RATE_HZ)
    for k in range(1, 6):
        near = spectrum[np.abs(hertz - 660 * k) < 30].max()
        between = spectrum[np.abs(hertz - 660 * (k + 0.5)) < 30].max()
        assert near > 10 * between


def test_the_strongest_tone_of_an_alarm_is_its_660_hz() -> None:
    heard = samples(render(BURSTS["alarm"], 3))
    spectrum = np.abs(np.fft.rfft(heard * np.hanning(len(heard))))
    assert abs(np.fft.rfftfreq(len(heard), 1 / RATE_HZ)[spectrum.argmax()] - 660) < 2


@pytest.mark.parametrize(("volume", "peak", "rms"), [(3, -0.2, -6.7), (2, -8.2, -14.6), (1, -18.6, -25.0)])
def test_the_samples_are_as_loud_as_docs_say(volume: int, peak: float, rms: float) -> None:
    """In dB below full scale; RMS over the pulses, without the rests between them."""
    sound = render(BURSTS["alarm"], volume)
    heard = samples(sound) / 32_768
    pulsing = np.concatenate([heard[begin:end] for begin, end in pulses(sound)])
    assert 20 * np.log10(np.abs(heard).max()) == pytest.approx(peak, abs=0.1)
    assert 20 * np.log10(np.sqrt(np.mean(pulsing**2))) == pytest.approx(rms, abs=0.1)


def test_louder_is_louder_and_nothing_is_clipped() -> None:
    peaks = [int(np.abs(samples(render(BURSTS["alarm"], volume))).max()) for volume in (1, 2, 3)]
    assert peaks == sorted(set(peaks))
    assert peaks[-1] < 32_767


def test_an_alarm_comes_again_until_it_is_acknowledged(sound: Sound, ear: Ear, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(BURSTS, "alarm", BURSTS["alarm"].__class__(BURSTS["alarm"].pulses, gap=0.01))  # type: ignore[arg-type]
    ear.go_on.set()
    sound.tell("alarm")
    for _ in range(3):
        ear.heard.get(timeout=HANG_S)
    assert (sound.ringing, sound.paused) == (True, False)
    sound.pause()
    assert (sound.ringing, sound.paused) == (False, True)
    while not ear.heard.empty():
        ear.heard.get()
    assert ear.heard.empty()


def test_the_next_alarm_sounds_again_after_one_was_silenced(sound: Sound, ear: Ear) -> None:
    sound.tell("alarm")
    ear.heard.get(timeout=HANG_S)
    sound.pause()
    sound.tell("no_alarm")
    ear.heard.get(timeout=HANG_S)
    assert sound.paused
    sound.tell("alarm")
    ear.heard.get(timeout=HANG_S)
    assert (sound.ringing, sound.paused) == (True, False)


def test_in_discreet_mode_nothing_is_heard(ear: Ear, tmp_path: Path) -> None:
    panel = Panel(tmp_path)
    panel.set(discreet=True)
    sound = Sound(ear.play, panel)
    sound.tell("alarm")
    sound.close()
    assert (ear.heard.empty(), sound.ringing) == (True, False)


def test_the_player_gets_the_whole_sound(tmp_path: Path) -> None:
    program = tmp_path / "player"
    program.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/arguments\ncat > {tmp_path}/heard\n')
    program.chmod(0o755)
    alarm = render(BURSTS["alarm"], 2)
    Player(program).play(alarm, Event())
    assert (tmp_path / "heard").read_bytes() == alarm
    assert (tmp_path / "arguments").read_text() == "-q -\n"


def test_a_player_that_is_told_to_stop_stops(tmp_path: Path) -> None:
    program, begun, stop = tmp_path / "player", tmp_path / "begun", Event()
    program.write_text(f"#!/bin/sh\necho > {begun}\nexec sleep 600\n")
    program.chmod(0o755)
    sound = Sound(Player(program).play, Panel(tmp_path))
    sound.tell("alarm")
    wait_until(begun.exists)
    sound.close()
    stop.set()
    assert sound._thread
    assert not sound._thread.is_alive()


def test_a_player_that_is_not_there_harms_nobody(tmp_path: Path) -> None:
    Player(tmp_path / "none").play(b"", Event())


def test_without_a_sound_card_there_is_no_player(tmp_path: Path) -> None:
    cards = tmp_path / "cards"
    assert player(None, cards) is None
    cards.write_text("--- no soundcards ---\n")
    assert player(None, cards) is None
    assert player(tmp_path / "any", cards) is not None
