"""A simulated analyzer on a real port, for demonstrations and practice."""

import random
import signal
import threading
from collections.abc import Sequence
from pathlib import Path

from drivers.analyzer_link.plays import Fault, Play
from drivers.analyzer_link.simulator import Simulator
from drivers.pty import serve_pty
from models.catalogue import DATA
from models.errors import UnreadableFile
from models.reading import Sample, read_samples

SAMPLES = DATA / "samples.msp"
LOOK_EVERY_S = 0.1


def simulate_analyzer(
    link: Path, names: Sequence[str], samples: Path | None, *, duration: float, seed: int, cycle: bool
) -> None:
    """Serve the port until SIGINT or SIGTERM, or until the last play has ended unless `cycle`."""
    plays = choose_plays(names, samples or SAMPLES)
    simulator = Simulator(plays, random.Random(seed), duration)  # noqa: S311 - noise of a made-up instrument
    ended = threading.Event()

    def end(_signal: int, _frame: object) -> None:
        ended.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    with serve_pty(simulator, link):
        while not ended.wait(LOOK_EVERY_S):
            if not cycle and simulator.acquisitions >= len(plays) and simulator.due() is None:
                break


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
