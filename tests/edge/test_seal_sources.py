"""How the number of a seal was read: scanned, with the scan on record in the same step, or typed by hand."""

import pytest

from drivers.code_reader.codes import parse
from drivers.transcript import Transcript
from edge.errors import BadCasework
from edge.hands import Given
from edge.paper.acta import codes
from edge.scanning import Scanned
from edge.station import Station
from edge.views import OperatorView
from edge.web import record_words, seal_words
from edge.web.translations import load_languages
from sync.contract import canonical
from sync.contract.casework import SealCheckRecord, SealCore, SealRecord, SealRecord1, TransferRecord
from sync.contract.ids import ScreeningId, Seq
from sync.contract.observations import ObservationRecord
from sync.contract.records import parse_record
from tests.edge.bench import Bench
from tests.edge.test_png import png

ENGLISH = load_languages()["en"]


def scan(text: str) -> Scanned:
    """Return a code as a reader told it."""
    return Scanned(1, parse(f"]C0{text}".encode()), 0.0, Transcript("code-reader:x"))


@pytest.fixture
def screening(a_station: Station, officer: OperatorView) -> ScreeningId:
    return a_station.screenings.open(officer, "parcel")


@pytest.fixture
def exhibit(a_station: Station, officer: OperatorView, screening: ScreeningId) -> str:
    return a_station.casework.add_exhibit(officer, screening, "three bags, white powder")


def test_a_scanned_number_names_the_record_of_its_scan_and_a_typed_one_says_that_it_was_typed(
    bench: Bench, a_station: Station, officer: OperatorView, exhibit: str
) -> None:
    casework = a_station.casework
    applied = casework.apply_seal(officer, exhibit, "fgr-1", "closed", scan("fgr-1"))
    again = casework.scan_seal(officer, exhibit, scan("FGR-1"))
    casework.break_seal(officer, exhibit, "FGR-1", "a sample", again)
    casework.apply_seal(officer, exhibit, "FGR-2", "closed again")
    casework.break_seal(officer, exhibit, "FGR-2", "a check")
    seals = [each for each in bench.records() if isinstance(each, SealRecord)]
    observed = [(each.source, each.observed.seq if each.observed else None) for each in seals]
    assert observed == [("scanned", applied - 1), ("scanned", again), ("typed", None), ("typed", None)]
    first = seals[0].observed
    assert first
    assert first.digest.hex() == a_station.envelope(first.seq).digest
    told = bench.records()[first.seq - 1]
    assert isinstance(told, ObservationRecord)
    assert told.code
    assert (told.code.raw, bool(told.transcript)) == (b"]C0fgr-1", True)
    assert [seal_words.seal(ENGLISH, each) for each in seals] == ["fgr-1", "fgr-1", "FGR-2 · manual", "FGR-2 · manual"]


def test_a_scan_of_another_number_is_no_scan_of_the_seal_and_leaves_no_record(
    bench: Bench, a_station: Station, officer: OperatorView, screening: ScreeningId, exhibit: str
) -> None:
    casework, before = a_station.casework, bench.records()
    with pytest.raises(BadCasework, match="no scan of seal FGR-1; scan the number on the bag again"):
        casework.apply_seal(officer, exhibit, "FGR-1", "closed", scan("FGR-2"))
    assert bench.records() == before
    sealed = casework.apply_seal(officer, exhibit, "FGR-1", "closed")
    with pytest.raises(BadCasework, match="has seal FGR-1 on record, not OTHER"):
        casework.scan_seal(officer, exhibit, scan("OTHER"))
    with pytest.raises(BadCasework, match="no scan of seal OTHER"):
        casework.report_seal(officer, exhibit, "OTHER", scan("OTHER-2"))
    beside = a_station.observations.add(officer, screening, scan("FGR-1"))
    twin = casework.add_exhibit(officer, screening, "a spoon")
    casework.apply_seal(officer, twin, "FGR-2", "closed")
    for entry in (sealed, Seq(10**6), beside, casework.scan_seal(officer, twin, scan("FGR-2"))):
        with pytest.raises(BadCasework, match=f"entry {entry} is no scan of seal FGR-1"):
            casework.break_seal(officer, exhibit, "FGR-1", "a sample", entry)
        with pytest.raises(BadCasework, match=f"entry {entry} is no scan of seal FGR-1"):
            casework.transfer(officer, exhibit, "Laboratorio", "analysis", "FGR-1", scan=entry)
    assert casework.dossier(screening).exhibits[0].seal_number == "FGR-1"


def test_a_hand_over_and_a_check_of_the_seal_say_how_its_number_was_read(
    bench: Bench, a_station: Station, officer: OperatorView, exhibit: str
) -> None:
    casework = a_station.casework
    casework.apply_seal(officer, exhibit, "FGR-1", "closed")
    casework.transfer(officer, exhibit, "Abc, Laboratorio", "analysis", "FGR-1", given=Given(officer))
    scanned = casework.scan_seal(officer, exhibit, scan("fgr-1"))
    drew = Given(None, drawn=png())
    casework.transfer(officer, exhibit, "Inés, Juzgado", "court", "FGR-1", given=drew, scan=scanned)
    casework.report_seal(officer, exhibit, "FGR-8")
    found = casework.report_seal(officer, exhibit, "FGR-9", scan("FGR-9"))
    read = [each for each in bench.records() if isinstance(each, TransferRecord | SealCheckRecord)]
    observed = [(each.source, each.observed.seq if each.observed else None) for each in read]
    assert observed == [("typed", None), ("scanned", scanned), ("typed", None), ("scanned", found - 1)]
    for record in (read[1], read[3]):
        assert record.observed
        assert record.observed.digest.hex() == a_station.envelope(record.observed.seq).digest
        told = bench.records()[record.observed.seq - 1]
        assert isinstance(told, ObservationRecord)
        assert (told.exhibit, bool(told.transcript)) == (exhibit, True)
    assert [record_words.said(ENGLISH, each)[1] for each in read] == [
        "Ana Ruiz → Abc, Laboratory · FGR-1 · manual",
        "Abc, Laboratory → Inés, Juzgado · FGR-1",
        "FGR-8 · manual; on record: FGR-1",
        "FGR-9; on record: FGR-1",
    ]


def test_a_seal_that_was_taken_back_is_scanned_again(
    a_station: Station, officer: OperatorView, screening: ScreeningId, exhibit: str
) -> None:
    casework = a_station.casework
    a_station.seizures.undo(officer, screening, casework.apply_seal(officer, exhibit, "FGR-1", "x", scan("FGR-1")))
    casework.apply_seal(officer, exhibit, "FGR-1", "closed", scan("FGR-1"))
    [file] = casework.dossier(screening).exhibits
    assert seal_words.closing(ENGLISH, file) == "FGR-1"


def test_a_code_that_was_scanned_beside_a_reading_seals_no_bag(
    bench: Bench, a_station: Station, officer: OperatorView, screening: ScreeningId, exhibit: str
) -> None:
    casework = a_station.casework
    a_station.observations.add(officer, screening, scan("BOX-77"))
    before = bench.records()
    for told in (None, scan("box-77")):
        with pytest.raises(BadCasework, match="on record as a code that was scanned beside a reading"):
            casework.apply_seal(officer, exhibit, "box-77", "closed", told)
    assert bench.records() == before
    sealed = casework.apply_seal(officer, exhibit, "FGR-1", "closed", scan("FGR-1"))
    with pytest.raises(BadCasework, match="on record as a code that was scanned beside a reading"):
        casework.amend(officer, sealed, "misread", [("seal_number", "FGR-1", "BOX-77")])
    other = a_station.screenings.open(officer, "parcel")
    casework.apply_seal(officer, casework.add_exhibit(officer, other, "a spoon"), "BOX-77", "closed")


def test_a_scan_of_which_nothing_came_is_no_code_beside_a_reading_where_it_is_of_a_seal(
    a_station: Station, officer: OperatorView, screening: ScreeningId, exhibit: str
) -> None:
    casework = a_station.casework
    a_station.observations.add(officer, screening, scan("BOX-77"))
    sealed = casework.apply_seal(officer, exhibit, "FGR-1", "closed")
    casework.scan_seal(officer, exhibit, scan("fgr-1"))
    casework.amend(officer, sealed, "misread", [("seal_number", "FGR-1", "FGR-7")])
    casework.scan_seal(officer, exhibit, scan("FGR-7"))
    casework.report_seal(officer, exhibit, "FGR-8", scan("FGR-8"))
    for right in ("FGR-1", "FGR-7", "FGR-8"):
        casework.amend(officer, sealed, "misread", [("seal_number", "FGR-1", right)])
        dossier = casework.dossier(screening)
        assert (dossier.exhibits[0].seal_number, codes(dossier)) == (right, ["BOX-77"])


@pytest.mark.parametrize("amended_first", [True, False])
def test_a_number_that_was_mistyped_and_then_scanned_beside_a_reading_seals_no_other_bag(
    a_station: Station, officer: OperatorView, screening: ScreeningId, exhibit: str, amended_first: bool
) -> None:
    casework = a_station.casework
    sealed = casework.apply_seal(officer, exhibit, "FGR-2", "closed")
    steps = [
        lambda: casework.amend(officer, sealed, "mistyped", [("seal_number", "FGR-2", "FGR-1")]),
        lambda: a_station.observations.add(officer, screening, scan("FGR-2")),
    ]
    for step in steps if amended_first else reversed(steps):
        step()
    with pytest.raises(BadCasework, match="on record as a code that was scanned beside a reading"):
        casework.apply_seal(officer, casework.add_exhibit(officer, screening, "a spoon"), "FGR-2", "closed")
    assert codes(casework.dossier(screening)) == ["FGR-2"]


def test_a_number_that_was_amended_was_put_down_by_hand(
    a_station: Station, officer: OperatorView, screening: ScreeningId, exhibit: str
) -> None:
    sealed = a_station.casework.apply_seal(officer, exhibit, "FGR-1", "closed", scan("FGR-1"))
    a_station.casework.amend(officer, sealed, "misread", [("seal_number", "FGR-1", "FGR-7")])
    [file] = a_station.casework.dossier(screening).exhibits
    assert seal_words.closing(ENGLISH, file) == "corrected: FGR-7 · manual"


def test_a_record_of_version_1_says_no_more_than_it_did(a_station: Station, officer: OperatorView) -> None:
    header = vars(a_station._recorder.header(officer.id))
    fields = {"schema": "garita.seal/1", "exhibit": "e-1", "action": "applied", "seal_number": "A-1", "reason": "x"}
    record = parse_record(SealRecord1.from_value({**header, **fields}).to_bytes())
    assert isinstance(record, SealCore)
    assert seal_words.seal(ENGLISH, record) == "A-1"
    assert canonical.decode(record.to_bytes(), "record").keys() == {*header, *fields}
