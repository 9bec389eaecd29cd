"""PINs that are tried first: rows and patterns of digits, figures on the keypad, dates."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

FIRST_YEAR, LAST_YEAR = 1940, 2026
PERIODS = (1, 2)
COLUMNS = ("1470", "2580", "3690")
"""The columns of the keypad, down to the 0."""
CORNERS = set("1379")

_PLACES = {key: divmod(number, 3) for number, key in enumerate("123456789")} | {"0": (3, 1)}


def is_guessed(pin: str) -> bool:
    """Tell whether six digits are among those that are tried first, as 92,775 of 1,000,000 are.

    NIST SP 800-63B, 5.1.1.2 asks to refuse what is commonly used, repetitive or sequential; people choose dates first
    (Bonneau, Preibusch, Anderson 2012, "A birthday present every eleven wallets?").
    """
    return _is_pattern(pin) or _is_figure(pin) or _is_date(pin)


def _is_pattern(pin: str) -> bool:
    """Tell whether steps from digit to digit are alike, or every second one is, or the second half is the first again.

    As 111111, 123456, 890123, 112233, 121212; as 471471, or mirrored 471174.
    """
    steps = [(int(after) - int(before)) % 10 for before, after in pairwise(pin)]
    half = len(pin) // 2
    return any(steps[period:] == steps[:-period] for period in PERIODS) or pin[half:] in (pin[:half], pin[:half][::-1])


def _is_figure(pin: str) -> bool:
    """Tell whether each key is beside the last one, or both halves are lines of keys, or a whole figure is in it.

    As 147896 or 221100; as 147258, 159357 or 963852. A figure is a column to the 0 or the four corners, as 258013,
    470741 or 139725; what touches corners alone is one, too, as 117733.
    """
    steps, half = _steps(pin), len(pin) // 2
    beside = all(abs(down) + abs(right) <= 1 for down, right in steps)
    column = any(each in pin or each[::-1] in pin for each in COLUMNS)
    corners = set(pin) <= CORNERS or any(set(pin[at : at + 4]) == CORNERS for at in range(len(pin) - 3))
    return beside or column or corners or (_is_line(steps[: half - 1]) and _is_line(steps[half:]))


def _is_line(steps: Sequence[tuple[int, int]]) -> bool:
    """Tell whether keys lie one after the other in a row, a column or a diagonal."""
    down, right = steps[0]
    return len(set(steps)) == 1 and max(abs(down), abs(right)) == 1


def _steps(pin: str) -> list[tuple[int, int]]:
    """Return how far down and to the right each key is from the last one."""
    places = [_PLACES[key] for key in pin]
    return [(after[0] - before[0], after[1] - before[1]) for before, after in pairwise(places)]


def _is_date(pin: str) -> bool:
    """Tell whether it is a day (ddmmyy; yymmdd, as CURP and RFC have a birthday), or begins or ends with a year.

    As 150890 or 900815; as 198507, 021985 or 151990.
    """
    first, month, last = pin[:2], pin[2:4], pin[4:]
    years = (int(pin[:4]), int(pin[2:]))
    return _is_day(last, month, first) or _is_day(first, month, last) or any(map(_is_year, years))


def _is_day(short: str, month: str, day: str) -> bool:
    """Tell whether two digits each are a day of the years that are tried."""
    year = (1900 if int(short) >= FIRST_YEAR % 100 else 2000) + int(short)
    try:
        date(year, int(month), int(day))
    except ValueError:
        return False
    return _is_year(year)


def _is_year(year: int) -> bool:
    return FIRST_YEAR <= year <= LAST_YEAR
