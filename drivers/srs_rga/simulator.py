"""The instrument's side: fed with what the host writes, it gives what goes back, in bytes. No I/O."""

import random
from collections import deque
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from drivers.outlet import Outlet, WireFault
from drivers.srs_rga import frames
from drivers.srs_rga.chamber import Chamber, ChamberFault, Source
from drivers.srs_rga.memory import Memory, Refusal

POINT_S = 0.0015
"""For one point of a scan at noise floor 7; each step down doubles it. Chosen for practice, not the instrument's."""
STAGE_S = {"FL": 0.3, "HV": 0.2, "CA": 1.0, "CL": 2.0, "IN": 0.1}
_DEGAS_MINUTE_S = 60.0
_MINISCAN = np.arange(-3, 4) / 10
_BUFFER = 140
_DRIFT = 1.7
_OVERLOAD = 1e9
_NO_FILAMENT = 0xC0
_DETECTS_NO_CURRENT = 0x60


class VirtualRga:
    """An RGA on a vacuum `chamber`. Time is passed in, in seconds on any rising clock; `pace` shortens all its waits.

    A fault sets in with the first scan.
    """

    def __init__(
        self,
        chamber: Chamber,
        memory: Memory,
        rng: random.Random,
        fault: WireFault | ChamberFault | None = None,
        pace: float = 1.0,
    ) -> None:
        self.unplugged = False
        self.memory = memory
        self.scans = 0
        self._chamber = chamber
        self._rng = rng
        self._fault = fault
        self._pace = pace
        self._outlet = Outlet(None, rng)
        self._line = bytearray()
        self._waiting: deque[str] = deque()
        self._busy_until = 0.0
        self._scan: deque[tuple[float, bytes]] = deque()
        self._again: Callable[[float], None] | None = None

    def receive(self, data: bytes, now: float) -> None:
        """Take bytes of the host; the first of them stops a scan and what of it has not gone out yet is lost."""
        if data:
            self._scan.clear()
            self._again = None
        for byte in data:
            if byte == frames.END_OF_COMMAND[0]:
                self._waiting.append(self._line.decode("latin-1").upper())
                self._line.clear()
            else:
                self._line.append(byte)
            if len(self._line) > frames.LONGEST_COMMAND:
                self._line.clear()
                self.memory.refuse(Refusal.TOO_LONG)
        if sum(map(len, self._waiting)) > _BUFFER:
            self._waiting.clear()
            self.memory.refuse(Refusal.OVERRUN)
        self._carry_out(now)

    def poll(self, now: float) -> bytes:
        """Return the bytes that have gone out by `now`; sets `unplugged` when the cable is pulled there."""
        self._carry_out(now)
        while self._scan and self._scan[0][0] <= now:
            at, piece = self._scan.popleft()
            self._outlet.send(at, piece)
            if not self._scan and self._again:
                self._again(at)
        out = self._outlet.poll(now)
        self.unplugged = self._outlet.unplugged
        return out

    def due(self) -> float | None:
        """Return when `poll` will next have bytes, None when it waits for the host."""
        times = [self._outlet.due(), self._scan[0][0] if self._scan else None]
        times.append(self._busy_until if self._waiting else None)
        return min((at for at in times if at is not None), default=None)

    def replug(self) -> None:
        """Plug the cable in again: the instrument has its own supply, a lit filament went on burning."""
        self.unplugged = False
        self._fault = None
        self._outlet.replug()
        self._line.clear()
        self._waiting.clear()
        self._scan.clear()

    def _carry_out(self, now: float) -> None:
        while self._waiting and self._busy_until <= now:
            command = self._waiting.popleft()
            if command:
                self._obey(command[:2], command[2:], max(now, self._busy_until))

    def _obey(self, name: str, parameter: str, now: float) -> None:
        try:
            if name in {"SC", "HS"}:
                self._start_scans(name, parameter, now)
            elif name == "MR":
                self._single(self.memory.mass(parameter, least=0), now)
            elif name == "TP":
                self._total(parameter, now)
            else:
                reply = self.memory.obey(name, parameter)
                self._busy_until = now + self._takes(name, parameter)
                if reply is not None:
                    self._outlet.send(self._busy_until, reply.encode() + frames.END_OF_LINE)
        except ValueError as error:
            self.memory.refuse(error.args[0] if isinstance(error.args[0], Refusal) else Refusal.BAD_PARAMETER)

    def _takes(self, name: str, parameter: str) -> float:
        if name == "DG":
            return _DEGAS_MINUTE_S * int(parameter if parameter.isdigit() else 3) * self._pace
        return 0.0 if parameter == "?" else STAGE_S.get(name, 0.0) * self._pace

    @property
    def _point(self) -> float:
        return POINT_S * 2 ** (7 - int(self.memory.values["NF"])) * self._pace

    @property
    def _source(self) -> Source:
        values = self.memory.values
        return Source(values["FL"], values["EE"], values["HV"] > 0, int(values["NF"]))

    def _start_scans(self, name: str, parameter: str, now: float) -> None:
        memory, times = self.memory, self.memory.times(parameter)
        first, last, steps = (int(memory.values[key]) for key in ("MI", "MF", "SA"))
        per_mass = steps if name == "SC" else 1
        masses = first + np.arange((last - first) * per_mass + 1) / per_mass

        def begin(start: float, left: float) -> None:
            self._begin_fault()
            data = frames.from_currents(np.append(self._measure(masses), self._total_current()))
            pieces = [data[at : at + frames.CURRENT_BYTES] for at in range(0, len(data), frames.CURRENT_BYTES)]
            self._scan.extend((start + (turn + 1) * self._point, piece) for turn, piece in enumerate(pieces))
            self.scans += 1
            self._again = (lambda end: begin(end, left - 1)) if left > 1 else None

        if times:
            begin(now, times)

    def _begin_fault(self) -> None:
        match self._fault:
            case WireFault():
                self._outlet = Outlet(self._fault, self._rng)
                self._fault = None
            case ChamberFault.DRIFT:
                self._chamber.scale *= _DRIFT
            case ChamberFault.OVERLOAD:
                self._chamber.scale = _OVERLOAD
                self.memory.fails("ED", _DETECTS_NO_CURRENT)
            case ChamberFault.FILAMENT:
                self.memory.fails("EF", _NO_FILAMENT)
            case None:
                pass

    def _measure(self, masses: NDArray[np.float64]) -> NDArray[np.float64]:
        return self._chamber.currents(masses, self._source, self.memory.values["SP"] / 1000)

    def _single(self, mass: int, now: float) -> None:
        if mass:
            current = self._measure(mass + _MINISCAN).max()
            self._scan.append((now + 7 * self._point, frames.from_currents(np.array([current]))))

    def _total(self, parameter: str, now: float) -> None:
        if parameter == "?":
            self._scan.append((now + self._point, frames.from_currents(np.array([self._total_current()]))))
        else:
            self.memory.allow_total(parameter)

    def _total_current(self) -> float:
        allowed = self.memory.total_allowed
        return self._chamber.total(self._source, self.memory.values["ST"] / 1000) if allowed else 0.0
