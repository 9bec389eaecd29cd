"""The console script: it runs the very file that an expert runs without Garita."""

import runpy
from pathlib import Path

PROGRAM = Path(__file__).with_name("verify") / "garita_verify.py"


def main() -> None:
    """Entry point."""
    runpy.run_path(str(PROGRAM), run_name="__main__")
