"""kill -9 at random moments while records are committed: `python -m tests.robustness.power_cut --rounds 200`."""

import argparse
import os
import random
import select
import signal
import tempfile
import time
from pathlib import Path
from typing import TextIO

from models.identification import Identifier
from tests.robustness.ground import Ground
from tests.robustness.shift import shift

LONGEST_S = 1.5


def said_until(lines: TextIO, seconds: float) -> str:
    """Return the last line that the shift says until so long after its first one."""
    last, end = lines.readline(), time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0 and select.select([lines], [], [], left)[0]:
        last = lines.readline() or last
    return last


def one_round(ground: Ground, identifier: Identifier, rng: random.Random, *, whole: bool) -> int:
    """Work, be killed, and look; return the journal's length. One round in ten is killed while it starts."""
    with shift(ground.data, rng.getrandbits(32), identifier) as (pid, lines):
        last = ""
        if rng.random() < 0.1:
            time.sleep(rng.uniform(0, 0.5))
        else:
            last = said_until(lines, rng.uniform(0, LONGEST_S))
        os.kill(pid, signal.SIGKILL)
        said = [last, *lines.read().splitlines(keepends=True)]
    return ground.check([line for line in said if line.endswith("\n") or not line][-1].strip(), whole=whole)


def main() -> None:
    """Run the rounds and say what was found; any loss ends with a traceback."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng, begun = random.Random(options.seed), time.monotonic()  # noqa: S311 - a test's dice
    with tempfile.TemporaryDirectory(prefix="garita-kill-") as name:
        ground = Ground(Path(name) / "station")
        ground.lay()
        identifier, length = Identifier.open(), 0
        for number in range(1, options.rounds + 1):
            length = one_round(ground, identifier, rng, whole=number in {options.rounds, options.rounds // 2})
            print(f"round {number}: {length} entries", flush=True)  # noqa: T201 - a script
    spent = time.monotonic() - begun
    print(f"{options.rounds} rounds of kill -9: {length} entries, none lost, chain and outbox whole, {spent:.0f} s")  # noqa: T201 - a script


if __name__ == "__main__":
    main()
