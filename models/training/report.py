"""The evaluation written down: `docs/evaluation/report.md`."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from models.conclusion import Conclusion
from models.training.fit import REDUCED, error_of, reliability
from models.training.trials import Trial

Key = TypeVar("Key", str, tuple[str, str])

HALF, SURE = 0.5, 0.9
METHODS = ("model", "weighted cosine", "merged weighted cosine", "plain cosine")
_HEAD = """# Evaluation across laboratories

Written by `python -m models.training.evaluate` in {minutes:.0f} minutes; do not edit by hand.

For each contributor, library, networks and calibration were made anew **without any record of it** (a check in the
command and a test refuse an accession on both sides). Its readings were then identified among all compounds of the
library. Compounds that nobody else measured are *unknown* there and stand in the open-set table, not in the first ones.
The networks of this report are reduced ones ({encoder} encoder steps, {ranker} ranker steps); the bundle's are trained
longer.

- *field*: measured spectra distorted as a single quadrupole with in-source CID would: unit resolution, no isolation,
  isotope peaks, background, other sensitivities, energies drawn at random up to 70 eV, 30 % without energies.
- *as measured*: the same records at unit resolution, undistorted.
- *weighted cosine*: sqrt(intensity) x sqrt(m/z), *plain cosine*: sqrt(intensity); both the mean over the reading's
  spectra of the best energy band; *merged*: all spectra added, against all energies of the entry. Same library, same
  readings.
- *group*: isomers that the library declares not to be told apart count as one.
"""


def write_report(trials: Sequence[Trial], seconds: float) -> str:
    """Write all tables."""
    head = _HEAD.format(minutes=seconds / 60, encoder=REDUCED.encoder_steps, ranker=REDUCED.ranker_steps)
    sections = (
        head,
        _ranking(trials),
        _open_set(trials),
        _calibration(trials),
        _families(trials),
        _conclusions(trials),
    )
    return "\n".join(sections)


def _ranking(trials: Sequence[Trial]) -> str:
    rows = [
        (contributor, protocol, str(len(known)), method, *(_ranked(known, method)))
        for (contributor, protocol), group in _by(trials, lambda trial: (trial.contributor, trial.protocol))
        for known in ([trial for trial in group if trial.known],)
        for method in METHODS
    ]
    titles = ("left out", "readings", "n", "method", "top-1", "top-3", "top-10", "top-1 group", "top-3 group")
    return "## Known compounds: where the right one stands\n\n" + _table(titles, rows)


def _ranked(known: Sequence[Trial], method: str) -> list[str]:
    compound = np.array([trial.ranks[method][0] for trial in known])
    group = np.array([trial.ranks[method][1] for trial in known])
    return [
        _share(ranks < most) for ranks, most in ((compound, 1), (compound, 3), (compound, 10), (group, 1), (group, 3))
    ]


def _open_set(trials: Sequence[Trial]) -> str:
    rows = [
        (
            contributor,
            protocol,
            str(len(unknown)),
            _share([trial.unknown for trial in unknown]),
            _share([trial.probability >= HALF for trial in unknown]),
            _share([trial.probability >= SURE for trial in unknown]),
            _share([trial.unknown for trial in known]),
        )
        for (contributor, protocol), group in _by(trials, lambda trial: (trial.contributor, trial.protocol))
        for unknown in ([trial for trial in group if not trial.known],)
        for known in ([trial for trial in group if trial.known],)
    ]
    titles = (
        "left out",
        "readings",
        "n unknown",
        "said unknown",
        "named at >= 0.5",
        "named at >= 0.9",
        "known said unknown",
    )
    return "\n## Unknown compounds: does it say so\n\n" + _table(titles, rows)


def _calibration(trials: Sequence[Trial]) -> str:
    rows: list[Sequence[str]] = []
    for protocol, group in _by(trials, lambda trial: trial.protocol):
        for name, chosen in (("known", [trial for trial in group if trial.known]), ("all, unknown too", list(group))):
            curve = reliability(np.array([t.probability for t in chosen]), np.array([t.right for t in chosen]))
            points = " ".join(f"{stated:.2f}:{right:.2f}" for stated, right, _ in curve)
            rows.append((protocol, name, str(len(chosen)), f"{error_of(curve):.3f}", points))
    titles = ("readings", "compounds", "n", "calibration error", "stated:right, by tenth")
    note = "\nThe share of unknown compounds is that of each laboratory (20 to 43 %); 20 % was taken for calibration.\n"
    return "\n## Calibration: first hit's group, all contributors left out in turn\n\n" + _table(titles, rows) + note


def _families(trials: Sequence[Trial]) -> str:
    several = [trial for trial in trials if trial.protocol == "field, 1-5 energies" and trial.family]
    rows = [
        (
            family,
            str(len(group)),
            str(len({trial.skeleton for trial in group})),
            _share([trial.ranks["model"][1] == 0 for trial in group if trial.known]),
            _share([trial.ranks["weighted cosine"][1] == 0 for trial in group if trial.known]),
            _share([trial.families.get(family, 0.0) >= HALF for trial in group]),
            _share([trial.families.get(family, 0.0) >= HALF for trial in group if not trial.known]),
        )
        for family, group in _by(several, lambda trial: trial.family)
    ]
    titles = ("family", "n", "compounds", "top-1 group", "weighted cosine", "family flagged", "flagged where unknown")
    return "\n## By family (field, 1-5 energies)\n\n" + _table(titles, rows)


def _conclusions(trials: Sequence[Trial]) -> str:
    rows = [
        (protocol, kind, str(len(group)), *(_share([t.conclusion is each for t in group]) for each in Conclusion))
        for (protocol, kind), group in _by(trials, lambda trial: (trial.protocol, _kind(trial)))
    ]
    return "\n## Conclusions\n\n" + _table(("readings", "compound", "n", *Conclusion), rows)


_DRUGS = ("benzodiazepine", "cannabinoid", "dissociative", "hallucinogen", "opiate", "opioid", "sedative", "stimulant")


def _kind(trial: Trial) -> str:
    listed = "drug family" if trial.family.startswith(_DRUGS) else trial.family or "not in the catalogue"
    return f"{listed}, {'known' if trial.known else 'unknown'}"


def _by(trials: Iterable[Trial], key: Callable[[Trial], Key]) -> list[tuple[Key, list[Trial]]]:
    groups: dict[Key, list[Trial]] = defaultdict(list)
    for trial in trials:
        groups[key(trial)].append(trial)
    return sorted(groups.items())


def _share(values: Sequence[bool] | NDArray[np.bool_]) -> str:
    return f"{float(np.mean(values)):.3f}" if len(values) else "-"


def _table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [titles, ["---"] * len(titles), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
