"""Whole compounds left out: does a reading of one still show its family, and does nothing else show one."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

import numpy as np

from models.answer import Identification
from models.bundle import Bundle, write_bundle
from models.catalogue import DRUG_FAMILIES, Catalogue
from models.conclusion import Conclusion
from models.family_rule import Learned
from models.identification import Identifier
from models.library import Library
from models.predicted import PredictedSpectra, Usual
from models.preprocessing import Prepared
from models.training.build import SEED
from models.training.build_library import build_library
from models.training.corpus import Measured
from models.training.family_cuts import CutTrial, judge_cuts
from models.training.family_fit import drug_family, learn
from models.training.family_match import learn_match
from models.training.halogens import halogen_ratios
from models.training.isomers import with_isomers
from models.training.predicted import Structures, calculated
from models.training.published import Published, published_readings
from models.training.readings import Compounds, Reading, by_compound, make_readings

LABORATORIES = ("Athens_Univ", "UFZ")
"""One is left out with each half of the compounds, of those that no network saw: its readings are of known ones."""
OTHERS_LEFT = 10
"""One in so many compounds of no drug family is left out, too."""
DRUG_READINGS = 6
PUBLISHED_READINGS = 2
FLAGGED = 0.6
NAMED = 0.5


@dataclass(frozen=True)
class FamilyTrial:
    """One reading judged: its drug family ("" for others) and what was said. `known`: the library has the compound.

    `wrong_name` is the probability of the first hit where that is another compound, 0 where it or an isomer told with
    it is right; `wrong_alarm` says whether it was alarmed on.
    """

    compound: str
    family: str
    kind: str
    contributor: str
    known: bool
    energies: int
    likeliest: str
    probability: float
    wrong_name: float
    wrong_alarm: bool

    @property
    def flagged(self) -> bool:
        """Whether a family of drugs was flagged."""
        return self.probability >= FLAGGED

    @property
    def right(self) -> bool:
        """Whether the right one was."""
        return self.flagged and self.likeliest == self.family


@dataclass(frozen=True)
class Judged:
    """Trials alone and beside cutting agents; `unlisted` alone again, as if the catalogue lacked the drugs, too."""

    alone: list[FamilyTrial]
    unlisted: list[FamilyTrial]
    cut: list[CutTrial]


def left_out(records: Iterable[Measured], catalogue: Catalogue, half: int) -> frozenset[str]:
    """Choose half of each drug family's compounds, and a part of all others."""
    skeletons = {record.skeleton for record in records}
    drugs = sorted(
        (skeleton for skeleton in skeletons if drug_family(catalogue, skeleton)),
        key=lambda skeleton: (drug_family(catalogue, skeleton), _draw(skeleton)),
    )
    others = skeletons.difference(drugs)
    return frozenset(drugs[half::2]) | {each for each in others if _draw(each) % OTHERS_LEFT == half}


@dataclass(frozen=True)
class Half:
    """A half of the compounds and a laboratory `left` out, what was `learned` without them, and the library without.

    `away` are the drugs without any spectrum whose published ions taught nothing.
    """

    left: frozenset[str]
    laboratory: str
    away: tuple[Published, ...]
    library: Library
    learned: Learned


def learned_half(
    records: Sequence[Measured],
    published: Sequence[Published],
    structures: Structures,
    catalogue: Catalogue,
    half: int,
) -> Half:
    """Learn without half of the compounds, measured or published, and one laboratory."""
    left, laboratory = left_out(records, catalogue, half), LABORATORIES[half]
    seen = [record for record in records if record.skeleton not in left and record.contributor != laboratory]
    measured = {record.skeleton for record in records}
    away = tuple(drug for drug in published if drug.skeleton not in measured and _draw(drug.skeleton) % 2 == half)
    kept = [drug for drug in published if drug.skeleton not in left and drug not in away]
    library = with_isomers(build_library(seen, catalogue), catalogue)
    return Half(left, laboratory, away, library, learned_from(seen, kept, library, catalogue, structures))


def judge_half(records: Sequence[Measured], catalogue: Catalogue, bundle: Bundle, half: Half) -> Judged:
    """Judge readings of the compounds left out, with what was learned without them."""
    without = write_bundle(bundle.manifest, {**bundle.parts, "library.cbor": half.library.to_bytes()})
    unread = {*half.left, *(drug.skeleton for drug in half.away)}
    no_structures = replace(half.learned, predicted=half.learned.predicted.without(unread))
    listed, unlisted = (
        Identifier(Bundle.from_bytes(without), catalogue, each) for each in (half.learned, no_structures)
    )
    alone, again = (
        judge(identifier, records, half.left, half.laboratory) + judge_published(identifier, half.away)
        for identifier in (listed, unlisted)
    )
    return Judged(alone, again, judge_cuts(listed, records, half.left, half.away, half.laboratory))


def learned_from(
    seen: Sequence[Measured],
    published: Sequence[Published],
    library: Library,
    catalogue: Catalogue,
    structures: Structures,
) -> Learned:
    """Learn from the records that may be seen, from published ions and from the structures of the catalogue's drugs."""
    compounds, contributors = by_compound(seen), {record.contributor for record in seen}
    drugs = {skeleton: each for skeleton, each in compounds.items() if drug_family(catalogue, skeleton)}
    rng = np.random.default_rng((SEED, 7))
    readings = make_readings(compounds, contributors, 1, rng) + make_readings(drugs, contributors, DRUG_READINGS, rng)
    families = [drug_family(catalogue, reading.skeleton) for reading in readings]
    of = {drug.skeleton: drug.family for drug in published}
    drawn = published_readings(published, PUBLISHED_READINGS, rng)
    families += [of[reading.skeleton] for reading in drawn]
    compounds = calculated(seen, structures, catalogue)
    drugs_alone = PredictedSpectra([each for each in compounds if each.family], Usual.of(compounds))
    predicted = drugs_alone, learn_match(readings, compounds)
    return learn(readings + drawn, families, library, predicted, halogen_ratios(catalogue, library))


def judge(
    identifier: Identifier, records: Sequence[Measured], left: Collection[str], laboratory: str
) -> list[FamilyTrial]:
    """Judge readings of the compounds left out, and of the known compounds that the laboratory left out measured."""
    compounds = by_compound(records)
    rng = np.random.default_rng((SEED, 8))
    drugs = {each for each in left if drug_family(identifier.catalogue, each)}
    readings = [
        *_readings({each: compounds[each] for each in drugs}, DRUG_READINGS, rng),
        *_readings({each: compounds[each] for each in sorted(set(left) - drugs)}, 1, rng),
        *make_readings({each: of for each, of in compounds.items() if each not in left}, {laboratory}, 1, rng),
    ]
    names = {record.skeleton: record.name for record in records}
    catalogue = identifier.catalogue
    return [
        _trial(identifier, reading, names[reading.skeleton], drug_family(catalogue, reading.skeleton))
        for reading in readings
    ]


def judge_published(identifier: Identifier, published: Sequence[Published]) -> list[FamilyTrial]:
    """Judge readings drawn of published ions that were not learned from."""
    of = {drug.skeleton: drug for drug in published}
    readings = published_readings(published, PUBLISHED_READINGS, np.random.default_rng((SEED, 9)))
    return [_trial(identifier, each, of[each.skeleton].name, of[each.skeleton].family) for each in readings]


def _readings(compounds: Compounds, each: int, rng: np.random.Generator) -> list[Reading]:
    return make_readings(compounds, {by for compound in compounds.values() for by in compound}, each, rng)


def _trial(identifier: Identifier, reading: Reading, name: str, family: str) -> FamilyTrial:
    answer, _ = identifier.examine(Prepared(reading.rows, reading.energies, (), {}, whole=reading.whole))
    substance = identifier.catalogue.find(reading.skeleton)
    drugs = [each for each in answer.families if each.family.startswith(DRUG_FAMILIES)]
    wrong = _wrong_name(answer, reading.skeleton, substance.name if substance else name)
    return FamilyTrial(
        compound=substance.name if substance else name,
        family=family,
        kind=substance.family if substance else "not in the catalogue",
        contributor=reading.contributor,
        known=any(entry.skeleton == reading.skeleton for entry in identifier.library.entries),
        energies=len(reading.rows),
        likeliest=drugs[0].family if drugs else "",
        probability=drugs[0].probability if drugs else 0.0,
        wrong_name=wrong,
        wrong_alarm=answer.conclusion is Conclusion.ALARM and wrong > 0,
    )


def _wrong_name(answer: Identification, skeleton: str, name: str) -> float:
    """Return the probability of the first hit where neither it nor an isomer told with it is the compound."""
    if not answer.hits or answer.hits[0].inchikey[:14] == skeleton or name in answer.hits[0].isomers:
        return 0.0
    return answer.hits[0].probability or 0.0


def _draw(skeleton: str) -> int:
    return int.from_bytes(sha256(skeleton.encode()).digest()[:8], "big")
