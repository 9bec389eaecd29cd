"""What the heading of a column says that it holds."""

import re
from collections.abc import Sequence

_MASS = re.compile(
    r"m\s*/\s*[zeq]\b|\bm[ .]?z\b|moverz|mass|masa|thomson|\bth\b|dalton|\bda\b|\bamu\b|^u$", re.IGNORECASE
)
_MZ = re.compile(r"m\s*/\s*[zeq]\b|\bm[ .]?z\b|moverz", re.IGNORECASE)
_OF_A_MASS = re.compile(r"error|ppm|defect|theor|delta|neutral|\bkda\b|uncharged", re.IGNORECASE)
_OF_A_MOLECULE = re.compile(r"mono.?isot|molec|d(?:es|e)[ck]on[vw]", re.IGNORECASE)
"""Of a mass, that it is no m/z; of what says m/z itself, which peaks these are."""
_INTENSITY = re.compile(
    r"\binten|abund|abond|counts?\b|cuentas|height|h\u00f6he|altura|signal|se\u00f1al", re.IGNORECASE
)
_AS_INTENSITY = re.compile(
    r"\barea|\b\u00e1rea|fl\u00e4che|\bTIC\b|^[iy]$|\bint\b|\bcps\b|%|\brel|\ba\.?u\.?$|response|respuesta|amplitude"
    r"|amplitud|h\u00e4ufigkeit|current|corriente|pressure|presi\u00f3n|druck|\btorr\b|mbar|base peak|\bions\b"
    r"|\bkcps\b|\bmv\b|detector|strom\b|\bwert\b|\bvalor\b|\bvalue\b|^abs?\.?$",
    re.IGNORECASE,
)
_NO_INTENSITY = re.compile(
    r"\blog|\bln\b|time|\brt\b|charge|ppm|error|width|fwhm|resol|noise|s\s*/\s*n\b|ratio|isotop", re.IGNORECASE
)
_NOT_EVEN_INTENSITY = re.compile(r"\blog|\bln\b|ppm|error|noise|s\s*/\s*n\b|ratio", re.IGNORECASE)
"""What a heading that says *intensity* itself must not say."""
_RELATIVE = re.compile(r"rel|%|norm", re.IGNORECASE)
_UNNAMED = re.compile(r"\W*(?:[xy]\W*)?", re.IGNORECASE)
_OF_ONE_SCAN = re.compile(
    r"\brt\b|\bret(?:ention|\.)|^\W*(?:time|zeit|tiempo)\b|elution|^\W*(?:scan|spectrum)\W*(?:(?:#|no|nr|num\w*|id|index)\W*)?$"
    r"|polari|ioni[sz]|collision|kollision|colisi|energ|volt|\bCE\b|cone|fragmentor|precursor|\bevent\b|escaneo|barrido"
    r"|^\W*(?:sample|file)\b",
    re.IGNORECASE,
)
_LONGEST = 200
"""So many letters of a heading are looked at."""


def is_mass(heading: str) -> bool:
    """Whether a heading says m/z."""
    of_a_molecule = _says(_OF_A_MOLECULE, heading) and not _says(_MZ, heading)
    return _says(_MASS, heading) and not _says(_OF_A_MASS, heading) and not of_a_molecule


def is_other_mass(heading: str) -> bool:
    """Whether a heading says a mass that is no m/z: a neutral, molecular or deconvoluted one, or an error of one."""
    return _says(_MASS, heading) and not is_mass(heading)


def is_intensity(heading: str) -> bool:
    """Whether a heading says intensity, abundance, counts or height."""
    return _says(_INTENSITY, heading) and not is_mass(heading) and not _is_other(heading)


def _is_other(heading: str) -> bool:
    """Whether a heading says something else than how high a peak is."""
    return _says(_NOT_EVEN_INTENSITY if "inten" in heading.casefold() else _NO_INTENSITY, heading)


def is_unnamed(heading: str) -> bool:
    """Whether a heading says no more than none: `X`."""
    return bool(_UNNAMED.fullmatch(heading[:_LONGEST]))


def is_of_one_scan(heading: str) -> bool:
    """Whether a heading says what one spectrum has one of: a time, a number of scan, a polarity, an energy."""
    return _says(_OF_ONE_SCAN, heading) and not is_mass(heading)


def masses_among(names: Sequence[str]) -> list[int]:
    """Return which columns are m/z."""
    return [at for at, name in enumerate(names) if is_mass(name)]


def intensities_among(names: Sequence[str]) -> list[int]:
    """Return which columns are intensities, those in counts before relative ones and before areas and the like."""
    others = [at for at, name in enumerate(names) if not (is_mass(name) or _is_other(name))]
    heights = [at for at in others if is_intensity(names[at])]
    heights = heights or [at for at in others if _says(_AS_INTENSITY, names[at])]
    return [at for at in heights if not _says(_RELATIVE, names[at])] or heights


def tells(names: Sequence[str]) -> bool:
    """Whether names tell which column is m/z and which intensity."""
    return bool(masses_among(names) and intensities_among(names))


def _says(words: re.Pattern[str], heading: str) -> bool:
    return bool(words.search(heading[:_LONGEST].replace("_", " ")))
