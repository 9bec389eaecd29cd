"""Audit the stations: each one's stated head is in the log, no journal went back, and who fell silent is named.

A centre cannot make a silent station look alive: it would need the station's signature under a new head.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Literal

from pydantic import Field

from sync.batch import Statement
from sync.contract.card import MAX_LIST, MAX_LISTED, StationCard
from sync.contract.form import Form
from sync.contract.standing import Standing
from sync.contract.wall import Wall, format_wall, parse_wall
from sync.errors import BadSignature, Malformed
from sync.keys import StationPublicKey
from sync.merkle import leaf_hash
from sync.tiles import WIDTH, Tile
from sync.witness.audit import Finding
from sync.witness.published import Published, read_tile


class Known(Form, frozen=True):
    """What the auditor knows of a station: its card when first seen, its last head, and when that head was new."""

    card: StationCard
    seq: int
    since: Wall


class Memory(Form, frozen=True):
    """What the auditor keeps from one audit to the next."""

    MAX_BYTES: ClassVar[int] = MAX_LIST
    MAX_VALUES: ClassVar[int] = MAX_LISTED

    format: Literal["garita.audit-memory/1"] = "garita.audit-memory/1"
    stations: list[Known] = Field(default_factory=list[Known])


@dataclass(frozen=True)
class Roll:
    """The findings on the stations, and what to remember of them."""

    findings: list[Finding]
    memory: Memory


def audit_stations(
    log: Published,
    size: int,
    standings: Sequence[Standing],
    memory: Memory | None,
    now: datetime,
    silent_after: timedelta,
) -> Roll:
    """Check each station against the log's `size` leaves and the last audit; `memory` is None at the first one.

    Codes: `station`, `silent`, and `new` for each that was not here at the last audit: the centre may have invented it.
    """
    known = {each.card.station: each for each in memory.stations} if memory else {}
    findings, kept = list[Finding](), dict(known)
    for standing in standings:
        station = standing.card.station
        try:
            seq = _proven(log, size, standing, known.get(station))
        except (Malformed, BadSignature) as error:
            findings.append(Finding("station", str(error)))
            continue
        before = known.get(station)
        if before is None and memory is not None:
            told = f"compare its key with the card that its technician has: {standing.card.fingerprint}"
            findings.append(Finding("new", f"{station} was not here at the last audit; {told}"))
        if before is None or seq > before.seq:
            kept[station] = Known(card=before.card if before else standing.card, seq=seq, since=format_wall(now))
    gone = sorted(set(known) - {each.card.station for each in standings})
    findings += [
        Finding("station", f"{name} was here at the last audit; the centre shows nothing of it") for name in gone
    ]
    findings += _silent(kept.values(), now, silent_after)
    return Roll(findings, Memory(stations=[kept[name] for name in sorted(kept)]))


def _proven(log: Published, size: int, standing: Standing, before: Known | None) -> int:
    """Return the seq that a station has reached; raises BadSignature or Malformed for what it did not state."""
    card, station = standing.card, standing.card.station
    if before and before.card != card:
        raise BadSignature(f"{station}: the centre shows another key than at the first audit")
    statement = Statement.from_bytes(standing.statement)
    statement.verify(StationPublicKey(card.public_key))
    if statement.header.station != station:
        raise BadSignature(f"{station}: the statement shown is of {statement.header.station}")
    head = statement.header.head
    if before and head.seq < before.seq:
        raise BadSignature(
            f"{station}: {before.seq} entries at the last audit, and {head.seq} now: its journal was cut"
        )
    if _leaf(log, size, standing.index) != leaf_hash(head.digest):
        raise BadSignature(f"{station}: its head, entry {head.seq}, is not at {standing.index} of the log")
    return head.seq


def _leaf(log: Published, size: int, index: int) -> bytes | None:
    if index >= size:
        return None
    number, offset = divmod(index, WIDTH)
    hashes = read_tile(log, Tile(0, number, min(WIDTH, size - number * WIDTH)))
    return hashes[offset] if hashes else None


def _silent(stations: Iterable[Known], now: datetime, silent_after: timedelta) -> Iterator[Finding]:
    for each in stations:
        quiet = now - parse_wall(each.since)
        if quiet > silent_after:
            hours = quiet.total_seconds() / 3600
            yield Finding(
                "silent", f"{each.card.station} has sent nothing new for {hours:.0f} hours (entry {each.seq})"
            )
