"""The evaluation of mixtures written down: `docs/evaluation/mixtures.md`."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from models.calibration import Thresholds
from models.components import NAMED
from models.training.markdown import table
from models.training.mixture_trials import (
    MINOR,
    MOST_FALSE,
    PROTOCOLS,
    Cut,
    MixtureTrial,
    found,
    said,
    said_wrongly,
    strictest,
)

OURS = "decomposition"
_HEAD = """# Mixtures

Written by `python -m models.training.mixtures --data DIR`; do not edit by hand.

The library was made anew **without any record of {contributors}**, and the judge of components that comes with the
software has seen none either. The laboratory's records were then mixed: shares of the summed ion current as told, each
spectrum of each component distorted as a single quadrupole with in-source CID would (`models/training/field.py`),
background up to 1 % of the ion current a peak, a floor of 0.1 to 0.5 % of the strongest peak, a fifth of the scans
beginning late, a third of the readings without energies; 3 to 5 energies unless told otherwise. The minor component is
a controlled substance that another laboratory measured too; the others are drawn among all compounds of the laboratory.

- *named*: the minor component is named by the station, itself or as an isomer that the library declares not to be told
  from it. The station names a controlled substance from {alarm} on, where it alarms too, others from {least} on.
- *false names*: readings with any name, said by the station, that is not in the mixture.
- *best at 1 %*: found at the lowest threshold that keeps false names in at most 1 % of these very readings, which is
  kind to every method, and one for all substances.
- *alarm*: of the readings that hold something controlled those in which a component is probably controlled (at {alarm}
  or more), whatever its name; *false alarm*: of the others.
- *inverted search*: A. S. Moorthy, E. Sisco, J. Am. Soc. Mass Spectrom. 2021, 32, 1725; its five best are names.
  *NNLS*: non-negative least squares of the added spectra on the consensus of the 512 nearest entries; the five largest
  are names.
"""


def write_report(trials: Sequence[MixtureTrial], cuts: Sequence[Cut]) -> str:
    """Write all tables."""
    head = _HEAD.format(
        contributors=", ".join(sorted({trial.contributor for trial in trials})),
        least=NAMED,
        alarm=Thresholds().alarm,
    )
    return "\n".join((head, _methods(trials), _protocols(trials), _cut(cuts)))


def _methods(trials: Sequence[MixtureTrial]) -> str:
    rows = [
        (protocol.name, str(len(group)), method, f"{found(group, method, strictest(group, method)):.3f}")
        for protocol in PROTOCOLS
        if protocol.peers
        for group in ([trial for trial in trials if trial.protocol == protocol.name],)
        for method in (group[0].names if group else ())
    ]
    return f"## Beside other methods, best at {MOST_FALSE:.0%} false\n\n" + table(
        ("readings", "n", "method", "found"), rows
    )


def _protocols(trials: Sequence[MixtureTrial]) -> str:
    rows = [
        (
            protocol.name,
            str(len(group)),
            f"{said(group, OURS):.3f}" if protocol.controlled is not False else "-",
            f"{said_wrongly(group, OURS):.3f}",
            f"{found(group, OURS, strictest(group, OURS)):.3f}" if protocol.controlled is not False else "-",
            f"{_alarmed([trial for trial in group if trial.due])}",
            f"{_alarmed([trial for trial in group if not trial.due])}",
            f"{np.mean([trial.mixture for trial in group]):.3f}",
            f"{np.median([trial.residual for trial in group]):.2f}",
            _median([trial.share_error for trial in group if trial.share_error is not None]),
        )
        for protocol in PROTOCOLS
        for group in ([trial for trial in trials if trial.protocol == protocol.name],)
        if group
    ]
    titles = (
        "readings",
        "n",
        "named",
        "false names",
        "best at 1 %",
        "alarm",
        "false alarm",
        "called a mixture",
        "residual, median",
        "share off by, median",
    )
    return "\n## By ratio, number of components and energies\n\n" + table(titles, rows)


def _alarmed(trials: Sequence[MixtureTrial]) -> str:
    return f"{np.mean([trial.alarm for trial in trials]):.3f}" if trials else "-"


def _cut(cuts: Sequence[Cut]) -> str:
    agents = ", ".join(sorted({agent for each in cuts for agent in each.agents}))
    every = f"in {np.mean([bool(each.wrong) for each in cuts]):.1%} of readings" if cuts else ""
    rows = [("all", *_cut_rates(cuts), every)]
    for drug in dict.fromkeys(each.drug for each in cuts):
        mine = [each for each in cuts if each.drug == drug]
        wrong = Counter(name for each in mine for name in each.wrong)
        rows.append((drug, *_cut_rates(mine), ", ".join(f"{name} {count}x" for name, count in sorted(wrong.items()))))
    return f"\n## Drugs with cutting agents\n\n{MINOR:.0%} of the drug, the rest one to three of {agents}.\n\n" + table(
        ("drug", "n", "named", "alarm", "wrong names"), rows
    )


def _cut_rates(cuts: Sequence[Cut]) -> tuple[str, str, str]:
    named, alarm = (f"{np.mean(rate):.2f}" for rate in ([each.named for each in cuts], [each.alarm for each in cuts]))
    return str(len(cuts)), named, alarm


def _median(values: Sequence[float]) -> str:
    return f"{np.median(values):.2f}" if values else "-"
