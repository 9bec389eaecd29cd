"""How moments, numbers and sizes are written: one way that cannot be misread, whatever the language."""

from datetime import UTC, date, datetime, timedelta

from babel.dates import format_date, format_datetime

from edge.web.translations import Language

SPACE = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
NOTHING = "\N{EN DASH}"
_UNITS = ("B", "kB", "MB", "GB", "TB")
_STEP = 1000
_PERCENT = 0.01
_HOUR = 60
_DAY = 24 * 60


def moment(language: Language, when: datetime) -> str:
    """Return a moment as `22 nov 2026 18:42:07 +01:00`: the month in letters, the offset from UTC always there."""
    local = when.astimezone()
    return f"{format_datetime(local, 'd MMM y HH:mm:ss', locale=language.locale)} {_offset(local)}"


def day(language: Language, when: datetime) -> str:
    """Return a day as `22 nov`, for lists of what is recent."""
    return format_datetime(when.astimezone(), "d MMM", locale=language.locale)


def whole_day(language: Language, when: date) -> str:
    """Return a day of any year as `22 nov 2026`."""
    return format_date(when, "d MMM y", locale=language.locale)


def hour(when: datetime) -> str:
    """Return the hour as `18:42`."""
    return f"{when.astimezone():%H:%M}"


def number(value: float, decimals: int = 0) -> str:
    """Return a number with a space between thousands."""
    return f"{value:,.{decimals}f}".replace(",", SPACE)


def share(part: float) -> str:
    """Return a part of 1 in whole percent, `<1 %` for less than one."""
    return f"{part * 100:.0f}{SPACE}%" if part >= _PERCENT else f"<1{SPACE}%"


def size(count: int) -> str:
    """Return a count of bytes as `12.4 GB`."""
    value, unit = float(count), 0
    while value >= _STEP and unit < len(_UNITS) - 1:
        value, unit = value / _STEP, unit + 1
    return f"{value:.{1 if unit else 0}f}{SPACE}{_UNITS[unit]}"


def digest(text: str) -> str:
    """Return a hex digest in groups of eight, so that two people can compare it aloud."""
    return " ".join(text[start : start + 8] for start in range(0, len(text), 8))


def span(language: Language, length: timedelta) -> str:
    """Return a length of time in one unit: minutes, hours or days."""
    minutes = max(0, int(length.total_seconds() // 60))
    if minutes < _HOUR:
        return language.count("%(number)s minute", "%(number)s minutes", minutes)
    if minutes < 2 * _DAY:
        return language.count("%(number)s hour", "%(number)s hours", minutes // _HOUR)
    return language.count("%(number)s day", "%(number)s days", minutes // _DAY)


def wall(text: str) -> datetime:
    """Read the wall time of a record."""
    return datetime.fromisoformat(text).astimezone(UTC)


def _offset(local: datetime) -> str:
    text = f"{local:%z}"
    return f"{text[0].replace('-', MINUS)}{text[1:3]}:{text[3:5]}"
