"""What weights of an exhibit come to in grams, and which of them cannot both be right."""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Self

from drivers.scales.weight import in_grams
from sync.contract.casework import OccasionalWeight, WeightCore, WeightUnit

TONNE = 1_000_000
PLAUSIBLE = 1
"""Tonnes above which a digit or a unit was perhaps told wrongly."""


@dataclass(frozen=True)
class Mass:
    """A weight of a kind (gross, net or tare) on an occasion, in grams; its digits where its unit is unknown."""

    kind: str
    occasion: str
    grams: Decimal | str

    @classmethod
    def of(cls, record: WeightCore) -> Self:
        """Return what a record says; one of the first version tells no occasion."""
        occasion = record.occasion if isinstance(record, OccasionalWeight) else "found"
        return cls(record.kind, occasion, grams(record.value, record.unit))

    def differs(self, other: "Mass") -> bool:
        """Tell whether both are of one kind and occasion and say two things."""
        return (self.kind, self.occasion) == (other.kind, other.occasion) and self.grams != other.grams

    def outweighs(self, among: Collection["Mass"]) -> bool:
        """Tell whether it is a net weight or a tare above every gross weight of its occasion, where there is one."""
        if self.kind == "gross" or not isinstance(self.grams, Decimal):
            return False
        whole = [each.grams for each in among if (each.kind, each.occasion) == ("gross", self.occasion)]
        return bool(whole) and all(isinstance(each, Decimal) and self.grams > each for each in whole)

    def contradicts(self, other: "Mass", among: Collection["Mass"]) -> bool:
        """Tell whether a new weight and one of those before are a part and its whole, and the part outweighs it."""
        if self.occasion != other.occasion or (self.kind == "gross") == (other.kind == "gross"):
            return False
        return other.outweighs([*among, self]) if self.kind == "gross" else self.outweighs(among)


def tonnes(value: str, unit: WeightUnit) -> Decimal:
    """Return a weight of plain digits in tonnes."""
    return in_grams(Decimal(value), unit) / TONNE


def grams(value: str, unit: str) -> Decimal | str:
    """Return a weight in grams, to tell whether two are the same; its digits where its unit is unknown."""
    with suppress(InvalidOperation, KeyError):
        return in_grams(Decimal(value), unit)
    return f"{value} {unit}"
