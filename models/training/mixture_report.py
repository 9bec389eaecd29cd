"""The evaluation of mixtures written down: `docs/evaluation/mixtures.md`."""

from collections.abc import Sequence

import numpy as np

from models.calibration import Thresholds
from models.training.markdown import table
from models.training.mixture_trials import MOST_FALSE, PROTOCOLS, MixtureTrial, Named, false, found, strictest

OURS = "decomposition"
_HEAD = """# Mixtures

Written by `python -m models.training.mixtures --data DIR`; do not edit by hand.

The library was made anew **without any record of {contributors}**, and the judge of components that comes with the
software has seen none either. The laboratory's records were then mixed: shares of the summed ion current as told, each
spectrum of each component distorted as a single quadrupole with in-source CID would (`models/training/field.py`),
background up to 1 % of the ion current a peak, a floor of 0.1 to 0.5 % of the strongest peak, a fifth of the scans
beginning late, a third of the readings without energies; 3 to 5 energies unless told otherwise. The minor component is
a controlled substance that another laboratory measured too; the others are drawn among all compounds of the laboratory.

- *found*: the minor component is named, itself or as an isomer that the library declares not to be told from it.
- *false*: readings with any name that is not in the mixture.
- *at {least}*: what the station does (threshold `component`).
- *best at 1 %*: found at the lowest threshold that keeps false names in at most 1 % of these very readings, which is
  kind to every method.
- *alarm*: readings in which a component is probably controlled (at {alarm} or more), whatever its name.
- *inverted search*: A. S. Moorthy, E. Sisco, J. Am. Soc. Mass Spectrom. 2021, 32, 1725; its five best are names.
  *NNLS*: non-negative least squares of the added spectra on all consensus spectra; the five largest are names.
"""


def write_report(trials: Sequence[MixtureTrial], named: Sequence[Named]) -> str:
    """Write all tables."""
    head = _HEAD.format(
        contributors=", ".join(sorted({trial.contributor for trial in trials})),
        least=Thresholds().component,
        alarm=Thresholds().alarm,
    )
    return "\n".join((head, _methods(trials), _protocols(trials), _cut(named)))


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
    least = Thresholds().component
    rows = [
        (
            protocol.name,
            str(len(group)),
            f"{found(group, OURS, strictest(group, OURS)):.3f}",
            *(f"{rate(group, OURS, least):.3f}" for rate in (found, false)),
            *(f"{rate(group, OURS, 0.5):.3f}" for rate in (found, false)),
            f"{np.mean([trial.alarm for trial in group]):.3f}",
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
        "best at 1 %",
        f"found at {least}",
        f"false at {least}",
        "found at 0.5",
        "false at 0.5",
        "alarm",
        "called a mixture",
        "residual, median",
        "share off by, median",
    )
    return "\n## By ratio, number of components and energies\n\n" + table(titles, rows)


def _cut(named: Sequence[Named]) -> str:
    rows = [(each.drug, each.agents, f"{each.share:.0%}", f"{each.probability:.2f}", each.others) for each in named]
    titles = ("drug", "with", "share", "probability of the drug", "other names at 0.5")
    return "\n## Drugs with cutting agents\n\nOne reading each; 0.00 where it was not found.\n\n" + table(titles, rows)


def _median(values: Sequence[float]) -> str:
    return f"{np.median(values):.2f}" if values else "-"
