"""What a program before this one let one person amend, and nobody may, moves no bag: what was signed stands."""

import pytest

from edge.amendable import amendable
from edge.case_records import CaseRecords
from edge.errors import BadCasework
from edge.paper.prints import PAPERS
from edge.station import Station
from edge.tables import Exhibit
from edge.views import OperatorView
from edge.web.amended_words import corrections
from edge.web.translations import load_languages
from sync.contract.casework import AmendmentRecord, SealRecord, TransferRecord
from sync.contract.ids import ScreeningId, Seq
from sync.journal import JournalEntry
from tests.edge.bench import PIN, Bench
from tests.edge.paper.case import prints
from tests.edge.web.test_loose_bags import screens


@pytest.fixture
def mora(a_station: Station) -> OperatorView:
    return a_station.operators.enrol("Luis Mora", "officer", PIN)


@pytest.fixture
def screening(a_station: Station, officer: OperatorView) -> ScreeningId:
    return a_station.screenings.open(officer, "vehicle")


@pytest.fixture
def exhibit(a_station: Station, officer: OperatorView, screening: ScreeningId) -> str:
    exhibit = a_station.casework.add_exhibit(officer, screening, "bolsa")
    a_station.casework.apply_seal(officer, exhibit, "FGR-1", "cerrada")
    return exhibit


def amend(station: Station, officer: OperatorView, seq: Seq, field: str, was: str, should_be: str) -> None:
    """Put on record what an older program took from one officer."""
    with station._database.write() as session:
        concerns = {"seq": seq, "digest": session.get_one(JournalEntry, seq).digest}
        changes = [{"field": field, "was": was, "should_be": should_be}]
        told = {"concerns": concerns, "reason": "mal escrito", "changes": changes}
        CaseRecords(station._recorder).put(session, officer, AmendmentRecord, **told)


def test_an_amended_receiver_of_an_older_hand_over_has_nothing_to_open(
    a_station: Station, officer: OperatorView, mora: OperatorView, screening: ScreeningId, exhibit: str
) -> None:
    casework = a_station.casework
    given = casework.transfer(officer, exhibit, mora.name, "custodia", "FGR-1", mora.id)
    amend(a_station, officer, given, "receiver", mora.name, officer.name)
    found = casework.dossier(screening)
    assert found.exhibits[0].holder == mora.name
    with pytest.raises(BadCasework, match="is in the hands of Luis Mora"):
        casework.break_seal(officer, exhibit, "FGR-1", "muestra")
    assert [now.receiver for now, _ in found.exhibits[0].stood(TransferRecord)] == [mora.name]
    [line] = corrections(load_languages()["es"], found, {})
    assert "Quién lo recibió (queda como se hizo): Luis Mora → Ana Ruiz" in line
    for paper in ("acta", "custody"):
        assert "Quién lo recibió (queda como se hizo)" in PAPERS[paper](prints(a_station, "es"), found).page
    casework.break_seal(mora, exhibit, "FGR-1", "muestra")


def test_a_field_that_may_be_amended_of_another_kind_stays_where_it_was_signed_by_two(
    a_station: Station, officer: OperatorView, mora: OperatorView, screening: ScreeningId, exhibit: str
) -> None:
    given = a_station.casework.transfer(officer, exhibit, mora.name, "custodia", "FGR-1", mora.id)
    amend(a_station, officer, given, "seal_number", "FGR-1", "FGR-9")
    found = a_station.casework.dossier(screening)
    [line] = corrections(load_languages()["es"], found, {})
    assert "Número del sello (queda como se hizo): FGR-1 → FGR-9" in line
    acta, custody = (PAPERS[paper](prints(a_station, "es"), found).page for paper in ("acta", "custody"))
    assert "Número del sello (queda como se hizo): FGR-1 → FGR-9" in acta
    assert acta.count("Número del sello (queda como se hizo)") == 3
    assert custody.count("Número del sello (queda como se hizo)") == 2
    with screens(a_station, officer) as client:
        client.cookies.set("garita_language", "es")
        assert "Número del sello (queda como se hizo): FGR-1 → FGR-9" in client.get(f"/entries/{given}").text
        assert "enmendado" not in client.get(f"/screenings/{screening}/entries").text


@pytest.mark.usefixtures("exhibit")
def test_why_a_bag_was_closed_stays(a_station: Station, officer: OperatorView, screening: ScreeningId) -> None:
    [(sealed, _)] = a_station.casework.dossier(screening).exhibits[0].counting(SealRecord)
    amend(a_station, officer, sealed, "reason", "cerrada", "otra")
    found = a_station.casework.dossier(screening)
    [line] = corrections(load_languages()["es"], found, {})
    assert "Para qué (queda como se hizo): cerrada → otra" in line
    assert found.exhibits[0].of(SealRecord)[0].reason == "cerrada"


def test_an_act_that_an_older_program_let_be_another_is_what_it_was(
    bench: Bench, a_station: Station, officer: OperatorView, screening: ScreeningId, exhibit: str
) -> None:
    casework = a_station.casework
    opened = casework.break_seal(officer, exhibit, "FGR-1", "muestra")
    a_station.seizures.sign(officer, screening, "hold")
    amend(a_station, officer, opened, "action", "broken", "applied")
    assert casework.dossier(screening).exhibits[0].seal_number is None
    with a_station._database.write() as session:
        row = session.get_one(Exhibit, exhibit)
        row.seal_number = "FGR-1"
        session.add(row)
    bench.close()
    assert [each.exhibit for each in bench.open().cases.loose(training=False)] == [exhibit]


def test_what_one_may_amend_is_amended_as_before(
    a_station: Station, officer: OperatorView, screening: ScreeningId, exhibit: str
) -> None:
    [file] = a_station.casework.dossier(screening).exhibits
    [(sealed, record)] = file.counting(SealRecord)
    assert (file.id, amendable(record)) == (exhibit, ("seal_number",))
    amend(a_station, officer, sealed, "seal_number", "FGR-1", "FGR-2")
    found = a_station.casework.dossier(screening)
    assert found.exhibits[0].seal_number == "FGR-2"
    [line] = corrections(load_languages()["es"], found, {})
    assert "Número del sello: FGR-1 → FGR-2" in line
    assert "queda como se hizo" not in PAPERS["acta"](prints(a_station, "es"), found).page
    with screens(a_station, officer) as client:
        client.cookies.set("garita_language", "es")
        assert client.get(f"/screenings/{screening}/entries").text.count("enmendado") == 1
