"""Training: nothing tested was learnt from, field readings are what they say, networks survive their export."""

from collections.abc import Callable
from importlib.util import find_spec
from itertools import pairwise
from string import ascii_uppercase, digits

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.calibration import Calibration
from models.catalogue import Catalogue
from models.channels import CHANNELS
from models.classifier import Encoder, Ranker
from models.evidence import Evidence, gather
from models.formula import count_of, doublet_of, rings_of, singlet_of
from models.preprocessing import BINS
from models.recalibration import recalibrated, reliability
from models.search import NOT_CALCULATED, Index, coarse, shortlist
from models.training.build import CALIBRATORS, TESTED, untested
from models.training.build_library import build_library, places
from models.training.contests import TAUGHT, School, contest, nearest, shared_out
from models.training.corpus import Measured
from models.training.evaluate import parted
from models.training.export import export_encoder, export_ranker
from models.training.field import field_rows, isotopes
from models.training.fit import Effort, Fitter, likeliest
from models.training.network import Judge, Layer, RankerWeights
from models.training.readings import Draw, by_compound, make_readings, without

MakeRecord = Callable[..., Measured]


def corpus(measured: MakeRecord) -> list[Measured]:
    rng = np.random.default_rng(0)
    return [
        measured(
            f"{skeleton}-{contributor}-{energy}",
            contributor,
            skeleton=skeleton * 14,
            peaks={int(at): float(height) for at, height in zip(spots, rng.exponential(1, 6), strict=True)},
            energy=energy,
        )
        for skeleton in ascii_uppercase + digits
        for spots in (rng.choice(np.arange(40, 140), 6, replace=False),)
        for contributor in ("lab A", "lab B", "lab C")
        for energy in (10.0, 30.0)
    ]


def test_nothing_is_on_both_sides(measured: MakeRecord) -> None:
    seen, tested = parted(corpus(measured), ("lab B",))
    assert {record.contributor for record in tested} == {"lab B"}
    assert not {record.accession for record in seen} & {record.accession for record in tested}
    assert {"lab B"}.isdisjoint(record.contributor for record in seen)


def test_an_accession_on_both_sides_is_refused(measured: MakeRecord) -> None:
    with pytest.raises(ValueError, match="both sides"):
        parted([measured("same", "lab A"), measured("same", "lab B")], ("lab B",))


def test_what_the_evaluation_judges_by_neither_trains_nor_calibrates(measured: MakeRecord) -> None:
    records = [measured(name, name) for name in (*TESTED, *CALIBRATORS, "lab A")]
    assert [record.contributor for record in untested(records)] == [*CALIBRATORS, "lab A"]


def test_a_judged_reading_has_no_record_in_the_library(measured: MakeRecord, catalogue: Catalogue) -> None:
    alone = measured("alone", "lab B", skeleton="z" * 14)
    seen, tested = parted([*corpus(measured), alone], ("lab B",))
    library = build_library(seen, catalogue)
    readings = make_readings(by_compound(tested), {"lab B"}, 1, np.random.default_rng(0))
    assert not {each for reading in readings for each in reading.accessions} & library.accessions
    unknown = {reading.skeleton for reading in readings} - {entry.skeleton for entry in library.entries}
    assert unknown == {"z" * 14}


def test_a_reading_is_compared_with_what_others_measured(measured: MakeRecord) -> None:
    compounds = by_compound([measured("1", "lab A", peaks={91: 1.0}), measured("2", "lab B", peaks={60: 1.0})])
    [other] = without(compounds["AAAAAAAAAAAAAA"], "lab A")
    assert other.accession == "2"
    alone = by_compound([measured("1", "lab A")])
    assert not without(alone["AAAAAAAAAAAAAA"], "lab A")


def test_a_reading_has_each_energy_once_and_as_many_as_wanted(measured: MakeRecord) -> None:
    records = [measured(f"{energy}-{twice}", energy=energy) for energy in (10.0, 20.0, 40.0) for twice in range(2)]
    [reading] = make_readings(by_compound(records), {"lab A"}, 1, np.random.default_rng(0), Draw(least=3, most=6))
    assert len({accession.partition("-")[0] for accession in reading.accessions}) == 3
    assert not make_readings(by_compound(records[:4]), {"lab A"}, 1, np.random.default_rng(0), Draw(least=3))


def test_field_readings_are_spectra_and_the_same_by_seed(measured: MakeRecord) -> None:
    records = corpus(measured)[:2]
    first, again = (field_rows(records, np.random.default_rng(5)) for _ in range(2))
    np.testing.assert_array_equal(first, again)
    assert first.shape == (2, BINS)
    np.testing.assert_allclose(first.sum(axis=1), 1, rtol=1e-5)
    assert (first >= 0).all()


@pytest.mark.parametrize(
    ("element", "formula", "count"),
    [("Cl", "C13H16ClNO", 1), ("Br", "C10H14Br2", 2), ("C", "CHCl3", 1), ("Cl", "C3H4", 0)],
)
def test_atoms_are_counted(element: str, formula: str, count: int) -> None:
    assert count_of(element, formula) == count


@pytest.mark.parametrize(("formula", "height"), [("C10H15N", 0), ("C13H16ClNO", 0.32), ("C6H4Br2S", 1.985)])
def test_isotopes_two_above(formula: str, height: float) -> None:
    assert doublet_of(formula) == pytest.approx(height)


@pytest.mark.parametrize(("formula", "rings"), [("C10H15N", 4), ("C17H21NO4", 8), ("C6H5Cl2N", 4), ("C4H10O", 0)])
def test_rings_are_counted(formula: str, rings: float) -> None:
    assert rings_of(formula) == rings


def test_a_compound_taken_out_is_unknown_and_its_neighbours_stay(measured: MakeRecord, catalogue: Catalogue) -> None:
    seen, tested = parted(corpus(measured), ("lab B",))
    library = build_library(seen, catalogue)
    index, place = Index.of(library), places(library)
    [reading, *_] = make_readings(by_compound(tested), {"lab B"}, 1, np.random.default_rng(0))
    table, right = contest(reading, index, place)
    without_it, none = contest(reading, index, place, taken_out=True)
    assert right < len(table)
    assert none == len(without_it) == len(table) - 1
    left = np.delete(table, right, axis=0)
    np.testing.assert_array_equal(without_it[:, Evidence.CLOSE_MEAN], left[:, Evidence.CLOSE_MEAN])
    assert without_it[:, Evidence.AHEAD_CLOSE].max() > left[:, Evidence.AHEAD_CLOSE].max()


def test_contests_are_the_same_however_many_processes_draw_them(measured: MakeRecord, catalogue: Catalogue) -> None:
    school = School(corpus(measured), catalogue, NOT_CALCULATED, mix=((Draw(), 1),), seed=1)
    one, two = school.contests(1), school.contests(2)
    assert [right for _, right in one] == [right for _, right in two]
    np.testing.assert_allclose(np.stack([table for table, _ in one]), np.stack([table for table, _ in two]), atol=1e-6)


@given(st.dictionaries(st.text(), st.integers(1, 9), min_size=1), st.integers(1, 5))
def test_laboratories_are_shared_out_evenly(weights: dict[str, int], shares: int) -> None:
    groups = shared_out(weights, shares)
    assert sorted(name for group in groups for name in group) == sorted(weights)
    loads = [sum(weights[name] for name in group) for group in groups]
    assert all(groups)
    assert max(loads) - min(loads) <= max(weights.values())


@given(st.integers(0, 50), st.integers(1, 50))
def test_the_right_candidate_is_among_those_taught(right: int, count: int) -> None:
    table = np.arange(count, dtype=np.float32)[:, None]
    taught, at = nearest((table, min(right, count)))
    assert len(taught) == min(count, TAUGHT)
    assert at == len(taught) if right >= count else taught[at, 0] == right


def test_isotope_peaks_of_the_whole_are_as_high_as_its_formula_says() -> None:
    rng = np.random.default_rng(0)
    row = np.zeros((400, BINS))
    row[:, 150] = 1
    added = [isotopes(row[:1], "C10H14ClN", 150, rng) for _ in row]
    assert np.median([each[0, 151] for each in added]) == pytest.approx(singlet_of("C10H14ClN"), rel=0.05)
    assert np.median([each[0, 152] for each in added]) == pytest.approx(0.33, rel=0.05)
    assert np.median([isotopes(row[:1], "C10H12Cl3N", 150, rng)[0, 154] for _ in row]) == pytest.approx(0.31, rel=0.05)


def layers(rng: np.random.Generator, *sizes: int) -> list[Layer]:
    return [
        (rng.normal(0, 0.3, (narrow, wide)).astype(np.float32), rng.normal(0, 0.3, narrow).astype(np.float32))
        for wide, narrow in pairwise(sizes)
    ]


def forward(values: np.ndarray, net: list[Layer]) -> np.ndarray:
    for depth, (weight, bias) in enumerate(net):
        values = values @ weight.T + bias
        values = np.maximum(values, 0) if depth < len(net) - 1 else values
    return values


def test_the_exported_encoder_gives_the_same_numbers() -> None:
    rng = np.random.default_rng(0)
    net, [head] = layers(rng, CHANNELS * BINS, 16, 8), layers(rng, 8, 3)
    halved = [(weight.astype(np.float16).astype(np.float32), bias) for weight, bias in net]
    channels = rng.random((5, CHANNELS * BINS), dtype=np.float32)
    expected = forward(channels, halved)
    expected /= np.linalg.norm(expected, axis=1, keepdims=True)
    embedding, families = Encoder(export_encoder(net, head)).encode(channels)
    np.testing.assert_allclose(embedding, expected, atol=1e-5)
    np.testing.assert_allclose(families, expected @ head[0].T + head[1], atol=1e-5)


def test_the_exported_ranker_gives_the_same_numbers() -> None:
    rng = np.random.default_rng(0)
    features = len(Evidence)
    mean, scale = rng.random(features, dtype=np.float32), rng.random(features, dtype=np.float32) + np.float32(0.5)
    judges = [
        Judge(layers(rng, features, 7, 6), *(layers(rng, *sizes)[0] for sizes in ((6, 5), (6, 5), (5, 1))), none)
        for none in (layers(rng, 11, 4, 1), layers(rng, 11, 3, 1))
    ]
    evidence = rng.random((9, features), dtype=np.float32)
    expected = np.mean([scores_of(judge, (evidence - mean) / scale) for judge in judges], axis=0)
    np.testing.assert_allclose(
        Ranker(export_ranker(RankerWeights(mean, scale, judges))).rank(evidence), expected, atol=1e-4
    )


def scores_of(judge: Judge, standard: np.ndarray) -> np.ndarray:
    seen = np.maximum(forward(standard, [*judge.body]), 0)
    most = seen.max(axis=0)
    mixed = np.maximum(forward(seen, [judge.own]) + forward(most, [judge.others]), 0)
    scores = forward(mixed, [judge.score])[:, 0]
    likely = np.exp(scores) / np.exp(scores).sum() @ mixed
    return np.append(scores, forward(np.append(most, likely), [*judge.none]))


def test_an_entry_finds_itself_first(measured: MakeRecord, catalogue: Catalogue) -> None:
    library = build_library(corpus(measured), catalogue)
    index = Index.of(library)
    for at in range(len(library.entries)):
        spectra = library.bands[-1:, :, at]
        near = shortlist(index, spectra)
        assert near[0] == coarse(index, spectra).argmax() == at
        table = gather(index.candidates(near), index.rarity, spectra, (10.0,))
        assert np.isfinite(table).all()
        assert int(table[:, Evidence.MERGED].argmax()) == 0
        assert table[0, Evidence.EXPLAINED] == pytest.approx(1, abs=1e-4)


def drawn(temperature: float, count: int) -> list[tuple[np.ndarray, int]]:
    """Scores of five candidates and of none of them, and which was right with the probability they then have."""
    rng = np.random.default_rng(0)
    scored = []
    for _ in range(count):
        scores = rng.normal(0, 3, 6).astype(np.float32)
        right = int(rng.choice(6, p=Calibration(temperature, 0.0).probabilities(scores)))
        scored.append((scores, -1 if right == 5 else right))
    return scored


def test_calibration_finds_the_temperature_that_was_put_in() -> None:
    assert likeliest(drawn(2.0, 800)).temperature == pytest.approx(2.0, abs=0.5)


def test_a_compound_that_was_not_compared_does_not_stop_the_calibration() -> None:
    missed = np.array([1, -np.inf, 0, 0, 0, 2], dtype=np.float32), 1
    assert likeliest([*drawn(2.0, 800), missed]).temperature == pytest.approx(2.0, abs=0.5)


def test_few_readings_move_a_calibration_less_than_many() -> None:
    before = Calibration(1.0, 0.0)
    few, many = (recalibrated(drawn(2.0, count), before).temperature for count in (10, 800))
    assert 1 <= few < many
    assert many == pytest.approx(2.0, abs=0.4)
    assert recalibrated([], before).temperature == pytest.approx(before.temperature)


def test_reliability_counts_by_tenths() -> None:
    assert reliability(np.array([0.05, 0.95, 0.97]), np.array([False, True, False])) == ((0.05, 0.0, 1), (0.96, 0.5, 2))


@pytest.mark.skipif(find_spec("torch") is None, reason="training needs PyTorch, see models/training/requirements.txt")
def test_the_same_seed_gives_the_same_networks(measured: MakeRecord, catalogue: Catalogue) -> None:
    effort = Effort(encoder_steps=3, encoder_readings=1, ranker_steps=5, rankers=2, family_steps=3)
    records = corpus(measured)
    first, again = (Fitter(records, {"lab C"}, catalogue, NOT_CALCULATED, effort, seed=1).fit() for _ in range(2))
    assert first.encoder == again.encoder
    assert first.ranker == again.ranker
    assert first.decision == again.decision
    assert make_readings(by_compound(records), {"lab A"}, 1, np.random.default_rng(1))
