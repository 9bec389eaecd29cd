"""The number of a Mexican customs declaration. It has no check digit: a wrong digit cannot be seen here."""

import string
from dataclasses import dataclass

from drivers.documents.faults import compact, shape

_KIND = "pedimento"
_FORM = (
    *[("year", string.digits, "a digit")] * 2,
    *[("customs office", string.digits, "a digit")] * 2,
    *[("patent", string.digits, "a digit")] * 4,
    *[("number", string.digits, "a digit")] * 7,
)


@dataclass(frozen=True)
class Pedimento:
    """Two digits of the year of validation, of the customs office (aduana), four of the broker's patent, the number.

    `warnings` says what is unusual and not wrong.
    """

    year: str
    office: str
    patent: str
    number: str
    warnings: tuple[str, ...] = ()

    @property
    def digits(self) -> str:
        """The fifteen digits, as a record stores them."""
        return self.year + self.office + self.patent + self.number

    def __str__(self) -> str:
        return f"{self.year}  {self.office}  {self.patent}  {self.number}"


def parse_pedimento(text: str) -> Pedimento:
    """Return the pedimento of `text` such as `26  24  3621  6000123`. Raises BadDocument."""
    bare = compact(_KIND, text, " -")
    shape(_KIND, bare, _FORM)
    year, number = bare[:2], bare[8:]
    usual = number[0] == year[1]
    warnings = (
        ()
        if usual
        else (f"the number usually begins with {year[1]}, the year's last digit; it begins with {number[0]}",)
    )
    return Pedimento(year, bare[2:4], bare[4:8], number, warnings)
