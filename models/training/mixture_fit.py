"""Teaching the judge of components."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.mixture_judge import Member, MixtureJudge
from models.training.mixture_contests import Contests
from models.training.network import layer_of, layers_of, perceptron, torch_for

BODY = (64, 32)
HIDDEN = 32
DROPOUT = 0.1
RATE = 3e-3
BATCH = 160
TAUGHT = 20
"""Candidates of each contest that the networks learn from: the nearest, and in place of the last the right one."""
KEPT_APART = 5
"""One mixture in so many teaches no network: it tells the temperature."""
IMPOSSIBLE = -1e9

Tables = NDArray[np.float32]
Right = NDArray[np.bool_]


@dataclass(frozen=True)
class MixtureEffort:
    """How long to train: mixtures of each of so many laboratories, steps, and number of networks."""

    laboratories: int
    mixtures: int
    steps: int
    members: int
    seed: int = 20261126


def train_judge(contests: Contests, effort: MixtureEffort) -> MixtureJudge:
    """Teach the judge who is right; the temperature is that of the mixtures kept apart."""
    tables, right = np.stack(contests.tables), np.stack(contests.right)
    kept = np.array(contests.mixture) % KEPT_APART == 0
    mean = tables[~kept].mean(axis=(0, 1))
    scale = (tables[~kept].std(axis=(0, 1)) + 1e-3).astype(np.float32)
    taught, hits = _nearest(tables[~kept], right[~kept])
    standard = (taught - mean) / scale
    members = tuple(_member(standard, hits, effort.steps, effort.seed + number) for number in range(effort.members))
    judge = MixtureJudge(mean, scale, members, 1.0)
    return MixtureJudge(mean, scale, members, _temperature(judge, tables[kept], right[kept]))


def _nearest(tables: Tables, right: Right) -> tuple[Tables, Right]:
    """Keep TAUGHT candidates of each contest."""
    kept, hits = tables[:, :TAUGHT].copy(), np.column_stack([right[:, :TAUGHT], right[:, -1]])
    late = np.flatnonzero(~hits.any(axis=1))
    kept[late, -1] = tables[late, right[late].argmax(axis=1)]
    hits[late, TAUGHT - 1] = True
    return kept, hits


def _member(tables: Tables, right: Right, steps: int, seed: int) -> Member:
    """Teach one network to give as much as it can to all that are right together."""
    torch = torch_for(seed)
    body = perceptron(torch, (tables.shape[2], *BODY), dropout=DROPOUT)
    own, others = (torch.nn.Linear(BODY[-1], HIDDEN) for _ in range(2))
    score, none = torch.nn.Linear(HIDDEN, 1), perceptron(torch, (BODY[-1], HIDDEN, 1), dropout=DROPOUT)
    parts = torch.nn.ModuleList([body, own, others, score, none])
    optimiser = torch.optim.AdamW(parts.parameters(), lr=RATE, weight_decay=2e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, max_lr=RATE, total_steps=steps, pct_start=0.1)
    functional = torch.nn.functional
    evidence, target = torch.as_tensor(tables), torch.as_tensor(right)
    for _ in range(steps):
        rows = torch.randint(len(target), (BATCH,))
        seen = torch.relu(body(evidence[rows]))
        most = seen.amax(dim=1)
        mixed = functional.dropout(torch.relu(own(seen) + others(most)[:, None]), DROPOUT)
        scores = torch.cat([score(mixed)[:, :, 0], none(most)], dim=1)
        hit = scores.masked_fill(~target[rows], IMPOSSIBLE)
        loss = (torch.logsumexp(scores, dim=1) - torch.logsumexp(hit, dim=1)).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    parts.eval()
    return Member(tuple(layers_of(body)), layer_of(own), layer_of(others), layer_of(score), tuple(layers_of(none)))


def _temperature(judge: MixtureJudge, tables: Tables, right: Right) -> float:
    """Search on a grid the temperature that surprises least."""
    logits = np.stack([judge.logits(table) for table in tables])
    surprise: dict[float, float] = {}
    for temperature in np.arange(0.6, 2.01, 0.05):
        cooled = logits / temperature
        own = np.logaddexp.reduce(np.where(right, cooled, IMPOSSIBLE), axis=1)
        surprise[float(temperature)] = float((np.logaddexp.reduce(cooled, axis=1) - own).mean())
    return min(surprise, key=lambda each: surprise[each])
