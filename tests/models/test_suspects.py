"""A conclusion that rests on a component that is not named says which it is, and how likely."""

import numpy as np
import pytest

from models.calibration import Thresholds
from models.catalogue import Standing
from models.components import Parts, sort_out
from models.conclusion import Conclusion, Reason
from models.identification import Identifier
from models.mixture import Answer, Decomposition, Found, Rivals
from models.preprocessing import BINS
from models.sample import Sample
from models.spectrum import Spectrum
from models.suspects import MOST_SUSPECTS, suspects_of
from tests.suspected import CODEINE_IN_PARACETAMOL, FENTANYL_IN_CREATINE

LIMITS = Thresholds()


@pytest.mark.parametrize(
    ("spectra", "suspect", "beside"),
    [(FENTANYL_IN_CREATINE, "Fentanyl", "Creatine"), (CODEINE_IN_PARACETAMOL, "Codeine", "Paracetamol")],
)
def test_a_caution_names_whom_it_suspects(
    identifier: Identifier, spectra: tuple[Spectrum, ...], suspect: str, beside: str
) -> None:
    answer = identifier.identify(spectra)
    assert answer.conclusion is Conclusion.CAUTION
    assert answer.reasons == (Reason.CONTROLLED_SUBSTANCE, Reason.AMBIGUOUS)
    first = answer.hits[0]
    assert answer.suspects[0].name == suspect
    assert beside in (first.name, *first.isomers)
    assert LIMITS.alarm <= (answer.suspects[0].probability or 0.0) <= 1.0
    assert 0.0 < answer.suspects[0].score <= 1.0
    assert not {each.inchikey for each in answer.suspects} & {each.inchikey for each in answer.hits}


@pytest.mark.parametrize("name", ["Fentanyl", "Caffeine", "Ketamine", "Methamphetamine"])
def test_what_is_named_is_not_suspected(identifier: Identifier, samples: dict[str, Sample], name: str) -> None:
    assert identifier.identify_sample(samples[name]).suspects == ()


def _found(*rivals: tuple[int, float]) -> Found:
    sure = sum(share for _, share in rivals)
    return Found(Answer(rivals[0][0], rivals[0][1], sure, rivals, likeness=0.5), 0.5, np.zeros(BINS))


def _suspected(identifier: Identifier, rivals: Rivals, *listed: int) -> list[tuple[int, float]]:
    standings = [Standing.UNLISTED] * len(identifier.library.entries)
    for entry in listed:
        standings[entry] = Standing.CONTROLLED
    parts: Parts = sort_out(Decomposition((_found(*rivals),), np.zeros(BINS)), LIMITS, standings)
    groups = suspects_of(parts, identifier.library, standings, LIMITS)
    return [(each.first, round(each.probability, 3)) for each in groups]


def test_all_that_a_component_may_well_be_are_suspected_and_no_more(identifier: Identifier) -> None:
    apart = _apart(identifier, 6)
    shares = (0.3, 0.2, 0.12, 0.11, 0.05)
    rivals = tuple(zip(apart, shares, strict=False))
    assert _suspected(identifier, rivals, *apart) == list(rivals[:MOST_SUSPECTS])
    assert _suspected(identifier, rivals, *apart[1:]) == []
    assert _suspected(identifier, rivals[:2], *apart) == list(rivals[:2])


def test_whom_a_conclusion_does_not_rest_on_is_not_suspected(identifier: Identifier) -> None:
    one, other = _apart(identifier, 2)
    assert _suspected(identifier, ((one, 0.3), (other, 0.19)), one, other) == []
    assert _suspected(identifier, ((one, 0.49), (other, 0.4)), other) == []
    assert _suspected(identifier, ((one, 0.6),), one) == []


def _apart(identifier: Identifier, count: int) -> list[int]:
    """Return places of entries that are no isomers of one another."""
    entries = identifier.library.entries
    places = {each.formula: at for at, each in enumerate(entries) if not each.isomers}
    return list(places.values())[:count]
