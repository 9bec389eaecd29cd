"""The centre holds nothing that opens an envelope, and nothing of what is in one."""

import subprocess
import sys
from pathlib import Path

from sync.central.centre import Centre
from sync.contract.ids import StationId
from sync.contract.submission import Submission
from sync.envelope import Envelope

FORBIDDEN = {"sync.opening", "sync.identity", "sync.vault", "sync.outbox", "sync.relay", "sync.client", "edge"}
LOADED = """
import sys, pkgutil, importlib, sync.central
for module in pkgutil.iter_modules(sync.central.__path__):
    importlib.import_module(f"sync.central.{module.name}")
print(*sys.modules)
"""


def test_no_module_of_the_centre_reaches_opening() -> None:
    command = [sys.executable, "-c", LOADED]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own command
    modules = set(loaded.stdout.split())
    assert "sync.central.serving" in modules
    assert not {name for name in modules if any(f"{name}.".startswith(f"{each}.") for each in FORBIDDEN)}


def test_no_plaintext_in_its_folder(centre: Centre, entries: list[Envelope], centre_folder: Path) -> None:
    """Each of these entries seals a record with a canary."""
    submission = Submission(station=StationId("MX-TIJ-01"), envelopes=[entry.data for entry in entries])
    assert centre.ingest.submit(submission).contiguous == len(entries)
    everything = b"".join(path.read_bytes() for path in centre_folder.rglob("*") if path.is_file())
    assert entries[0].data in everything
    assert b"CANARY" not in everything
