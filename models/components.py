"""A mixture in the words of a result: its components, the gravest first, and how it weighs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from models.calibration import Thresholds
from models.catalogue import DRUG_FAMILIES, Catalogue, Standing
from models.conclusion import Weighing
from models.family_rule import FamilyEvidence, shares_beside
from models.library import Library
from models.mixture import Decomposition, Found, Rivals
from models.standing import ORDER, row_of

SEVERAL = 2
NAMED = 0.97
"""Probability from which a component that is not controlled is named. A reading has several, and any may be wrong."""
MINOR, HALF = 0.2, 0.5
"""Share under which a component that is surely there, and a listed one by its own ions, cannot be all."""
MUCH = 0.3
"""Part of the ion current that no component explains, from which something unknown gives it."""
PROBABLY = 0.5
POSSIBLE = 0.1
"""Probability from which a substance counts among those that what is said of the reading must hold for."""

TRUSTED = 0.8
"""Probability from which a component's ions are taken to be its own, and not those of something unknown."""
CUT = 0.3
"""The same of a usual cutting agent, which is likelier there than what a compound that the library lacks resembles."""
CUTTING = ("adulterant", "diluent", "benign")
HINTS = {Standing.CONTROLLED: 1.0, Standing.WATCHED: 0.5, Standing.UNLISTED: 0.0}

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

    A controlled substance is named as soon as it alarms, others only where they are as good as sure. `kin` is what
    speaks for each family of drugs in what the trusted components leave, or in all of it where there are none.
    `is_listed`: all that is surely there is probably controlled or watched.
    """

    found: tuple[Found, ...]
    sure: tuple[Found, ...]
    named: tuple[Found, ...]
    whole: Decomposition
    kin: Mapping[str, FamilyEvidence] = field(default_factory=dict[str, FamilyEvidence])
    is_listed: bool = False

    @property
    def is_mixture(self) -> bool:
        """Whether more than one component is surely there, or one that gives but a part."""
        return len(self.sure) >= SEVERAL or self.beside_unknown

    @property
    def beside_unknown(self) -> bool:
        """Whether the only component that is surely there gives but a part of the ion current."""
        return len(self.sure) == 1 and self.sure[0].share < (HALF if self._by_its_own and self.is_listed else MINOR)

    @property
    def beside_another(self) -> bool:
        """Whether the only component that is surely there is so by its own ions, and something else gives much.

        That is probably another component or, beside a listed one, what none explains. Beside others it is left to what
        is said of the whole reading, which tells the family of an unknown drug better.
        """
        others = (each for each in self.found if each not in self.sure and each.share >= MINOR)
        another = any(each.answer.present >= PROBABLY for each in others)
        left = self.whole.left.sum() > MUCH * self.whole.measured.sum()
        return self._by_its_own and (another or (self.is_listed and bool(left)))

    @property
    def _by_its_own(self) -> bool:
        return len(self.sure) == 1 and self.sure[0].answer.probability >= TRUSTED


def sort_out(decomposition: Decomposition, limits: Thresholds, standings: Standings) -> Parts:
    """Sort components by the probability that each threshold asks for."""
    found = tuple(sorted(decomposition.components, key=lambda each: (_gravity(each, standings), -each.share)))
    named = tuple(
        each
        for each in found
        if each.answer.probability >= (limits.alarm if _is_controlled(each, standings) else NAMED)
    )
    sure = tuple(
        each
        for each in found
        if each.answer.present >= limits.component
        or each in named
        or likely(each, Standing.WATCHED, standings) >= limits.caution
    )
    listed = all(likely(each, Standing.UNLISTED, standings) < PROBABLY for each in sure)
    return Parts(found, sure, named, decomposition, is_listed=listed)


def _is_controlled(found: Found, standings: Standings) -> bool:
    return standings[found.answer.entry] is Standing.CONTROLLED


def same_as(parts: Parts, entries: Sequence[int]) -> Parts:
    """Leave no name but those of some entries."""
    return replace(parts, named=tuple(each for each in parts.named if each.answer.entry in entries))


def as_good_as_sure(parts: Parts) -> Parts:
    """Leave no name but those that need no alarm to be told."""
    return replace(parts, named=tuple(each for each in parts.named if each.answer.probability >= NAMED))


def hinted(parts: Parts, standings: Standings) -> float:
    """Probability that something listed is in what the components leave, or one of them, though probably not.

    What is watched counts half: to hold as much back for it would cost four harmless readings for each that it saves.
    """
    offered = (parts.whole.hints, *(found.answer.rivals for found in parts.found))
    return max(sum(share * HINTS[standings[entry]] for entry, share in rivals) for rivals in offered)


def likely(found: Found, standing: Standing, standings: Standings) -> float:
    """Probability that a component has a standing, whichever of its rivals it is."""
    return sum(share for entry, share in found.answer.rivals if standings[entry] is standing)


def suspected(parts: Parts, standings: Standings) -> float:
    """Probability of the component that is likeliest to be controlled."""
    return likeliest_to_be(Standing.CONTROLLED, parts, standings)


def likeliest_to_be(standing: Standing, parts: Parts, standings: Standings) -> float:
    """Probability that the component has a standing of which that is likeliest."""
    return max((likely(each, standing, standings) for each in parts.found), default=0.0)


def trusted(parts: Parts, library: Library) -> tuple[int, ...]:
    """Return the entries of the components whose ions are surely enough their own."""
    entries = ((each.answer.entry, each.answer.probability) for each in parts.found)
    return tuple(
        entry
        for entry, probability in entries
        if probability >= (CUT if library.entries[entry].family in CUTTING else TRUSTED)
    )


def families_of(parts: Parts, library: Library) -> dict[str, float]:
    """Probability of each family, that of the component that is likeliest of it, or of something beside them."""
    families = shares_beside(parts.kin)
    for found in parts.found:
        own: dict[str, float] = {}
        for entry, share in found.answer.rivals:
            own[library.entries[entry].family] = own.get(library.entries[entry].family, 0.0) + share
        families |= {family: max(share, families.get(family, 0.0)) for family, share in own.items() if family}
    return families


def drug_family_of(families: Mapping[str, float]) -> float:
    """Probability of the likeliest family of drugs."""
    return max((share for family, share in families.items() if family.startswith(DRUG_FAMILIES)), default=0.0)


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
    watched = likeliest_to_be(Standing.WATCHED, parts, standings)
    unlisted = [_cleared(each, library, standings) for each in parts.sure]
    beside = parts.beside_unknown or parts.beside_another
    return Weighing(
        controlled=controlled,
        watched=min(watched, 1 - controlled),
        unlisted=0.0 if beside else min(unlisted),
        none=float(beside),
        first_probability=first.answer.probability,
        isomers=tuple(name for at in told for name in library.entries[at].isomers),
        substances=[row_of(library.entries[at].inchikey, library.entries[at].family, catalogue) for at in told],
        drug_family=drug_family_of(families_of(parts, library)),
        suspected=controlled,
        hinted=hinted(parts, standings),
        mixture=True,
    )


def _cleared(found: Found, library: Library, standings: Standings) -> float:
    """Probability that a component is nothing listed.

    One of no family is so by its own formula alone: what the library lacks is a little like many of its mass.
    """
    first = library.entries[found.answer.entry]
    if first.family:
        return likely(found, Standing.UNLISTED, standings)
    unlisted = ((at, share) for at, share in found.answer.rivals if standings[at] is Standing.UNLISTED)
    return sum(share for at, share in unlisted if library.entries[at].formula == first.formula)


def _gravity(found: Found, standings: Standings) -> int:
    """Place of the gravest standing that a component probably has or is graver than."""
    graver = 0.0
    for place, standing in enumerate(Standing):
        graver += likely(found, standing, standings)
        if graver >= PROBABLY:
            return place
    return len(Standing)
