"""A letter to the outside body: read there, and at the station nobody sees that there is one."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from edge.errors import BadLetter, NotSaved
from edge.letterbox import Letterbox
from edge.station import Station
from edge.tables import Letter
from sync.contract.letter import LETTERS, MAX_TEXT, LetterRecord
from sync.errors import OpenError, SealError
from sync.identity import Identity
from sync.letters import seal_letter
from sync.letters_opening import open_letter
from tests.edge.bench import Bench, lay_down_keys

TEXT = "El comandante pide que no se mida el camión de los jueves. ¿A quién le digo?"
HOUR = 3600


@pytest.fixture(scope="module")
def outside() -> Identity:
    return Identity.generate("oversight")


@pytest.fixture
def station(bench: Bench, national: Identity, escrow: Identity, outside: Identity) -> Station:
    lay_down_keys(bench.data, bench.station_key, national, escrow, outside)
    return bench.open()


def letter_records(bench: Bench) -> list[LetterRecord]:
    return [record for record in bench.records() if isinstance(record, LetterRecord)]


def read_all(bench: Bench, outside: Identity) -> list[list[str]]:
    """Return what the outside body reads, record by record."""
    records = letter_records(bench)
    return [sorted(filter(None, (open_letter(each, outside) for each in record.letters))) for record in records]


def a_day_later(bench: Bench, station: Station) -> None:
    bench.clock.sleep(24 * HOUR)
    station._housekeeping.round()


def test_the_outside_body_reads_it_and_the_state_does_not(
    bench: Bench, station: Station, outside: Identity, national: Identity
) -> None:
    station.letterbox.put(TEXT)
    a_day_later(bench, station)
    assert read_all(bench, outside) == [[], [TEXT]]
    for letter in letter_records(bench)[-1].letters:
        with pytest.raises(OpenError, match="sealed to"):
            open_letter(letter, national)


def test_writing_one_makes_no_record_and_names_nobody(bench: Bench, station: Station) -> None:
    before = bench.records()
    station.letterbox.put(TEXT)
    assert bench.records() == before
    a_day_later(bench, station)
    assert letter_records(bench)[-1].operator is None


def shapes(bench: Bench) -> Iterator[tuple[int, ...]]:
    """Tell all that the journal shows of letters: when a record came, how many letters, and of which size."""
    for record in letter_records(bench):
        yield (record.recorded.monotonic_ns, *map(len, record.letters))


@pytest.mark.parametrize("texts", [[], ["x"], [TEXT, "y" * MAX_TEXT], ["1", "2", "3", "4", "5"]])
def test_days_with_letters_look_like_days_without(bench: Bench, station: Station, texts: list[str]) -> None:
    start = bench.clock.monotonic_ns
    for text in texts:
        station.letterbox.put(text)
    for _ in range(3):
        a_day_later(bench, station)
    day = int(timedelta(days=1).total_seconds()) * 10**9
    size = 8 + 1568 + 97 + 2 + MAX_TEXT + 16
    assert list(shapes(bench)) == [(start + number * day, *[size] * LETTERS) for number in range(4)]


def test_nothing_is_lost_when_more_come_than_a_day_takes(bench: Bench, station: Station, outside: Identity) -> None:
    for number in range(5):
        station.letterbox.put(f"letter {number}")
    for _ in range(4):
        a_day_later(bench, station)
    read = [text for texts in read_all(bench, outside) for text in texts]
    assert sorted(read) == [f"letter {number}" for number in range(5)]


def test_the_stored_rows_do_not_tell_either(station: Station) -> None:
    def rows() -> list[tuple[int | None, int]]:
        with station._database.read() as session:
            return [(row.id, len(row.sealed)) for row in session.exec(select(Letter))]

    before = rows()
    station.letterbox.put(TEXT)
    assert rows() == before


def test_a_power_cut_loses_no_letter(bench: Bench, station: Station, outside: Identity) -> None:
    station.letterbox.put(TEXT)
    bench.close()
    bench.clock.reboot()
    bench.open()
    assert read_all(bench, outside) == [[], [TEXT]]


def test_a_send_that_is_not_saved_loses_no_letter(bench: Bench, station: Station, outside: Identity) -> None:
    @contextmanager
    def full() -> Generator[Session]:
        with station._database.write() as session:
            yield session
            raise NotSaved("full")

    writes = iter([station._database.write(), full()])
    letterbox = Letterbox(
        lambda: next(writes, None) or station._database.write(), station._recorder, station._times, outside.recipient
    )
    letterbox.send()
    with pytest.raises(NotSaved):
        letterbox.send()
    for text in ("1", "2", "3"):
        letterbox.put(text)
    for _ in range(3):
        letterbox.send()
    assert sorted(text for texts in read_all(bench, outside) for text in texts) == ["1", "2", "3"]


@pytest.mark.parametrize("text", ["", "  \n", "x" * (MAX_TEXT + 1), "é" * MAX_TEXT])
def test_a_letter_that_does_not_fit(station: Station, text: str) -> None:
    with pytest.raises(BadLetter):
        station.letterbox.put(text)


def test_without_an_outside_body_there_is_no_letterbox(bench: Bench) -> None:
    station = bench.open()
    assert not station.letterbox.is_there
    with pytest.raises(BadLetter):
        station.letterbox.put(TEXT)
    assert letter_records(bench) == []


def test_a_letter_is_sealed_to_no_other_key(national: Identity) -> None:
    with pytest.raises(SealError, match="national"):
        seal_letter(TEXT, national.recipient)


def test_every_flipped_byte_of_a_letter_is_refused(outside: Identity) -> None:
    letter = seal_letter(TEXT, outside.recipient)
    for place in (0, 7, 8, 1700, len(letter) - 1):
        with pytest.raises(OpenError):
            open_letter(letter[:place] + bytes([letter[place] ^ 1]) + letter[place + 1 :], outside)
