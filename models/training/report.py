"""The evaluation written down: `docs/evaluation/report.md`."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from models.conclusion import Conclusion
from models.recalibration import UNKNOWN_SHARE, error_of, reliability
from models.training.judge import RECALIBRATED_WITH
from models.training.peers import NAMES
from models.training.plots import area, curve_of, roc
from models.training.trials import MODEL, MOST_READINGS, ONE, PROTOCOLS, SEVERAL, TIMES, Mistake, Stated, Trial

Key = TypeVar("Key", str, tuple[str, str])
Rows = Iterable[Sequence[str]]

HALF, SURE = 0.5, 0.9
METHODS = (MODEL, *NAMES)
WORST = 30
DRAWS = 200
_HEAD = """# Evaluation across laboratories

Written by `make evaluate` in {minutes:.0f} minutes; do not edit by hand.

The laboratories below gave **no record to the bundle's networks and calibration**; each one's readings were identified
among all compounds of a library **without any record of it** (a check in the command and a test refuse an accession on
both sides). Compounds that nobody else measured are *unknown* there and stand in the open-set table, not in the first
ones. A reading of each compound was drawn {times} times; at most {most} of a laboratory and kind were judged.

- *several energies*: three to six spectra of different energies, distorted as a single quadrupole with in-source CID
  would: unit resolution, no isolation, isotope peaks, background, other sensitivities, energies up to 70 eV told on
  another scale or (30 %) not at all. *one spectrum*: any one of them. *as measured*: undistorted.
- The peers see the same readings and the same library; each is told in `models/training/peers.py`.
- *group*: isomers that the library declares not to be told apart count as one, for every method.
- *fewer errors*: how many of the best peer's wrong first groups are left out by the model.
"""
_OPEN_SET = """## Unknown compounds: does it say so

Compounds that no other laboratory measured; and, in the rows *compound taken out*, the known ones with half of them
taken out of the library, then the other half, so that what is most like them is still there to be taken for them.

![receiver operating characteristic](open-set.svg)

"""


def write_report(trials: Sequence[Trial], seconds: float) -> str:
    """Write all tables."""
    head = _HEAD.format(minutes=seconds / 60, most=MOST_READINGS, times=TIMES)
    sections = (
        _ranking,
        _laboratories,
        _instruments,
        _open_set,
        _calibration,
        _families,
        _conclusions,
        _mistakes,
        _isomers,
        _worst,
    )
    return "\n".join([head, *(section(trials) for section in sections)])


def _ranking(trials: Sequence[Trial]) -> str:
    rows = [
        (protocol, str(len(known)), method, *_ranked(known, method), _fewer(known) if method == MODEL else "")
        for protocol in PROTOCOLS
        for known in ([trial for trial in trials if trial.protocol == protocol and trial.known],)
        for method in METHODS
    ]
    titles = ("readings", "n", "method", "top-1", "top-3", "top-10", "top-1 group", "top-3 group", "fewer errors")
    return "## Known compounds: where the right one stands\n\n" + _table(titles, rows)


def _ranked(known: Sequence[Trial], method: str) -> list[str]:
    compound = np.array([trial.ranks[method][0] for trial in known])
    group = np.array([trial.ranks[method][1] for trial in known])
    return [
        _share(ranks < most) for ranks, most in ((compound, 1), (compound, 3), (compound, 10), (group, 1), (group, 3))
    ]


def _first(known: Sequence[Trial], method: str) -> float:
    return float(np.mean([trial.ranks[method][1] == 0 for trial in known])) if known else 0.0


def _fewer(known: Sequence[Trial]) -> str:
    best = max(_first(known, name) for name in NAMES)
    return f"{1 - (1 - _first(known, MODEL)) / (1 - best):.0%}" if best < 1 else "-"


def _best_peer(known: Sequence[Trial]) -> str:
    name = max(NAMES, key=lambda peer: _first(known, peer))
    return f"{_first(known, name):.3f} {name}"


def _split(trials: Sequence[Trial], what: str, key: Callable[[Trial], str]) -> str:
    known = [trial for trial in trials if trial.known]
    rows = [
        (name, protocol, str(len(group)), f"{_first(group, MODEL):.3f}", _best_peer(group), _fewer(group))
        for (name, protocol), group in _by(known, lambda trial: (key(trial), trial.protocol))
    ]
    return _table((what, "readings", "n", "top-1 group", "best peer", "fewer errors"), rows)


def _laboratories(trials: Sequence[Trial]) -> str:
    return "## By laboratory\n\n" + _split(trials, "laboratory", lambda trial: trial.contributor)


def _instruments(trials: Sequence[Trial]) -> str:
    return "## By instrument type\n\n" + _split(trials, "instrument", lambda trial: trial.instrument)


def _open_set(trials: Sequence[Trial]) -> str:
    rows = [
        (
            protocol,
            str(len(unknown)),
            _share([trial.unknown for trial in unknown]),
            _share([trial.stated.probability >= HALF for trial in unknown]),
            _share([trial.stated.probability >= SURE for trial in unknown]),
            _share([trial.conclusion is Conclusion.ALARM for trial in unknown]),
            _share([trial.unknown for trial in known]),
            f"{area(roc(group)):.3f}" if known else "-",
        )
        for protocol, group in _by(trials, lambda trial: trial.protocol)
        for unknown in ([trial for trial in group if not trial.known],)
        for known in ([trial for trial in group if trial.known],)
    ]
    named = ("named at >= 0.5", "named at >= 0.9", "alarmed", "known said unknown", "area under the curve")
    return _OPEN_SET + _table(("readings", "n unknown", "said unknown", *named), rows) + _named_unknown(trials)


def _named_unknown(trials: Sequence[Trial]) -> str:
    """Tell what unknown compounds were surely taken for."""
    sure = [trial for trial in trials if not trial.known and trial.stated.probability >= SURE]
    rows = [
        (t.name, t.contributor, t.protocol, t.first, f"{t.stated.probability:.2f}")
        for t in sorted(sure, key=lambda trial: -trial.stated.probability)
    ]
    titles = ("unknown compound", "laboratory", "readings", "named", "probability")
    return f"\nUnknown compounds named at {SURE} or more:\n\n" + _table(titles, rows)


def _calibration(trials: Sequence[Trial]) -> str:
    rows: list[Sequence[str]] = []
    for protocol, group in _by((t for t in trials if t.protocol in PROTOCOLS), lambda trial: trial.protocol):
        again = [trial.again for trial in group if trial.again]
        for name, stated in (
            ("known", [trial.stated for trial in group if trial.known]),
            ("all, unknown too", [trial.stated for trial in group]),
            (f"all, recalibrated with {RECALIBRATED_WITH} readings", again),
        ):
            if stated:
                curve = curve_of(stated)
                points = " ".join(f"{said:.2f}:{right:.2f}" for said, right, _ in curve)
                errors = f"{error_of(curve):.3f}", f"{chance_error(stated):.3f}"
                rows.append((protocol, name, str(len(stated)), *errors, points))
    titles = ("readings", "compounds", "n", "calibration error", "of perfect statements", "stated:right, by tenth")
    taken = f"{UNKNOWN_SHARE:.0%} was taken for calibration"
    note = (
        f"\nThe share of unknown compounds is that of each laboratory; {taken}. *Of perfect statements*: the "
        "error that as many readings would show by chance if each probability stated were exactly right.\n"
    )
    text = "## Calibration: first hit's group\n\n![calibration](calibration.svg)\n\n"
    return text + _table(titles, rows) + note


def chance_error(stated: Sequence[Stated]) -> float:
    """Return the mean calibration error of these statements, were each as often right as it says."""
    probability = np.array([one.probability for one in stated])
    rng = np.random.default_rng(0)
    drawn = [reliability(probability, rng.random(len(probability)) < probability) for _ in range(DRAWS)]
    return float(np.mean([error_of(curve) for curve in drawn]))


def _families(trials: Sequence[Trial]) -> str:
    several = [trial for trial in trials if trial.protocol == SEVERAL and trial.family]
    rows = [
        (
            family,
            str(len(group)),
            str(len({trial.skeleton for trial in group})),
            f"{_first(known, MODEL):.3f}" if known else "-",
            _best_peer(known) if known else "-",
            _share([trial.families.get(family, 0.0) >= HALF for trial in group]),
        )
        for family, group in _by(several, lambda trial: trial.family)
        for known in ([trial for trial in group if trial.known],)
    ]
    titles = ("family", "n", "compounds", "top-1 group", "best peer", "family flagged")
    return f"## By family ({SEVERAL})\n\n" + _table(titles, rows)


def _conclusions(trials: Sequence[Trial]) -> str:
    rows = [
        (protocol, kind, str(len(group)), *(_share([t.conclusion is each for t in group]) for each in Conclusion))
        for (protocol, kind), group in _by(trials, lambda trial: (trial.protocol, _kind(trial)))
        if protocol in (SEVERAL, ONE)
    ]
    return "## Conclusions\n\n" + _table(("readings", "compound", "n", *Conclusion), rows)


_DRUGS = ("benzodiazepine", "cannabinoid", "dissociative", "hallucinogen", "opiate", "opioid", "sedative", "stimulant")


def _kind(trial: Trial) -> str:
    listed = "drug family" if trial.family.startswith(_DRUGS) else trial.family or "not in the catalogue"
    return f"{listed}, {'known' if trial.known else 'unknown'}"


def _isomers(trials: Sequence[Trial]) -> str:
    wrong = _wrong(trials)
    pairs = Counter((trial.name, trial.first) for trial in wrong if trial.mistake is Mistake.ISOMER)
    rows = [(right, first, str(count)) for (right, first), count in pairs.most_common(WORST)]
    share = sum(pairs.values()) / max(len(wrong), 1)
    text = f"## Isomers taken for one another\n\n{share:.0%} of the wrong first hits have the right formula.\n\n"
    return text + _table(("compound", "named", "readings"), rows)


def _mistakes(trials: Sequence[Trial]) -> str:
    """Tell what the wrong first hits have in common with the right ones."""
    rows = [
        (
            protocol,
            name,
            str(len(group)),
            *(f"{sum(t.mistake is each for t in group) / len(group):.2f}" for each in Mistake),
        )
        for (protocol, name), group in _by(_wrong(trials), lambda trial: (trial.protocol, trial.contributor))
    ]
    text = "## What wrong first hits are\n\n"
    return text + _table(("readings", "laboratory", "wrong", *Mistake), rows)


def _wrong(trials: Sequence[Trial]) -> list[Trial]:
    return [trial for trial in trials if trial.known and trial.ranks[MODEL][1] > 0]


def _worst(trials: Sequence[Trial]) -> str:
    worst = sorted(_wrong(trials), key=lambda trial: -trial.stated.probability)[:WORST]
    rows = [
        (t.name, t.contributor, t.protocol, t.first, f"{t.stated.probability:.2f}", str(t.ranks[MODEL][0] + 1))
        for t in worst
    ]
    titles = ("compound", "laboratory", "readings", "named", "probability", "place of the right one")
    return "## Worst: wrong and sure\n\n" + _table(titles, rows)


def _by(trials: Iterable[Trial], key: Callable[[Trial], Key]) -> list[tuple[Key, list[Trial]]]:
    groups: dict[Key, list[Trial]] = defaultdict(list)
    for trial in trials:
        groups[key(trial)].append(trial)
    return sorted(groups.items())


def _share(values: Sequence[bool] | NDArray[np.bool_]) -> str:
    return f"{float(np.mean(values)):.3f}" if len(values) else "-"


def _table(titles: Sequence[str], rows: Rows) -> str:
    lines = [titles, ["---"] * len(titles), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
