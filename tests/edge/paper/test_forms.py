"""The custody form, the rows for the police report, and the slip: complete, and honest about what nobody told."""

import re
from dataclasses import replace

import pytest

from drivers.code_reader.codes import parse
from drivers.transcript import Transcript
from edge.approvals import Approval
from edge.dossier import Dossier
from edge.errors import BadCasework, NotPrinted
from edge.hands import Given
from edge.marks import mark_of
from edge.paper.annex import Annex, annex
from edge.paper.custody import custody
from edge.paper.press import Press
from edge.paper.prints import PAPERS, Paper
from edge.paper.slip import slip
from edge.paper.story import story
from edge.paper.teller import Teller
from edge.paper.telling import block_of
from edge.retention import reduced
from edge.scanning import Scanned
from edge.station import Station
from edge.subject_records import Told
from edge.views import OperatorView
from edge.web.comparing import Whole, concluded
from sync.contract.acts import void_subject
from sync.contract.approval import ApprovalRecord
from sync.contract.casework import ExhibitRecord, SealRecord, TransferCore, TransferRecord, VoidRecord, WeightRecord
from sync.contract.ids import ReadingId, StationId
from tests.edge.bench import PIN, Bench, finished
from tests.edge.paper.case import a_case, a_photo, prints
from tests.edge.paper.pdfs import codes, pdfa_faults, texts
from tests.edge.paper.test_story import LONG_AGO
from tests.edge.test_png import png

LINES = {
    "es": "Presuntivo: requiere confirmación de laboratorio",
    "en": "Presumptive: requires laboratory confirmation",
}
HELD = "se sostuvo el botón 1.5 s en la sesión de quien firma"
ARTICLE_227 = [
    "Identidad", "Estado original", "Condiciones de recolección", "Condiciones de preservación", "Empaque",
    "Condiciones de traslado", "Lugares y fechas de permanencia", "Cambios en cada custodia", "Ahora en manos de",
]  # fmt: skip
REGISTER = [
    "Folio o llamado", "Carpeta de investigación", "Institución", "Unidad", "Entidad", "Municipio", "Lugar",
    "Fecha y hora",
]  # fmt: skip


@pytest.fixture
def case(a_station: Station, officer: OperatorView) -> Dossier:
    return a_case(a_station, officer)


def teller(station: Station, case: Dossier, language: str = "es") -> Teller:
    return prints(station, language)._teller(case)


def whole(station: Station, case: Dossier) -> Whole:
    return concluded(station, prints(station, "es").reader, case)


def rows_of(station: Station, case: Dossier) -> Annex:
    reader, health = prints(station, "es").reader, station.health()
    return annex(teller(station, case), reader, health, case, whole(station, case))


@pytest.mark.parametrize(("paper", "language"), [("custody", "es"), ("annex", "en"), ("slip", "es")])
def test_each_is_presumptive_on_each_page_and_can_be_kept(
    a_station: Station, case: Dossier, paper: Paper, language: str
) -> None:
    made = Press().print(PAPERS[paper](prints(a_station, language), case))
    assert pdfa_faults(made) == []
    assert all(LINES[language] in page for page in texts(made))
    mark = mark_of(StationId("MX-TIJ-01"), case)
    assert mark
    assert codes(made) == [mark.text]


def test_the_custody_form_has_what_the_law_and_the_register_ask_for(a_station: Station, case: Dossier) -> None:
    form = custody(teller(a_station, case), a_station.health(), case, whole(a_station, case))
    assert [each.name for each in form.head] == REGISTER
    [(title, law)] = form.law
    assert (title, [each.name for each in law]) == ("Indicio 1", ARTICLE_227)
    unknown = [each.name for each in (*form.head, *law) if each.kind == "box"]
    assert unknown == [
        *(each for each in REGISTER[:6] if each != "Carpeta de investigación"),
        "Condiciones de recolección",
        "Condiciones de preservación",
        "Condiciones de traslado",
    ]
    assert {each.name: each.ticked for each in form.documentation} == {
        "escrito": True, "fotografías: 1": True, "video": False, "croquis": False,
    }  # fmt: skip
    assert [len(each) for each in (form.collection, form.packing, form.transfer)] == [2, 4, 3]
    assert [each.name for each in form.packing if each.ticked] == ["bolsa"]
    assert form.identity.rows[0][:3] == ["1", "Polvo", "tres bolsas, polvo blanco"]
    assert [row[0] for row in form.people.rows] == ["Ana Ruiz", "Laboratorio", ""]
    assert form.people.rows[0][3] == "recolección (1); empaque (1); entrega (1)"
    [continuity] = form.continuity
    handed, *empty = continuity.rows
    assert handed[1:4] == ["Ana Ruiz", "Laboratorio", "análisis"]
    assert handed[5] == "sello FGR-0042 · MANUAL"
    assert (len(handed), len(empty), {*map(tuple, empty)}) == (7, 3, {("",) * 7})
    [amendment] = form.corrections
    assert [each.value for each in amendment.lines][2:4] == ["12.40", "12.41"]


def test_what_an_exhibit_came_in_is_not_how_it_was_packed(a_station: Station, officer: OperatorView) -> None:
    screening = a_station.screenings.open(officer, "parcel")
    exhibit = a_station.casework.add_exhibit(officer, screening, "Polvo · 1 pieza · Caja", "powder", 1, "box")

    def ticked() -> list[str]:
        case = a_station.casework.dossier(screening)
        form = custody(teller(a_station, case), a_station.health(), case, whole(a_station, case))
        assert form.identity.rows[0][2] == "Polvo · 1 pieza · Caja"
        return [each.name for each in form.packing if each.ticked]

    assert ticked() == [], "nobody packed it yet"
    a_station.casework.apply_seal(officer, exhibit, "FGR-0042", "cerrada en la garita")
    assert ticked() == ["bolsa"]


def test_the_rows_for_the_report_say_nothing_of_persons(a_station: Station, case: Dossier) -> None:
    rows = rows_of(a_station, case)
    assert rows.vehicle[0].value.startswith("22/11/2026 ")
    assert "22 nov 2026" in rows.vehicle[0].value
    assert [each.name for each in rows.vehicle if not each.value][-1] == "Número de serie"
    [thing] = rows.objects.rows
    weights = "Peso bruto corregido: 12.41\xa0g · MANUAL; Peso neto 11.9\xa0g · MANUAL"
    assert thing[1:3] == ["tres bolsas, polvo blanco", weights]
    told = " ".join(rows.paragraph)
    assert "El resultado presuntivo fue: ALARMA, Cocaína; o un estereoisómero: Pseudococaína." in told
    assert "Se hicieron 2 lecturas. ALARMA en 1 de 2 lecturas: Cocaína. Lecturas en conflicto." in told
    assert told.endswith("El asunto corresponde a la autoridad competente.")
    assert "detenid" not in told
    assert "En esta estación" not in told
    assert re.search(
        r"En pruebas de este modelo, un resultado así acierta unas \d+ de cada \d+, medido en [\d\xa0]+ lecturas "
        r"de sustancias conocidas en laboratorios, no en esta estación\.",
        told,
    ), "an officer signs this in the police report"


def test_every_number_of_a_vehicle_is_in_annex_c(a_station: Station, officer: OperatorView) -> None:
    screening = a_station.screenings.open(officer, "vehicle")
    told = ("ABC-12-34", "TRAILER 0042/2026", "CSQU3054383", "CSQU3054384", "XYZ-98-76")
    a_station.subjects.tell(officer, screening, Told("land", "dog", told))
    rows = [(each.name, each.value) for each in rows_of(a_station, a_station.casework.dossier(screening)).vehicle]
    assert [(name, value) for name, value in rows if any(each in value for each in told)] == [
        ("Placa", "ABC-12-34, XYZ-98-76"),
        ("Número", "TRAILER 0042/2026"),
        ("Número de contenedor", "CSQU3054383"),
        ("Número de contenedor", "CSQU3054384 (dígito verificador incorrecto)"),
    ]


def cut_off(station: Station, officer: OperatorView) -> Dossier:
    """Put on record what a power cut leaves of a reading."""
    screening = station.screenings.open(officer, "parcel")
    station.screenings._begin(ReadingId("r-cut"), officer, "parcel", screening)
    station.screenings.close_cut_off()
    return station.casework.dossier(screening)


def as_after_retention(case: Dossier) -> Dossier:
    kept = [(each, each.record) for each in case.readings]
    return replace(case, readings=[replace(each, record=reduced(record)) for each, record in kept if record])


def test_a_reading_that_was_cut_off_gave_no_result_and_names_no_analyzer(
    a_station: Station, officer: OperatorView, case: Dossier
) -> None:
    cut = cut_off(a_station, officer)
    told = " ".join(rows_of(a_station, cut).paragraph)
    assert "hizo la lectura 1 con un analizador que el asiento no nombra." in told
    assert "No dio resultado: FALLA DEL EQUIPO. Se cortó la corriente a media lectura." in told
    assert "El resultado presuntivo fue" not in told
    gone = " ".join(rows_of(a_station, as_after_retention(cut)).paragraph)
    assert "hizo la lectura 1 con un analizador que la estación ya no nombra." in gone
    gone = " ".join(rows_of(a_station, as_after_retention(case)).paragraph)
    assert gone.count("con un analizador que nombra el asiento sellado.") == 2


def test_without_a_vehicle_there_is_no_annex_c(a_station: Station, officer: OperatorView) -> None:
    case = a_station.casework.dossier(a_station.screenings.open(officer, "parcel"))
    rows = rows_of(a_station, case)
    assert (rows.vehicle, rows.code, rows.paragraph) == ([], "", [])
    with pytest.raises(NotPrinted, match="on record"):
        slip([], a_station.health(), case)


def test_what_was_voided_stands_in_no_form_and_is_said(a_station: Station, case: Dossier) -> None:
    seq = next(seq for seq, record in case.records if isinstance(record, WeightRecord))
    people = [a_station.operators.enrol(name, "supervisor", PIN) for name in ("Eva Sol", "Luz Mar")]
    a_station.operators.demo = True
    first, second = (a_station.operators.prove(each.id, PIN) for each in people)
    reason = "otra bolsa en el plato"
    a_station.casework.void(Approval("void", void_subject(seq, reason), first, second), seq, reason)
    after = a_station.casework.dossier(case.screening)
    assert after.of(VoidRecord)
    rows = rows_of(a_station, after)
    assert rows.objects.rows[0][2] == "Peso neto 11.9\xa0g · MANUAL"
    titles = ["Enmienda", "Aprobado por dos personas", "Ya no cuenta"]
    assert [each.title for each in rows.corrections] == titles
    for block in (rows.corrections[0], rows.corrections[-1]):
        told = {line.name: line.value for line in block.lines}
        assert told["Asiento"].startswith(f"{seq} · ")
        assert told["Que es"] == "Peso: 12.40\xa0g bruto", "what it is and what it said stands where it is corrected"
    page = prints(a_station, "es").acta(after).page
    assert f"ANULADO: {reason}" in page
    assert "garita.approval/1" in page
    approval = next(each for each, record in after.records if isinstance(record, ApprovalRecord))
    with pytest.raises(BadCasework, match="is the approval of another"):
        a_station.casework.void(Approval("void", void_subject(approval, reason), first, second), approval, reason)


def test_the_chain_of_custody_says_what_was_amended_and_leaves_out_what_was_voided(
    a_station: Station, officer: OperatorView, case: Dossier
) -> None:
    casework, exhibit = a_station.casework, case.exhibits[0].id
    entries = {type(record): seq for seq, record in case.records}
    casework.amend(officer, entries[TransferRecord], "x", [("reason", "análisis", "audiencia")])
    casework.amend(officer, entries[SealRecord], "x", [("seal_number", "FGR-0042", "FGR-0043")])
    casework.transfer(officer, exhibit, officer.name, "devolución", "FGR-0043", given=Given(None, drawn=png()))
    opened = casework.break_seal(officer, exhibit, "FGR-0043", "otra apertura")
    people = [a_station.operators.enrol(name, "supervisor", PIN) for name in ("Eva Sol", "Luz Mar")]
    a_station.operators.demo = True
    first, second = (a_station.operators.prove(each.id, PIN) for each in people)
    casework.void(Approval("void", void_subject(opened, "nunca"), first, second), opened, "nunca")
    after = casework.dossier(case.screening)
    form = custody(teller(a_station, after), a_station.health(), after, whole(a_station, after))
    [[handed, *_]], [(_, law)] = [each.rows for each in form.continuity], form.law
    assert handed[1:4] == ["Ana Ruiz", "Laboratorio", "corregido: audiencia"]
    assert [row[0] for row in form.people.rows] == ["Ana Ruiz", "Laboratorio", ""]
    [changes] = [each.value for each in law if each.name == "Cambios en cada custodia"]
    assert changes.endswith("Sello puesto corregido: FGR-0043 · MANUAL: cerrada en la garita · Ana Ruiz")
    told = [line.value for block in form.corrections for line in block.lines if line.name == "Que es"]
    assert told[-1] == "Sello roto: FGR-0043 · manual"


def test_the_chain_of_custody_says_who_opened_which_bag_and_who_took_the_sample(
    a_station: Station, officer: OperatorView
) -> None:
    eva, casework = a_station.operators.enrol("Eva Sol", "supervisor", PIN), a_station.casework
    screening = a_station.screenings.open(officer, "vehicle")
    first, second = (casework.add_exhibit(officer, screening, what) for what in ("polvo", "pastillas"))
    for exhibit, number in ((first, "FGR-1"), (second, "FGR-2")):
        casework.weigh(officer, exhibit, ("12.5", "g"))
        casework.apply_seal(officer, exhibit, number, "cerrada")
    casework.transfer(officer, second, eva.name, "custodia", "FGR-2", eva.id)
    casework.break_seal(eva, second, "FGR-2", "muestra")
    casework.photograph(eva, second, a_photo(), "image/jpeg")
    casework.weigh(eva, second, ("12.4", "g"), occasion="before_sampling")
    casework.apply_seal(officer, second, "FGR-3", "cerrada otra vez")
    found = casework.dossier(screening)
    form = custody(teller(a_station, found), a_station.health(), found, whole(a_station, found))
    assert [(row[0], row[3]) for row in form.people.rows[:2]] == [
        ("Ana Ruiz", "recolección (1, 2); empaque (1, 2); entrega (2)"),
        ("Eva Sol", "recibe (2); apertura (2); toma de muestra (2)"),
    ]
    _, (_, law) = form.law
    [changes] = [each.value for each in law if each.name == "Cambios en cada custodia"]
    assert [each.rpartition(" · ")[2] for each in changes.split("; ")] == ["Ana Ruiz", "Eva Sol", "Eva Sol", "Ana Ruiz"]
    assert "Sello roto FGR-2 · MANUAL: muestra · Eva Sol" in changes


def test_the_slip_says_nothing_of_a_person_or_a_result(a_station: Station, case: Dossier) -> None:
    page = prints(a_station, "es").slip(case).page
    for told in ("Ana Ruiz", "ALARM", "Coca", "bolsas", "FGR", case.screening):
        assert told not in page
    made = prints(a_station, "en").slip_of(case)
    assert [each.language for each in made.texts] == ["es", "en"]
    assert made.texts[0].title == "Usted pasó por una revisión"
    assert made.texts[0].facts[-1].name == "Asientos al imprimir", (
        "the screen of the record tells those at the signature"
    )


def test_the_slip_doubts_a_clock_that_nobody_sets(bench: Bench, a_station: Station, officer: OperatorView) -> None:
    bench.clock.synchronised = False
    finished(a_station, a_station.screenings.start(officer))
    [reading] = a_station.screenings.recent()
    made = prints(a_station, "es").slip_of(a_station.casework.dossier(reading.screening))
    [when] = [line.value for line in made.texts[0].facts if line.name == "Fecha y hora"]
    assert when.endswith("(Hora sin sincronizar)")


def test_papers_say_how_a_giver_signed_and_who_signed_for_one_who_was_absent(
    a_station: Station, officer: OperatorView, case: Dossier
) -> None:
    supervisor, casework = a_station.operators.enrol("Eva Sol", "supervisor", PIN), a_station.casework
    exhibit = case.exhibits[0].id
    back, on = Given(None, drawn=png()), Given(supervisor, "hold")
    read = casework.scan_seal(officer, exhibit, Scanned(1, parse(b"]C0FGR-0042"), 0.0, Transcript("code-reader:x")))
    casework.transfer(supervisor, exhibit, officer.name, "devolución", "FGR-0042", officer.id, back, scan=read)
    casework.transfer(supervisor, exhibit, "Abc, Juzgado", "audiencia", "FGR-0042", given=on)
    found = casework.dossier(case.screening)
    tell = teller(a_station, found)
    form = custody(tell, a_station.health(), found, whole(a_station, found))
    [continuity] = form.continuity
    assert [row[1] for row in continuity.rows[:3]] == ["Ana Ruiz", "Laboratorio", "Ana Ruiz; en su lugar: Eva Sol"]
    assert ["Eva Sol", "Supervisión", "entrega en lugar de Ana Ruiz (1)"] in [
        [row[0], row[2], row[3]] for row in form.people.rows
    ]
    blocks = [block_of(tell, *each) for each in found.records if isinstance(each[1], TransferCore)]
    said = {
        name: [[line.value for line in each.lines if line.name == name] for each in blocks if each]
        for name in ("Número de sello", "Cómo")
    }
    assert said == {
        "Número de sello": [["FGR-0042 · MANUAL"], ["FGR-0042"], ["FGR-0042 · MANUAL"]],
        "Cómo": [[], ["leído con lector"], []],
    }
    assert [row[5] for row in continuity.rows[:3]] == [f"sello {number}" for [number] in said["Número de sello"]]
    given = [line.value for block in blocks if block for line in block.lines if line.name == "Entrega"]
    assert given == [
        "Ana Ruiz (en su propia sesión)",
        "Laboratorio (con firma trazada)",
        f"Ana Ruiz, ausente; firmó en su lugar Eva Sol (Supervisión, {supervisor.id}): {HELD}",
    ]


def test_crystals_are_crystals_on_paper_in_both_languages(a_station: Station, officer: OperatorView) -> None:
    screening = a_station.screenings.open(officer, "parcel")
    a_station.casework.add_exhibit(officer, screening, "Cristales · 1 pieza · Bolsa", "crystals", 1, "bag")
    case = a_station.casework.dossier(screening)
    [file] = case.exhibits
    [record] = file.of(ExhibitRecord)
    assert record.schema_name == "garita.exhibit/3"
    for language, said in (("es", "Cristales"), ("en", "Crystals")):
        papers = prints(a_station, language)
        form = custody(papers._teller(case), a_station.health(), case, whole(a_station, case))
        assert form.identity.rows[0][1] == said
        assert form.identity.rows[0][2].startswith(f"{said} · 1 ")


def test_what_was_picked_is_told_in_the_language_of_the_form(a_station: Station, officer: OperatorView) -> None:
    screening = a_station.screenings.open(officer, "parcel")
    exhibit = a_station.casework.add_exhibit(officer, screening, "Polvo · 3 piezas · Bolsa", "powder", 3, "bag")
    a_station.casework.apply_seal(officer, exhibit, "FGR-7", "Se cerró la bolsa")
    a_station.casework.transfer(officer, exhibit, "Inés, Laboratorio", "Análisis de laboratorio", "FGR-7")
    case = a_station.casework.dossier(screening)
    assert [each.holder for each in case.exhibits] == ["Inés, Laboratorio"], "as it was picked"
    page = prints(a_station, "en").custody(case).page
    assert "Inés, Laboratorio" not in page
    assert "Inés, Laboratorio" not in prints(a_station, "en").annex(case).page
    told = story(prints(a_station, "en").reader, officer, a_station.shifts.of(officer.id, LONG_AGO), "now", 0)
    assert any("from Ana Ruiz to Inés, Laboratory." in each for each in told.sentences)
    for said in ("Seal applied FGR-7 · MANUAL: The bag was closed", "Laboratory analysis", "Inés, Laboratory"):
        assert said in page
    acta = prints(a_station, "en").acta(case).page
    for said in ("Powder · 3 pieces · Bag", "The bag was closed", "Laboratory analysis", "Inés, Laboratory ("):
        assert said in acta
    assert "Polvo" not in acta
    assert "Inés, Laboratorio" not in acta
    assert "about other things, as that a reading began" not in acta
