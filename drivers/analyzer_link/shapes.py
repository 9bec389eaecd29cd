"""The shapes of message fields: each turns a decoded value into the field's value, or raises ValueError."""

import re
from collections.abc import Callable, Sequence
from typing import cast

Shape = Callable[[object], object]

_UINT32 = 2**32 - 1


def uint(most: int = _UINT32, least: int = 0) -> Shape:
    """Accept a whole number from `least` to `most`."""

    def check(value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise ValueError(f"expected a whole number from {least} to {most}; {_short(value)} came")
        return value

    return check


def text(most: int = 64, least: int = 0) -> Shape:
    """Accept printable text of at most `most` bytes in UTF-8."""

    def check(value: object) -> str:
        if not isinstance(value, str) or not value.isprintable() or not least <= len(value.encode()) <= most:
            raise ValueError(f"expected printable text of {least} to {most} bytes; {_short(value)} came")
        return value

    return check


def code(value: object) -> str:
    """Accept 1 to 32 of the characters a to z, 0 to 9 and the hyphen."""
    if not isinstance(value, str) or not re.fullmatch(r"[a-z0-9-]{1,32}", value):
        raise ValueError(f"expected a code of 1 to 32 of a-z, 0-9 and -; {_short(value)} came")
    return value


def one_of(*words: str) -> Shape:
    """Accept one of the `words`."""

    def check(value: object) -> str:
        if not isinstance(value, str) or value not in words:
            raise ValueError(f"expected one of {', '.join(words)}; {_short(value)} came")
        return value

    return check


def blob(most: int, unit: int) -> Shape:
    """Accept bytes, at most `most` times `unit`, in whole units."""

    def check(value: object) -> bytes:
        if not isinstance(value, bytes) or len(value) % unit or len(value) > most * unit:
            raise ValueError(f"expected up to {most} values of {unit} bytes; {_short(value)} came")
        return value

    return check


def flag(value: object) -> bool:
    """Accept true or false."""
    if not isinstance(value, bool):
        raise ValueError(f"expected true or false; {_short(value)} came")  # noqa: TRY004 - one error for every wrong value
    return value


def or_null(shape: Shape) -> Shape:
    """Accept null or the `shape`."""
    return lambda value: None if value is None else shape(value)


def listing(shape: Shape, most: int, least: int = 0) -> Shape:
    """Accept `least` to `most` values of one `shape`, as a tuple."""

    def check(value: object) -> tuple[object, ...]:
        entries = _sequence(value)
        if not least <= len(entries) <= most:
            raise ValueError(f"expected {least} to {most} entries; {len(entries)} came")
        return tuple(shape(entry) for entry in entries)

    return check


def pair(first: Shape, second: Shape) -> Shape:
    """Accept two values, as a tuple."""

    def check(value: object) -> tuple[object, object]:
        entries = _sequence(value)
        if len(entries) != 2:  # noqa: PLR2004 - a pair
            raise ValueError(f"expected a pair; {len(entries)} entries came")
        return first(entries[0]), second(entries[1])

    return check


def _sequence(value: object) -> Sequence[object]:
    if not isinstance(value, (list, tuple)):
        raise ValueError(f"expected a list; {_short(value)} came")  # noqa: TRY004 - one error for every wrong value
    return cast("Sequence[object]", value)


def _short(value: object) -> str:
    shown = f"{len(value)} bytes" if isinstance(value, bytes) else repr(value)
    return shown if len(shown) <= 60 else f"{shown[:57]}..."  # noqa: PLR2004 - fits one line of a message
