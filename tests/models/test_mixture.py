"""Taking mixtures apart: the fit, the library laid out for it, the judge's bytes, and the committed samples mixed."""

from collections.abc import Sequence
from hashlib import sha256

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.answer import Identification
from models.catalogue import Catalogue
from models.conclusion import Conclusion, Reason
from models.errors import UnusableBundle
from models.identification import Identifier
from models.library import Band
from models.mixture import MOST_COMPONENTS, Decomposer
from models.mixture_fit import fit
from models.mixture_index import MixtureIndex
from models.mixture_judge import MixtureJudge
from models.odds import odds_of
from models.preprocessing import BINS, prepare
from models.sample import Sample
from models.spectrum import Spectrum

CUT = {"Fentanyl": 0.1, "Caffeine": 0.9}


def mixed(samples: dict[str, Sample], shares: dict[str, float]) -> list[Spectrum]:
    """Add up samples so that each gives its share of the ion current, the nth energies with one another."""
    chosen = [(samples[name].spectra, share) for name, share in shares.items()]
    count = min(len(spectra) for spectra, _ in chosen)
    return [_added([(spectra[at], share) for spectra, share in chosen]) for at in range(count)]


def _added(parts: Sequence[tuple[Spectrum, float]]) -> Spectrum:
    mz = np.concatenate([spectrum.mz for spectrum, _ in parts])
    height = np.concatenate([spectrum.intensity / spectrum.total_ion_current * share for spectrum, share in parts])
    at, place = np.unique(np.round(mz, 1), return_inverse=True)
    return Spectrum(at, np.bincount(place, weights=height).astype(np.float64))


def named(answer: Identification) -> set[str]:
    return {name for component in answer.components for name in (component.name, *component.isomers)}


@pytest.fixture(scope="module")
def index(identifier: Identifier) -> MixtureIndex:
    return MixtureIndex.of(identifier.library)


def test_parts_add_up_and_are_found_again() -> None:
    rng = np.random.default_rng(1)
    one, two = (rng.dirichlet(np.full(40, 0.2), size=2) for _ in range(2))
    reading = np.stack([0.9 * one[0] + 0.1 * two[0], 0.7 * one[1] + 0.3 * two[1]])
    parts = fit(reading, [one, two])
    assert parts.sum(axis=2) == pytest.approx(np.array([[0.9, 0.7], [0.1, 0.3]]), abs=0.06)
    assert (parts >= 0).all()


def test_nothing_gives_nothing() -> None:
    assert fit(np.ones((2, 5)), []).sum(axis=0).shape == (2, 5)


def test_rows_are_the_library_s_spectra(index: MixtureIndex) -> None:
    bins, entries = np.arange(60, BINS, 3), np.array([5, 0, 1200])
    rows = index.rows(entries, bins)
    assert rows.share[:, 0] == pytest.approx(index.library.band(Band.ALL)[bins][:, entries].T, abs=1e-6)
    whole = index.whole(entries, bins)
    assert whole.share[:, 0] == pytest.approx(rows.share[:, 0])
    assert whole.length[:, 0] == pytest.approx(rows.length[:, 0])
    assert (np.square(rows.weight).sum(axis=2) <= rows.length + 1e-5).all()
    assert (rows.length <= 1 + 1e-5).all()


def test_an_entry_is_near_to_its_own_spectrum_whatever_else_is_there(index: MixtureIndex) -> None:
    whole = index.library.band(Band.ALL)
    for entry in (10, 1000, 3000):
        reading = 0.05 * whole[:, entry] + 0.95 * whole[:, entry + 1 : entry + 3].mean(axis=1)
        assert entry in index.near(reading[None], 512)


def test_the_judge_s_bytes_come_back() -> None:
    judge = MixtureJudge.load()
    again = MixtureJudge.from_bytes(judge.to_bytes())
    assert again.to_bytes() == judge.to_bytes()
    table = np.random.default_rng(2).random((7, len(judge.mean)), dtype=np.float32)
    assert again.probabilities(table).tolist() == judge.probabilities(table).tolist()
    assert judge.probabilities(table).sum() == pytest.approx(1)


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_a_damaged_judge_is_refused(data: st.DataObject) -> None:
    held = bytearray(MixtureJudge.load().to_bytes())
    at = data.draw(st.integers(0, len(held) - 1))
    held[at] ^= data.draw(st.integers(1, 255))
    for form in (held, held[: data.draw(st.integers(0, len(held) - 1))]):
        with pytest.raises(UnusableBundle):
            MixtureJudge.from_bytes(bytes(form))


@pytest.mark.parametrize("body", [b"", b"\xa0", b"\xa1\x66format\x61x", b"\x80"])
def test_what_is_no_judge_is_refused(body: bytes) -> None:
    with pytest.raises(UnusableBundle):
        MixtureJudge.from_bytes(sha256(body).digest() + body)


def test_a_tenth_of_fentanyl_alarms_and_every_component_has_its_own_name(
    identifier: Identifier, samples: dict[str, Sample]
) -> None:
    answer = identifier.identify(mixed(samples, CUT))
    assert answer.conclusion is Conclusion.ALARM
    assert Reason.MIXTURE in answer.reasons
    assert "Caffeine" in {name for hit in answer.hits[:3] for name in (hit.name, *hit.isomers)}
    assert answer.components[0].name == "Fentanyl"
    assert 0.03 < answer.components[0].share < 0.25
    assert named(answer) & {"Cocaine", "Heroin", "Morphine"} == set()
    assert [hit.name for hit in answer.hits[: len(answer.components)]] == [each.name for each in answer.components]
    assert len({hit.name for hit in answer.hits}) == len(answer.hits)


def test_a_sample_alone_is_no_mixture(identifier: Identifier, samples: dict[str, Sample]) -> None:
    answers = {name: identifier.identify_sample(sample) for name, sample in samples.items()}
    assert [name for name, answer in answers.items() if len(answer.components) > 1] == []
    assert all(answer.residual is not None and 0 <= answer.residual.share <= 1 for answer in answers.values())


@pytest.mark.parametrize(
    "shares",
    [{"Cocaine": 0.05, "Ephedrine": 0.95}, {"Fentanyl": 0.1, "Caffeine": 0.9}, {"Heroin": 0.3, "Codeine": 0.7}],
)
def test_shares_of_the_named_and_what_all_that_is_recognised_leaves_make_no_more_than_the_whole(
    identifier: Identifier, samples: dict[str, Sample], shares: dict[str, float]
) -> None:
    answer = identifier.identify(mixed(samples, shares))
    assert answer.residual is not None
    assert answer.components
    assert sum(each.share for each in answer.components) + answer.residual.share < 1 + 1e-4
    assert answer.residual.share < 0.3


def test_where_nothing_is_named_the_residual_is_what_the_first_hit_leaves(identifier: Identifier) -> None:
    rng = np.random.default_rng(4)
    answer = identifier.identify([Spectrum(np.sort(rng.uniform(40, 400, 12)), rng.exponential(1, 12))])
    assert answer.residual is not None
    assert answer.explanation is not None
    assert answer.components == ()
    assert answer.residual.share == answer.explanation.unexplained_part > 0
    assert list(answer.residual.mz) == [each.mz for each in answer.explanation.unexplained]


def test_harmless_substances_together_do_not_alarm(identifier: Identifier, samples: dict[str, Sample]) -> None:
    answer = identifier.identify(mixed(samples, {"Caffeine": 0.4, "Lidocaine": 0.6}))
    assert answer.conclusion in (Conclusion.NO_ALARM, Conclusion.INCONCLUSIVE)


@pytest.mark.parametrize(
    ("drug", "share"), [("Diazepam", 0.1), ("Diazepam", 0.2), ("Methadone", 0.1), ("Cocaine", 0.1)]
)
@pytest.mark.parametrize("agent", ["Lidocaine", "Caffeine", "Paracetamol", "Phenacetin"])
def test_a_tenth_of_a_drug_is_never_concluded_to_be_nothing_listed(
    identifier: Identifier, samples: dict[str, Sample], drug: str, share: float, agent: str
) -> None:
    answer = identifier.identify(mixed(samples, {drug: share, agent: 1 - share}))
    assert answer.conclusion is not Conclusion.NO_ALARM


@pytest.mark.parametrize("agent", ["Lidocaine", "Caffeine", "Phenacetin"])
def test_a_cutting_agent_alone_explains_its_reading(
    identifier: Identifier, samples: dict[str, Sample], agent: str
) -> None:
    assert identifier.identify_sample(samples[agent]).conclusion is Conclusion.NO_ALARM


@pytest.mark.parametrize(("drug", "share"), [("MDMA", 0.2), ("Methamphetamine", 0.1)])
def test_a_medicine_may_not_be_lawful_where_a_drug_may_hide(
    identifier: Identifier, samples: dict[str, Sample], drug: str, share: float
) -> None:
    answer = identifier.identify(mixed(samples, {drug: share, "Midazolam": 1 - share}))
    assert answer.conclusion is Conclusion.ALARM
    assert Reason.LICIT_MEDICINE not in answer.reasons


@pytest.mark.parametrize("name", ["Codeine", "Diazepam", "Midazolam"])
def test_a_medicine_alone_may_be_lawful(identifier: Identifier, samples: dict[str, Sample], name: str) -> None:
    assert Reason.LICIT_MEDICINE in identifier.identify_sample(samples[name]).reasons


def test_every_component_is_scored_against_what_the_others_leave(
    identifier: Identifier, samples: dict[str, Sample]
) -> None:
    answer = identifier.identify(mixed(samples, {"Cocaine": 0.1, "Caffeine": 0.3, "Lidocaine": 0.6}))
    assert len(answer.components) > 1
    assert all(0.5 < hit.score <= 1 for hit in answer.hits[: len(answer.components)])


def test_a_substance_has_one_probability_in_one_answer(identifier: Identifier, samples: dict[str, Sample]) -> None:
    answers = [identifier.identify([spectrum]) for sample in samples.values() for spectrum in sample.spectra]
    said = [({hit.inchikey: hit.probability for hit in answer.hits}, answer.components) for answer in answers]
    assert any(components for _, components in said)
    for offered, components in said:
        assert [each.probability for each in components] == [offered[each.inchikey] for each in components]


def test_same_reading_same_parts(index: MixtureIndex, samples: dict[str, Sample]) -> None:
    rows = prepare(mixed(samples, {"Cocaine": 0.3, "Levamisole": 0.3, "Phenacetin": 0.4})).bins
    decomposer = Decomposer(index, MixtureJudge.load(), odds_of(index.library, Catalogue.load()))
    assert decomposer.decompose(rows) == decomposer.decompose(rows)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 6), st.integers(1, 200))
def test_anything_can_be_taken_apart(index: MixtureIndex, seed: int, count: int, peaks: int) -> None:
    rng = np.random.default_rng(seed)
    rows = np.zeros((count, BINS), dtype=np.float32)
    rows[:, rng.integers(29, BINS, peaks)] = rng.exponential(1, (count, peaks)) + 1e-6
    rows /= rows.sum(axis=1, keepdims=True)
    parts = Decomposer(index, MixtureJudge.load(), odds_of(index.library, Catalogue.load())).decompose(rows)
    assert len(parts.components) <= MOST_COMPONENTS
    shares = sum(each.share for each in parts.components)
    assert shares + parts.residual(parts.components).share == pytest.approx(1, abs=1e-4)
    assert parts.residual(()).share == pytest.approx(1, abs=1e-4)
    assert all(0 <= each.share <= 1 and 0 <= each.answer.probability <= 1 for each in parts.components)
