"""How each maker's scale puts things: written from the makers' pages, not from the parsers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from drivers.scales.pan import Pan, PanFault, Shown


@dataclass(frozen=True)
class Face:
    """The words of one maker's scale, without line ends.

    `streams` are the commands that let weights come unasked, with whether they go on. `command` carries out any other
    command and gives the lines of its answer, None where there is no such command.
    """

    seven_even: bool
    streams: Mapping[bytes, bool]
    asks_now: tuple[bytes, ...]
    asks_at_rest: tuple[bytes, ...]
    not_at_rest: bytes
    unknown: bytes
    weight: Callable[[Shown], bytes]
    command: Callable[[bytes, Pan], list[bytes] | None]


_SERIAL = [b'I4 A "0123456789"']
_ABOUT_METTLER: Mapping[bytes, list[bytes]] = {
    b"I0": [b'I0 B 0 "I0"', b'I0 B 0 "S"', b'I0 B 0 "SI"', b'I0 A 0 "Z"'],
    b"I1": [b'I1 A "01" "2.30" "2.22" "" ""'],
    b"I2": [b'I2 A "Garita virtual scale 2200.00 g"'],
    b"I3": [b'I3 A "1.00 1.0.0.0"'],
    b"I4": _SERIAL,
    b"I5": [b'I5 A "12121306C"'],
    b"@": _SERIAL,
}
_ABOUT_OHAUS: Mapping[bytes, list[bytes]] = {b"PV": [b"Version 1.10"], b"PSN": [b"B123456789"]}


def _mettler_weight(shown: Shown) -> bytes:
    if shown.load:
        return b"S +" if shown.load is PanFault.OVERLOAD else b"S -"
    return b"S %s %10s g" % (b"S" if shown.stable else b"D", str(shown.value).encode())


def _mettler_command(command: bytes, pan: Pan) -> list[bytes] | None:
    if command in {b"Z", b"ZI"}:
        pan.zero()
        return [b"Z A" if command == b"Z" else b"ZI S"]
    if command == b"TA":
        return [b"TA A %10s g" % str(pan.tared).encode()]
    if command in {b"T", b"TI"}:
        return [b"%s S %10s g" % (command, str(pan.tare()).encode())]
    return _ABOUT_METTLER.get(command)


def _a_and_d_weight(shown: Shown) -> bytes:
    sign = b"-" if shown.value < 0 or shown.load is PanFault.UNDERLOAD else b"+"
    if shown.load:
        return b"OL,%s9999999E+19" % sign
    return b"%s,%s%s  g" % (b"ST" if shown.stable else b"US", sign, str(abs(shown.value)).zfill(8).encode())


def _a_and_d_command(command: bytes, pan: Pan) -> list[bytes] | None:
    if command not in {b"Z", b"R", b"T"}:
        return None
    _carry_out(command, pan)
    return [b"\x06", b"\x06"]


def _ohaus_weight(shown: Shown) -> bytes:
    if shown.load:
        return b"ES"
    return b"%10s g%s" % (str(shown.value).encode(), b"" if shown.stable else b"    ?")


def _ohaus_command(command: bytes, pan: Pan) -> list[bytes] | None:
    if command not in {b"Z", b"T"}:
        return _ABOUT_OHAUS.get(command)
    _carry_out(command, pan)
    return []


def _carry_out(command: bytes, pan: Pan) -> None:
    if command == b"T":
        pan.tare()
    else:
        pan.zero()


FACES: Mapping[str, Face] = MappingProxyType(
    {
        "mt-sics": Face(
            seven_even=False,
            streams={b"SIR": True, b"SR": True},
            asks_now=(b"SI",),
            asks_at_rest=(b"S",),
            not_at_rest=b"S I",
            unknown=b"ES",
            weight=_mettler_weight,
            command=_mettler_command,
        ),
        "a-and-d": Face(
            seven_even=True,
            streams={b"SIR": True, b"C": False},
            asks_now=(b"Q", b"SI"),
            asks_at_rest=(b"S",),
            not_at_rest=b"EC,E02",
            unknown=b"EC,E01",
            weight=_a_and_d_weight,
            command=_a_and_d_command,
        ),
        "ohaus": Face(
            seven_even=False,
            streams={b"CP": True, b"1P": True, b"0P": False},
            asks_now=(b"IP", b"P"),
            asks_at_rest=(b"SP",),
            not_at_rest=b"ES",
            unknown=b"ES",
            weight=_ohaus_weight,
            command=_ohaus_command,
        ),
    }
)
