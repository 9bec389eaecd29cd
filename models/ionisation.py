"""How ions were made and which charge they have, in the words that files and laboratories use for it."""

import re

_ELECTRON = re.compile(r"(?<![a-z])EI(?![a-z])|electron[\s_-]*(?:impact|ioni[sz]ation)", re.IGNORECASE)
_GAS_CHROMATOGRAPH = re.compile(r"(?<![a-z])GC(?:MS|TOF)?(?![a-z])", re.IGNORECASE)
_SOFT = re.compile(r"(?<![a-z])(?:AP|N|P|PI|NI)?CI(?![a-z])|APPI|ESI|MALDI|(?<![a-z])F[ID](?![a-z])", re.IGNORECASE)
_MINUS = "-\N{MINUS SIGN}\N{EN DASH}"
_NEGATIVE = re.compile(
    r"neg|minus|anion|(?<![a-z])(?:N|NI|EC|ECN)CI(?![a-z])|ECNI"
    rf"|^\W*n\W*$|^\W*[{_MINUS}]|[{_MINUS}](?:ve)?[\s)\].*•]*$"
    rf"|(?<![a-z])(?:ESI|APCI|APPI|DART|EI|CI)[{_MINUS}](?!\w)"
    r"|(?<![a-z0-9])\d?M(?:-\d?H\d?O?|-CO2|\+(?:FA|HCOOH|CH2O2|H?Ac|AcOH|CH3COOH|C2H4O2|TFA))*-\d?H[\])]?$"
    r"|(?<![a-z0-9])\d?M\+(?:Cl|Br|HCOO|CHO2|CH3COO|C2H3O2|OAc|NO3)[\])]?$",
    re.IGNORECASE,
)
_POSITIVE = re.compile(
    r"pos|plus|(?<!an)cation|(?<![a-z])P(?:I)?CI(?![a-z])|^\W*p\W*$|^\W*\+|\+(?!\w)|\+\d*$|\+ve"
    r"|^[1-9]\d?$|(?<![a-z0-9])\d?M\+\d?(?:H|Na|K|NH4)[\])]?$",
    re.IGNORECASE,
)

_NEGATIVE_CHARGE = re.compile(rf"[{_MINUS}]\d[\s)\].*•]*$")
_ION = re.compile(r"\[?(\d?M(?:[+-]\w+)*)\]?\s*(\d*[+-]|[+-]\d*)?\W*", re.IGNORECASE)
_PROTONATED, _SINGLE = ("M+H", "M+1H", "M"), ("", "+", "1+", "+1")
_CHARGE = re.compile(r"[+-]?(\d{1,2})[+-]?")
_ONE_CHARGE = re.compile(r"[1-9]?[+-]|[+-]?[1-9]")


def is_electron_ionisation(words: str) -> bool:
    """Whether the words for an ion source or a type of instrument say EI: `GC-EI-TOF`, `EI+`, `Electron impact`."""
    return bool(_ELECTRON.search(words))


def is_gas_chromatograph(words: str) -> bool:
    """Whether the words name a gas chromatograph and no soft source; its ions are then made by electrons."""
    return bool(_GAS_CHROMATOGRAPH.search(words)) and not _SOFT.search(words)


def is_negative(words: str) -> bool:
    """Whether the words for a polarity, an ion source, a charge or an adduct say negative ions.

    `Negative`, `N`, `-`, `ESI-`, `-1`, `NCI`, `[M-H]-`, `[M+Cl]-`, `[M-H]` and `M+FA-H` do; `[M+H-H2O]+` and `N/A` do
    not.
    """
    return bool(_NEGATIVE.search(words.strip()))


def is_negative_charge(words: str) -> bool:
    """Whether the words for an ion, a charge or a polarity end in a negative charge: `[M-H]-1`; a source's is a number.

    `HESI-2` and `ESI Source-1` are names of sources of either polarity.
    """
    return bool(_NEGATIVE_CHARGE.search(words.strip()))


def is_source(words: str) -> bool:
    """Whether the words name a way to make ions: `EI`, `GC-MS`, `LC-ESI-QTOF`, `CI`."""
    return any(each.search(words) for each in (_ELECTRON, _GAS_CHROMATOGRAPH, _SOFT))


def is_positive(words: str) -> bool:
    """Whether the words say positive ions, where is_negative does not: `Positive`, `P`, `+`, `ESI+`, `1`, `[M+H]+`."""
    return not is_negative(words) and bool(_POSITIVE.search(words.strip()))


def is_ion(words: str) -> bool:
    """Whether the words are an adduct or a charge and nothing else: `[M+H]+`, `M-H`, `2+`, `1`; `58` is an m/z."""
    return bool(_ONE_CHARGE.fullmatch(words.strip()) or _ION.fullmatch(words.strip()))


def is_other_ion(words: str) -> bool:
    """Whether the words for an adduct or a charge say an ion that no reference is of: `[M+Na]+`, `[2M+H]+`, `2+`."""
    charge, ion = _CHARGE.fullmatch(words.strip()), _ION.fullmatch(words.strip())
    if charge:
        return int(charge[1]) > 1
    return ion is not None and (ion[1].upper() not in _PROTONATED or (ion[2] or "") not in _SINGLE)
