"""Explanations on record: fields that a record keeps, read back whatever they are."""

from dataclasses import replace

import pytest

from edge.explanations import explanation_of
from edge.records import identification_part
from edge.web.mirror import mirror_plot
from edge.web.naming import Naming
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
    hits = identification_part(cocaine, {}).hits[:1]
    why = why_of(Naming(load_languages()[code], identifier.catalogue), said, hits, concluded=True)
    assert why.below == word
    assert "182" in dict(why.said)[{"es": "Qué lo sostiene", "en": "What carries it"}[code]]
    assert why.svg.count("<path") > 10


@pytest.mark.parametrize(("code", "first"), [("es", "Lo que coincide con Cocaína"), ("en", "What fits Cocaine")])
def test_what_fits_a_substance_that_is_not_concluded_carries_no_conclusion(
    cocaine: Identification, identifier: Identifier, code: str, first: str
) -> None:
    """Of a family, or of nothing: what speaks for the family comes first, and what fits is said of the substance."""
    part = identification_part(cocaine, {})
    said = explanation_of(part)
    assert said is not None
    [family, fits, *_] = why_of(
        Naming(load_languages()[code], identifier.catalogue), said, part.hits[:1], concluded=False
    ).said
    assert family[0] == {"es": "Familia", "en": "Family"}[code]
    assert fits[0] == first
    assert "182" in fits[1]


@pytest.mark.parametrize(("code", "word"), [("es", "orto-Metilacetilfentanilo"), ("en", "ortho-Methylacetylfentanyl")])
def test_a_structure_that_would_fit_is_called_as_everywhere_else(
    cocaine: Identification, identifier: Identifier, code: str, word: str
) -> None:
    part = identification_part(cocaine, {})
    said = explanation_of(part)
    assert said is not None
    naming, english = Naming(load_languages()[code], identifier.catalogue), "ortho-Methylacetylfentanyl"
    told: list[dict[str, list[str]]] = [{"predicted": [english]}, {"nearest": [english], "patterns": []}]
    for update in told:
        evidence = said.families[0].model_copy(update=update)
        given = said.model_copy(update={"families": [evidence]})
        assert word in dict(why_of(naming, given, part.hits[:1], concluded=False).said)[naming.language.say("Family")]


@pytest.mark.parametrize(("error", "said"), [(0.05, False), (0.38, True), (-0.38, True)])
def test_an_error_of_the_scale_that_was_taken_out_is_told(identifier: Identifier, error: float, *, said: bool) -> None:
    [sample] = [each for each in read_samples(DATA / "samples.msp") if each.name == "Cocaine"]
    answer = identifier.identify([replace(each, mz=each.mz + error) for each in sample.spectra])
    part = explanation_of(identification_part(answer, {}))
    assert part is not None
    hits = identification_part(answer, {}).hits[:1]
    why = why_of(Naming(load_languages()["en"], identifier.catalogue), part, hits, concluded=True)
    left_out = dict(why.said).get("Left out before", "")
    assert ("an error of the m/z scale of " + f"{error:+.1f}"[0] in left_out) is said


def test_an_explanation_of_a_mixture_takes_every_component_into_account(identifier: Identifier) -> None:
    programme = Programme()
    programme.mixture("Cocaine", "Ketamine")
    answer = identifier.identify(programme.now.spectra)
    assert {each.name for each in answer.components} == {"Cocaine", "Ketamine"}
    assert answer.explanation is not None
    assert answer.explanation.unexplained_part < 0.1
    assert not {Doubt.MUCH_UNEXPLAINED, Doubt.CLOSE_SECOND} & {*answer.explanation.doubts}
    recorded = identification_part(answer, {})
    part = explanation_of(recorded)
    assert part is not None
    named = [*recorded.hits[:1], *recorded.components]
    said = why_of(Naming(load_languages()["en"], identifier.catalogue), part, named, concluded=True).said
    assert "Unexplained by Cocaine + Ketamine" in dict(said)


def test_a_picture_of_nothing_is_an_empty_axis() -> None:
    assert mirror_plot([], 'a "title" <b>').count("stick") == 0
    assert "<b>" not in mirror_plot([], 'a "title" <b>')
