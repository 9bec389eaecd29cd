"""What a signed seizure lacks is told by its signature; what only today's list asks for is told as that."""

from collections.abc import Iterator, Sequence
from typing import Literal

import httpx
import pytest
from sqlmodel import select

from edge.dossier import Dossier
from edge.station import Station
from edge.tables import CaseRecord
from edge.views import OperatorView
from edge.web.checklist import Checklist
from edge.web.lacking_words import lacking
from edge.web.translations import load_languages
from sync.contract.ids import ScreeningId, Seq
from sync.contract.records import parse_record
from sync.contract.seizure import SignatureRecord, WitnessRecord
from tests.edge.bench import PIN, Bench
from tests.edge.paper.case import prints
from tests.edge.test_second_technique import void
from tests.edge.web.test_loose_bags import screens

PERSON = "La respuesta de la persona revisada"
TODAY = "La lista de hoy pide además"
LATER = "La respuesta de la persona revisada a lo último que se hizo"


@pytest.fixture
def client(a_station: Station, officer: OperatorView) -> Iterator[httpx.Client]:
    with screens(a_station, officer) as client:
        client.cookies.set("garita_language", "es")
        yield client


def whole(
    station: Station, officer: OperatorView, subject: Literal["person", "vehicle"] = "person"
) -> tuple[ScreeningId, str]:
    """Return a search whose one exhibit has all that it takes, and a colleague who stood beside it."""
    screening = station.screenings.open(officer, subject)
    exhibit = station.casework.add_exhibit(officer, screening, "bolsa")
    station.casework.weigh(officer, exhibit, ("12.40", "g"))
    station.casework.photograph(officer, exhibit, b"\xff\xd8\xff a picture", "image/jpeg")
    station.casework.apply_seal(officer, exhibit, "FGR-1", "cerrada")
    station.seizures.witness(officer, screening, "colleague", "agreed", "PF-4471")
    return screening, exhibit


def on_paper(station: Station, screening: ScreeningId, name: str = "Faltaba al firmar") -> str:
    page = prints(station, "es").acta(station.casework.dossier(screening)).page
    return " ".join(page.partition(name)[2].partition("</dd>")[0].split("<dd")[-1].split())


def on_screen(found: Dossier) -> Sequence[tuple[str, Sequence[str]]]:
    return lacking(Checklist(load_languages()["es"], found).language, found)


def signed_by_older_rules(bench: Bench, screening: ScreeningId) -> None:
    """Let the signature say what one did that asked for somebody beside it, whoever it was."""
    database = bench.database()
    with database.write() as session:
        for row in session.exec(select(CaseRecord).where(CaseRecord.screening == screening)).all():
            record = parse_record(row.record)
            if isinstance(record, SignatureRecord):
                row.record = record.model_copy(update={"missing": []}).to_bytes()
                session.add(row)
    database.close()


def test_the_record_says_that_the_person_searched_was_not_asked(
    a_station: Station, officer: OperatorView, client: httpx.Client
) -> None:
    screening, _ = whole(a_station, officer)
    a_station.seizures.sign(officer, screening, "hold")
    assert on_paper(a_station, screening).endswith(f">{PERSON}")
    assert on_screen(a_station.casework.dossier(screening)) == [("Faltaba al firmar", [PERSON])]
    assert f'Faltaba al firmar</dt><dd class="lacks">{PERSON}<' in client.get(f"/screenings/{screening}/record").text


def test_the_record_says_that_they_were_not_asked_about_what_was_done_last(
    a_station: Station, officer: OperatorView
) -> None:
    screening, exhibit = whole(a_station, officer)
    a_station.seizures.witness(officer, screening, "searched", "agreed")
    a_station.casework.weigh(officer, exhibit, ("12.41", "g"))
    a_station.seizures.sign(officer, screening, "hold")
    a_station.casework.break_seal(officer, exhibit, "FGR-1", "muestra")
    assert on_paper(a_station, screening).endswith(f">{LATER}")


def test_it_says_so_too_where_nobody_stood_beside_it(a_station: Station, officer: OperatorView) -> None:
    screening = a_station.screenings.open(officer, "person")
    exhibit = a_station.casework.add_exhibit(officer, screening, "bolsa")
    a_station.seizures.sign(officer, screening, "hold")
    a_station.casework.photograph(officer, exhibit, b"\xff\xd8\xff a picture", "image/jpeg")
    steps = [f"{step} del indicio 1" for step in ("Peso", "Fotografía", "Sello")]
    told = [*steps, "Testigos y derechos", PERSON]
    assert on_paper(a_station, screening).endswith(f">{'; '.join(told)}")
    assert on_screen(a_station.casework.dossier(screening)) == [("Faltaba al firmar", told)], "as it was signed"


def test_an_older_record_is_not_held_against_the_list_of_today(
    bench: Bench, a_station: Station, officer: OperatorView, client: httpx.Client
) -> None:
    screening, _ = whole(a_station, officer)
    a_station.seizures.sign(officer, screening, "hold")
    signed_by_older_rules(bench, screening)
    assert on_screen(a_station.casework.dossier(screening)) == [(TODAY, [PERSON])]
    assert on_paper(a_station, screening) == ""
    assert on_paper(a_station, screening, TODAY).endswith(f">{PERSON}")
    record = client.get(f"/screenings/{screening}/record").text
    assert f'{TODAY}</dt><dd class="lacks">{PERSON}<' in record
    supervisor = a_station.operators.enrol("Eva Sol", "supervisor", PIN)
    assert client.post("/api/sign-in", json={"operator": supervisor.id, "pin": PIN}).status_code == 200
    decision = client.get(f"/screenings/{screening}/decision").text
    assert TODAY in decision
    assert "Pregunte a la persona" not in record + decision, "nobody asks anybody after the signature"


def test_a_witness_made_void_stood_beside_nothing(a_station: Station, officer: OperatorView) -> None:
    screening, _ = whole(a_station, officer, "vehicle")
    a_station.seizures.sign(officer, screening, "hold")
    assert on_screen(a_station.casework.dossier(screening)) == []
    [beside] = [seq for seq, each in a_station.casework.dossier(screening).records if isinstance(each, WitnessRecord)]
    void(a_station, beside)
    assert on_screen(a_station.casework.dossier(screening)) == [(TODAY, ["Testigos y derechos"])]
    supervisor = a_station.operators.enrol("Eva Sol", "supervisor", PIN)
    a_station.seizures.review(supervisor, screening, "returned", "sin testigo")
    checklist = Checklist(load_languages()["es"], a_station.casework.dossier(screening))
    assert ("witnesses", False, "") in [(each.name, each.done, each.said) for each in checklist.ending()]
    a_station.seizures.sign(officer, screening, "hold")
    signed = a_station.casework.dossier(screening).of(SignatureRecord)[-1]
    assert [each.step for each in signed.missing] == ["witnesses"]


def test_an_answer_made_void_is_none(a_station: Station, officer: OperatorView) -> None:
    screening, exhibit = whole(a_station, officer)
    a_station.seizures.witness(officer, screening, "searched", "agreed")
    a_station.casework.weigh(officer, exhibit, ("12.41", "g"))
    last = a_station.seizures.witness(officer, screening, "searched", "agreed")
    a_station.seizures.sign(officer, screening, "hold")
    void(a_station, last)
    assert on_screen(a_station.casework.dossier(screening)) == [(TODAY, [LATER])]


def test_what_was_made_void_since_is_missing_today(a_station: Station, officer: OperatorView) -> None:
    screening, _ = whole(a_station, officer)
    a_station.seizures.witness(officer, screening, "searched", "agreed")
    a_station.seizures.sign(officer, screening, "hold")
    assert on_screen(a_station.casework.dossier(screening)) == []
    weight = a_station.casework.dossier(screening).exhibits[0].records[1][0]
    void(a_station, Seq(weight))
    assert on_screen(a_station.casework.dossier(screening)) == [(TODAY, ["Peso del indicio 1"])]
