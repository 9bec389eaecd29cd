"""The report on what is concluded to be nothing listed."""

from collections import Counter
from collections.abc import Callable, Sequence

from models.calibration import Thresholds
from models.catalogue import Standing
from models.conclusion import Conclusion
from models.training.clearance_fit import Seen
from models.training.markdown import table
from models.training.missed import written

RISKS = (0.1, 0.2, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6)

_HEAD = """# What is concluded to be nothing listed

Written by `python -m models.training.clearance --data DIR`; do not edit by hand.

Readings of Eawag, Athens and UFZ, each concluded with a library without the laboratory's records. What says whether
something hides (`models/clearance.py`) learned from the other two laboratories, and of *lacked* substances from others;
the cutting agents are the same ones everywhere. The networks that come with the software learned from all
three. The judge of components has seen Athens and UFZ. Shares are of the summed ion current.

- *lacked by the library*: listed substances taken out of it with half of all of them, twice, alone or with one or two
  cutting agents or harmless compounds; families were learned without them. *ions alone*: drugs that nobody measured.
- *unknown*: compounds on no list that the library lacks; to clear them is to call them something else.

## How much risk is taken

Readings concluded to be nothing listed, by the probability of something hidden up to which they are (`cleared` among
the thresholds of the bundle). Harmless readings hold nothing unknown; the others are to be as few as may be.

"""
_TOLD = """
The station takes {cleared:g}: {told}

## Every conclusion

"""

GROUPS: dict[str, Callable[[Seen], bool]] = {
    "harmless": lambda each: not each.hides,
    "controlled": lambda each: each.listed and each.due is Standing.CONTROLLED,
    "watched": lambda each: each.listed and each.due is Standing.WATCHED,
    "lacked by the library": lambda each: bool(each.lacked),
    "unknown": lambda each: each.unknown and not each.listed,
}


def write_missed(seen: Sequence[Seen]) -> str:
    """Write the report."""
    groups = {name: [each for each in seen if within(each)] for name, within in GROUPS.items()}
    rows = [
        (f"{risk:g}", *(str(sum(_is_cleared(each, risk) for each in group)) for group in groups.values()))
        for risk in RISKS
    ]
    sizes = ("readings", *(str(len(group)) for group in groups.values()))
    cleared = Thresholds().cleared
    counts = Counter((each.kind, each.due, each.concluded(cleared)) for each in seen)
    return (
        _HEAD
        + table(("risk", *groups), [*rows, sizes])
        + _TOLD.format(cleared=cleared, told=_told(groups, cleared))
        + written(counts)
    )


def _is_cleared(each: Seen, risk: float) -> bool:
    return each.concluded(risk) is Conclusion.NO_ALARM


def _told(groups: dict[str, list[Seen]], cleared: float) -> str:
    parts: list[str] = []
    for name, group in groups.items():
        come = Counter(each.concluded(cleared) for each in group)
        no, alarm = come[Conclusion.NO_ALARM], come[Conclusion.ALARM]
        whole = len(group) or 1
        parts.append(
            f"of {len(group)} {name} {no} are nothing listed ({no / whole:.1%}), {alarm} an alarm ({alarm / whole:.1%})"
        )
    return "; ".join(parts) + "."
