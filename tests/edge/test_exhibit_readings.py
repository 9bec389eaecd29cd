"""A reading of an exhibit: its record says of which, and readings are compared by exhibit alone."""

import re
from pathlib import Path

import pytest

from edge.approvals import Approval, Proof
from edge.comparisons import exhibits_of
from edge.dossier import Dossier
from edge.errors import BadCasework
from edge.incoming import read_incoming
from edge.paper.prints import PAPERS, Paper
from edge.retention import reduced
from edge.station import Station
from edge.views import OperatorView, ReadingView
from edge.web import home
from edge.web.case_record import entry_words
from edge.web.comparing import concluded, crosscheck
from sync.contract.acts import void_subject
from sync.contract.comparison import ComparisonRecord
from sync.contract.ids import OperatorId, ScreeningId, Seq
from sync.contract.records import ReadingPart, ScreeningRecord, StationRecord
from sync.verify.words import describe
from tests.edge.bench import PIN, Bench, PutOnPty, finished
from tests.edge.paper.case import prints
from tests.edge.test_imports import TRUNARC, raman


def begun(station: Station, officer: OperatorView) -> tuple[ScreeningId, list[str]]:
    screening = station.screenings.open(officer, "luggage")
    return screening, [station.casework.add_exhibit(officer, screening, what) for what in ("polvo", "tabletas")]


def read(station: Station, officer: OperatorView, screening: ScreeningId, exhibit: str | None = None) -> ReadingView:
    return finished(station, station.screenings.start(officer, screening=screening, exhibit=exhibit))


def void(station: Station, seq: Seq) -> None:
    supervisor = Proof(OperatorView(OperatorId("op-1"), "Luis Paz", "supervisor"), "token")
    auditor = Proof(OperatorView(OperatorId("op-2"), "Au Dit", "auditor"), "token")
    why = "it never happened"
    station.casework.void(Approval("void", void_subject(seq, why), supervisor, auditor), seq, why)


def dossier(station: Station, screening: ScreeningId) -> Dossier:
    return station.casework.dossier(screening)


def test_the_record_says_of_which_exhibit_a_reading_is(bench: Bench, a_station: Station, officer: OperatorView) -> None:
    screening, (first, _) = begun(a_station, officer)
    read(a_station, officer, screening)
    read(a_station, officer, screening, first)
    readings = [each.readings[0] for each in bench.records() if isinstance(each, ScreeningRecord)]
    assert [each.exhibit for each in readings] == [None, first]
    assert [b"exhibit" in each.to_bytes() for each in readings] == [False, True]
    started = [each.detail for each in bench.records() if isinstance(each, StationRecord) and "reading" in each.event]
    assert [each.endswith(f", exhibit {first}") for each in started] == [False, True]
    assert [each.exhibit for each in dossier(a_station, screening).readings] == [None, first]


def test_a_record_is_kept_as_it_came(a_station: Station, officer: OperatorView) -> None:
    screening, (first, _) = begun(a_station, officer)
    for exhibit in (None, first):
        record = read(a_station, officer, screening, exhibit).record
        assert record is not None
        [part] = record.readings
        assert ReadingPart.from_bytes(part.to_bytes()).to_bytes() == part.to_bytes()
        assert reduced(record).readings[0].exhibit == exhibit


@pytest.mark.parametrize("gone", ["undone", "void", "sealed", "of another screening", "never made"])
def test_only_an_open_exhibit_of_its_screening_is_read(a_station: Station, officer: OperatorView, gone: str) -> None:
    screening, exhibits = begun(a_station, officer)
    exhibit = exhibits[1]
    made = dossier(a_station, screening).exhibits[1].records[0][0]
    if gone == "undone":
        a_station.seizures.undo(officer, screening, made)
    elif gone == "void":
        void(a_station, made)
    elif gone == "sealed":
        a_station.casework.apply_seal(officer, exhibit, "FGR-1", "cerrada")
    elif gone == "of another screening":
        screening = a_station.screenings.open(officer, "parcel")
    else:
        exhibit = "e-none"
    with pytest.raises(BadCasework, match="exhibit"):
        a_station.screenings.start(officer, screening=screening, exhibit=exhibit)
    assert a_station.screenings.active() is None
    assert not dossier(a_station, screening).readings


def test_a_reading_that_power_cut_off_is_of_its_exhibit_still(bench: Bench, put_on_pty: PutOnPty) -> None:
    station = bench.open(analyzer=put_on_pty("Cocaine"))
    officer = station.operators.enrol("Ana Ruiz", "officer", PIN)
    screening, (first, _) = begun(station, officer)
    station.screenings._begin("r-cut", officer, "luggage", screening, first)  # pyright: ignore[reportPrivateUsage, reportArgumentType]
    station.screenings.close_cut_off()
    [reading] = dossier(station, screening).readings
    assert reading.record is not None
    assert reading.record.readings[0].exhibit == first


def test_readings_of_different_exhibits_never_conflict(bench: Bench, put_on_pty: PutOnPty) -> None:
    station = bench.open(analyzer=put_on_pty("Fentanyl", "Caffeine", "Fentanyl"))
    officer = station.operators.enrol("Ana Ruiz", "officer", PIN)
    screening, (first, second) = begun(station, officer)
    for exhibit in (first, second, first):
        read(station, officer, screening, exhibit)
    found, reader = dossier(station, screening), prints(station, "en").reader
    assert crosscheck(station, reader.language, found, 1).outcome == "agree"
    assert crosscheck(station, reader.language, found, 2).outcome == "only-one"
    whole = concluded(station, reader, found)
    assert (whole.said, whole.doubt) == ("ALARM: Fentanyl", "")
    assert [part.said.split(";")[0] for part in whole.parts] == [
        "Reading 1, exhibit 1: ALARM, Fentanyl",
        "Reading 2, exhibit 2: NO ALARM, Caffeine",
        "Reading 3, exhibit 1: ALARM, Fentanyl",
    ]
    row = home.told(reader, station, found.readings[1])
    assert (row.shape, row.word, row.detail) == ("alarm", "ALARM", "Fentanyl")


def test_readings_of_one_exhibit_conflict_and_it_is_said_of_which(bench: Bench, put_on_pty: PutOnPty) -> None:
    station = bench.open(analyzer=put_on_pty("Caffeine", "Fentanyl", "Caffeine"))
    officer = station.operators.enrol("Ana Ruiz", "officer", PIN)
    screening, (first, second) = begun(station, officer)
    for exhibit in (first, second, second):
        read(station, officer, screening, exhibit)
    found, reader = dossier(station, screening), prints(station, "en").reader
    assert crosscheck(station, reader.language, found, 2).alarms == "ALARM in 1 of 2 readings"
    whole = concluded(station, reader, found)
    assert (whole.said, whole.kind) == ("ALARM: Fentanyl", "alarm")
    assert whole.doubt == "Exhibit 2: ALARM in 1 of 2 readings. The readings disagree."


def test_those_without_an_exhibit_are_compared_as_before(bench: Bench, put_on_pty: PutOnPty) -> None:
    station = bench.open(analyzer=put_on_pty("Fentanyl", "Caffeine", "Caffeine"))
    officer = station.operators.enrol("Ana Ruiz", "officer", PIN)
    screening, (_, second) = begun(station, officer)
    for exhibit in (None, None, second):
        read(station, officer, screening, exhibit)
    found, reader = dossier(station, screening), prints(station, "en").reader
    assert crosscheck(station, reader.language, found).alarms == "ALARM in 1 of 2 readings"
    assert (
        concluded(station, reader, found).doubt == "Without exhibit: ALARM in 1 of 2 readings. The readings disagree."
    )


@pytest.mark.parametrize("how", ["undone", "void"])
def test_an_exhibit_that_is_none_any_more_is_none_of_a_reading(bench: Bench, put_on_pty: PutOnPty, how: str) -> None:
    station = bench.open(analyzer=put_on_pty("Fentanyl", "Caffeine"))
    officer = station.operators.enrol("Ana Ruiz", "officer", PIN)
    screening, (_, second) = begun(station, officer)
    for exhibit in (None, second):
        read(station, officer, screening, exhibit)
    made = dossier(station, screening).exhibits[1].records[0][0]
    if how == "undone":
        station.seizures.undo(officer, screening, made)
    else:
        void(station, made)
    found, reader = dossier(station, screening), prints(station, "en").reader
    assert [found.exhibit_of(each) for each in found.readings] == [None, None]
    assert crosscheck(station, reader.language, found).outcome == "conflict"


def test_what_is_accepted_is_of_one_exhibit(bench: Bench, put_on_pty: PutOnPty) -> None:
    station = bench.open(analyzer=put_on_pty("Fentanyl", "Caffeine", "Fentanyl", "Caffeine", "Fentanyl"))
    officer = station.operators.enrol("Ana Ruiz", "officer", PIN)
    screening, (first, second) = begun(station, officer)
    readings = [read(station, officer, screening, exhibit) for exhibit in (first, second, first, second)]
    for number in (1, 2, 1):
        station.comparisons.accept(officer, screening, number)
    found = dossier(station, screening)
    accepted = found.of(ComparisonRecord)
    assert [[part.concerns.seq for part in each.findings] for each in accepted] == [
        [readings[0].seq, readings[2].seq],
        [readings[1].seq, readings[3].seq],
    ]
    assert [each.conclusion for each in accepted] == ["alarm", "no_alarm"]
    read(station, officer, screening, first)
    found = dossier(station, screening)
    assert station.comparisons.accepted(found, 1) is None
    assert station.comparisons.accepted(found, 2) == accepted[1]
    with pytest.raises(BadCasework, match="one reading alone"):
        station.comparisons.accept(officer, screening)


def test_the_acta_and_the_entries_say_of_which_exhibit_a_comparison_is(
    a_station: Station, officer: OperatorView
) -> None:
    screening, (first, second) = begun(a_station, officer)
    for exhibit in (None, None, first, first, second):
        read(a_station, officer, screening, exhibit)
    a_station.comparisons.accept(officer, screening)
    assert told_of(a_station, screening) == (["Sin indicio"], ["Comparación de lecturas · Sin indicio"])
    a_station.comparisons.accept(officer, screening, 1)
    assert told_of(a_station, screening) == (
        ["Sin indicio", "Indicio 1"],
        ["Comparación de lecturas · Sin indicio", "Comparación de lecturas · Indicio 1"],
    )


@pytest.mark.parametrize(
    ("how", "several", "said"),
    [
        ("void", True, "Indicio 1 (anulado)"),
        ("void", False, "Indicio 1 (anulado)"),
        ("undone", False, "Indicio 1 (retirado)"),
    ],
)
def test_what_was_accepted_of_an_exhibit_that_is_none_any_more_stays_of_it(
    a_station: Station, officer: OperatorView, how: str, several: bool, said: str
) -> None:
    screening = a_station.screenings.open(officer, "luggage")
    first = a_station.casework.add_exhibit(officer, screening, "polvo")
    second = a_station.casework.add_exhibit(officer, screening, "tabletas") if several else None
    for exhibit in (first, first, second):
        read(a_station, officer, screening, exhibit)
    a_station.comparisons.accept(officer, screening, 1)
    [(made, _)] = dossier(a_station, screening).exhibits[0].records
    if how == "void":
        void(a_station, made)
    else:
        a_station.seizures.undo(officer, screening, made)
    assert told_of(a_station, screening) == ([said], [f"Comparación de lecturas · {said}"])


def test_a_comparison_of_a_case_without_exhibits_names_none(a_station: Station, officer: OperatorView) -> None:
    screening = a_station.screenings.open(officer, "luggage")
    for _ in range(2):
        read(a_station, officer, screening)
    a_station.comparisons.accept(officer, screening)
    assert told_of(a_station, screening) == ([], ["Comparación de lecturas"])


def told_of(station: Station, screening: ScreeningId) -> tuple[list[str], list[str]]:
    """Return what the acta says of which exhibit each comparison is, and what the list of entries calls it."""
    case, made = dossier(station, screening), prints(station, "es")
    blocks = made.acta(case).page.split("Comparación de lecturas</h3>")[1:]
    paper = [each.partition("<dt>Lecturas de</dt><dd")[2].partition("</dd>")[0].partition(">")[2] for each in blocks]
    names = [entry_words(made.language, case, each, None)[0] for each in case.of(ComparisonRecord)]
    return [each for each in paper if each], names


def test_every_paper_says_of_which_exhibit_a_reading_is(a_station: Station, officer: OperatorView) -> None:
    screening, (_, second) = begun(a_station, officer)
    read(a_station, officer, screening)
    read(a_station, officer, screening, second)
    case, made = dossier(a_station, screening), prints(a_station, "es")
    told: dict[Paper, tuple[str, ...]] = {
        "acta": ("<h3>Lectura 2, indicio 2</h3>", "<h3>Lectura 1</h3>", "<dt>Lecturas de él</dt><dd>Lectura 2, "),
        "custody": ("Lectura 2, indicio 2: SIN ALARMA, Cafeína", "<dt>Lecturas de él</dt><dd>Lectura 2, "),
        "annex": ("Es una lectura del indicio 2.",),
        "slip": ("<dt>Lecturas de indicios</dt><dd>Lectura 2, indicio 2</dd>",),
    }
    for paper, words in told.items():
        page = PAPERS[paper](made, case).page
        assert [each for each in words if page.count(each) != 1] == [], paper
    assert "no concuerda" not in PAPERS["acta"](made, case).page
    assert "conflicto" not in PAPERS["acta"](made, case).page


def test_a_void_reading_keeps_its_number_under_its_exhibit(a_station: Station, officer: OperatorView) -> None:
    screening, (first, _) = begun(a_station, officer)
    seqs = [read(a_station, officer, screening, first).seq for _ in range(2)]
    assert seqs[0] is not None
    void(a_station, seqs[0])
    page = PAPERS["custody"](prints(a_station, "en"), dossier(a_station, screening)).page
    [told] = re.findall("<dt>Readings of it</dt><dd>(.*?)</dd>", page)
    assert re.fullmatch(r"Reading 1, [^;]* \(VOID\); Reading 2, [^;]*", told)


def test_the_expert_reads_of_which_exhibit_it_is(a_station: Station, officer: OperatorView) -> None:
    screening, (first, _) = begun(a_station, officer)
    record = read(a_station, officer, screening, first).record
    assert record is not None
    told = [line.strip() for line in describe(record.model_dump(by_alias=True), "es")]
    assert f"indicio: {first}" in told


def test_a_file_is_of_what_the_reading_beside_it_is_of(
    a_station: Station, officer: OperatorView, tmp_path: Path
) -> None:
    screening, (first, second) = begun(a_station, officer)
    for exhibit in (first, second):
        read(a_station, officer, screening, exhibit)
    (tmp_path / "bag.jdx").write_bytes(raman(600))
    file = a_station.imports.receive(read_incoming(tmp_path / "bag.jdx"), TRUNARC, officer.id).seq
    a_station.observations.link(officer, screening, file, first)
    found = dossier(a_station, screening)
    assert exhibits_of(found) == [1, 2]
    counts = [len(a_station.comparisons.of(found, exhibit).findings) for exhibit in (None, 1, 2)]
    assert counts == [0, 2, 1]
