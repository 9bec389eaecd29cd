"""Unseen drugs beside cutting agents, still flagged as their family or not, and harmless mixtures that show none."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from models.catalogue import Catalogue, Standing
from models.conclusion import Conclusion, Reason
from models.identification import Identifier
from models.library import Library
from models.preprocessing import Prepared
from models.training.corpus import Measured
from models.training.family_fit import drug_family
from models.training.markdown import table
from models.training.mixture_draw import Mixture, Recipe, mix, shares_of
from models.training.mixtures import AGENTS
from models.training.published import Published, records_of
from models.training.readings import Compounds, by_compound

SEED = 4712
CUTS = (*AGENTS, "Xylazine")
MOST_CUTS = 2
SHARES = (1.0, 0.95, 0.5, 0.2)
THREE = Recipe(energies=(3,))
ENERGIES = 3
"""A measured drug is mixed from a laboratory that has it at so many."""
HARMLESS = 300
UNKNOWN = 0.1
"""Part of the components of harmless mixtures that the library lacks."""

Records = Sequence[Measured]

_HEAD = """## Beside cutting agents

The same drugs, with the told share of the ion current, and one or two cutting agents that the library has, as the
laboratory left out measured them. *flagged*: the conclusion is of the right family; *nothing listed*: `no_alarm`.
*Harmless* are one to four substances of that laboratory that are on no list, one in ten of them unknown.

"""
_KINDS = ("opioid-fentanyl", "opioid-nitazene", "cannabinoid-synthetic", "stimulant-cathinone")


@dataclass(frozen=True)
class CutTrial:
    """One reading: the drug's family ("" in a harmless one) and share, the family that was flagged, the conclusion."""

    family: str
    share: float
    measured: bool
    flagged: str
    conclusion: Conclusion


def judge_cuts(
    identifier: Identifier, records: Records, left: Collection[str], away: Sequence[Published], laboratory: str
) -> list[CutTrial]:
    """Judge drugs of which the library has nothing beside cutting agents, and the laboratory's harmless mixtures."""
    rng = np.random.default_rng(SEED)
    compounds = by_compound(records)
    cuts = cuts_of(identifier.library, compounds, laboratory)
    drugs = [
        *((drug.family, False, list(records_of(drug))) for drug in away),
        *_measured(identifier.catalogue, compounds, left),
    ]
    trials = [
        _trial(identifier, _cut(drug, cuts, share, rng), family, share, measured)
        for family, measured, drug in drugs
        for share in SHARES
    ]
    harmless = _harmless(identifier, compounds, laboratory, rng)
    return [*trials, *(_trial(identifier, mixture, "", 0.0, measured=True) for mixture in harmless)]


def _measured(catalogue: Catalogue, compounds: Compounds, left: Collection[str]) -> Iterator[tuple[str, bool, Records]]:
    for skeleton in sorted(each for each in left if drug_family(catalogue, each)):
        best = max(compounds[skeleton].values(), key=lambda of: len({record.energy for record in of}))
        if len({record.energy for record in best}) >= ENERGIES:
            yield drug_family(catalogue, skeleton), True, best


def cuts_of(library: Library, compounds: Compounds, laboratory: str) -> list[Records]:
    """Return records of each cutting agent that a library has, of one laboratory or whoever has most."""
    held = (entry for entry in library.entries if entry.name in CUTS and entry.skeleton in compounds)
    by = [compounds[entry.skeleton] for entry in held]
    return [each.get(laboratory) or max(each.values(), key=len) for each in by]


def _cut(drug: Records, cuts: Sequence[Records], share: float, rng: np.random.Generator) -> Mixture:
    others = [each for each in cuts if each[0].skeleton != drug[0].skeleton]
    count = 0 if share == 1 else int(rng.integers(1, MOST_CUTS + 1))
    chosen = [drug, *(others[int(at)] for at in rng.permutation(len(others))[:count])]
    return mix({each[0].skeleton: each for each in chosen}, shares_of(len(chosen), share, rng), THREE, rng)


def _harmless(
    identifier: Identifier, compounds: Compounds, laboratory: str, rng: np.random.Generator
) -> Iterator[Mixture]:
    held = {entry.skeleton for entry in identifier.library.entries}
    mine = {skeleton: by[laboratory] for skeleton, by in sorted(compounds.items()) if laboratory in by}
    plain = [each for each in mine if not is_listed(identifier.catalogue, each)]
    known, unknown = ([each for each in plain if (each in held) is kept] for kept in (True, False))
    for _ in range(HARMLESS):
        pools = [unknown if rng.random() < UNKNOWN else known for _ in range(int(rng.integers(1, 5)))]
        chosen = dict.fromkeys(pool[int(rng.integers(len(pool)))] for pool in pools)
        shares = shares_of(len(chosen), float(rng.choice([0.05, 0.2, 0.5])), rng)
        yield mix({each: mine[each] for each in chosen}, shares, Recipe(), rng)


def is_listed(catalogue: Catalogue, skeleton: str) -> bool:
    """Whether the catalogue holds it as controlled, watched or a drug."""
    substance = catalogue.find(skeleton)
    of_drugs = bool(drug_family(catalogue, skeleton))
    return of_drugs or (substance is not None and substance.standing is not Standing.UNLISTED)


def _trial(identifier: Identifier, mixture: Mixture, family: str, share: float, measured: bool) -> CutTrial:
    answer = identifier.conclude(Prepared(mixture.rows, mixture.energies, (), {}, whole=mixture.whole))
    flagged = answer.families[0].family if Reason.FAMILY_ONLY in answer.reasons else ""
    return CutTrial(family, share, measured, flagged, answer.conclusion)


def write_cuts(cuts: Sequence[CutTrial]) -> str:
    """Write the table: what became of drugs beside cutting agents, and of harmless mixtures."""
    groups: dict[tuple[str, float], list[CutTrial]] = defaultdict(list)
    for each in cuts:
        groups[_kind_of(each), each.share].append(each)
    rows = [
        (
            kind,
            f"{share:.0%}" if share else "-",
            str(len(group)),
            *(f"{np.mean(held):.3f}" for held in zip(*map(_came_to, group), strict=True)),
        )
        for (kind, share), group in sorted(groups.items(), key=lambda item: (item[0][0], -item[0][1]))
    ]
    return (
        _HEAD
        + table(("drug", "share", "readings", "flagged", "another family", "alarm", "nothing listed"), rows)
        + "\n"
    )


def _kind_of(trial: CutTrial) -> str:
    if not trial.family:
        return "harmless"
    if trial.measured:
        return "measured, all families"
    return f"ions alone, {trial.family if trial.family in _KINDS else 'other families'}"


def _came_to(trial: CutTrial) -> tuple[bool, ...]:
    right = bool(trial.flagged) and trial.flagged == trial.family
    conclusion = trial.conclusion
    other = bool(trial.flagged) and not right
    return right, other, conclusion is Conclusion.ALARM, conclusion is Conclusion.NO_ALARM
