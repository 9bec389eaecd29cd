"""The mechanics of a simulated scale: what lies on the pan, and how long until it rests."""

import random
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

REST_AFTER_S = 1.0
_SWING = Decimal(5)


class PanFault(StrEnum):
    """What goes wrong in the scale itself."""

    DRIFT = "drift"
    OVERLOAD = "overload"
    UNDERLOAD = "underload"


@dataclass(frozen=True)
class Shown:
    """What the display shows: grams in steps of the scale, and whether they are at rest."""

    value: Decimal
    stable: bool
    load: PanFault | None


class Pan:
    """A pan of up to `capacity` g in steps of `step` g; a new load rests after a second. Times are in seconds."""

    def __init__(
        self,
        rng: random.Random,
        fault: PanFault | None = None,
        capacity: Decimal = Decimal("2200.00"),
        step: Decimal = Decimal("0.01"),
    ) -> None:
        self._rng = rng
        self._fault = fault
        self._capacity = capacity
        self._step = step
        self._mass = self._zero = self._tare = Decimal(0)
        self._moved_at = -REST_AFTER_S

    def put(self, grams: Decimal, now: float) -> None:
        """Let `grams` lie on the pan from `now` on."""
        self._mass = grams
        self._moved_at = now

    def rests_at(self) -> float | None:
        """Return when the pan is at rest, None if never."""
        return None if self._fault else self._moved_at + REST_AFTER_S

    def show(self, now: float) -> Shown:
        """Return the net weight that the display shows at `now`."""
        load = self._beyond()
        swing = self._swing(now)
        value = (self._mass - self._zero - self._tare + swing).quantize(self._step)
        return Shown(value, stable=swing == 0 and load is None and self._fault is None, load=load)

    def zero(self) -> None:
        self._zero, self._tare = self._mass, Decimal(0)

    def tare(self) -> Decimal:
        """Take the load as tare and return it."""
        self._tare = self._mass - self._zero
        return self.tared

    @property
    def tared(self) -> Decimal:
        """The tare that is set."""
        return self._tare.quantize(self._step)

    def _beyond(self) -> PanFault | None:
        if self._fault in {PanFault.OVERLOAD, PanFault.UNDERLOAD}:
            return self._fault
        if self._mass > self._capacity:
            return PanFault.OVERLOAD
        return PanFault.UNDERLOAD if self._mass < 0 else None

    def _swing(self, now: float) -> Decimal:
        if self._fault is PanFault.DRIFT:
            return Decimal(round(now * 10)) * self._step
        left = self._moved_at + REST_AFTER_S - now
        if left <= 0:
            return Decimal(0)
        return Decimal(self._rng.choice((-1, 1))) * self._step * max(Decimal(1), round(_SWING * Decimal(left)))
