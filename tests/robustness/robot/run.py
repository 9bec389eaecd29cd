"""A robot officer's shift: `python -m tests.robustness.robot.run --screenings 200 --seed 1 [--write]`.

It ends with status 1 at the first dead end, false conclusion or lost field, and names the seed.
"""

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.edge.web.conftest import CHROMIUM, FLAGS
from tests.robustness.robot.hands import Hands
from tests.robustness.robot.plays import Repertoire
from tests.robustness.robot.shift import Shift
from tests.robustness.robot.site import Site, children, resident, site

WARM = 20
MIB = 1024 * 1024


def main(arguments: list[str]) -> int:
    """Work a shift and print what it came to."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--screenings", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    rng = random.Random(asked.seed)  # noqa: S311 - a script, not a secret
    repertoire = Repertoire(rng)
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as root, site(Path(root), repertoire, rng) as where, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        hands = Hands(browser, where.address, where.pin, rng)
        shift = Shift(hands, repertoire, rng)
        for number in range(1, asked.screenings + 1):
            shift.screening()
            if number == WARM or number % 50 == 0:
                sys.stdout.write(f"{number} screenings: {_memory(where)}\n")
        browser.close()
    minutes = (time.monotonic() - started) / 60
    said = (
        (
            f"{asked.screenings} screenings in {minutes:.0f} min (seed {asked.seed}), {hands.taps} taps, "
            f"{hands.kills} killed browsers, {shift.seizures} seizures signed"
        ),
        f"conclusions: {dict(shift.conclusions)}; weaker than expected: {dict(shift.weaker)}",
        f"done to the screens: {dict(shift.chaos)}",
    )
    sys.stdout.writelines(f"{line}\n" for line in said)
    sys.stdout.writelines(f"trouble: {trouble}\n" for trouble in hands.troubles)
    return 1 if hands.troubles else 0


def _memory(where: Site) -> str:
    return f"station {where.memory() / MIB:.0f} MiB, browser {resident(*children('chrom')) / MIB:.0f} MiB"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
