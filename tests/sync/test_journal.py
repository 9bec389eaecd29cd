from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel, create_engine

from sync.chain import Head
from sync.contract.ids import Seq, StationId
from sync.envelope import Envelope
from sync.errors import BrokenChain, SealError
from sync.identity import Identity
from sync.journal import JournalEntry, Sealer, append, head, verify_stored
from sync.keys import Recipient, StationKey
from sync.opening import open_envelope

STATION = StationId("MX-NLD-01")


@pytest.fixture
def sealer(station_key: StationKey, recipients: list[Recipient]) -> Sealer:
    return Sealer(STATION, station_key, recipients)


@pytest.fixture
def engine() -> Iterator[Engine]:
    engine = create_engine("sqlite://")
    SQLModel.metadata.create_all(engine, tables=[SQLModel.metadata.tables["journal"]])
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine, sealer: Sealer) -> Iterator[Session]:
    with Session(engine) as session:
        for number in range(1, 6):
            append(session, sealer, f"record {number}".encode())
        session.commit()
        yield session


def entry(session: Session, seq: int) -> JournalEntry:
    found = session.get(JournalEntry, seq)
    assert found
    return found


def refuses(session: Session, sealer: Sealer, words: str) -> None:
    session.commit()
    with pytest.raises(BrokenChain, match=words):
        verify_stored(session, STATION, sealer.key.public)


def test_entries_stand_in_order_and_open(session: Session, sealer: Sealer, national: Identity) -> None:
    assert verify_stored(session, STATION, sealer.key.public) == head(session)
    records = [open_envelope(Envelope.from_bytes(entry(session, seq).envelope), national) for seq in range(1, 6)]
    assert records == [f"record {number}".encode() for number in range(1, 6)]


def test_an_empty_journal_has_no_head_and_is_whole(engine: Engine, sealer: Sealer) -> None:
    with Session(engine) as session:
        assert head(session) is None
        assert verify_stored(session, STATION, sealer.key.public).seq == 0


def test_append_returns_the_entry_as_stored(session: Session, sealer: Sealer) -> None:
    added = append(session, sealer, b"record 6")
    assert (added.seq, added.prev) == (6, entry(session, 5).digest)
    assert head(session) == Head(Seq(6), Envelope.from_bytes(added.envelope).digest)


def test_a_rolled_back_entry_never_was(session: Session, sealer: Sealer) -> None:
    append(session, sealer, b"record 6")
    session.rollback()
    assert append(session, sealer, b"another record 6").seq == 6
    assert verify_stored(session, STATION, sealer.key.public).seq == 6


def test_nothing_is_added_when_sealing_is_impossible(session: Session, sealer: Sealer) -> None:
    poor = Sealer(STATION, sealer.key, sealer.recipients[:1])
    with pytest.raises(SealError):
        append(session, poor, b"record 6")
    session.commit()
    assert verify_stored(session, STATION, sealer.key.public).seq == 5


def test_two_entries_never_share_a_seq(engine: Engine, session: Session) -> None:
    with Session(engine) as other:
        other.add(JournalEntry(**entry(session, 5).model_dump() | {"digest": bytes(32)}))
        with pytest.raises(IntegrityError):
            other.flush()


def test_a_removed_row_is_named(session: Session, sealer: Sealer) -> None:
    session.delete(entry(session, 3))
    refuses(session, sealer, "01/4: entries 3 to 3 are missing")


def test_a_renumbered_row_is_named(session: Session, sealer: Sealer) -> None:
    session.delete(entry(session, 3))
    session.flush()
    entry(session, 4).seq = 3
    refuses(session, sealer, "entry 3: its columns say something else than its envelope, envelope MX-NLD-01/4")


def test_swapped_rows_are_named(session: Session, sealer: Sealer) -> None:
    third, fourth = (entry(session, seq).model_dump(exclude={"seq"}) for seq in (3, 4))
    session.delete(entry(session, 3))
    session.delete(entry(session, 4))
    session.flush()
    session.add_all([JournalEntry(seq=3, **fourth), JournalEntry(seq=4, **third)])
    refuses(session, sealer, "entry 3: its columns say something else")


@pytest.mark.parametrize("column", ["prev", "digest"])
def test_an_edited_column_is_named(column: str, session: Session, sealer: Sealer) -> None:
    setattr(entry(session, 2), column, bytes(32))
    refuses(session, sealer, "entry 2: its columns say something else")


@pytest.mark.parametrize(("at", "words"), [(0, "entry 2: its envelope was changed"), (-1, "entry 2: its columns")])
def test_an_edited_envelope_is_named(at: int, words: str, session: Session, sealer: Sealer) -> None:
    row = entry(session, 2)
    changed = bytearray(row.envelope)
    changed[at] ^= 1
    row.envelope = bytes(changed)
    refuses(session, sealer, words)


def test_an_edited_envelope_with_its_digest_edited_too_is_named(session: Session, sealer: Sealer) -> None:
    row = entry(session, 2)
    changed = bytearray(row.envelope)
    changed[-1] ^= 1
    row.envelope = bytes(changed)
    row.digest = Envelope.from_bytes(row.envelope).digest
    refuses(session, sealer, "01/2: it was changed, or another key signed it")


def test_a_forged_entry_at_the_end_is_named(session: Session, sealer: Sealer, other_station_key: StationKey) -> None:
    append(session, Sealer(STATION, other_station_key, sealer.recipients), b"forged")
    refuses(session, sealer, "01/6: it was changed, or another key signed it")
