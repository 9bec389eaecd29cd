"""`python -m models.training.schedules`: from the catalogue's columns to the schedules that come with Garita.

They are no law. `verified` has what was read in a text of the list itself; a state brings its own.
"""

import argparse
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from models.catalogue import DATA, read_table
from models.schedule_file import DEFAULT, write_schedule
from models.schedules import NONE, Entry, Schedule, Standing, by_family

NAME = "Garita: lists of the United Nations and of Mexico as far as they were read"
VERSION = 1
EFFECTIVE = date(2026, 11, 26)
UNVERIFIED = "unverified"
_NARCOTIC = ("SC1961", "PSC1971", "LGS")
_DOUBTS = ("not verified", "press report")
_PUBLISHED = re.compile(r"DOF (\d{4}-\d{2}-\d{2})")


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=DEFAULT)
    options = parser.parse_args(arguments)
    options.out.write_bytes(built())


def built() -> bytes:
    """Return the file as the catalogue's columns make it."""
    rows, forms = (read_table(DATA / name) for name in ("substances.csv", "stereoisomers.csv"))
    shared = {skeleton for skeleton, count in Counter(_skeleton(row) for row in rows).items() if count > 1}
    families = {_skeleton(row): row["family"] for row in rows}
    entries = (
        *(entry for row in rows for entry in _entries(row, apart=_skeleton(row) in shared)),
        *(_of_form(row, families[_skeleton(row)]) for row in forms if row["un_control"]),
    )
    return write_schedule(Schedule(NAME, VERSION, EFFECTIVE, verified=False, entries=entries, digest=""))


def _of_form(row: Mapping[str, str], family: str) -> Entry:
    """Return what is known of a named stereoisomer: none of it was read in the lists themselves."""
    name = NONE if row["un_control"].startswith(NONE) else row["un_control"]
    return _entry({**row, "family": family}, "UN", name, row["un_evidence"], verified=False)


def _entries(row: Mapping[str, str], *, apart: bool) -> Iterator[Entry]:
    """Yield what the row tells; a column that says `unverified` says nothing, and none of Mexico was looked up.

    One of several stereoisomers stands `apart`: what is known from memory keeps it from being held for another.
    """
    united_nations, mexico = row["un_control"], row["mexico_control"]
    if apart and united_nations == UNVERIFIED:
        united_nations = row["un_candidate"]
    if united_nations != UNVERIFIED:
        name = NONE if united_nations.startswith(NONE) else united_nations
        verified = row["un_control"] != UNVERIFIED and row["un_evidence"].startswith("adopted")
        yield _entry(row, "UN", name, row["un_evidence"], verified=verified)
    if mexico not in (UNVERIFIED, NONE):
        verified = not any(doubt in mexico for doubt in _DOUBTS)
        yield _entry(row, "MX", mexico, row["mexico_source"], verified=verified)


def _entry(row: Mapping[str, str], authority: str, name: str, source: str, *, verified: bool) -> Entry:
    published = _PUBLISHED.search(name)
    return Entry(
        inchikey=row["inchikey"],
        family="",
        authority=authority,
        list=name,
        standing=_standing(name, row["family"]),
        since=date.fromisoformat(published.group(1)) if published else None,
        until=None,
        source=source,
        verified=verified,
    )


def _skeleton(row: Mapping[str, str]) -> str:
    return row["inchikey"][:14]


def _standing(name: str, family: str) -> Standing:
    if name == NONE:
        return by_family(family, whole=True)
    return Standing.CONTROLLED if name.startswith(_NARCOTIC) else Standing.WATCHED


if __name__ == "__main__":
    main()
