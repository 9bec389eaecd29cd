"""One way to fuzz a parser with atheris: kept corpus in `corpus/NAME`, what a run finds in `build/fuzz/NAME`."""

import sys
from collections.abc import Callable
from pathlib import Path

import atheris

HERE = Path(__file__).parent
FOUND = HERE.parents[1] / "build" / "fuzz"
LONGEST = 4096
SECONDS_FOR_ONE = 30
MEGABYTES = 2048


def fuzz(name: str, target: Callable[[bytes], None]) -> None:
    """Run `target` over the corpus and its mutations until an option (-runs=N, -max_total_time=S) ends it.

    Any exception that leaves `target`, 30 s for one input (machines may be busy) or 2 GB of memory is a finding and
    ends the program.
    """
    kept, found = HERE / "corpus" / name, FOUND / name
    kept.mkdir(parents=True, exist_ok=True)
    found.mkdir(parents=True, exist_ok=True)
    limits = [f"-max_len={LONGEST}", f"-timeout={SECONDS_FOR_ONE}", f"-rss_limit_mb={MEGABYTES}"]
    artifacts = f"-artifact_prefix={found}/"
    arguments = [sys.argv[0], *limits, artifacts, "-print_final_stats=1", *sys.argv[1:], str(found), str(kept)]
    atheris.Setup(arguments, target)
    atheris.Fuzz()
