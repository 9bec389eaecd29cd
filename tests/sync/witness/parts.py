"""A witness that listens, and a centre that asks three of them."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import uvicorn

from sync.central.centre import Centre
from sync.cosignature import WitnessKey
from sync.note import LogVerifier
from sync.policy import Policy
from sync.witness.book import Book

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
NAMES = ("prosecutor.example", "ombudsman.example", "university.example")


@dataclass
class Running:
    """A witness that listens; `stop` ends it, as a power cut at its site would."""

    key: WitnessKey
    book: Book
    port: int
    server: uvicorn.Server
    thread: threading.Thread

    @property
    def line(self) -> str:
        """Give its line in a policy."""
        return f"witness {self.key.verifier.name} {self.key.verifier.vkey} http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        """Listen no more."""
        self.server.should_exit = True
        self.thread.join()


StartWitness = Callable[[str, LogVerifier], Running]


@dataclass
class Witnessed:
    """A centre with three witnesses of whom two must cosign; `centre` is opened anew by `reopen`."""

    folder: Path
    policy: Policy
    witnesses: list[Running]
    centre: Centre

    def reopen(self) -> None:
        """Open the centre again."""
        self.centre.close()
        self.centre = Centre.open(self.folder, lambda: NOON)
