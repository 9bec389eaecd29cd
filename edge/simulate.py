"""A simulated analyzer on a real port, for demonstrations and practice."""

import random
import signal
import threading
from collections.abc import Sequence
from pathlib import Path

from drivers.analyzer_link.plays import Fault, Play
from drivers.analyzer_link.pty import serve_pty
from drivers.analyzer_link.simulator import Simulator
from models.catalogue import DATA
from models.errors import UnreadableFile
from models.reading import read_samples

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
    """Return a play for each name: a sample of the file, or a fault that befalls its first sample.

    Raises UnreadableFile where a name is neither.
    """
    known = {sample.name.casefold(): sample for sample in read_samples(samples)}
    first = next(iter(known.values()))
    plays: list[Play] = []
    for name in names:
        wanted = name.strip().casefold()
        if wanted in known:
            plays.append(Play(known[wanted].name, known[wanted].spectra))
        elif wanted in list(Fault):
            plays.append(Play(wanted, first.spectra, Fault(wanted)))
        else:
            choice = ", ".join([*(sample.name for sample in known.values()), *Fault])
            raise UnreadableFile(
                f"{samples.name}: no sample {name.strip()!r}, and no fault of that name; there are {choice}"
            )
    return plays
