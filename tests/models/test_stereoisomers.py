"""Stereoisomers: no reading tells them apart, and none of them is kept quiet."""

from dataclasses import replace
from pathlib import Path

import pytest

from models.answer import Finding, Hit, with_stereoisomers
from models.catalogue import DATA, Catalogue, Standing, Substance
from models.conclusion import Conclusion, Reason
from models.errors import UnusableCatalogue
from models.explanation import Doubt
from models.identification import Identifier
from models.sample import Sample
from models.schedules import NONE, Entry, Schedule, Schedules
from models.standing import ORDER, standing_of
from models.stereoisomers import Kind
from tests.models.test_catalogue import copy
from tests.models.test_schedules import OWN

REMARK = Reason.STEREOISOMERS_NOT_TOLD_APART
CHIRAL = Hit("Methamphetamine", "MYWUZJCMWCOHBA-VIFPVBQESA-N", 0.9, 0.9, ())
FLAT = replace(CHIRAL, name="Caffeine", inchikey="RYYVLZVUVIJVGH-UHFFFAOYSA-N")


def row(catalogue: Catalogue, name: str) -> Substance:
    return next(each for each in catalogue.substances if each.name == name)


def names(catalogue: Catalogue, name: str) -> set[str]:
    return {form.name for form in catalogue.stereochemistry.forms(row(catalogue, name).inchikey, name)}


@pytest.mark.parametrize(
    ("name", "others"),
    [
        ("Methamphetamine", {"Levomethamphetamine"}),
        ("Amphetamine", {"Dexamfetamine", "Levamfetamine"}),
        ("Dextromethorphan", {"Levomethorphan", "Racemethorphan"}),
        ("Levorphanol", {"Dextrorphan", "Racemorphan"}),
        ("Ephedrine", {"Pseudoephedrine"}),
        ("Pseudoephedrine", {"Ephedrine"}),
        ("Cathine", {"Norephedrine"}),
        ("Citalopram", {"Escitalopram"}),
        ("Fentanyl", set()),
    ],
)
def test_the_other_forms_of_a_substance(catalogue: Catalogue, name: str, others: set[str]) -> None:
    assert names(catalogue, name) == others


def test_every_form_is_of_a_substance_that_has_stereoisomers(catalogue: Catalogue) -> None:
    for skeleton, forms in catalogue.stereochemistry.named.items():
        assert skeleton in catalogue.by_skeleton
        assert catalogue.stereochemistry.elements[skeleton] > 0
        assert all((form.kind is Kind.RACEMATE) <= ("UHFFFAOYSA" in form.inchikey) for form in forms)
    every = [form for forms in catalogue.stereochemistry.named.values() for form in forms]
    assert len({form.name for form in every}) == len(every) > 30


@pytest.mark.parametrize(
    ("inchikey", "elements"),
    [
        ("ZPUCINDJVBIVPJ-LJISPDSOSA-N", 4),
        ("PJMPHNIQZUBGLI-UHFFFAOYSA-N", None),
        ("UCTCCIPCJZKWEZ-UHFFFAOYSA-N", None),
        ("AAAAAAAAAAAAAA-SECBINFHSA-N", 0),
        ("AAAAAAAAAAAAAA-UHFFFAOYSA-N", None),
        ("AAAAAAAAAAAAAA", None),
    ],
    ids=["cocaine", "fentanyl", "adamantane", "key tells", "key is flat", "no second block"],
)
def test_what_has_stereoisomers(catalogue: Catalogue, inchikey: str, elements: int | None) -> None:
    found = catalogue.stereochemistry.of(inchikey, "")
    assert (found.elements if found else None) == elements


def test_the_excepted_form_is_told_from_the_controlled_one_by_law_alone(catalogue: Catalogue) -> None:
    law = {
        form.name: catalogue.in_force.listed(form.inchikey, "opioid-other")
        for name in ("Levorphanol", "Dextromethorphan")
        for form in catalogue.stereochemistry.forms(row(catalogue, name).inchikey, name)
    }
    assert [each.list for each in law["Dextrorphan"].entries] == [NONE]
    assert law["Levomethorphan"].standing is Standing.CONTROLLED
    assert row(catalogue, "Levorphanol").standing is Standing.CONTROLLED
    assert row(catalogue, "Dextromethorphan").standing is Standing.WATCHED


def escitalopram_alone(catalogue: Catalogue) -> Schedules:
    citalopram = row(catalogue, "Citalopram")
    [form] = catalogue.stereochemistry.forms(citalopram.inchikey, "Citalopram")
    free = Entry(citalopram.inchikey, "", "MX", NONE, Standing.UNLISTED, None, None, "DOF", verified=True)
    held = replace(free, inchikey=form.inchikey, list="Lista I", standing=Standing.CONTROLLED)
    law: Schedule = replace(OWN, entries=(free, held))
    return Schedules((law,))


def test_a_controlled_form_of_what_is_on_no_list_makes_it_watched(catalogue: Catalogue) -> None:
    citalopram = row(catalogue, "Citalopram")
    assert standing_of(citalopram.inchikey, citalopram.family, catalogue) is Standing.UNLISTED
    other = Catalogue.load(DATA, escitalopram_alone(catalogue))
    assert row(other, "Citalopram").standing is Standing.UNLISTED
    assert standing_of(citalopram.inchikey, citalopram.family, other) is Standing.WATCHED


def test_nothing_goes_unwatched_of_which_a_form_is_controlled(catalogue: Catalogue) -> None:
    for substance in catalogue.substances:
        own = standing_of(substance.inchikey, substance.family, catalogue)
        for form in catalogue.stereochemistry.forms(substance.inchikey):
            listed = catalogue.in_force.listed(form.inchikey, substance.family)
            assert own is Standing.WATCHED or ORDER(own) <= ORDER(listed.standing), form.name


@pytest.mark.parametrize("name", ["Methamphetamine", "Cocaine", "Ketamine", "Ephedrine", "Levamisole"])
def test_a_reading_says_so(identifier: Identifier, samples: dict[str, Sample], name: str) -> None:
    answer = identifier.identify_sample(samples[name])
    assert REMARK in answer.reasons
    assert answer.stereoisomers[0].inchikey == answer.hits[0].inchikey
    assert {form.name for form in answer.stereoisomers[0].forms} == names(identifier.catalogue, name)
    assert answer.explanation is not None
    assert Doubt.STEREOISOMERS in answer.explanation.doubts


@pytest.mark.parametrize("name", ["Caffeine", "Fentanyl"])
def test_a_reading_of_what_has_none_says_nothing(identifier: Identifier, samples: dict[str, Sample], name: str) -> None:
    answer = identifier.identify_sample(samples[name])
    assert REMARK not in answer.reasons
    assert answer.stereoisomers == ()


@pytest.mark.parametrize(
    ("conclusion", "reason", "said"),
    [
        (Conclusion.ALARM, Reason.CONTROLLED_SUBSTANCE, True),
        (Conclusion.NO_ALARM, Reason.RECOGNISED_NOT_LISTED, True),
        (Conclusion.CAUTION, Reason.FAMILY_ONLY, False),
        (Conclusion.INCONCLUSIVE, Reason.UNKNOWN_COMPOUND, False),
    ],
)
def test_only_of_what_is_named(catalogue: Catalogue, conclusion: Conclusion, reason: Reason, *, said: bool) -> None:
    known, judgement = catalogue.stereochemistry, (conclusion, (reason,))
    told = with_stereoisomers(Finding(judgement, (CHIRAL, FLAT)), known)
    assert told.judgement == ((conclusion, (reason, REMARK)) if said else judgement)
    assert [each.inchikey for each in told.stereoisomers] == ([CHIRAL.inchikey] if said else [])
    assert with_stereoisomers(Finding(judgement, (FLAT, CHIRAL)), known).judgement == judgement


@pytest.mark.parametrize(
    "edited",
    [
        pytest.param({"stereocentres": "skeleton,centres\nAAAAAAAAAAAAAA,1\n"}, id="column-missing"),
        pytest.param({"stereocentres": "skeleton,centres,double_bonds\nAAAAAAAAAAAAAA,one,0\n"}, id="no-number"),
        pytest.param({"stereoisomers": "name,name_es,cas,inchikey,kind\nA,A,,AAA,mirror\n"}, id="kind-unknown"),
    ],
)
def test_damaged(tmp_path: Path, edited: dict[str, str]) -> None:
    with pytest.raises(UnusableCatalogue, match="stereoisomers"):
        Catalogue.load(copy(tmp_path, **edited))
