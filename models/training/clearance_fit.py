"""Teaching what hides: networks that tell readings with something listed or unknown in them from the others."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from models.catalogue import Standing
from models.clearance import Clearance
from models.conclusion import Conclusion
from models.layers import Layers
from models.traces import FALLING, RISING, Row, Trace
from models.training.network import layer_of, torch_for

HIDDEN, MEMBERS, ROUNDS, BATCH = 32, 4, 25, 256
PARTS = 2
RATE, DECAY = 1e-2, 1e-2
GRAVER = (Conclusion.ALARM, Conclusion.CAUTION)
UNKNOWN_WEIGHS = 2.0
"""What is unknown though on no list weighs so much: it is told as recognised where it is taken for something else."""


@dataclass(frozen=True, eq=False)
class Seen:
    """One reading: the gravest standing of what is in it, and what it comes to if nothing is thought to hide.

    `unknown`: the library lacks something in it; `lacked`: the listed substance that was taken out of it, if one was.
    `row` are the Trace columns, None where
    nothing was looked for. `risk` is what networks say of it that saw nothing of its laboratory.
    """

    laboratory: str
    kind: str
    due: Standing
    unknown: bool
    lacked: str
    conclusion: Conclusion
    row: Row | None
    risk: float = 1.0

    @property
    def listed(self) -> bool:
        """Whether something listed is in it that the library has."""
        return self.due is not Standing.UNLISTED and not self.lacked

    @property
    def hides(self) -> bool:
        """Whether it must not be cleared."""
        return self.due is not Standing.UNLISTED or bool(self.lacked) or self.unknown

    @property
    def open(self) -> bool:
        """Whether it depends on the risk what it comes to."""
        return self.conclusion is Conclusion.NO_ALARM

    def concluded(self, cleared: float) -> Conclusion:
        """Return what it comes to where a risk up to `cleared` is taken."""
        return Conclusion.INCONCLUSIVE if self.open and self.risk > cleared else self.conclusion


def apart(seen: Sequence[Seen]) -> list[Seen]:
    """Say of each reading what networks say that learned from other laboratories and other lacked substances."""
    laboratories = dict.fromkeys(each.laboratory for each in seen)
    return [each for laboratory in laboratories for part in range(PARTS) for each in _judged(seen, laboratory, part)]


def lessons(seen: Sequence[Seen], laboratory: str, part: int) -> list[Seen]:
    """Return what may teach networks that judge a part of a laboratory's readings."""
    others = (each for each in seen if each.laboratory != laboratory)
    return [each for each in others if not each.lacked or _part(each) != part]


def _judged(seen: Sequence[Seen], laboratory: str, part: int) -> Iterator[Seen]:
    clearance = train_clearance(lessons(seen, laboratory, part))
    for each in seen:
        if each.laboratory == laboratory and _part(each) == part:
            yield replace(each, risk=clearance.risk(each.row)) if each.row is not None else each


def _part(seen: Seen) -> int:
    """Return the part of the readings that is judged together: substances of which a library has nothing by name."""
    return sha256(seen.lacked.encode()).digest()[0] % PARTS


def train_clearance(seen: Sequence[Seen]) -> Clearance:
    """Teach networks from all readings that come to nothing graver, those that a condition refuses among them."""
    asked = [each for each in seen if each.row is not None and each.conclusion not in GRAVER]
    rows = np.stack([each.row for each in asked if each.row is not None]).astype(np.float32)
    hides = np.array([each.hides for each in asked])
    mean, scale = rows.mean(axis=0), rows.std(axis=0) + np.float32(1e-6)
    weights = _weights(asked, rows, hides)
    standard = (rows - mean) / scale
    return Clearance(mean, scale, tuple(_member(standard, hides, weights, seed) for seed in range(MEMBERS)))


def _weights(seen: Sequence[Seen], rows: NDArray[np.float32], hides: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Let mixtures in which something hides weigh as much as others, and so what is no mixture: no draw tells how many.

    A mixture is then no reason by itself.
    """
    weights = np.ones(len(seen), dtype=np.float32)
    for mixture in (False, True):
        kind = (rows[:, Trace.MIXTURE] > 0) == mixture
        for side in (False, True):
            weights[kind & (hides == side)] = kind.sum() / max(2 * (kind & (hides == side)).sum(), 1)
    unknown = np.array([each.unknown and not each.listed for each in seen])
    weights[unknown] *= UNKNOWN_WEIGHS
    return weights


def _member(rows: NDArray[np.float32], hides: NDArray[np.bool_], weights: NDArray[np.float32], seed: int) -> Layers:
    torch = torch_for(seed)
    first, last = torch.nn.Linear(rows.shape[1], HIDDEN), torch.nn.Linear(HIDDEN, 1)
    signs = torch.as_tensor(_signs())
    optimiser = torch.optim.AdamW([*first.parameters(), *last.parameters()], lr=RATE, weight_decay=DECAY)
    surprise = torch.nn.functional.binary_cross_entropy_with_logits
    given, target, weight = (torch.as_tensor(each) for each in (rows, hides.astype(np.float32), weights))
    with torch.no_grad():
        first.weight.copy_(torch.where(signs == 0, first.weight, signs * first.weight.abs()))
        last.weight.abs_()
    for _ in range(ROUNDS):
        for chosen in torch.randperm(len(target)).split(BATCH):
            scores = last(torch.tanh(first(given[chosen])))[:, 0]
            loss = surprise(scores, target[chosen], weight=weight[chosen])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            with torch.no_grad():
                wrong = signs * first.weight < 0
                first.weight[wrong] = 0
                last.weight.clamp_(min=0)
    return layer_of(first), layer_of(last)


def _signs() -> NDArray[np.float32]:
    """Signs that the weights of each column may have, 0 for either."""
    signs = np.zeros(len(Trace), dtype=np.float32)
    signs[[*RISING]], signs[[*FALLING]] = 1, -1
    return signs
