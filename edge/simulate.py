"""Simulated instruments on real ports, for demonstrations, practice and acceptance."""

import random
import signal
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from drivers.analyzer_link.family import ANALYZER_LINK, with_samples
from drivers.analyzer_link.plays import Fault, Play
from drivers.analyzer_link.simulator import Simulator
from drivers.errors import UnknownInstrument
from drivers.families import FAMILIES
from drivers.family import Family
from drivers.pty import Simulated, serve_pty
from models.catalogue import DATA
from models.errors import UnreadableFile
from models.reading import read_samples
from models.sample import Sample

SAMPLES = DATA / "samples.msp"
LOOK_EVERY_S = 0.1


def simulate(name: str, pty: Path | None, sample: str | None, fault: str | None, rng: random.Random) -> None:
    """Serve one instrument of the family `name` until SIGINT or SIGTERM.

    Raises UnknownInstrument where family, sample or fault is not one of those there are.
    """
    family = playable(name)
    simulation = family.simulation
    if simulation is None:
        raise UnknownInstrument(name, "nothing plays this family yet")
    chosen = _one_of(simulation.samples, sample or simulation.samples[0], "sample", name)
    wrong = _one_of(simulation.faults, fault, "fault", name) if fault else None
    _serve(simulation.begin(chosen, wrong, rng), pty, lambda: False)


def simulate_plays(
    plays: Sequence[Play], pty: Path | None, duration: float, rng: random.Random, *, cycle: bool
) -> None:
    """Serve an analyzer that measures `plays` in turn, until a signal, or until the last has ended unless `cycle`."""
    simulator = Simulator(plays, rng, duration)
    _serve(simulator, pty, lambda: not cycle and simulator.acquisitions >= len(plays) and simulator.due() is None)


def playable(name: str) -> Family:
    """Return the family `name`, with the samples of this station where they are spectra. Raises UnknownInstrument."""
    if name == ANALYZER_LINK.name:
        return with_samples({sample.name: sample.spectra for sample in read_samples(SAMPLES)})
    if name not in FAMILIES:
        raise UnknownInstrument(name, f"no such family; there are {', '.join(FAMILIES)}")
    return FAMILIES[name]


def _one_of(known: Sequence[str], wanted: str, kind: str, family: str) -> str:
    for name in known:
        if name.casefold() == wanted.strip().casefold():
            return name
    raise UnknownInstrument(family, f"no {kind} {wanted!r}; there are {', '.join(known)}")


def _serve(simulator: Simulated, pty: Path | None, finished: Callable[[], bool]) -> None:
    ended = threading.Event()

    def end(_signal: int, _frame: object) -> None:
        ended.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    with serve_pty(simulator, pty) as port:
        print(port.path, flush=True)  # noqa: T201 - a command
        while not ended.wait(LOOK_EVERY_S) and not finished():
            pass


def choose_plays(names: Sequence[str], samples: Path) -> list[Play]:
    """Return a play for each name: `sample`, `sample:fault`, or a fault that befalls the first sample of the file.

    Raises UnreadableFile where a name is none of these.
    """
    known = {sample.name.casefold(): sample for sample in read_samples(samples)}
    return [_play(name.strip().casefold(), known, samples.name) for name in names]


def _play(name: str, known: dict[str, Sample], source: str) -> Play:
    wanted, _, fault = name.partition(":")
    if wanted in list(Fault) and not fault:
        wanted, fault = next(iter(known)), wanted
    if wanted not in known or (fault and fault not in list(Fault)):
        choice = ", ".join([*(sample.name for sample in known.values()), *Fault])
        raise UnreadableFile(f"{source}: no sample {name!r}, and no fault of that name; there are {choice}")
    return Play(known[wanted].name, known[wanted].spectra, Fault(fault) if fault else None)
