"""The virtual RGA's settings, error bytes and replies to everything but measurements. No I/O."""

from enum import IntEnum
from math import inf

from drivers.srs_rga.diagnosis import CLEARED_BY_READING, ERROR_BYTES
from drivers.srs_rga.settings import MAX_PLACES, SETTINGS, Echo

_MODELS = (100, 200, 300)
_ALL_TIMES = 255
_DEGAS_MINUTES = 20
_NO_MULTIPLIER = 0x80
_LEAST_VOLTAGE = 10
_OF_THE_MULTIPLIER = {"HV", "MG", "MV"}


class Refusal(IntEnum):
    """Why a command is not carried out: a bit of RS232_ERR."""

    BAD_COMMAND = 0
    BAD_PARAMETER = 1
    TOO_LONG = 2
    OVERRUN = 3
    PROTECTED = 5
    CONFLICT = 6


class Memory:
    """What an RGA knows. `mass_max` is its model; `jumper` protects the peak tuning; everything else may be set."""

    def __init__(
        self, mass_max: int = 100, *, multiplier: bool = True, serial: str = "10042", jumper: bool = False
    ) -> None:
        if mass_max not in _MODELS:
            raise ValueError(f"there are models {_MODELS}; {mass_max} was asked for")
        self.mass_max = mass_max
        self.multiplier = multiplier
        self.values = {
            name: 0.0 if setting.default is None else setting.default for name, setting in SETTINGS.items()
        } | {"FL": 0.0, "HV": 0.0, "MF": float(mass_max), "SP": 0.1, "ST": 0.01, "MG": 1.0, "MV": 1400.0, "RS": 1000.0}
        self.errors = {error.query: 0 for error in ERROR_BYTES}
        self.total_allowed = True
        self._failures: dict[str, int] = {}
        self._serial = serial
        self._jumper = jumper

    @property
    def status(self) -> int:
        """The STATUS byte."""
        return sum(1 << error.status_bit for error in ERROR_BYTES if self.errors[error.query])

    def refuse(self, reason: Refusal) -> None:
        """Note a command that is not carried out."""
        self.errors["EC"] |= 1 << reason

    def fails(self, query: str, value: int) -> None:
        """Let a part fail for good; a filament goes out with it."""
        self._failures[query] = self.errors[query] = value
        if query == "EF":
            self.values["FL"] = 0.0

    def obey(self, name: str, parameter: str) -> str | None:
        """Carry out a command and return its reply, None where there is none. Raises ValueError with a Refusal."""
        if parameter == "?":
            return self._answer(name)
        if name in {"CA", "CL"} and not parameter:
            return str(self.status)
        if name == "IN":
            return self._initialise(self._whole(parameter, 0, 2))
        if name == "DG":
            self._whole(parameter if parameter != "*" else "3", 0, _DEGAS_MINUTES)
            return str(self.status)
        if name == "ML":
            self._number(parameter, 0, self.mass_max)
            return None
        if name not in SETTINGS:
            raise ValueError(Refusal.BAD_PARAMETER if name in self.errors else Refusal.BAD_COMMAND)
        return self._set(name, parameter)

    def mass(self, parameter: str, least: int) -> int:
        """Return a whole mass that this model reaches."""
        return self._whole(parameter, least, self.mass_max)

    def times(self, parameter: str) -> float:
        """Return how many scans are asked for, infinity for scans without an end."""
        if not parameter:
            return inf
        return 1 if parameter == "*" else self._whole(parameter, 0, _ALL_TIMES)

    def allow_total(self, parameter: str) -> None:
        """Allow total pressures or not."""
        self.total_allowed = bool(self._whole(parameter, 0, 1))

    def _answer(self, name: str) -> str:
        values = self.values
        steps = int(values["MF"] - values["MI"])
        known = {
            "ID": f"SRSRGA{self.mass_max}VER0.24SN{self._serial}",
            "ER": str(self.status),
            "AP": str(steps * int(values["SA"]) + 1),
            "HP": str(steps + 1),
            "MO": str(int(self.multiplier)),
            "CE": str(int(not self._jumper)),
        }
        if name in self.errors:
            return str(self._read_error(name))
        if name in SETTINGS:
            return f"{values[name]:.{SETTINGS[name].places}f}"
        if name not in known:
            raise ValueError(Refusal.BAD_COMMAND)
        return known[name]

    def _read_error(self, name: str) -> int:
        if name == "EM" and not self.multiplier:
            self.errors["EM"] |= _NO_MULTIPLIER
        value = self.errors[name]
        if name in {error.query for error in CLEARED_BY_READING}:
            self.errors[name] = 0
        return value

    def _initialise(self, depth: int) -> str:
        if depth == 1:
            self.values |= {name: item.default for name, item in SETTINGS.items() if item.default is not None}
        if depth:
            self.values |= {"FL": 0.0, "HV": 0.0}
        self.errors["EC"] = 0
        return str(self.status)

    def _set(self, name: str, parameter: str) -> str | None:
        setting = SETTINGS[name]
        if self._jumper and name in {"RI", "RS", "DI", "DS"}:
            raise ValueError(Refusal.PROTECTED)
        if parameter == "*" and setting.default is None and name != "MF":
            raise ValueError(Refusal.BAD_PARAMETER)
        value = self._default(name) if parameter == "*" else self._value(name, parameter)
        if name in _OF_THE_MULTIPLIER and not self.multiplier:
            self.errors["EM"] |= _NO_MULTIPLIER
        elif name == "FL":
            self._light(value)
        else:
            self._keep(name, value)
        return str(self.status) if setting.echo is Echo.STATUS else None

    def _default(self, name: str) -> float:
        default = SETTINGS[name].default
        return float(self.mass_max) if default is None else default

    def _value(self, name: str, parameter: str) -> float:
        setting = SETTINGS[name]
        most = self.mass_max if name in {"MI", "MF"} else setting.most
        if setting.places:
            return round(self._number(parameter, setting.least, most), setting.places)
        return float(self._whole(parameter, int(setting.least), int(most)))

    def _light(self, value: float) -> None:
        self.errors["EF"] = self._failures.get("EF", 0) if value else self.errors["EF"]
        self.values["FL"] = 0.0 if "EF" in self._failures else value

    def _keep(self, name: str, value: float) -> None:
        first, last = (value if key == name else self.values[key] for key in ("MI", "MF"))
        if first > last:
            raise ValueError(Refusal.CONFLICT)
        if name == "HV" and 0 < value < _LEAST_VOLTAGE:
            raise ValueError(Refusal.BAD_PARAMETER)
        self.values[name] = value
        if name == "HV" and value:
            self.total_allowed = False

    @staticmethod
    def _number(text: str, least: float, most: float) -> float:
        digits = text.removeprefix("-").replace(".", "", 1)
        if not (digits.isascii() and digits.isdigit()) or not least <= float(text) <= most:
            raise ValueError(Refusal.BAD_PARAMETER)
        return int(float(text) * 10**MAX_PLACES + (1e-6 if float(text) >= 0 else -1e-6)) / 10**MAX_PLACES

    @classmethod
    def _whole(cls, text: str, least: int, most: int) -> int:
        value = cls._number(text, least, most)
        if value != int(value):
            raise ValueError(Refusal.BAD_PARAMETER)
        return int(value)
