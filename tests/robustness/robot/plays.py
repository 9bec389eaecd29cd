"""What the robot's analyzer may play, and the only conclusions that each may come to."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from drivers.analyzer_link.plays import Fault, Play
from edge.simulate import SAMPLES
from models.reading import read_samples
from models.spectrum import Spectrum


@dataclass(frozen=True)
class Act:
    """What the analyzer does in one reading, and the conclusions that are true of it, the expected one first.

    The virtual analyzer adds noise and sometimes loses an energy, so a weaker conclusion may come, and never another.
    """

    name: str
    play: Play
    true: tuple[str, ...]


class Repertoire:
    """The acts of a shift, drawn at random; the simulator reads the newest at the start of each reading."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._spectra = {sample.name: tuple(sample.spectra) for sample in read_samples(SAMPLES)}
        self.now = self._sample("Caffeine", "no_alarm")

    def draw(self) -> Act:
        """Choose what the next reading is."""
        substance, expected = self._rng.choice(_SUBSTANCES)
        kind = self._rng.random()
        if kind < 0.70:
            self.now = self._sample(substance, expected)
        elif kind < 0.82:
            noise = tuple(Spectrum(_NOISE_MZ, _NOISE, collision_energy=energy) for energy in (15, 30, 50))
            self.now = Act("noise", Play("noise", noise), ("inconclusive",))
        elif kind < 0.91:
            self.now = self._fault(Fault.DETECTOR)
        else:
            self.now = self._fault(Fault.UNPLUG)
        return self.now

    def _sample(self, name: str, expected: str) -> Act:
        return Act(name, Play(name, self._spectra[name]), (expected, *_WEAKER[expected]))

    def _fault(self, fault: Fault) -> Act:
        return Act(fault.value, Play(fault.value, self._spectra["Cocaine"], fault), ("fault",))


class Programme(Sequence[Play]):
    """The repertoire's newest act as the list that the simulator plays from, over and over."""

    def __init__(self, repertoire: Repertoire) -> None:
        self._repertoire = repertoire

    def __getitem__(self, index: int) -> Play:  # type: ignore[override]
        del index
        return self._repertoire.now.play

    def __len__(self) -> int:
        return 1


_SUBSTANCES = (
    ("Fentanyl", "alarm"),
    ("Cocaine", "alarm"),
    ("Methamphetamine", "alarm"),
    ("Ketamine", "caution"),
    ("Ephedrine", "caution"),
    ("Caffeine", "no_alarm"),
    ("Lidocaine", "no_alarm"),
    ("Paracetamol", "no_alarm"),
)
_WEAKER = {"alarm": ("caution", "inconclusive"), "caution": ("inconclusive",), "no_alarm": ("inconclusive",)}
_NOISE_MZ = [61.3, 77.7, 101.9, 149.4, 211.2, 263.8, 322.6]
_NOISE = [9.0, 3.0, 7.0, 10.0, 4.0, 6.0, 8.0]
