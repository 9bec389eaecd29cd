"""A mixture on paper: what was found in it stands apart from what else the reading resembles."""

from dataclasses import replace
from typing import Any

import pytest

from edge.dossier import Dossier
from edge.paper.acta import Measured, acta
from edge.station import Station
from edge.views import OperatorView
from edge.web.comparing import concluded
from models.catalogue import Catalogue
from sync.contract.records import ComponentPart, FamilyPart, IdentificationPart, ResidualPart
from tests.edge.bench import finished
from tests.edge.paper.case import prints

CATALOGUE = Catalogue.load()


@pytest.fixture
def case(a_station: Station, officer: OperatorView) -> Dossier:
    screening = a_station.screenings.open(officer, "parcel")
    finished(a_station, a_station.screenings.start(officer, screening=screening))
    return a_station.casework.dossier(screening)


def identified(case: Dossier) -> IdentificationPart:
    record = case.readings[0].record
    assert record
    assert record.readings[0].identification
    return record.readings[0].identification


def as_if(case: Dossier, conclusion: str = "alarm", **found: Any) -> Dossier:
    """Return the case as if its reading had found something else."""
    [taken] = case.readings
    assert taken.record
    part = taken.record.readings[0].model_copy(update={"identification": identified(case).model_copy(update=found)})
    record = taken.record.model_copy(update={"conclusion": conclusion, "readings": [part]})
    return replace(case, readings=[replace(taken, record=record)])


def a_mixture(case: Dossier, *names: str) -> Dossier:
    """Return the case as if its reading had found these, half as much of each as of the one before, and lidocaine."""
    rows = [row for name in (*names, "Lidocaine") if (row := CATALOGUE.named(name))]
    like = identified(case).hits[0]
    components = [
        ComponentPart(name=row.name, inchikey=row.inchikey, isomers=[], share=0.4 / 2**at, probability=0.97)
        for at, row in enumerate(rows[:-1])
    ]
    return as_if(
        case,
        reasons=["controlled-substance", "mixture"],
        hits=[like.model_copy(update={"name": each.name, "inchikey": each.inchikey}) for each in rows],
        components=components,
        residual=ResidualPart(share=0.1, mz=[110]),
    )


def told(station: Station, case: Dossier) -> Measured:
    made = prints(station, "es")
    whole = concluded(station, made.reader, case)
    [measured] = acta(made._teller(case), made.reader, station.health(), case, whole).readings
    return measured


def test_what_was_found_stands_apart_from_what_it_also_resembles(a_station: Station, case: Dossier) -> None:
    mixed = a_mixture(case, "Heroin", "Cocaine", "Fentanyl")
    measured = told(a_station, mixed)
    found = [(each.name, each.share.split()[0]) for each in measured.found]
    assert found == [("Heroína", "40"), ("Cocaína", "20"), ("Fentanilo", "10")]
    assert (measured.resembles, [each.name for each in measured.others]) == ("También se parece a", ["Lidocaína"])
    page = prints(a_station, "es").acta(mixed).page
    assert page.count("<th>Hallado en la mezcla</th>") == 1
    assert "También puede ser" not in page


def test_what_the_others_are_depends_on_what_was_concluded(a_station: Station, case: Dossier) -> None:
    assert told(a_station, case).resembles == "También puede ser"
    nothing = as_if(case, "inconclusive", reasons=["ambiguous"])
    assert told(a_station, nothing).resembles == "Se parece a"
    family = as_if(case, reasons=["family-only"], families=[FamilyPart(family="opiate", probability=0.99)])
    assert (told(a_station, family).substance, told(a_station, family).resembles) == (
        "Familia probable: Opiáceo",
        "Se parece a",
    )
    several = as_if(case, reasons=["controlled-substance", "ambiguous"])
    assert told(a_station, several).resembles == "Se parece a"
