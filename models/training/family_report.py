"""The evaluation of families written down: `docs/evaluation/families.md`."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from models.training.family_cuts import write_cuts
from models.training.family_trials import FLAGGED, LABORATORIES, NAMED, OTHERS_LEFT, FamilyTrial, Judged
from models.training.markdown import table
from models.training.published import CONTRIBUTOR

SEVERAL = 3
LIMITS = (0.3, 0.5, FLAGGED, 0.8, 0.9)
SURELY = 0.9
NORMAL = 1.96
NOISY = "Fentanyl-Hunter std"
_HEAD = """# Evaluation of families: whole compounds left out

Written by `make families`; do not edit by hand.

Twice, half of the compounds of every family of drugs, one in {others} of all other compounds, and all records of one
laboratory ({laboratories}) were left out of the library and of all that was learned of families. Readings of the
compounds left out (distorted as a field instrument would show them) were then judged, and as *known* ones the readings
of the laboratory left out. The networks are the bundle's: they never saw those two laboratories, but others' readings
of the compounds left out; patterns, ions and structures, which tell the family, did not.
A family counts as flagged where it is the likeliest and has at least {flagged}. The published patterns were not left
out; the published ions of the compounds left out were. Brackets hold the 95 % interval (Wilson) of that many compounds.

*Fentanyl-Hunter std* has one or two spectra of each compound, without their energy; those that show none of the
compound's reported ions are no references, and the compounds that it alone measured are told apart below.
"""


def write_families(halves: Sequence[Judged]) -> str:
    """Write all tables."""
    head = _HEAD.format(others=OTHERS_LEFT, laboratories=" and ".join(LABORATORIES), flagged=FLAGGED)
    measured, published = _apart([each for half in halves for each in half.alone])
    measured_again, published_again = _apart([each for half in halves for each in half.unlisted])
    return "\n".join(
        [
            head,
            _UNSEEN + _flagged(_unseen(measured), _unseen(measured_again)),
            _PUBLISHED + _flagged(published, published_again),
            write_cuts([each for half in halves for each in half.cut]),
            _laboratories(_unseen(measured)),
            _false(measured),
            _compounds(measured),
            _names(measured),
        ]
    )


def _apart(trials: Sequence[FamilyTrial]) -> tuple[list[FamilyTrial], list[FamilyTrial]]:
    """Part what was measured from what was drawn of published ions."""
    measured = [each for each in trials if each.contributor != CONTRIBUTOR]
    return measured, [each for each in trials if each.contributor == CONTRIBUTOR]


_UNSEEN = """## Unseen compounds: family flagged (each compound weighs alike)

Of a drug of the catalogue without a measured spectrum the station has one calculated from its structure, by networks
that never saw it measured (decision 0039). *unlisted*: the same where it has not, as of a drug that no list knows.

"""
_PUBLISHED = """
## Drugs without any spectrum: readings drawn from the ions told of them

Half of them were learned from, the other half judged, twice. Three energies each; heights are guessed by the order in
which the ions are told, so this shows what such ions alone can tell. Those of fentanyls were reported; those of the
others follow from the rules that `models/data/predicted_ions.csv` names, and were not measured.

"""


def _flagged(unseen: Sequence[FamilyTrial], unlisted: Sequence[FamilyTrial]) -> str:
    again = {**dict(_by_family(unlisted)), "all": list(unlisted)}
    rows = [
        (
            family,
            str(len({each.compound for each in mine})),
            str(len(mine)),
            *_shares(mine),
            *_shares(again.get(family, [])),
        )
        for family, mine in [*_by_family(unseen), ("all", list(unseen))]
    ]
    titles = (
        "family", "compounds", "readings", "flagged, several energies", "flagged, all readings",
        "unlisted, several energies", "unlisted, all readings",
    )  # fmt: skip
    return table(titles, rows) + "\n"


def _shares(trials: Sequence[FamilyTrial]) -> tuple[str, str]:
    return _by_compound([each for each in trials if each.energies >= SEVERAL]), _by_compound(trials)


def _laboratories(unseen: Sequence[FamilyTrial]) -> str:
    fentanyls = [each for each in unseen if each.family == "opioid-fentanyl"]
    groups = {
        "fentanyls, *Fentanyl-Hunter std*": [each for each in fentanyls if each.contributor == NOISY],
        "fentanyls, all other records": [each for each in fentanyls if each.contributor != NOISY],
        "all drugs, of the laboratories left out": [each for each in unseen if each.contributor in LABORATORIES],
        "all drugs, of all others": [each for each in unseen if each.contributor not in LABORATORIES],
    }
    rows = [(name, str(len({each.compound for each in of})), *_shares(of)) for name, of in groups.items()]
    titles = ("readings of unseen compounds", "compounds", "flagged, several energies", "flagged, all readings")
    return "## By laboratory\n\n" + table(titles, rows) + "\n"


def _by_compound(trials: Sequence[FamilyTrial]) -> str:
    compounds: dict[str, list[bool]] = defaultdict(list)
    for each in trials:
        compounds[each.compound].append(each.right)
    if not compounds:
        return "-"
    share = float(np.mean([np.mean(right) for right in compounds.values()]))
    least, most = interval(share, len(compounds))
    return f"{share:.2f} ({least:.2f}-{most:.2f})"


def interval(share: float, count: int) -> tuple[float, float]:
    """95 % interval of a share of `count`: E. B. Wilson, J. Am. Stat. Assoc. 22 (1927) 209."""
    square = NORMAL * NORMAL / count
    middle = share + square / 2
    reach = NORMAL * (share * (1 - share) / count + square / count / 4) ** 0.5
    return max((middle - reach) / (1 + square), 0.0), min((middle + reach) / (1 + square), 1.0)


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
    groups = {
        "unseen drugs": _unseen(trials),
        "other unseen compounds": [each for each in trials if not each.family and not each.known],
    }
    rows = [
        (
            name,
            str(len(group)),
            *(f"{np.mean([each.wrong_name >= limit for each in group]):.3f}" for limit in (NAMED, SURELY)),
            f"{np.mean([each.wrong_alarm for each in group]):.3f}",
            f"{np.mean([each.wrong_alarm and each.wrong_name >= SURELY for each in group]):.3f}",
        )
        for name, group in groups.items()
        if group
    ]
    worst = Counter(each.compound for each in _unseen(trials) if each.wrong_name >= SURELY)
    titles = (
        "compounds", "readings", f"wrong name at >= {NAMED}", f"at >= {SURELY}", "alarm with a wrong first hit",
        f"and that at >= {SURELY}",
    )  # fmt: skip
    told = "; ".join(f"{name} {count}" for name, count in worst.most_common())
    return f"## A wrong single name\n\n{table(titles, rows)}\n\nUnseen drugs named wrongly at >= {SURELY}: {told}.\n"


def _unseen(trials: Iterable[FamilyTrial]) -> list[FamilyTrial]:
    return [each for each in trials if each.family and not each.known]


def _by_family(trials: Iterable[FamilyTrial]) -> list[tuple[str, list[FamilyTrial]]]:
    families: dict[str, list[FamilyTrial]] = defaultdict(list)
    for each in trials:
        families[each.family].append(each)
    return sorted(families.items())
