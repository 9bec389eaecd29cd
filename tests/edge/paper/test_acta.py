"""The record on paper says what the journal says, on every page that it is presumptive, and how to check it."""

import html
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import httpx
import pytest

from edge.dossier import Dossier
from edge.marks import mark_of
from edge.paper.press import Press
from edge.paper.telling import block_of
from edge.retention import reduced
from edge.station import Station
from edge.views import OperatorView
from sync.contract.casework import AmendmentRecord, PhotoRecord, SealRecord
from sync.contract.ids import ScreeningId, StationId
from sync.contract.seizure import ReviewRecord
from tests.edge.bench import PIN, Bench, PutOnPty, finished
from tests.edge.paper.case import a_case, prints
from tests.edge.paper.pdfs import codes, enclosed, pdfa_faults, texts

LINES = {
    "es": "Presuntivo: requiere confirmación de laboratorio",
    "en": "Presumptive: requires laboratory confirmation",
}
SAYS: Mapping[str, tuple[str, ...]] = {
    "es": (
        "Acta de revisión", "Asientos al imprimir", "Ana Ruiz (Oficial", "Vehículo",
        "Placa ABC-12-34", "Alerta canina", "Visto Polvo", "Número de permiso COFEPRIS 7",
        "Inconsistencia La sustancia declarada no es la hallada.", "22 nov 2026",
        "ALARMA Cocaína", "SIN ALARMA Cafeína", "o un estereoisómero: Pseudococaína",
        "Estereoisómeros Pseudococaína (diastereómero)",
        "¿Con qué certeza? Alta. En pruebas de este modelo, un resultado así acierta unas",
        "lecturas de sustancias conocidas en laboratorios, no en esta estación",
        "ONU: Convención 1961", "12.40 g · Báscula: MT XS204",
        "11.9 g · MANUAL",
        "Número de sello FGR-0042 · MANUAL", "Recibe Laboratorio", "De acuerdo o no de acuerdo", "FED/2026/77",
        "Cómo se sostuvo el botón 1.5 s", "Retirado antes de la firma", "99 g · MANUAL",
        "CORREGIDO por el asiento", "Peso: 12.40 → 12.41 (un dígito mal leído)", "Peso: decía 12.40",
        "Peso: debe decir 12.41",
        "Motivo un dígito mal leído", "DEMOSTRACIÓN: no es evidencia", "página 1 de",
    ),
    "en": (
        "Record of a screening", "Ana Ruiz (Officer", "Vehicle",
        "Plate ABC-12-34", "Dog alert", "Seen Powder", "Permit number COFEPRIS 7",
        "Inconsistency The declared substance is not the one that was found.", "22 Nov 2026",
        "ALARM Cocaine", "NO ALARM Caffeine", "or a stereoisomer: Pseudococaine",
        "Stereoisomers Pseudococaine (diastereomer)",
        "How sure? High. In tests of this model such a result was right about",
        "readings of known substances in laboratories, not at this station",
        "UN: Convention 1961", "12.40 g · Scale: MT XS204", "11.9 g · MANUAL",
        "Seal number FGR-0042 · MANUAL", "Received by Laboratory", "Agreed or not agreed", "FED/2026/77",
        "How the button was held for 1.5 s", "Taken back before the signature", "99 g · MANUAL",
        "CORRECTED by entry", "Weight: 12.40 → 12.41", "Weight: it said 12.40", "Weight: it should say 12.41",
        "DEMONSTRATION: no evidence", "page 1 of",
    ),
}  # fmt: skip


@pytest.fixture
def case(a_station: Station, officer: OperatorView) -> Dossier:
    return a_case(a_station, officer)


def digits(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("language", ["es", "en"])
def test_it_says_what_is_on_record(a_station: Station, case: Dossier, language: str) -> None:
    made = Press().print(prints(a_station, language).acta(case))
    pages = [" ".join(page.replace("\xa0", " ").split()) for page in texts(made)]
    whole = " ".join(pages)
    assert [each for each in SAYS[language] if each not in whole] == []
    assert all(LINES[language] in page for page in pages)
    assert pdfa_faults(made) == []
    [photo] = [record for _, record in case.records if isinstance(record, PhotoRecord)]
    assert photo.photo.digest.hex() in digits(whole)
    assert all(proof.digest.hex() in digits(whole) for proof in case.proofs.values())
    mark = mark_of(StationId("MX-TIJ-01"), case)
    assert mark
    assert codes(made) == [mark.text]
    assert mark.digest == case.proofs[mark.last].digest


def test_its_facts_are_enclosed_without_a_key(a_station: Station, case: Dossier) -> None:
    made = Press().print(prints(a_station, "es").acta(case))
    [(name, data)] = enclosed(made).items()
    assert name == f"MX-TIJ-01-{case.screening}.json"
    told: dict[str, Any] = json.loads(data)
    assert (told["format"], told["screening"]) == ("garita.facts/1", case.screening)
    entries = told["entries"]
    assert [each["seq"] for each in entries] == list(case.proofs)
    assert entries[-1]["record"]["schema"] == "garita.amendment/1"
    [photo] = [each["record"]["photo"] for each in entries if each["record"]["schema"] == "garita.photo/1"]
    assert "key" not in photo
    keys = [record.photo.key.hex() for _, record in case.records if isinstance(record, PhotoRecord)]
    keys += [part.key.hex() for each in case.readings if each.record for part in each.record.readings[0].attachments]
    assert len(keys) > 1
    assert not any(key in data.decode() for key in keys)


def test_practice_says_so_on_each_page(a_station: Station, signed_in: httpx.Client) -> None:
    token = signed_in.cookies["garita_session"]
    a_station.operators.train(token, training=True)
    practising = a_station.operators.session(token)
    screening = a_station.screenings.open(practising, "parcel")
    a_station.casework.add_exhibit(practising, screening, "polvo de práctica")
    made = signed_in.post(f"/screenings/{screening}/print/acta.pdf").content
    assert all("PRÁCTICA: no es evidencia" in page for page in texts(made))


def test_a_file_from_the_screen(a_station: Station, officer: OperatorView, signed_in: httpx.Client) -> None:
    screening = a_station.screenings.open(officer, "vehicle")
    answer = signed_in.post(f"/screenings/{screening}/print/acta.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == f'attachment; filename="acta-{screening}.pdf"'
    assert LINES["es"] in texts(answer.content)[0]
    assert not codes(answer.content)
    assert "Imprimir" in signed_in.get(f"/screenings/{screening}/print").text
    assert signed_in.post(f"/screenings/{screening}/print/other.pdf").status_code == 422
    assert signed_in.get(f"/screenings/{ScreeningId('s-none')}/print").status_code == 404


def test_a_reading_that_is_under_way_is_not_on_paper(bench: Bench, put_on_pty: PutOnPty) -> None:
    station = bench.open(analyzer=put_on_pty("Cocaine", duration=60))
    officer = station.operators.enrol("Ana Ruiz", "officer", PIN)
    screening = station.screenings.open(officer, "parcel")
    reading = station.screenings.start(officer, screening=screening)
    assert "Lectura 1" not in prints(station, "es").acta(station.casework.dossier(screening)).page
    station.screenings.stop(reading)
    finished(station, reading)
    stopped = prints(station, "es").acta(station.casework.dossier(screening)).page
    assert "Lectura 1" in stopped
    assert "DETENIDA" in stopped


def test_what_was_missing_is_told_of_each_exhibit(a_station: Station, officer: OperatorView) -> None:
    screening = a_station.screenings.open(officer, "parcel")
    first, *_ = [a_station.casework.add_exhibit(officer, screening, f"bolsa {number}") for number in (1, 2, 3)]
    a_station.casework.weigh(officer, first, ("12.40", "g"), "gross")
    a_station.casework.apply_seal(officer, first, "FGR-0042", "cerrada")
    a_station.seizures.witness(officer, screening, "searched", "refused")
    a_station.seizures.sign(officer, screening, "hold")
    page = " ".join(prints(a_station, "es").acta(a_station.casework.dossier(screening)).page.split())
    assert "Fotografía de los indicios 1, 2 y 3; Peso de los indicios 2 y 3; Sello de los indicios 2 y 3<" in page
    assert page.count("<dt>No consta</dt>") == 3
    assert "Peso, Fotografía, Sello<" in page
    assert "no dio su acuerdo a: Peso y Sello del indicio 1" in page


def test_no_page_begins_or_ends_in_the_middle_of_what_belongs_together(a_station: Station, case: Dossier) -> None:
    long = replace(case, readings=[*case.readings] * 3, exhibits=[*case.exhibits] * 3)
    pages = [page.splitlines()[1:-1] for page in texts(Press().print(prints(a_station, "es").acta(long)))]
    assert len(pages) > 4
    conclusions, heads = re.compile("ALARMA|SIN ALARMA|Analizador|Bytes crudos"), re.compile("(Lectura|Indicio) [0-9]")
    assert [page[0] for page in pages if conclusions.match(page[0])] == [], (
        "its number, time and officer stand above it"
    )
    assert [page[-3:] for page in pages if any(heads.match(line) for line in page[-3:])] == []
    assert len(pages[-1]) > 2, "what is signed stands on the page of the signatures"


def test_nobody_prints_without_a_session(browser: httpx.Client) -> None:
    assert browser.post("/screenings/s-1/print/acta.pdf").headers["location"] == "/sign-in"


def test_a_reading_whose_detail_has_gone_says_so(a_station: Station, case: Dossier) -> None:
    kept = case.readings[0]
    assert kept.record
    gone = replace(kept, record=reduced(kept.record))
    page = prints(a_station, "es").acta(replace(case, readings=[gone, *case.readings[1:]])).page
    assert "Ya no está en la estación" in page
    assert "Ya no está en la estación" not in prints(a_station, "es").acta(case).page


@pytest.mark.parametrize(
    ("fault", "why", "own"),
    [
        (
            "overload",
            "El analizador se saturó: demasiada muestra.",
            "the detector is saturated; take less of the sample and clean the inlet (instrument code overload)",
        ),
        (
            "detector-fault",
            "El analizador reporta una falla propia.",
            "the detector's high voltage has failed (instrument code detector-fault)",
        ),
    ],
)
def test_a_fault_is_told_in_the_analyzers_own_words(
    bench: Bench, put_on_pty: PutOnPty, fault: str, why: str, own: str
) -> None:
    station = bench.open(analyzer=put_on_pty(fault))
    officer = station.operators.enrol("Ana Ruiz", "officer", PIN)
    screening = station.screenings.open(officer, "parcel")
    finished(station, station.screenings.start(officer, screening=screening))
    page = html.unescape(prints(station, "es").acta(station.casework.dossier(screening)).page)
    assert why in page
    assert own in page
    assert "/analyzer-" not in page, "no address of the machine"


def test_an_approval_names_the_corrections_that_it_takes_in(
    a_station: Station, officer: OperatorView, case: Dossier
) -> None:
    supervisor = a_station.operators.enrol("Eva Sol", "supervisor", PIN)
    a_station.seizures.review(supervisor, case.screening, "approved")
    sealed = next(seq for seq, each in case.records if isinstance(each, SealRecord))
    a_station.casework.amend(officer, sealed, "se leyó mal", [("seal_number", "FGR-0042", "FGR-0024")])
    a_station.seizures.review(supervisor, case.screening, "approved")
    found = a_station.casework.dossier(case.screening)
    first, second = (
        [line.value for line in block.lines if line.name == "Con la corrección"]
        for seq, each in found.records
        if isinstance(each, ReviewRecord) and (block := block_of(prints(a_station, "es")._teller(found), seq, each))
    )
    corrected = [seq for seq, each in found.records if isinstance(each, AmendmentRecord)]
    assert [each.partition(" · ")[0] for each in (*first, *second)] == [str(each) for each in corrected]
    assert second == [f"{corrected[1]} · Enmienda del asiento {sealed}: se leyó mal"]
