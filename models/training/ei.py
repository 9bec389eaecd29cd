"""`python -m models.training.ei --data DIR`: the EI library, its calibration, and what it is worth."""

import argparse
import gzip
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.catalogue import Catalogue
from models.ei import DEFAULT, EiEntry, EiLibrary, EiRule, prepare_ei, weigh
from models.msp import MspRecord, parse_msp
from models.preprocessing import Bins
from models.recalibration import error_of, reliability
from models.spectrum import Polarity
from models.training.family_fit import newton
from models.training.markdown import table

FILES = ("massbank-ei.msp.gz", "fentanyl-ei.msp.gz")
REPORT = Path("docs/evaluation/ei.md")
UNKNOWN_SHARE = 0.2
LIMITS = (0.5, 0.7, 0.9)
_COMMENT = re.compile(r'"([^"=]+)=([^"]*)"')
_HEAD = """# Electron ionisation

Written by `python -m models.training.ei --data DIR`; do not edit by hand.

{spectra} spectra of {compounds} compounds, most of them derivatives of metabolites; {fentanyls} are fentanyls. Each was
searched among those of all other laboratories; where none of them has its compound it is unknown. Probabilities in
this table were fitted on the other half of the compounds; unknown ones weigh so that they make {unknown:.0%} of all.

Substances whose scores are within 0.02 of the best share its probability. Of 1,219 spectra, among other laboratories',
the first is right in 0.41 instead of 0.19 of those stated at 0.3 to 0.5, and in 0.60 instead of 0.54 at 0.5 to 0.7.
Fentanyl's own spectrum cut to its 20, 12 and 8 strongest peaks alarms as before, no longer as beta-methylfentanyl at
0.67, 0.61 and 0.49: five to seven fentanyls share it. This table is of the first alone. Nothing is cleared by three
light ions or fewer: four of the 1,219 spectra show no more.

The library knows few of the listed substances, so that nothing listed is concluded only of a first hit that explains
all but 10 % of the ion current, and whose remainder is like no listed substance or drug. What that costs and saves,
measured once with 1,169 harmless spectra each searched among other laboratories', and with a listed substance added to
them: harmless ones concluded before 787 (685 under the right name), since then 534 (468); of 250 each with 30, 20 and
10 % of something listed before 36, 84 and 134, since then 1, 0 and 1; with 5 % before 149, since then 9. A drug's
family is told of the remainder of 69 % of those with 30 %, and of 0.2 % of the harmless ones.
"""


def main(arguments: Sequence[str] | None = None) -> None:
    """Write library and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="directory with the measured records")
    parser.add_argument("--out", type=Path, default=DEFAULT)
    parser.add_argument("--report", type=Path, default=REPORT)
    options = parser.parse_args(arguments)
    entries, spectra = read_ei(options.data)
    trials = Trials(entries, spectra)
    everything = np.ones(len(entries), dtype=np.bool_)
    options.out.write_bytes(EiLibrary.of(entries, spectra, trials.fit(everything)).to_bytes())
    options.report.write_text(trials.report(), encoding="utf-8")


def read_ei(data: Path) -> tuple[list[EiEntry], Bins]:
    """Read the positive EI records under `data/spectra` or `data`."""
    folder = data / "spectra" if (data / "spectra").is_dir() else data
    catalogue, entries, rows = Catalogue.load(), list[EiEntry](), list[Bins]()
    for file in FILES:
        for record in parse_msp(gzip.decompress((folder / file).read_bytes()).decode(), file):
            row = prepare_ei([record.spectrum])
            if record.spectrum.polarity is Polarity.POSITIVE and row.any():
                entries.append(_entry(record, catalogue))
                rows.append(row)
    return entries, np.stack(rows)


def _entry(record: MspRecord, catalogue: Catalogue) -> EiEntry:
    comments = dict(_COMMENT.findall(record.text("comments")))
    substance = catalogue.find(record.text("inchikey"))
    return EiEntry(
        name=substance.name if substance else record.name,
        inchikey=record.text("inchikey"),
        formula=record.text("formula"),
        accession=record.text("db#") or f"line {record.line}",
        contributor=comments["contributor"],
        licence=comments["licence"],
    )


class Trials:
    """Every spectrum searched among those of all other laboratories."""

    def __init__(self, entries: Sequence[EiEntry], spectra: Bins) -> None:
        self.skeleton = np.array([entry.inchikey[:14] for entry in entries])
        laboratory = np.array([entry.contributor for entry in entries])
        self.fentanyls = sum("entanyl" in entry.name for entry in entries)
        weighed = weigh(spectra)
        likeness = weighed @ weighed.T
        likeness[laboratory[:, None] == laboratory[None]] = -1
        found = [self._first(row) for row in likeness]
        self.score = np.array([score for _, score, _ in found])
        self.ahead = np.array([ahead for _, _, ahead in found])
        self.right = np.array([first for first, _, _ in found]) == self.skeleton
        others = likeness >= 0
        self.known = np.array(
            [bool((self.skeleton[row] == mine).any()) for row, mine in zip(others, self.skeleton, strict=True)]
        )
        self.half = np.array([int(skeleton.encode().hex(), 16) % 2 == 0 for skeleton in self.skeleton])

    def fit(self, chosen: NDArray[np.bool_]) -> EiRule:
        """Fit the probability on some of the spectra."""
        share = float((~self.known[chosen]).mean())
        weight = np.where(self.known, (1 - UNKNOWN_SHARE) / (1 - share), UNKNOWN_SHARE / share)[chosen]
        features = np.column_stack([self.score, self.ahead, np.ones(len(self.score))])[chosen]
        fitted = newton(features, self.right[chosen], weight / weight.sum())
        return EiRule(*(round(float(each), 4) for each in fitted))

    def report(self) -> str:
        """Write what it is worth."""
        stated = np.zeros(len(self.score))
        for half in (self.half, ~self.half):
            rule = self.fit(~half)
            values = [rule.probability(*each) for each in zip(self.score[half], self.ahead[half], strict=True)]
            stated[half] = values
        head = _HEAD.format(
            spectra=len(self.score),
            compounds=len(set(self.skeleton.tolist())),
            fentanyls=self.fentanyls,
            unknown=UNKNOWN_SHARE,
        )
        rows = [
            ("known compounds, first hit right", str(int(self.known.sum())), f"{self.right[self.known].mean():.3f}"),
            *(
                (
                    f"unknown compounds named at >= {limit}",
                    str(int((~self.known).sum())),
                    _share(stated, limit, ~self.known),
                )
                for limit in LIMITS
            ),
            *(
                (
                    f"named at >= {limit}: right",
                    str(int((stated >= limit).sum())),
                    f"{self.right[stated >= limit].mean():.3f}",
                )
                for limit in LIMITS
            ),
            ("calibration error", str(len(stated)), f"{error_of(reliability(stated, self.right)):.3f}"),
        ]
        return f"{head}\n{table(('what', 'n', 'value'), rows)}"

    def _first(self, likeness: Bins) -> tuple[str, float, float]:
        order = np.argsort(-likeness, kind="stable")
        first = order[0]
        behind = next(at for at in order if self.skeleton[at] != self.skeleton[first])
        return str(self.skeleton[first]), float(likeness[first]), float(likeness[first] - likeness[behind])


def _share(stated: NDArray[np.float64], limit: float, chosen: NDArray[np.bool_]) -> str:
    return f"{(stated[chosen] >= limit).mean():.3f}"


if __name__ == "__main__":
    main()
