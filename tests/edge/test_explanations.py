"""Explanations on record: fields that a record keeps, read back whatever they are."""

import random
from dataclasses import replace

import pytest

from edge.explanations import explanation_of
from edge.records import identification_part
from edge.web.mirror import mirror_plot
from edge.web.translations import load_languages
from edge.web.why import why_of
from models.answer import Identification
from models.catalogue import DATA
from models.explanation import Doubt
from models.identification import Identifier
from models.reading import read_samples
from sync.contract.records import IdentificationPart
from tests.edge.web.post import Programme


@pytest.fixture(scope="module")
def cocaine(identifier: Identifier) -> Identification:
    [sample] = [each for each in read_samples(DATA / "samples.msp") if each.name == "Cocaine"]
    return identifier.identify_sample(sample)


def test_a_record_tells_why(cocaine: Identification) -> None:
    part = identification_part(cocaine, {})
    again = IdentificationPart.from_bytes(part.to_bytes())
    said = explanation_of(again)
    assert said is not None
    assert said.against == cocaine.hits[0].inchikey
    assert {peak[0] for peak in said.peaks} >= {182, 304}
    assert said.families[0].family == "stimulant-cocaine"
    assert again == part
    assert len(said.to_bytes()) < 2500


@pytest.mark.parametrize("said", [None, 1, {}, {"format": "garita.explanation/9"}])
def test_what_is_no_explanation_is_none(cocaine: Identification, said: object) -> None:
    part = identification_part(cocaine, {}).model_copy(update={"explanation": said})
    assert explanation_of(IdentificationPart.from_bytes(part.to_bytes())) is None
    assert explanation_of(None) is None


@pytest.mark.parametrize(("code", "word"), [("es", "Cocaína"), ("en", "Cocaine")])
def test_it_is_said_in_plain_words(cocaine: Identification, identifier: Identifier, code: str, word: str) -> None:
    said = explanation_of(identification_part(cocaine, {}))
    assert said is not None
    why = why_of(load_languages()[code], identifier.catalogue, said, identification_part(cocaine, {}).hits[:1])
    assert why.below == word
    assert "182" in why.said[0][1]
    assert why.svg.count("<path") > 10


@pytest.mark.parametrize(("error", "said"), [(0.05, False), (0.38, True), (-0.38, True)])
def test_an_error_of_the_scale_that_was_taken_out_is_told(identifier: Identifier, error: float, *, said: bool) -> None:
    [sample] = [each for each in read_samples(DATA / "samples.msp") if each.name == "Cocaine"]
    answer = identifier.identify([replace(each, mz=each.mz + error) for each in sample.spectra])
    part = explanation_of(identification_part(answer, {}))
    assert part is not None
    left_out = dict(
        why_of(load_languages()["en"], identifier.catalogue, part, identification_part(answer, {}).hits[:1]).said
    ).get("Left out before", "")
    assert ("an error of the m/z scale of " + f"{error:+.1f}"[0] in left_out) is said


def test_an_explanation_of_a_mixture_takes_every_component_into_account(identifier: Identifier) -> None:
    programme = Programme(random.Random(7))  # noqa: S311 - a simulator's noise
    programme.mixture("Cocaine", "Ketamine")
    answer = identifier.identify(programme.now.spectra)
    assert {each.name for each in answer.components} == {"Cocaine", "Ketamine"}
    assert answer.explanation is not None
    assert answer.explanation.unexplained_part < 0.1
    assert not {Doubt.MUCH_UNEXPLAINED, Doubt.CLOSE_SECOND} & {*answer.explanation.doubts}
    recorded = identification_part(answer, {})
    part = explanation_of(recorded)
    assert part is not None
    said = why_of(load_languages()["en"], identifier.catalogue, part, [*recorded.hits[:1], *recorded.components]).said
    assert "Unexplained by Cocaine + Ketamine" in dict(said)


def test_a_picture_of_nothing_is_an_empty_axis() -> None:
    assert mirror_plot([], 'a "title" <b>').count("stick") == 0
    assert "<b>" not in mirror_plot([], 'a "title" <b>')
