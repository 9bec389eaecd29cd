"""What stands before a table, as fields by name: `Polarity: Negative`, `Ion Polarity,Negative`, `# CE = 20 eV`."""

import re
from collections.abc import Iterable, Iterator, Mapping

from models.acquisition import NAMES, OF_SOURCE, POLARITY, SOURCE, plain_name
from models.energy import LONGEST

BETWEEN = re.compile(r"[;\t|]|(?<!\d),|,(?!\d)")
"""What parts the cells of a line; a comma between digits is a decimal one."""
_PAIR = re.compile(r"([^:=]*)[:=](.*)", re.DOTALL)
_UNIT = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_NUMBER = re.compile(r"[\s.,+/-]*+\d[\s\d.,+/-]*+")
_ENERGIES = ("collisionenergy", *OF_SOURCE)
_ALIASES = {
    **dict.fromkeys(("polarit\u00e4t", "polaridad", "ionpolarit\u00e4t", "polaridadiones"), "polarity"),
    **dict.fromkeys(("ionisierung", "ionisierungsmodus", "ionenquelle", "ionizaci\u00f3n"), "ionizationmode"),
    **dict.fromkeys(("mododeionizaci\u00f3n", "modoi\u00f3nico", "fuentedeiones", "sourcetype"), "ionizationmode"),
    **dict.fromkeys(("ce", "nce", "kollisionsenergie", "energ\u00edadecolisi\u00f3n"), "collisionenergy"),
    **dict.fromkeys(("cone", "conevolts", "voltajedelcono", "voltajedecono"), "conevoltage"),
    **dict.fromkeys(("precursor", "precursorion", "parent", "parentmass", "parention"), "precursormz"),
    **dict.fromkeys(("dp",), "declusteringpotential"),
    **dict.fromkeys(("frag",), "fragmentor"),
}


def read_fields(lines: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """Return what lines say by names that tell how ions were made (models/acquisition.py); others are left out."""
    fields: dict[str, list[str]] = {}
    for line in lines:
        for key, value in _pairs(line):
            name = _name(_UNIT.sub("", key)) if len(key) <= LONGEST else ""
            if name and value:
                told = f"{value}{_unit(key, value)}" if name in _ENERGIES else value
                fields.setdefault(name, []).append(told)
    return {name: tuple(values) for name, values in fields.items()}


def _pairs(line: str) -> Iterator[tuple[str, str]]:
    """Yield `key: value` and `key=value`; of cells that are no such pair each with the one after it."""
    before = ""
    for part in BETWEEN.split(line.strip().lstrip("#;!/ ").replace('"', "")):
        pair = _PAIR.fullmatch(part)
        if pair and pair[2].strip():
            yield pair[1].strip(), pair[2].strip()
            before = ""
        else:
            word = (pair[1] if pair else part).strip()
            if before and word:
                yield before, word
            before = word or before


def _name(key: str) -> str:
    plain = plain_name(key)
    plain = _ALIASES.get(plain, plain)
    if plain in NAMES:
        return plain
    return next((name for name in (*POLARITY, *SOURCE) if plain.endswith(name)), "")


def _unit(key: str, value: str) -> str:
    """Return the unit that stands beside the name of a bare number: `Collision energy (eV): 20`, `NCE: 35`."""
    if len(value) > LONGEST or not _NUMBER.fullmatch(value):
        return ""
    unit = _UNIT.search(key)
    if unit:
        return f" {next(group for group in unit.groups() if group is not None)}"
    return " NCE" if plain_name(key) == "nce" else ""
