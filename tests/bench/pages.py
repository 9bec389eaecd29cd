"""The page of measured numbers: each benchmark writes its own section and leaves the others alone."""

import os
import platform
from datetime import UTC, datetime
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"
TITLE = "# Benchmarks\n\nWritten by `make bench`; each section names its command, its machine and its day.\n"


def write_section(title: str, text: str, page: Path = PAGE) -> None:
    """Put `text` under `## title`, in place of what stood there."""
    before = page.read_text(encoding="utf-8") if page.exists() else TITLE
    sections = before.split("\n## ")
    kept = [each for each in sections[1:] if not each.startswith(f"{title}\n")]
    mine = f"{title}\n\n{text.strip()}\n"
    page.write_text(
        "\n## ".join([sections[0].rstrip() + "\n", *sorted([*(each.strip() + "\n" for each in kept), mine])])
    )


def machine() -> str:
    """Return what measured, and when."""
    models = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if "model name" in line
    ]
    name = models[0] if models else platform.machine()
    return f"{name}, {os.cpu_count()} cores (shared), Python {platform.python_version()}, {datetime.now(UTC):%Y-%m-%d}"
