"""The console script: it runs the very file that an expert runs without Garita."""

import runpy
import sys
from pathlib import Path

PROGRAM = Path(__file__).with_name("verify") / "garita_verify.py"


def main() -> None:
    """Entry point."""
    sys.path.insert(0, str(PROGRAM.parent))
    runpy.run_path(str(PROGRAM), run_name="__main__")
