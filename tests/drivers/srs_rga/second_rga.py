"""A second virtual RGA, written from a page of facts alone, before the driver and the first simulator were.

It shares no code with drivers/. Where the facts leave something open it has a switch (`nf_echoes`), and where they say
nothing it does the plainest thing. Feed it with `receive(data, now)`, take what goes out with `poll(now)`.
"""

import math
from collections.abc import Callable

PEAKS = {2: 400_000, 4: -120, 16: 90_000, 18: 3_000_000, 28: 8_000_013, 32: 2_000_000, 40: 130_000, 44: 13}
"""Ion current in units of 1e-16 A at emission 1 mA, without the multiplier."""
TOTAL = 0x0D0D_0D0D
LIMITS = {
    "EE": (25, 105, 70, 0),
    "IE": (0, 1, 1, 0),
    "VF": (0, 150, 90, 0),
    "FL": (0, 3.5, 1.0, 2),
    "HV": (0, 2490, 1400, 0),
    "NF": (0, 7, 4, 0),
    "SA": (10, 25, 10, 0),
    "SP": (0, 10, 0.1, 4),
    "ST": (0, 100, 0.01, 4),
    "MG": (0, 2000, 1.0, 4),
    "MV": (0, 2490, 1400, 0),
}
ECHO = {"EE", "IE", "VF", "FL", "HV"}


class Bad(Exception):
    """The command has a bad parameter (bit 1), a bad name (bit 0) or conflicts with another (bit 6)."""

    def __init__(self, bit: int) -> None:
        super().__init__(bit)
        self.bit = bit


class SecondRga:
    """An RGA100, 200 or 300 with or without a multiplier; everything in it may be set by a test."""

    def __init__(
        self, mass_max: int = 100, *, multiplier: bool = False, nf_echoes: bool = False, point_s: float = 0.002
    ) -> None:
        self.mass_max, self.multiplier, self.nf_echoes, self.point_s = mass_max, multiplier, nf_echoes, point_s
        self.set: dict[str, float] = {name: limits[2] for name, limits in LIMITS.items()}
        self.set |= {"FL": 0.0, "HV": 0, "MI": 1, "MF": mass_max}
        self.status = 0
        self.errors = {"EC": 0, "EF": 0, "EM": 0, "EQ": 0, "ED": 0, "EP": 0}
        self.faults = {"EF": 0, "EM": 0, "EQ": 0, "ED": 0, "EP": 0}
        self.log: list[str] = []
        self.unplugged = False
        self._line = bytearray()
        self._out: list[tuple[float, bytes]] = []
        self._scanning = 0.0
        self._endless: Callable[[float], float] | None = None
        self._total_allowed = True

    def receive(self, data: bytes, now: float) -> None:
        for byte in data:
            if now < self._scanning:
                self._out.clear()
                self._scanning, self._endless = 0.0, None
            if byte == 0x0D:
                line, self._line = self._line.decode("latin-1").upper(), bytearray()
                self._execute(line, now)
            else:
                self._line.append(byte)
            if len(self._line) >= 14:
                self._line.clear()
                self._comm_error(2)

    def poll(self, now: float) -> bytes:
        ready = b"".join(data for at, data in self._out if at <= now)
        self._out = [(at, data) for at, data in self._out if at > now]
        if self._endless and not self._out:
            self._scanning = self._endless(now)
        return ready

    def due(self) -> float | None:
        return self._out[0][0] if self._out else None

    def replug(self) -> None:
        self.unplugged = False
        self._line.clear()
        self._out.clear()

    def _execute(self, line: str, now: float) -> None:
        if not line:
            return
        self.log.append(line)
        name, parameter = line[:2], line[2:]
        try:
            if parameter == "?":
                self._query(name, now)
            else:
                self._command(name, parameter, now)
        except Bad as bad:
            self._comm_error(bad.bit)

    def _comm_error(self, bit: int) -> None:
        self.errors["EC"] |= 1 << bit
        self.status |= 1

    def _send(self, data: bytes, at: float) -> None:
        self._out.append((at, data))

    def _text(self, text: str, at: float) -> None:
        self._send(text.encode() + b"\n\r", at)

    def _query(self, name: str, now: float) -> None:
        if name == "ID":
            self._text(f"SRSRGA{self.mass_max:03d}VER0.24SN12345", now)
        elif name == "ER":
            self._text(str(self.status), now)
        elif name in self.errors:
            self._error_byte(name, now)
        elif name == "AP":
            self._text(str(self._steps() * int(self.set["SA"]) + 1), now)
        elif name == "HP":
            self._text(str(self._steps() + 1), now)
        elif name == "MO":
            self._text(str(int(self.multiplier)), now)
        elif name == "TP":
            self._send(self._total(), now + self.point_s)
        elif name in self.set:
            digits = LIMITS[name][3] if name in LIMITS else 0
            self._text(f"{self.set[name]:.{digits}f}", now)
        else:
            raise Bad(0)

    def _error_byte(self, name: str, now: float) -> None:
        if name in {"EQ", "ED", "EP"}:
            self.errors[name] = self.faults[name]
            bit = {"EQ": 4, "ED": 5, "EP": 6}[name]
            self.status = self.status & ~(1 << bit) | (bool(self.errors[name]) << bit)
        self._text(str(self.errors[name]), now)
        if name == "EC":
            self.errors["EC"], self.status = 0, self.status & ~1
        if name == "EM":
            self.status &= ~8

    def _command(self, name: str, parameter: str, now: float) -> None:  # noqa: C901 - one branch for each command
        if name in {"SC", "HS"}:
            self._scan(name, parameter, now)
        elif name == "MR":
            mass = self._number(parameter, 0, self.mass_max)
            if mass:
                self._scanning = now + 7 * self.point_s
                highest = max(self._height(mass + tenth / 10) for tenth in range(-3, 4))
                self._send(struct_i32(highest), self._scanning)
        elif name in {"CA", "CL"}:
            self._plain(parameter)
            self._text(str(self.status), now + 1.0)
        elif name == "IN":
            self._initialise(int(self._number(parameter, 0, 2)), now)
        elif name == "DG":
            minutes = self._number(parameter or "3", 0, 20)
            self._text(str(self.status), now + 60 * minutes)
        elif name == "ML":
            self._number(parameter, 0, self.mass_max)
        elif name == "TP":
            self._total_allowed = bool(self._number(parameter, 0, 1))
        elif name in {"MI", "MF"}:
            self._mass(name, parameter)
        elif name in LIMITS:
            self._setting(name, parameter, now)
        else:
            raise Bad(0)

    def _initialise(self, depth: int, now: float) -> None:
        if depth:
            keep = {} if depth == 1 else self.set
            self.set = {name: limits[2] for name, limits in LIMITS.items()} | {"MI": 1, "MF": self.mass_max}
            self.set |= keep
            self.set |= {"FL": 0.0, "HV": 0}
        self.errors["EC"], self.status = 0, self.status & ~1
        self._text(str(self.status), now + 0.05)

    def _mass(self, name: str, parameter: str) -> None:
        default = 1 if name == "MI" else self.mass_max
        value = default if parameter == "*" else self._number(parameter, 1, self.mass_max)
        after = {**self.set, name: int(value)}
        if after["MI"] > after["MF"]:
            raise Bad(6)
        self.set = after

    def _setting(self, name: str, parameter: str, now: float) -> None:
        low, high, default, digits = LIMITS[name]
        value = default if parameter == "*" else self._number(parameter, low, high)
        if name in {"HV", "MG", "MV"} and not self.multiplier:
            self.errors["EM"] |= 128
            self.status |= 8
        elif name == "FL":
            self._filament(value)
        else:
            self.set[name] = round(value, digits) if digits else int(value)
            self._total_allowed &= name != "HV" or not value
        if name in ECHO or (name == "NF" and self.nf_echoes):
            self._text(str(self.status), now + (0.2 if name == "FL" else 0.02))

    def _filament(self, value: float) -> None:
        broken = self.faults["EF"]
        self.set["FL"] = 0.0 if broken else round(value, 2)
        if value and broken:
            self.errors["EF"], self.status = broken, self.status | 2
        elif value:
            self.errors["EF"], self.status = 0, self.status & ~2

    def _scan(self, name: str, parameter: str, now: float) -> None:
        times = 1 if parameter == "*" else int(self._number(parameter, 0, 255)) if parameter else None
        per_mass = int(self.set["SA"]) if name == "SC" else 1
        points = [self.set["MI"] + step / per_mass for step in range(self._steps() * per_mass + 1)]

        def once(start: float) -> float:
            for turn, mass in enumerate(points):
                self._send(self._current(mass), start + (turn + 1) * self.point_s)
            end = start + (len(points) + 1) * self.point_s
            self._send(self._total(), end)
            return end

        self._scanning = now
        for _ in range(1 if times is None else times):
            self._scanning = once(self._scanning)
        self._endless = once if times is None else None

    def _steps(self) -> int:
        return int(self.set["MF"] - self.set["MI"])

    def _current(self, mass: float) -> bytes:
        return struct_i32(self._height(mass))

    def _height(self, mass: float) -> int:
        nearest = round(mass)
        height = PEAKS.get(nearest, 5) * math.exp(-(((mass - nearest) / 0.25) ** 2))
        lit = self.set["FL"] * (1000 if self.set["HV"] else 1)
        return int(height * lit)

    def _total(self) -> bytes:
        return struct_i32(TOTAL if self._total_allowed and self.set["FL"] else 0)

    @staticmethod
    def _plain(parameter: str) -> None:
        if parameter:
            raise Bad(1)

    @staticmethod
    def _number(text: str, low: float, high: float) -> float:
        if not text or text.strip("0123456789.") or text.count(".") > 1 or text == ".":
            raise Bad(1)
        value = int(float(text) * 10_000 + 1e-6) / 10_000
        if not low <= value <= high:
            raise Bad(1)
        return value


def struct_i32(value: int) -> bytes:
    """Return `value` as a signed 32-bit number, little-endian, as the RGA sends an ion current."""
    return max(-(2**31), min(value, 2**31 - 1)).to_bytes(4, "little", signed=True)
