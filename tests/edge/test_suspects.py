"""Whom a reading suspects, on record: with the lists of its day, for the hazard, and beside another technique."""

from dataclasses import replace
from datetime import date

import pytest

from edge.clock import Day
from edge.hazards import hazard_of
from edge.identify_files import json_line
from edge.listings import listed, listing_of
from edge.records import identification_part
from edge.suspects import suspected
from models.answer import Identification
from models.identification import Identifier
from models.spectrum import Spectrum
from sync.contract.records import IdentificationPart
from sync.contract.suspects import suspects_of
from sync.verify.words import describe
from tests.suspected import CODEINE_IN_PARACETAMOL, FENTANYL_IN_CREATINE

DAY = Day(date(2026, 11, 27), "clock")


@pytest.fixture(scope="module")
def found(identifier: Identifier) -> Identification:
    return identifier.identify(FENTANYL_IN_CREATINE)


@pytest.fixture(scope="module")
def part(identifier: Identifier, found: Identification) -> IdentificationPart:
    return identification_part(found, listed(identifier.catalogue, DAY, found) | suspected(found))


def test_a_record_tells_them_with_their_lists(part: IdentificationPart) -> None:
    again = IdentificationPart.from_bytes(part.to_bytes())
    listing = listing_of(again)
    assert again == part
    assert [each.name for each in suspects_of(again)] == ["Fentanyl"]
    assert suspects_of(again)[0].probability == pytest.approx(0.58, abs=0.08)
    assert listing is not None
    assert "SC1961 I" in {each.list for each in listing.entries if each.substance == suspects_of(again)[0].inchikey}


@pytest.mark.parametrize(
    ("spectra", "hazard"), [(FENTANYL_IN_CREATINE, "H1-ULTRA"), (CODEINE_IN_PARACETAMOL, "H2-OPIOID")]
)
def test_the_hazard_is_that_of_the_gravest_suspect(
    identifier: Identifier, spectra: tuple[Spectrum, ...], hazard: str
) -> None:
    answer = replace(identifier.identify(spectra), families=(), explanation=None)
    assert hazard_of(identifier.catalogue, identification_part(answer, suspected(answer))) == hazard
    assert hazard_of(identifier.catalogue, identification_part(answer, {})) != hazard


def test_a_line_of_json_and_the_verifier_tell_them(found: Identification, part: IdentificationPart) -> None:
    assert '"suspects": [{"name": "Fentanyl"' in json_line("x", found)
    record = {"schema": "s/1", "station": "S", "operator": None, "software": "garita", "identification": {}}
    recorded = {"wall": "2026-11-27T01:02:03.000000Z", "trust": "synchronised"}
    record |= {"recorded": recorded, "identification": part.model_dump()}
    assert "    sustancias sospechadas:" in list(describe(record, "es"))


@pytest.mark.parametrize("said", [None, 1, {}, {"format": "garita.suspects/9"}, {"of": [{"name": "Fentanyl"}]}])
def test_what_this_software_cannot_read_is_nobody(part: IdentificationPart, said: object) -> None:
    other = part.model_copy(update={"suspects": said})
    assert suspects_of(IdentificationPart.from_bytes(other.to_bytes())) == ()
    assert suspects_of(None) == ()


def test_nobody_is_on_record_where_all_is_named(identifier: Identifier) -> None:
    assert suspected(identifier.identify(())) == {}
