"""What programs write of a scan in one line: a title, a filter, a line before a table.

Known: Agilent `+ESI Scan (0.1 min) Frag=175.0V a.d`, Thermo `FTMS + p ESI d Full ms2 304.15@hcd35.00 [50-330]`, Waters
`1: TOF MS ES-`, SCIEX `-TOF MS (50 - 1000) from 0.5 min`, Bruker `-MS2(304.1), 20.0eV`, Shimadzu `Event#: 1 MS(E-)`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from models import scan_kinds
from models.spectrum import Polarity

NCE = " NCE"
"""What stands behind an energy that is normalised."""
_SOURCE = r"(?:ESI|NSI|APCI|APPI|ASAP|MALDI|DART|DESI|EI|CI)"
_SHORT_SOURCE = rf"(?:{_SOURCE}|ES|AP)"
_SCAN = (
    r"(?:(?:IDA\s)?TOF\sMS|TOF\sPI|MS(?:\^?\d|n|(?=[,:]))|Q[13]|EM[SC]|EPI|MRM|SIM|bbCID|Product|Prec(?:ursor)?"
    r"|(?:ER|MI|NL)(?=\s\(\d))"
)
_AFTER_A_SPACE = r"(?:Scan|Product|Precursor|SIM|MRM|SRM|TOF|Full)"
_OF_THERMO = rf"(?:{_SOURCE}|Full|SIM|SRM|Z|Q[13]MS|d)"
_POLAR = "polarity|polaridad|polarit\u00e4t"
_MODE = rf"ions?|iones|i\u00f3n|ionen|mode|modo|modus|{_POLAR}"
_BEGINS = r"(?m:^)[ \t\"#]*"


def _signed(sign: str, word: str) -> re.Pattern[str]:
    before = rf"(?<![\w.)\]]){sign}"
    return re.compile(
        rf"{before}(?:{_SOURCE}\b|{_SCAN}\b(?!-))"
        rf"|{before}\s*[cp]\s+{_OF_THERMO}\b|{before}\s+{_SOURCE}\s+{_AFTER_A_SPACE}\b"
        rf"|{_BEGINS}{sign}(?:\s+{_SOURCE}|MS)\b(?!-)"
        rf"|\b{_SHORT_SOURCE}(?:{sign}(?!\w)|\s?\({sign}(?:ve)?\)|\s?{sign}ve\b)"
        rf"|\bMS\d?\(E{sign}\)"
        rf"|(?<![A-Za-z])(?:{_SOURCE}|(?i:{_MODE}))[^A-Za-z0-9\n]{{1,3}}(?i:{word})(?![A-Za-z])"
        rf"|(?<![A-Za-z])(?i:{word})[ _-](?:{_SOURCE}|(?i:{_MODE}))(?![A-Za-z])"
    )


_NEGATIVE = _signed("[-\N{MINUS SIGN}\N{EN DASH}]", "neg(?:ativ(?:e|o|os|a|as)?)?")
_POSITIVE = _signed(r"\+", "pos(?:itiv(?:e|o|os|a|as)?)?")
_ELECTRONS = re.compile(
    r"(?<![\w.)])[+-]\s*(?:[cp]\s+)?EI\b|\bEI[+-](?!\w)|\b(?:GC|MS)\W{1,2}EI\b|\bEI\W{1,2}(?:MS|TOF|Q|B)\b"
    r"|(?i:\bsource)\W{1,3}EI\b|\bEI\b[\s,;:(]{1,3}70\s?eV|\b70\s?eV[\s,;)]{1,3}EI\b|(?i:electron[\s_-]*(?:impact|ioni[sz]ation))"
)
_VOLTAGE = re.compile(r"\b(?:frag|sid)=(\d+(?:\.\d+)?)", re.IGNORECASE)
_ISOLATED = re.compile(r"->|@|\bms\^?[2-9n]\b|product ion|\bEPI\b", re.IGNORECASE)
_ION = r"(\d{2,4}\.\d+)"
_PRECURSOR = re.compile(
    rf"\bms2 {_ION}@|\({_ION}(?:\[z=1\])? -> \*\*\)|\bMS2\({_ION}\)"
    rf"|\b(?:MS\^?2|EPI|Product)(?: of {_ION}\b| \({_ION}\))"
)
_NUMBER = r"\d{1,4}(?:\.\d+)?"
_CE = re.compile(rf"\bCE\s?[=:(]\s?(-?{_NUMBER}\s?(?:eV|V|NCE|%)?)(?!\s?[-/,+.\w]?\s?\d|\w)")
_OF_AGILENT = re.compile(rf"\bCID@({_NUMBER})")
_OF_BRUKER = re.compile(rf"\bMS(?:\d|n)\([\d.]+\),\s?({_NUMBER}\s?eV)\b")
_OF_THE_FILTER = re.compile(rf"\b\d+\.\d+@(hcd|cid)-?({_NUMBER})")
_TRAP = re.compile(r"\b(?:FT|IT|AST)MS\b")


@dataclass(frozen=True)
class Titled:
    """What titles tell. `energies` are those that ions were hit with, in words of models/energy.py.

    `voltage` is that of the source, fragmentor or cone, where no ion was isolated; None where it was not told.
    `precursor_mz` is the ion that was isolated, None where none or several are told.
    `unlike` says why the scan may be compared with nothing here (models/scan_kinds.py); empty where it may.
    """

    polarity: Polarity | None = None
    electron_ionisation: bool = False
    isolated: bool = False
    voltage: float | None = None
    energies: tuple[str, ...] = ()
    precursor_mz: float | None = None
    unlike: str = ""

    @property
    def tells(self) -> bool:
        """Whether anything was told of the ions or their energy."""
        return self != Titled(isolated=self.isolated)


def read_titles(lines: Iterable[str]) -> Titled:
    """Read what lines tell of how ions were made; one word of negative ions is enough."""
    text = "\n".join(lines)
    polarity = Polarity.POSITIVE if _POSITIVE.search(text) else None
    voltages = {float(found) for found in _VOLTAGE.findall(text)}
    ions = {float(told) for found in _PRECURSOR.finditer(text) for told in found.groups() if told}
    isolated = bool(_ISOLATED.search(text))
    return Titled(
        Polarity.NEGATIVE if _NEGATIVE.search(text) else polarity,
        bool(_ELECTRONS.search(text)),
        isolated,
        voltages.pop() if len(voltages) == 1 and not isolated else None,
        tuple(_energies(text)),
        ions.pop() if len(ions) == 1 else None,
        scan_kinds.of_titles(text),
    )


def _energies(text: str) -> Iterable[str]:
    yield from _CE.findall(text)
    yield from (f"{volts} eV" for volts in _OF_AGILENT.findall(text))
    yield from _OF_BRUKER.findall(text)
    for how, number in _OF_THE_FILTER.findall(text):
        yield f"{number}{NCE}" if how == "hcd" or _TRAP.search(text) else f"{number} eV"
