"""The evaluation of families written down: `docs/evaluation/families.md`."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from models.training.family_trials import FLAGGED, LABORATORIES, NAMED, OTHERS_LEFT, FamilyTrial
from models.training.markdown import table

SEVERAL = 3
LIMITS = (0.3, 0.5, FLAGGED, 0.8, 0.9)
_HEAD = """# Evaluation of families: whole compounds left out

Written by `python -m models.training.families --data DIR --report` in {minutes:.0f} minutes; do not edit by hand.

Twice, half of the compounds of every family of drugs, one in {others} of all other compounds, and all records of one
laboratory ({laboratories}) were left out of the library and of what the rule was fitted on. Readings of the compounds
left out (distorted as a field instrument would show them) were then judged, and as *known* ones the readings of the
laboratory left out. The networks are the bundle's: they never saw those two laboratories, but others' readings of the
compounds left out; patterns and structures, which tell the family, did not.
A family counts as flagged where it is the likeliest and has at least {flagged}. The patterns themselves are published
knowledge and were not left out; those of source *Fentanyl-Hunter* were chosen after the ions reported for 269
analogues, of which most compounds tested here are some. Records of *Fentanyl-Hunter std* most of whose peaks lie at
m/z where no organic ion can be are taken as noise.
"""


def write_families(trials: Sequence[FamilyTrial], seconds: float) -> str:
    """Write all tables."""
    head = _HEAD.format(
        minutes=seconds / 60, others=OTHERS_LEFT, laboratories=" and ".join(LABORATORIES), flagged=FLAGGED
    )
    return "\n".join([head, _flagged(trials), _false(trials), _compounds(trials), _names(trials)])


def _flagged(trials: Sequence[FamilyTrial]) -> str:
    rows = [
        (family, str(len({each.compound for each in unseen})), str(len(unseen)), *_shares(unseen))
        for family, unseen in _by_family(_unseen(trials))
    ]
    titles = ("family", "compounds", "readings", "flagged, several energies", "flagged, all readings")
    return "## Unseen compounds: family flagged (each compound weighs alike)\n\n" + table(titles, rows)


def _shares(trials: Sequence[FamilyTrial]) -> tuple[str, str]:
    return _by_compound([each for each in trials if each.energies >= SEVERAL]), _by_compound(trials)


def _by_compound(trials: Sequence[FamilyTrial]) -> str:
    compounds: dict[str, list[bool]] = defaultdict(list)
    for each in trials:
        compounds[each.compound].append(each.right)
    return f"{np.mean([np.mean(right) for right in compounds.values()]):.2f}" if compounds else "-"


def _false(trials: Sequence[FamilyTrial]) -> str:
    others = [each for each in trials if not each.family]
    listed = [each for each in others if each.kind in ("pharmaceutical", "benign", "adulterant", "diluent")]
    groups = {
        "known compounds": [each for each in others if each.known],
        "unknown compounds": [each for each in others if not each.known],
        "pharmaceuticals, adulterants, everyday substances of the catalogue": listed,
        "all": others,
    }
    rows = [
        (name, str(len(group)), *(f"{np.mean([each.probability >= limit for each in group]):.4f}" for limit in LIMITS))
        for name, group in groups.items()
        if group
    ]
    named = "; ".join(f"{each.compound} ({each.likeliest}, {each.probability:.2f})" for each in others if each.flagged)
    titles = ("substances of no drug family", "readings", *(f"any family >= {limit}" for limit in LIMITS))
    return f"## False family alarms\n\n{table(titles, rows)}\n\nFlagged wrongly, or kin of a family: {named}.\n"


def _compounds(trials: Sequence[FamilyTrial]) -> str:
    groups: dict[tuple[str, str], list[FamilyTrial]] = defaultdict(list)
    for each in _unseen(trials):
        groups[each.family, each.compound].append(each)
    rows = [
        (family, compound, str(len(group)), f"{np.mean([each.right for each in group]):.2f}")
        for (family, compound), group in sorted(groups.items())
    ]
    return "## By compound\n\n" + table(("family", "compound", "readings", "flagged"), rows)


def _names(trials: Sequence[FamilyTrial]) -> str:
    rows = [
        (
            name,
            str(len(group)),
            *(f"{np.mean([each.wrong_name >= limit for each in group]):.3f}" for limit in (NAMED, 0.9)),
        )
        for name, group in (
            ("unseen drugs", _unseen(trials)),
            ("other unseen compounds", [each for each in trials if not each.family and not each.known]),
        )
        if group
    ]
    titles = ("compounds", "readings", f"wrong name at >= {NAMED}", "wrong name at >= 0.9")
    return "## A wrong single name\n\n" + table(titles, rows)


def _unseen(trials: Iterable[FamilyTrial]) -> list[FamilyTrial]:
    return [each for each in trials if each.family and not each.known]


def _by_family(trials: Iterable[FamilyTrial]) -> list[tuple[str, list[FamilyTrial]]]:
    families: dict[str, list[FamilyTrial]] = defaultdict(list)
    for each in trials:
        families[each.family].append(each)
    return sorted(families.items())
