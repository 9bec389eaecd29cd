"""One weight, as a scale told it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Self

from drivers.errors import DriverError
from drivers.instrument import InstrumentIdentity

GRAMS: Mapping[str, Decimal] = MappingProxyType(
    {
        "g": Decimal(1),
        "kg": Decimal(1000),
        "mg": Decimal("0.001"),
        "ug": Decimal("0.000001"),
        "ct": Decimal("0.2"),
        "oz": Decimal("28.349523125"),
        "lb": Decimal("453.59237"),
        "ozt": Decimal("31.1034768"),
        "dwt": Decimal("1.55517384"),
        "GN": Decimal("0.06479891"),
    }
)
"""Grams in each unit that every maker's manual means alike, exact by definition.

A tael, momme or tola differs from country to country: none is here. Nor is `t`: a tola to A&D, a tonne to others.
"""


_DIGITS = b"0123456789"


def in_grams(value: Decimal, unit: str) -> Decimal:
    """Return a value of a unit in GRAMS as grams, to one place beyond its last digit: no digits that nobody weighed."""
    grams, last = value * GRAMS[unit], GRAMS[unit].scaleb(_places(value)).adjusted() - 1
    return grams if _places(grams) >= last else grams.quantize(Decimal(1).scaleb(last))


def _places(value: Decimal) -> int:
    return int(value.as_tuple().exponent)


class Load(StrEnum):
    """Whether what lies on the pan is within what the scale can weigh."""

    WITHIN = "within"
    OVER = "overload"
    UNDER = "underload"


class Basis(StrEnum):
    """What a value is of, as far as the scale tells."""

    GROSS = "gross"
    NET = "net"
    TARE = "tare"
    UNTOLD = "untold"


class WeightRefused(DriverError):
    """A weight that must not enter a record; `code` says why."""

    def __init__(self, port: str, code: str, problem: str) -> None:
        super().__init__(port, f"{problem} ({code})")
        self.code = code


class ScaleChanged(WeightRefused):
    """The scale that answers is another one, or was switched on anew: it must be asked anew who it is."""


@dataclass(frozen=True)
class Weight:
    """What a scale told in one line. `value` in `unit`, None when over or under its range; `raw` is the line itself.

    `tare` is what the scale told of its tare memory beside it, None where it tells none.
    """

    port: str
    raw: bytes
    value: Decimal | None
    unit: str
    stable: bool
    load: Load = Load.WITHIN
    basis: Basis = Basis.UNTOLD
    scale: InstrumentIdentity | None = None
    tare: "Weight | None" = None

    def __post_init__(self) -> None:
        if (self.value is None) is (self.load is Load.WITHIN):
            raise ValueError(f"a weight {self.load} with value {self.value}")
        if self.stable and self.value is None:
            raise ValueError(f"a stable weight {self.load}")

    @property
    def told(self) -> tuple[Decimal | None, str, bool, Load, Basis]:
        """What two lines must agree on to tell the same weight."""
        return self.value, self.unit, self.stable, self.load, self.basis

    @property
    def shown(self) -> str:
        """The value and its unit as a screen shows them: what a person who takes the weight has seen."""
        return "" if self.value is None else f"{self.value:f} {self.unit}"

    @property
    def column(self) -> int:
        """Where the number ends in the line, from 0."""
        return max(at for at, byte in enumerate(self.raw) if byte in _DIGITS)

    @property
    def refused(self) -> WeightRefused:
        """Why no value can be had: the load is beyond the scale."""
        return WeightRefused(self.port, str(self.load), "the load is beyond the scale; change what lies on the pan")

    @property
    def grams(self) -> Decimal:
        """The value in grams, exact. Raises WeightRefused for a count, a percentage or an unknown unit."""
        if self.value is None:
            raise self.refused
        if self.unit not in GRAMS:
            raise WeightRefused(
                self.port, "not-a-mass", f"unit {self.unit!r}; expected one of {', '.join(GRAMS)}: set it on the scale"
            )
        return self.value * GRAMS[self.unit]

    def beside(self, tare: "Weight | None") -> "Weight":
        """Return a weight of a scale that calls every weight net, with what it told of its tare memory."""
        if tare is None or self.value is None:
            return replace(self, basis=Basis.UNTOLD)
        return replace(self, basis=Basis.NET if tare.value else Basis.GROSS, tare=tare)

    def require_stable(self) -> Self:
        """Return this weight, which may enter a record. Raises WeightRefused unless it is a stable mass."""
        _ = self.grams
        if not self.stable:
            raise WeightRefused(self.port, "unstable", "not at rest; keep wind and hands off the pan, weigh again")
        return self
