"""Stereoisomers on record: what a reading cannot tell apart, with what the lists of its day say of each form."""

from datetime import date

import pytest

from edge.clock import Day
from edge.listings import listed
from edge.records import identification_part
from edge.stereoisomers import forms_of, told
from models.answer import Identification
from models.catalogue import DATA
from models.identification import Identifier
from models.reading import read_samples
from sync.contract.records import IdentificationPart
from sync.contract.stereoisomers import StereoisomersPart, stereoisomers_of

DAY = Day(date(2026, 11, 26), "clock")


def answer(identifier: Identifier, name: str) -> Identification:
    return identifier.identify_sample(next(each for each in read_samples(DATA / "samples.msp") if each.name == name))


@pytest.fixture(scope="module")
def found(identifier: Identifier) -> Identification:
    return answer(identifier, "Methamphetamine")


@pytest.fixture(scope="module")
def part(identifier: Identifier, found: Identification) -> IdentificationPart:
    return identification_part(found, listed(identifier.catalogue, DAY, found) | told(identifier.catalogue, found))


def test_a_record_tells_them(part: IdentificationPart, found: Identification) -> None:
    again = IdentificationPart.from_bytes(part.to_bytes())
    said = stereoisomers_of(again)
    assert said is not None
    assert again == part
    assert "stereoisomers-not-told-apart" in part.reasons
    assert said.names(found.hits[0].inchikey) == ["Levomethamphetamine"]
    [form] = said.of[0].forms
    assert (form.kind, [each.list for each in form.listed]) == ("enantiomer", ["PSC1971 II"])
    assert not form.listed[0].verified
    assert len(said.to_bytes()) < 600


@pytest.mark.parametrize("said", [None, 1, {}, {"format": "garita.stereoisomers/9"}, {"of": [{"substance": "K"}]}])
def test_what_this_software_cannot_read_is_none(part: IdentificationPart, said: object) -> None:
    other = part.model_copy(update={"stereoisomers": said})
    assert stereoisomers_of(IdentificationPart.from_bytes(other.to_bytes())) is None
    assert stereoisomers_of(None) is None


def test_of_an_older_record_the_catalogue_tells(
    identifier: Identifier, part: IdentificationPart, found: Identification
) -> None:
    older = identification_part(found, {})
    hit = found.hits[0]
    assert stereoisomers_of(older) is None
    assert forms_of(older, identifier.catalogue, hit.inchikey, hit.name) == forms_of(
        part, identifier.catalogue, hit.inchikey, hit.name
    )


def test_the_record_goes_before_the_catalogue(
    identifier: Identifier, part: IdentificationPart, found: Identification
) -> None:
    said = stereoisomers_of(part)
    assert said is not None
    none = StereoisomersPart(of=[said.of[0].model_copy(update={"forms": []})])
    other = part.model_copy(update={"stereoisomers": none.model_dump()})
    assert forms_of(other, identifier.catalogue, found.hits[0].inchikey, "Methamphetamine") == []


def test_nothing_is_on_record_of_what_has_none(identifier: Identifier) -> None:
    assert told(identifier.catalogue, answer(identifier, "Caffeine")) == {}
