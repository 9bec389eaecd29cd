"""What the centre needs of its database, whichever engine stands behind it. Nothing else in the centre knows SQL."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sync.chain import Head
from sync.contract.aside import AsideEntry, AsideKey
from sync.contract.card import StationCard
from sync.contract.ids import EnvelopeDigest, Seq, StationId
from sync.contract.inside import LoggedEnvelope
from sync.contract.standing import Standings


@dataclass(frozen=True)
class NewEntry:
    """An envelope that was judged and comes next."""

    seq: Seq
    digest: EnvelopeDigest
    envelope: bytes


@dataclass(frozen=True)
class Gap:
    """A station offered entry `offered` while `expected` is still missing here."""

    expected: Seq
    offered: Seq
    since: str


@dataclass(frozen=True)
class Revocation:
    """From when on nothing of a station goes into the log, and why."""

    since: str
    reason: str


@dataclass(frozen=True)
class Buried:
    """So many stored entries of a station that somebody in the database kept out of the log; `first` of them is a seq.

    `since` is when the first was found. They are logged then, behind later ones, and this stays told.
    """

    count: int
    first: Seq
    since: str


@dataclass(frozen=True)
class StationState:
    """A station as the centre sees it: how far its journal is here, and what is wrong with it."""

    station: StationId
    fingerprint: str
    contiguous: int
    equivocations: int
    quarantined: int
    gap: Gap | None
    revocation: Revocation | None
    buried: Buried | None = None


@dataclass(frozen=True)
class Span:
    """Consecutive entries of a station's journal."""

    station: StationId
    first: Seq
    last: Seq


class Journal(Protocol):
    """One station's journal while submissions are judged: nobody else writes it, and all is kept or nothing."""

    @property
    def revocation(self) -> Revocation | None:
        """Whether the station is revoked."""
        ...

    def head(self) -> Head | None:
        """Return where it ends here, with what was appended."""
        ...

    def held(self, first: Seq, last: Seq) -> dict[Seq, EnvelopeDigest]:
        """Return the entries from `first` to `last` that are here, with what was appended."""
        ...

    def append(self, entries: Sequence[NewEntry], now: datetime) -> None:
        """Store entries that were judged."""
        ...

    def contested(self, seq: Seq) -> set[EnvelopeDigest]:
        """Return the entries of that seq that are kept because they contest the journal."""
        ...

    def keep_contested(self, entries: Sequence[NewEntry], now: datetime) -> None:
        """Keep, as evidence, entries of another branch of the journal than the one that is here."""
        ...

    def keep_quarantined(self, entries: Sequence[NewEntry], now: datetime) -> None:
        """Keep what a revoked station sent, outside the log."""
        ...

    def keep_statement(self, seq: Seq, statement: bytes) -> None:
        """Keep what the station stated of its head, in the place of what it stated of an earlier one."""
        ...

    def note_gap(self, gap: Gap | None) -> None:
        """Note what is missing, or that nothing is."""
        ...


class Engine(Protocol):
    """The database; each method stands alone."""

    def writing(self, stations: Sequence[StationId]) -> AbstractContextManager[Sequence[Journal]]:
        """Write the journals of these stations, all wholly or nothing at all; a station named twice has one journal."""
        ...

    def admit(self, card: StationCard, now: datetime) -> None:
        """Take a station in; raises UnusableKey if it is already here with another key."""
        ...

    def revoke(self, station: StationId, revocation: Revocation) -> None:
        """Quarantine from now on what the station sends; raises UnusableKey for one that is not admitted."""
        ...

    def reinstate(self, station: StationId) -> None:
        """Take the station's entries into the log again; what was quarantined stays where it is."""
        ...

    def revocation(self, station: StationId) -> Revocation | None:
        """Return whether the station is revoked."""
        ...

    def card(self, station: StationId) -> StationCard | None:
        """Return the card of an admitted station."""
        ...

    def cards(self) -> list[StationCard]:
        """Return every admitted station's card."""
        ...

    def stations(self) -> list[StationState]:
        """Return how each admitted station stands."""
        ...

    def standings(self) -> Standings:
        """Return the newest statement of each station."""
        ...

    def head(self, station: StationId) -> Head | None:
        """Return where a station's journal ends here."""
        ...

    def places(self, spans: Sequence[Span]) -> dict[tuple[StationId, Seq], int]:
        """Return the log index of each entry in `spans` that has one."""
        ...

    def aside(self, after: AsideKey, limit: int, most_bytes: int) -> list[AsideEntry]:
        """Return what is kept outside of the log behind `after`: as many as fit into both limits, one at least."""
        ...

    def aside_size(self) -> int:
        """Return how many entries are kept outside of the log."""
        ...

    def enrol_again(self, spans: Sequence[Span]) -> None:
        """Let entries in `spans` that are stored, and neither have a place in the log nor wait for one, wait for it.

        Which they were is kept, for `stations` to tell.
        """
        ...

    def enrol(self) -> None:
        """Give every stored entry its place in the log; called by the one log writer."""
        ...

    def tidy(self) -> None:
        """Clean up behind the log writer, outside of any transaction."""
        ...

    def size(self) -> int:
        """Return how many entries have a place in the log."""
        ...

    def digests(self, start: int, limit: int) -> list[EnvelopeDigest]:
        """Return digests in log order from `start`, which become the log's entries."""
        ...

    def envelopes(self, start: int, stop: int, most_bytes: int) -> list[LoggedEnvelope]:
        """Return envelopes in log order: as many as fit into `most_bytes`, one at least."""
        ...

    def close(self) -> None:
        """Close the database."""
        ...
