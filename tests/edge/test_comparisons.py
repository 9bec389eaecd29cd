"""Comparisons: what an officer accepts goes on record once, a conflict too, until another reading comes."""

from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from edge.dossier import Dossier
from edge.errors import BadCasework, NotAllowed
from edge.paper.prints import PAPERS, Paper
from edge.station import Station
from edge.views import OperatorView
from edge.web import home
from edge.web.comparing import accepted_words, concluded, crosscheck
from edge.web.record_words import said
from edge.web.translations import load_languages
from sync.contract.comparison import ComparisonRecord, ComparisonRecord2
from sync.contract.ids import ScreeningId
from tests.edge.bench import PIN, Bench, PutOnPty, finished
from tests.edge.paper.case import prints
from tests.edge.test_imports import TRUNARC, raman, read_incoming
from tests.edge.test_second_technique import void

WORDS = ("ALARM", "ALARM", "NO ALARM")


def measured(station: Station, officer: OperatorView, times: int = 2) -> ScreeningId:
    screening = station.screenings.open(officer, "parcel")
    for _ in range(times):
        finished(station, station.screenings.start(officer, screening=screening))
    return screening


def dossier(station: Station, screening: ScreeningId) -> Dossier:
    return station.casework.dossier(screening)


def test_a_conflict_is_accepted_as_one(bench: Bench, a_station: Station, officer: OperatorView) -> None:
    screening = measured(a_station, officer)
    for _ in range(2):
        a_station.comparisons.accept(officer, screening)
    [record] = [each for each in bench.records() if isinstance(each, ComparisonRecord)]
    assert (record.outcome, record.strength, record.conclusion) == ("conflict", "one", None)
    assert [part.conclusion for part in record.findings] == ["alarm", "no_alarm"]
    assert (record.operator, record.rule) == (officer.id, "garita.agreement/3")
    found = dossier(a_station, screening)
    assert [part.concerns.seq for part in record.findings] == [each.seq for each in found.readings]
    assert [part.concerns.digest.hex() for part in record.findings] == [
        a_station.envelope(each.seq).digest for each in found.readings if each.seq
    ]
    assert [part.family for part in record.findings] == ["stimulant-cocaine", "adulterant"]


def test_readings_that_agree_come_to_the_gravest(bench: Bench, put_on_pty: PutOnPty) -> None:
    station = bench.open(analyzer=put_on_pty("Cocaine", "Cocaine"))
    officer = station.operators.enrol("Ana Ruiz", "officer", PIN)
    screening = measured(station, officer)
    station.comparisons.accept(officer, screening)
    record = station.comparisons.accepted(dossier(station, screening))
    assert record is not None
    assert (record.outcome, record.strength, record.conclusion) == ("agree", "repeated", "alarm")
    assert said(load_languages()["es"], record) == ("Comparación de lecturas", "Las lecturas coinciden: ALARMA")
    page = prints(station, "es").acta(dossier(station, screening)).page
    assert "Comparación de lecturas" in page
    assert "Las lecturas coinciden: ALARMA" in page


def test_alarms_of_different_substances_are_an_alarm(bench: Bench, put_on_pty: PutOnPty) -> None:
    station = bench.open(analyzer=put_on_pty("Cocaine", "Fentanyl"))
    officer = station.operators.enrol("Ana Ruiz", "officer", PIN)
    screening = measured(station, officer)
    station.comparisons.accept(officer, screening)
    record = station.comparisons.accepted(dossier(station, screening))
    assert record is not None
    assert (record.outcome, record.conclusion) == ("conflict", "alarm")
    assert said(load_languages()["en"], record)[1] == "Alarms of different substances: ALARM"
    whole = concluded(station, prints(station, "en").reader, dossier(station, screening))
    assert (whole.word, whole.what, whole.doubt) == (
        "Accepted: ALARM", "Cocaine / Fentanyl", "Alarms of different substances.",
    )  # fmt: skip
    assert [part.said.split(";")[0] for part in whole.parts] == [
        "Reading 1: ALARM, Cocaine",
        "Reading 2: ALARM, Fentanyl",
    ]
    assert "or an isomer: " in whole.parts[1].said


def test_what_is_harmless_takes_nothing_from_alarms(bench: Bench, put_on_pty: PutOnPty) -> None:
    station = bench.open(analyzer=put_on_pty("Cocaine", "Fentanyl", "Caffeine"))
    officer = station.operators.enrol("Ana Ruiz", "officer", PIN)
    found, reader = dossier(station, measured(station, officer, 3)), prints(station, "en").reader
    whole = concluded(station, reader, found)
    assert whole.said == "ALARM in 2 of 3 readings: Cocaine / Fentanyl"
    assert whole.doubt == "The readings disagree."
    cross = crosscheck(station, reader.language, found)
    assert (cross.conclusion, cross.kind, cross.together) == ("inconclusive", "alarm", "Together: IN CONFLICT")
    assert "the alarms stand" in cross.meaning
    station.comparisons.accept(officer, found.screening)
    found = dossier(station, found.screening)
    assert crosscheck(station, reader.language, found).together == "Accepted: IN CONFLICT"
    [record] = found.of(ComparisonRecord)
    assert said(reader.language, record)[1] == "The readings disagree: ALARM in 2 of 3 readings"
    page = prints(station, "en").acta(found).page
    assert "The readings disagree: ALARM in 2 of 3 readings" in page
    assert ", ".join(f"{each.concerns.seq}: {word}" for each, word in zip(record.findings, WORDS, strict=True)) in page
    assert "INCONCLUSIVE" not in page


def test_what_an_older_rule_sealed_of_a_conflict_is_told_as_it_is_and_asked_anew(
    a_station: Station, officer: OperatorView
) -> None:
    screening = measured(a_station, officer)
    a_station.comparisons.accept(officer, screening)
    [now] = dossier(a_station, screening).of(ComparisonRecord)
    fields = now.model_dump(by_alias=True)
    findings = [{name: value for name, value in each.items() if name != "conclusion"} for each in fields["findings"]]
    older = {"schema": "garita.comparison/2", "rule": "garita.agreement/2", "findings": findings}
    then = ComparisonRecord2.from_value(fields | older | {"conclusion": "inconclusive"})
    assert accepted_words(load_languages()["en"], then) == (
        "The readings disagree. Sealed as INCONCLUSIVE, as its rule calls such a conflict;"
        " that takes nothing from an alarm among them."
    )
    found = dossier(a_station, screening)
    assert a_station.comparisons.accepted(found) == now
    records = [(seq, then if each == now else each) for seq, each in found.records]
    assert a_station.comparisons.accepted(replace(found, records=records)) is None
    agreed = ComparisonRecord2.from_value(fields | older | {"outcome": "agree", "conclusion": "alarm"})
    records = [(seq, agreed if each == now else each) for seq, each in found.records]
    assert a_station.comparisons.accepted(replace(found, records=records)) == agreed


@pytest.mark.parametrize(
    ("plays", "told"),
    [
        (("Fentanyl", "Caffeine"), ("alarm", "ALARM in 1 of 2 readings", "Fentanyl")),
        (("Cocaine", "Cocaine"), ("alarm", "Together: ALARM", "Cocaine")),
        (("Caffeine",), ("no_alarm", "NO ALARM", "Caffeine")),
    ],
)
def test_home_tells_what_the_readings_of_a_screening_come_to(
    bench: Bench, put_on_pty: PutOnPty, plays: tuple[str, ...], told: tuple[str, str, str]
) -> None:
    station = bench.open(analyzer=put_on_pty(*plays))
    screening = measured(station, station.operators.enrol("Ana Ruiz", "officer", PIN), len(plays))
    row = home.told(prints(station, "en").reader, station, dossier(station, screening).readings[-1])
    assert (row.shape, row.word, row.detail) == told


def test_of_how_many_some_are_alarms_counts_what_gave_a_result(
    bench: Bench, put_on_pty: PutOnPty, tmp_path: Path
) -> None:
    station = bench.open(analyzer=put_on_pty("Cocaine", "Caffeine", "unplug"))
    officer = station.operators.enrol("Ana Ruiz", "officer", PIN)
    screening, reader = measured(station, officer, 3), prints(station, "es").reader
    file = tmp_path / "bag.jdx"
    file.write_bytes(raman(600, 1000))
    silent = station.imports.receive(read_incoming(file), replace(TRUNARC, verdict=None), officer.id)
    station.observations.link(officer, screening, silent.seq)
    found = dossier(station, screening)
    assert concluded(station, reader, found).word == "ALARMA en 1 de 2 resultados"
    assert "Se hicieron 3 lecturas. ALARMA en 1 de 2 resultados: Cocaína." in prints(station, "es").annex(found).page


def test_a_file_that_was_attached_by_mistake_is_compared_no_more(
    bench: Bench, put_on_pty: PutOnPty, tmp_path: Path
) -> None:
    station = bench.open(analyzer=put_on_pty("Caffeine"))
    officer = station.operators.enrol("Ana Ruiz", "officer", PIN)
    screening = measured(station, officer, 1)
    file = tmp_path / "bag.jdx"
    file.write_bytes(raman(600, 1000))
    alarm = station.imports.receive(read_incoming(file), replace(TRUNARC, verdict="Cocaine"), officer.id)
    station.observations.link(officer, screening, alarm.seq)
    assert len(station.comparisons.of(dossier(station, screening)).findings) == 2
    void(station, station.observations.second_techniques(screening)[0][0])
    assert len(station.comparisons.of(dossier(station, screening)).findings) == 1


CONFLICT = {
    "es": "ALARMA en 1 de 2 lecturas: Cocaína. Lecturas en conflicto.",
    "en": "ALARM in 1 of 2 readings: Cocaine. The readings disagree.",
}
FORMS: tuple[Paper, ...] = ("acta", "custody", "annex")


def test_every_paper_says_first_that_the_readings_conflict(a_station: Station, officer: OperatorView) -> None:
    found = dossier(a_station, measured(a_station, officer))
    for paper, language in product(FORMS, CONFLICT):
        page = PAPERS[paper](prints(a_station, language), found).page
        one = load_languages()[language].say("Reading %(number)s", number=1).lower()
        assert page.index(CONFLICT[language]) < page.lower().index(one)


def test_another_reading_asks_anew(a_station: Station, officer: OperatorView) -> None:
    screening = measured(a_station, officer)
    a_station.comparisons.accept(officer, screening)
    finished(a_station, a_station.screenings.start(officer, screening=screening))
    assert a_station.comparisons.accepted(dossier(a_station, screening)) is None
    a_station.comparisons.accept(officer, screening)
    assert len(dossier(a_station, screening).of(ComparisonRecord)) == 2


def test_one_reading_is_nothing_to_compare(a_station: Station, officer: OperatorView) -> None:
    screening = measured(a_station, officer, 1)
    with pytest.raises(BadCasework, match="one reading alone"):
        a_station.comparisons.accept(officer, screening)


def test_who_may_not_do_casework_accepts_nothing(a_station: Station, officer: OperatorView) -> None:
    screening = measured(a_station, officer)
    auditor = a_station.operators.enrol("Rosa Gil", "auditor", PIN)
    with pytest.raises(NotAllowed):
        a_station.comparisons.accept(auditor, screening)


def test_a_signed_seizure_takes_no_more_comparison(a_station: Station, officer: OperatorView) -> None:
    screening = measured(a_station, officer)
    a_station.casework.add_exhibit(officer, screening, "polvo blanco")
    a_station.seizures.sign(officer, screening, "hold")
    with pytest.raises(BadCasework, match="signed"):
        a_station.comparisons.accept(officer, screening)
