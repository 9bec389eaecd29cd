"""Readings of listed substances that a library lacks, alone and beside what it has; and of that without them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from models.catalogue import Catalogue
from models.library import Library
from models.training.corpus import Measured
from models.training.family_cuts import cuts_of, is_listed
from models.training.mixture_draw import Mixture, Recipe, mix, shares_of
from models.training.published import Published, records_of
from models.training.readings import Compounds

SHARES = (1.0, 0.8, 0.5, 0.2, 0.1)
ENERGIES = {"several energies": (3, 4, 5), "one spectrum": (1,)}
ALL_ENERGIES = (3,)
MOST_BESIDE = 2
MOST_TOGETHER, HARMLESS = 4, 120

Records = Sequence[Measured]


@dataclass(frozen=True)
class Companions:
    """What such a substance is mixed with: records of cutting agents, and of the laboratory's harmless compounds.

    `catalogued` are those of which the catalogue tells a family: medicines, foods, household products.
    """

    cuts: Sequence[Records]
    harmless: Sequence[Records]
    catalogued: Sequence[Records]

    @classmethod
    def of(cls, library: Library, catalogue: Catalogue, compounds: Compounds, laboratory: str) -> "Companions":
        """Choose what the library has: cutting agents of whoever measured them, the rest of the laboratory."""
        held = {entry.skeleton for entry in library.entries}
        harmless = sorted(
            skeleton
            for skeleton, by in compounds.items()
            if skeleton in held and laboratory in by and not is_listed(catalogue, skeleton)
        )
        told = [each for each in harmless if (row := catalogue.find(each)) and row.family]
        mine, catalogued = ([compounds[each][laboratory] for each in some] for some in (harmless, told))
        return cls(cuts_of(library, compounds, laboratory), mine, catalogued)

    def beside(self, drug: Records, share: float, recipe: Recipe, harmless: bool, rng: np.random.Generator) -> Mixture:
        """Mix a drug with one or two of them, with nothing where its share is all."""
        pool = self.harmless if harmless else self.cuts
        count = 0 if share == 1 else int(rng.integers(1, MOST_BESIDE + 1))
        drawn = [pool[int(at)] for at in rng.permutation(len(pool))[:count]]
        chosen = [drug, *(each for each in drawn if each[0].skeleton != drug[0].skeleton)]
        shares = shares_of(len(chosen), share if len(chosen) > 1 else 1.0, rng)
        return mix({each[0].skeleton: each for each in chosen}, shares, recipe, rng)


def lacking(
    companions: Companions, compounds: Compounds, laboratory: str, left: Collection[str], rng: np.random.Generator
) -> Iterator[tuple[str, Mixture]]:
    """Draw each substance left out, as the laboratory measured it or whoever did at most energies: kind and mixture."""
    for skeleton in sorted(left):
        by = compounds[skeleton]
        drug = by.get(laboratory) or max(by.values(), key=lambda of: len({record.energy for record in of}))
        for share in SHARES:
            for kind, energies in ENERGIES.items():
                for harmless in (False, True):
                    mixture = companions.beside(drug, share, Recipe(energies=energies), harmless, rng)
                    yield f"lacked by the library {share:.0%}, {kind}", mixture


def harmless(companions: Companions, rng: np.random.Generator) -> Iterator[tuple[str, Mixture]]:
    """Draw what is commonest at a post: cutting agents alone, and what the catalogue tells, one to four together."""
    for kind, pool in (("cutting agents alone", companions.cuts), ("catalogued alone", companions.catalogued)):
        for told, energies in ENERGIES.items():
            for _ in range(HARMLESS):
                drawn = rng.permutation(len(pool))[: int(rng.integers(1, MOST_TOGETHER + 1))]
                chosen = {pool[int(at)][0].skeleton: pool[int(at)] for at in drawn}
                shares = shares_of(len(chosen), float(rng.choice(SHARES[1:])), rng)
                yield f"{kind}, {told}", mix(chosen, shares, Recipe(energies=energies), rng)


def by_ions(
    companions: Companions, published: Sequence[Published], rng: np.random.Generator
) -> Iterator[tuple[str, Mixture]]:
    """Draw drugs that nobody measured, as the ions told of them, alone and in cutting agents."""
    for drug in published:
        for share in SHARES[:-1]:
            mixture = companions.beside(list(records_of(drug)), share, Recipe(energies=ALL_ENERGIES), False, rng)
            yield f"of whom ions alone are told {share:.0%}", mixture
