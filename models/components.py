"""A mixture in the words of a result: its components, the gravest first, and how it weighs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from models.calibration import Thresholds
from models.catalogue import DRUG_FAMILIES, Catalogue, Standing
from models.conclusion import Weighing
from models.library import Library
from models.mixture import Decomposition, Found, Residual, Rivals
from models.standing import ORDER

SEVERAL = 2
NAMED = 0.97
"""Probability from which a component that is not controlled is named. A reading has several, and any may be wrong."""
MINOR = 0.2
"""Share under which a component that is surely there cannot be all: with it there is something unknown."""
PROBABLY = 0.5
POSSIBLE = 0.1
"""Probability from which a substance counts among those that what is said of the reading must hold for."""

Standings = Sequence[Standing]
"""Standing of each library entry."""


@dataclass(frozen=True)
class Component:
    """One substance of a reading, as a group with the `isomers` that it cannot be told from.

    `share` of the summed ion current, 0 to 1: no share by weight, since substances ionise differently.
    """

    name: str
    inchikey: str
    isomers: tuple[str, ...]
    share: float
    probability: float


@dataclass(frozen=True)
class Parts:
    """What a reading was taken apart into, gravest first: `sure` are surely there, `named` surely enough to be named.

    A controlled substance is named as soon as it alarms, others only where they are as good as sure.
    """

    found: tuple[Found, ...]
    sure: tuple[Found, ...]
    named: tuple[Found, ...]
    whole: Decomposition

    @property
    def residual(self) -> Residual:
        """What those that are named leave."""
        return self.whole.residual(self.named)

    @property
    def is_mixture(self) -> bool:
        """Whether more than one component is surely there, or one that gives but a part."""
        return len(self.sure) >= SEVERAL or self.beside_unknown

    @property
    def beside_unknown(self) -> bool:
        """Whether the only component that is surely there gives but a small part of the ion current."""
        return len(self.sure) == 1 and self.sure[0].share < MINOR


def sort_out(decomposition: Decomposition, limits: Thresholds, standings: Standings) -> Parts:
    """Sort components by the probability that each threshold asks for."""
    found = tuple(sorted(decomposition.components, key=lambda each: (_gravity(each, standings), -each.share)))
    named = tuple(
        each
        for each in found
        if each.answer.probability >= (limits.alarm if _is_controlled(each, standings) else NAMED)
    )
    return Parts(
        found=found,
        sure=tuple(each for each in found if each.answer.present >= limits.component or each in named),
        named=named,
        whole=decomposition,
    )


def _is_controlled(found: Found, standings: Standings) -> bool:
    return standings[found.answer.entry] is Standing.CONTROLLED


def same_as(parts: Parts, entries: Sequence[int]) -> Parts:
    """Leave no name but those of some entries."""
    return replace(parts, named=tuple(each for each in parts.named if each.answer.entry in entries))


def component_of(found: Found, library: Library) -> Component:
    """Put a component into words."""
    entry = library.entries[found.answer.entry]
    return Component(entry.name, entry.inchikey, entry.isomers, found.share, found.answer.probability)


def hinted(parts: Parts, standings: Standings) -> float:
    """Probability that something controlled is in what the components leave, or one of them, though probably not."""
    left = sum(share for entry, share in parts.whole.hints if standings[entry] is Standing.CONTROLLED)
    return max(left, suspected(parts, standings))


def likely(found: Found, standing: Standing, standings: Standings) -> float:
    """Probability that a component has a standing, whichever of its rivals it is."""
    return sum(share for entry, share in found.answer.rivals if standings[entry] is standing)


def suspected(parts: Parts, standings: Standings) -> float:
    """Probability of the component that is likeliest to be controlled."""
    return max((likely(each, Standing.CONTROLLED, standings) for each in parts.found), default=0.0)


def families_of(parts: Parts, library: Library) -> dict[str, float]:
    """Probability of each family, that of the component that is likeliest of it."""
    families: dict[str, float] = {}
    for found in parts.found:
        own: dict[str, float] = {}
        for entry, share in found.answer.rivals:
            own[library.entries[entry].family] = own.get(library.entries[entry].family, 0.0) + share
        families |= {family: max(share, families.get(family, 0.0)) for family, share in own.items() if family}
    return families


def grave(shares: Iterable[tuple[int, float]], standings: Standings) -> list[int]:
    """Entries that are controlled or watched and may well be there, the gravest and likeliest first."""
    likely = [(entry, share) for entry, share in shares if share >= POSSIBLE]
    listed = [(entry, share) for entry, share in likely if standings[entry] is not Standing.UNLISTED]
    return [entry for entry, _ in sorted(listed, key=lambda each: (ORDER(standings[each[0]]), -each[1]))]


def rivals_of(parts: Parts) -> Rivals:
    """Return all who may be one of the components, each with its probability."""
    return tuple(rival for found in parts.found for rival in found.answer.rivals)


def weigh_mixture(parts: Parts, library: Library, standings: Standings, catalogue: Catalogue) -> Weighing:
    """Weigh a mixture by its gravest component; it is nothing listed only if that holds for each."""
    first = parts.found[0]
    told = grave(rivals_of(parts), standings) or [first.answer.entry]
    controlled = suspected(parts, standings)
    watched = max(likely(each, Standing.WATCHED, standings) for each in parts.found)
    unlisted = [likely(each, Standing.UNLISTED, standings) for each in parts.sure]
    drugs = [share for family, share in families_of(parts, library).items() if family.startswith(DRUG_FAMILIES)]
    return Weighing(
        controlled=controlled,
        watched=min(watched, 1 - controlled),
        unlisted=0.0 if parts.beside_unknown else min(unlisted),
        none=float(parts.beside_unknown),
        first_probability=first.answer.probability,
        isomers=tuple(name for at in told for name in library.entries[at].isomers),
        substances=[catalogue.find(library.entries[at].inchikey) for at in told],
        drug_family=max(drugs, default=0.0),
        suspected=controlled,
        hinted=hinted(parts, standings),
        mixture=True,
    )


def _gravity(found: Found, standings: Standings) -> int:
    """Place of the gravest standing that a component probably has or is graver than."""
    graver = 0.0
    for place, standing in enumerate(Standing):
        graver += likely(found, standing, standings)
        if graver >= PROBABLY:
            return place
    return len(Standing)
