"""What weights of an exhibit come to in grams, and which of them cannot both be right."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Self

from drivers.scales.weight import in_grams
from edge.exhibit_file import ExhibitFile
from sync.contract.casework import Occasion, OccasionalWeight, SealCore, WeightCore, WeightUnit
from sync.contract.ids import Seq
from sync.contract.record import Record

TONNE = 1_000_000
ZERO = Decimal(0)
PLAUSIBLE = 1
"""Tonnes above which a digit or a unit was perhaps told wrongly."""


ORDER: Sequence[Occasion] = ("found", "before_sampling", "after_sampling")


@dataclass(frozen=True)
class Mass:
    """A weight of a kind (gross, net or tare) on an occasion, in grams; its digits where its unit is unknown.

    `opened` is how often the bag had been opened by then: each sampling has its own weights before and after it.
    """

    kind: str
    occasion: Occasion
    grams: Decimal | str
    opened: int = 0

    @classmethod
    def of(cls, record: WeightCore, opened: int = 0) -> Self:
        """Return what a record says; one of the first version tells no occasion."""
        occasion = record.occasion if isinstance(record, OccasionalWeight) else "found"
        return cls(record.kind, occasion, grams(record.value, record.unit), opened)

    def differs(self, other: "Mass") -> bool:
        """Tell whether both are of one kind and occasion and say two things."""
        return (self.kind, self.when) == (other.kind, other.when) and self.grams != other.grams

    def outweighs(self, among: Collection["Mass"]) -> bool:
        """Tell whether it is a net weight or a tare above every gross weight of its occasion, where there is one."""
        whole = [each for each in among if each.kind == "gross" and each.when == self.when]
        return self.kind != "gross" and self._is_above(whole)

    def outgrows(self, among: Collection["Mass"]) -> bool:
        """Tell whether it is above what the exhibit weighed on the occasion before: sampling adds nothing to it.

        What a new bag may weigh more than the one before is no matter.
        """
        before = self.before(among)
        return self._is_above(before, self._new_bag(before, among))

    def contradicts(self, other: "Mass", among: Collection["Mass"]) -> bool:
        """Tell whether a new weight and one of those before cannot both be right.

        They are a part and its whole, and the part outweighs it; or one is of the occasion before, and was outgrown.
        """
        everything = [*among, self]
        if other in self.before(among):
            return self.outgrows(among)
        if self in other.before(everything):
            return other.outgrows(everything)
        if self.when != other.when or (self.kind == "gross") == (other.kind == "gross"):
            return False
        return other.outweighs(everything) if self.kind == "gross" else self.outweighs(among)

    @property
    def when(self) -> tuple[int, int]:
        """Its occasion among those of the exhibit, in the order of time."""
        return (0, 0) if self.occasion == "found" else (self.opened, ORDER.index(self.occasion))

    @property
    def sampled(self) -> int:
        """How many samplings were over by then: each may end in a new bag."""
        over = {"found": 0, "before_sampling": self.opened - 1, "after_sampling": max(self.opened, 1)}
        return max(over[self.occasion], 0)

    def before(self, among: Collection["Mass"]) -> list["Mass"]:
        """Return those of its kind on the nearest occasion before; none of a tare: a new bag may be a heavier one."""
        earlier = [each for each in among if each.kind == self.kind != "tare" and each.when < self.when]
        nearest = max((each.when for each in earlier), default=None)
        return [each for each in earlier if each.when == nearest]

    def _new_bag(self, before: Sequence["Mass"], among: Collection["Mass"]) -> Decimal:
        """Return how many grams of a gross weight may be a bag that is heavier than before; untold, that weighed 0.

        There is no new one before a sampling is over.
        """
        if self.kind != "gross" or not before or self.sampled == before[0].sampled:
            return ZERO
        now, then = _bags(self.when, among), _bags(before[0].when, among)
        return ZERO if now == then else max(ZERO, max(now, default=ZERO) - min(then, default=ZERO))

    def _is_above(self, others: Collection["Mass"], more: Decimal = ZERO) -> bool:
        """Tell whether it is above each of some others and `more`, where there is one and all are known in grams."""
        mine = self.grams
        return bool(others) and all(
            isinstance(mine, Decimal) and isinstance(each.grams, Decimal) and mine > each.grams + more
            for each in others
        )


def _bags(when: tuple[int, int], among: Collection[Mass]) -> list[Decimal]:
    """Return what the bag weighed by then: the weights in grams of the last occasion on which any was told."""
    told = [(each.when, each.grams) for each in among if each.kind == "tare" and each.when <= when]
    last = max((at for at, _ in told), default=None)
    return [grams for at, grams in told if at == last and isinstance(grams, Decimal)]


def masses(exhibit: ExhibitFile) -> Mapping[Seq, Mass]:
    """Return what the weights of an exhibit that count come to, by entry."""
    found, opened = dict[Seq, Mass](), 0
    for seq, each in exhibit.counting(Record):
        if isinstance(each, SealCore):
            opened += each.action == "broken"
        elif isinstance(each, WeightCore):
            found[seq] = Mass.of(each, opened)
    return found


def openings(exhibit: ExhibitFile) -> int:
    """Return how often its bag was opened."""
    return sum(each.action == "broken" for _, each in exhibit.counting(SealCore))


def tonnes(value: str, unit: WeightUnit) -> Decimal:
    """Return a weight of plain digits in tonnes."""
    return in_grams(Decimal(value), unit) / TONNE


def grams(value: str, unit: str) -> Decimal | str:
    """Return a weight in grams, to tell whether two are the same; its digits where its unit is unknown."""
    with suppress(InvalidOperation, KeyError):
        return in_grams(Decimal(value), unit)
    return f"{value} {unit}"
