"""Families of substances that nobody measured yet: published ions and losses, nearest structures, and the rule."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.additions import Changes
from models.calibration import Thresholds
from models.catalogue import DRUG_FAMILIES, Catalogue
from models.conclusion import Conclusion, Reason
from models.errors import UnusableCatalogue
from models.families import Pattern, Patterns, wholes_of
from models.family_rule import FamilyEvidence, Rule, Tail, family_shares
from models.identification import Identifier
from models.nearest import Structures
from models.predicted import Match
from models.preprocessing import BINS, Prepared
from models.sample import Sample
from models.spectrum import Spectrum
from models.training.build_library import build_library
from models.training.corpus import Measured
from models.training.family_fit import tail_of
from models.training.family_trials import left_out
from tests.models.test_mixture import mixed

PAIR = Pattern("opioid-fentanyl", (105, 188), (), "", "", "pair")
LOSS = Pattern("benzodiazepine", (), (28, 63), "", "", "loss")
ALTERNATIVES = "family,pattern,what,source\nopioid-fentanyl,105|123 +83 -149|-163,pair and anilide,somebody\n"


def reading(*spectra: dict[int, float]) -> np.ndarray:
    bins = np.zeros((len(spectra), BINS), dtype=np.float32)
    for row, spectrum in zip(bins, spectra, strict=True):
        for mz, height in spectrum.items():
            row[mz] = height
    return bins / bins.sum(axis=1, keepdims=True)


def test_every_pattern_has_its_family_and_its_source(catalogue: Catalogue) -> None:
    families = {substance.family for substance in catalogue.substances}
    patterns = Patterns.load()
    assert set(patterns.codes.values()) <= families
    assert all(pattern.what and pattern.source for pattern in patterns)
    assert set(patterns.codes) == set(Rule.load().patterns)


def test_ions_are_found_where_all_of_them_are() -> None:
    [found] = Patterns([PAIR]).find(reading({337: 0.3, 188: 0.5, 105: 0.2}))
    assert (found.pattern, found.whole) == (PAIR, None)
    assert found.strength > 0.9
    assert not Patterns([PAIR]).find(reading({337: 0.3, 188: 0.5, 106: 0.2}))


def test_losses_are_from_the_charged_whole() -> None:
    [found] = Patterns([LOSS]).find(reading({285: 0.8, 257: 0.2}, {285: 0.1, 257: 0.4, 222: 0.5}))
    assert found.whole == 285
    assert not Patterns([LOSS]).find(reading({285: 0.5, 258: 0.5}))


def test_a_row_with_alternatives_is_found_once_as_the_strongest_of_them(tmp_path: Path) -> None:
    file = tmp_path / "patterns.csv"
    file.write_text(ALTERNATIVES, encoding="utf-8")
    patterns = Patterns.load(file)
    assert [(each.ions, each.losses) for each in patterns] == [
        ((105, 188), (149,)), ((105, 188), (163,)), ((123, 206), (149,)), ((123, 206), (163,)),
    ]  # fmt: skip
    [found] = patterns.find(reading({369: 0.3, 206: 0.5, 123: 0.2}))
    assert (found.pattern.ions, found.pattern.losses, found.whole) == ((123, 206), (163,), 369)
    assert not patterns.find(reading({371: 0.3, 206: 0.5, 123: 0.2}))


def test_a_few_weak_ions_among_many_count_for_little() -> None:
    crowd = dict.fromkeys(range(60, 320, 3), 1.0)
    [found] = Patterns([PAIR]).find(reading({**crowd, 105: 1.0, 188: 1.0}))
    assert found.strength < 0.2


def test_the_heaviest_strong_ions_of_the_softest_spectrum_may_be_the_whole() -> None:
    assert wholes_of(reading({337: 0.9, 188: 0.1}, {188: 0.6, 105: 0.4}))[:2] == (337, 188)


@pytest.mark.parametrize(
    "text",
    [
        "family,pattern\nx,105\n",
        "family,pattern,what,source\nx,,w,s\n",
        "family,pattern,what,source\nx,105 9000,w,s\n",
        "family,pattern,what,source\nx,105|,w,s\n",
        "family,pattern,what,source\nx,690 +83,w,s\n",
        "family,pattern,what,source\nx,+83,w,s\n",
    ],
)
def test_damaged_patterns_are_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "patterns.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UnusableCatalogue, match=r"patterns\.csv"):
        Patterns.load(file)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"weights": 1}'])
def test_a_damaged_rule_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "rule.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UnusableCatalogue, match=r"rule\.json"):
        Rule.load(file)


def test_a_rule_is_read_as_it_was_written(tmp_path: Path) -> None:
    tails = {"a 105": Tail(0.1, 0.05, 0.2)}, {"a": Tail(0.6, 0.1, 0.05)}, {"a": Tail(-1.5, 0.1, 0.05)}
    match = Match((1.5, 0.5, 2.0, 3.0, 1.0, -3.0))
    rule = Rule((0.5, 0.25, 1.0), (0.5, 0.0, 1.0), 0.01, *tails, match, {"a": (0.1, -0.2, 0.0)})
    file = tmp_path / "rule.json"
    file.write_text(rule.to_json(), encoding="utf-8")
    assert Rule.load(file) == rule


def test_surprise_is_the_logarithm_of_how_few_others_show_it() -> None:
    values = np.random.default_rng(0).exponential(0.1, 20_000)
    tail = tail_of(values.tolist(), 0.9)
    assert tail.surprise(0.1) == 0
    rare = float(np.quantile(values, 0.999))
    assert tail.surprise(rare) == pytest.approx(np.log(1000), rel=0.1)


def test_an_analogue_is_near_to_the_structure_that_it_was_made_of(
    measured: Callable[..., Measured], catalogue: Catalogue
) -> None:
    ions = {105: 1.0, 188: 3.0, 146: 0.5, 134: 0.5}
    known = replace(measured("1", skeleton="PJMPHNIQZUBGLI", peaks=ions), ion_mz=337)
    library = build_library([known], catalogue)
    structures = Structures(library, [0])
    analogue = reading({355: 0.2, 123: 1.0, 206: 3.0, 146: 0.5, 134: 0.5})
    plain, _ = structures.likeness(analogue, ())
    moved, by = structures.likeness(analogue, (355,))
    assert by.tolist() == [18]
    assert moved[0] > plain[0] + 0.4


shares = st.floats(0, 1)


@given(known=st.tuples(shares, shares), none=shares, ratio=st.floats(0, 1e6))
def test_shares_are_probabilities(known: tuple[float, float], none: float, ratio: float) -> None:
    total = sum(known) + none or 1.0
    entries = {"a": known[0] / total, "b": known[1] / total}
    kin = {"a": FamilyEvidence("a", ratio, (), (), ())}
    found = family_shares(entries, none / total, kin, {"a": 0.5, "b": 0.5}, 0.01)
    assert all(0 <= share <= 1 for share in found.values())
    assert sum(found.values()) <= 1 + 1e-9


def test_what_the_library_knows_well_is_not_talked_away() -> None:
    kin = {"a": FamilyEvidence("a", 100.0, (), (), ())}
    assert family_shares({"a": 0.0, "b": 0.99}, 0.01, kin, {"a": 0.5, "b": 0.5}, 0.01)["a"] < 0.05
    assert family_shares({"a": 0.0, "b": 0.01}, 0.99, kin, {"a": 0.5, "b": 0.5}, 0.01)["a"] > 0.4


def test_what_is_surely_named_is_of_no_family_of_drugs(identifier: Identifier) -> None:
    """Compounds that the catalogue lacks count as of no family; they were once not counted at all."""
    named = 0
    for at, entry in enumerate(identifier.library.entries):
        if entry.family or at % 40:
            continue
        peaks = identifier.index.candidates(np.array([at])).spectra
        rows = np.square(peaks.on_bins(peaks.root))[:3]
        rows /= rows.sum(axis=1, keepdims=True)
        answer, _ = identifier.examine(Prepared(rows, (None,) * len(rows), (), {}))
        if (answer.hits[0].probability or 0) >= 0.95:
            named += 1
            drugs = [each for each in answer.families if each.family.startswith(DRUG_FAMILIES)]
            assert not drugs or drugs[0].probability < Thresholds().family, (entry.name, drugs[0])
    assert named > 20


def spectra(*made: dict[float, float]) -> list[Spectrum]:
    return [Spectrum(np.array(sorted(peaks)), np.array([peaks[mz] for mz in sorted(peaks)])) for peaks in made]


UNSEEN = {
    "opioid-nitazene": spectra({411.2: 90, 100.1: 30}, {100.1: 90, 72.1: 40, 107.05: 15, 44.05: 8, 411.2: 20}),
    "opioid-fentanyl": spectra({355.2: 90, 206.1: 20}, {206.1: 90, 123.06: 45, 355.2: 10}, {123.06: 90, 206.1: 30}),
    "cannabinoid-synthetic": spectra({378.2: 80, 318.2: 20, 233.1: 20}, {233.1: 90, 145.0: 40, 318.2: 20}),
}
"""Isotonitazene, 2'-fluorofentanyl and 5F-ADB, which the data lacks: ions as the literature reports them."""


@pytest.mark.parametrize("family", UNSEEN)
def test_an_unseen_drug_is_flagged_as_its_family(identifier: Identifier, family: str) -> None:
    answer = identifier.identify(UNSEEN[family])
    assert answer.families[0].family == family
    assert answer.families[0].probability > 0.6
    assert answer.conclusion.value in ("caution", "alarm")


@pytest.mark.parametrize("family", UNSEEN)
@pytest.mark.parametrize("share", [0.5, 0.95])
@pytest.mark.parametrize("agent", ["Lidocaine", "Xylazine", "Levamisole"])
def test_an_unseen_drug_is_flagged_beside_a_cutting_agent(
    identifier: Identifier, samples: dict[str, Sample], family: str, share: float, agent: str
) -> None:
    both = {agent: samples[agent], family: Sample(family, tuple(UNSEEN[family]))}
    answer = identifier.identify(mixed(both, {family: share, agent: 1 - share}))
    assert answer.conclusion is Conclusion.CAUTION
    assert Reason.FAMILY_ONLY in answer.reasons
    assert answer.families[0].family == family
    assert answer.explanation is not None
    assert answer.explanation.families[0].family == family


@pytest.fixture(scope="module")
def without_drugs(identifier: Identifier, drugs: dict[str, str]) -> Identifier:
    """Garita with none of the samples' drugs in its library."""
    skeletons = {entry.skeleton for entry in identifier.library.entries if entry.name in drugs}
    return Identifier(identifier.bundle, identifier.catalogue, changes=Changes(removed=frozenset(skeletons)))


@pytest.fixture(scope="module")
def drugs(identifier: Identifier, samples: dict[str, Sample]) -> dict[str, str]:
    """Families of the samples that are drugs, by name."""
    families = {entry.name: entry.family for entry in identifier.library.entries if entry.name in samples}
    return {name: family for name, family in families.items() if family.startswith(DRUG_FAMILIES)}


def test_most_measured_drugs_that_the_library_lacks_are_flagged(
    without_drugs: Identifier, drugs: dict[str, str], samples: dict[str, Sample]
) -> None:
    first = {name: without_drugs.identify_sample(samples[name]).families[:1] for name in drugs}
    flagged = [
        name for name, best in first.items() for each in best if each.family == drugs[name] and each.probability >= 0.6
    ]
    assert len(flagged) >= 11, flagged


def test_no_other_sample_is_flagged_as_a_drug(
    without_drugs: Identifier, drugs: dict[str, str], samples: dict[str, Sample]
) -> None:
    others = [without_drugs.identify_sample(sample) for name, sample in samples.items() if name not in drugs]
    families = [each for answer in others for each in answer.families if each.family.startswith(DRUG_FAMILIES)]
    assert max((each.probability for each in families), default=0.0) < 0.3


def test_each_half_leaves_out_other_drugs(measured: Callable[..., Measured], catalogue: Catalogue) -> None:
    drugs = sorted({substance.skeleton for substance in catalogue.substances if substance.family == "opioid-fentanyl"})
    records = [measured(skeleton, skeleton=skeleton) for skeleton in drugs]
    first, second = (left_out(records, catalogue, half) for half in (0, 1))
    assert not first & second
    assert first | second == set(drugs)
    assert abs(len(first) - len(second)) <= 1
