"""The networks, in PyTorch; everything that comes in and goes out is numpy.

The encoder turns a reading or a library entry into a vector, alike for the same compound. The ranker weighs the
evidence for each candidate, and for none of them. PyTorch is imported by name: only who trains needs it.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Layer = tuple[Array, Array]
"""Weight [out, in] and bias [out] of a linear layer."""

EMBEDDING = 192
HIDDEN = 512
JUDGE_BODY = (96, 64)
JUDGE_HIDDEN = 48
SCALE = 16.0
"""Inverse temperature of the contrast between compounds."""


@dataclass(frozen=True)
class Pairs:
    """What the encoder learns from: readings [n, C], each of compound `compound` [n], and an entry [m, C] per compound.

    `entry` [n] is the row of `entries` that the reading is to be alike to.
    """

    readings: NDArray[np.float16]
    entries: NDArray[np.float16]
    entry: NDArray[np.int64]
    compound: NDArray[np.int64]


@dataclass(frozen=True)
class Contest:
    """What the ranker learns from: evidence [n, K, F] for K candidates each, and which is right (K: none of them)."""

    evidence: Array
    right: NDArray[np.int64]


@dataclass(frozen=True)
class Judge:
    """Layers of one ranker: it looks at each candidate (`body`) and at the most of all of them together.

    A candidate's score is `score` of relu(`own` of itself + `others` of the most); that of none of them `none` of the
    most and of what the likely ones are by themselves: the mean of those rectified values, each as likely as its score.
    """

    body: Sequence[Layer]
    own: Layer
    others: Layer
    score: Layer
    none: Sequence[Layer]


@dataclass(frozen=True)
class RankerWeights:
    """Rankers whose mean score counts; their inputs are (x - mean) / scale."""

    mean: Array
    scale: Array
    judges: Sequence[Judge]


def torch_for(seed: int, threads: int = 1) -> Any:  # noqa: ANN401 - torch is not there for the type checker
    """Import PyTorch, seeded, so that the same inputs give the same weights on the same machine.

    Where there is a GPU, whatever is made from here on is made on it.
    """
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # else CUDA's products differ from run to run
    torch: Any = import_module("torch")
    if torch.cuda.is_available():
        torch.set_default_device("cuda")
    torch.manual_seed(seed)
    torch.set_num_threads(threads)
    torch.use_deterministic_algorithms(mode=True)
    return torch


def train_encoder(pairs: Pairs, steps: int, seed: int, batch: int = 512) -> list[Layer]:
    """Teach the encoder to bring a reading near to its compound's entry and away from all others in the batch."""
    torch = torch_for(seed)
    inputs = pairs.readings.shape[1]
    net = perceptron(torch, (inputs, HIDDEN, EMBEDDING), dropout=0.1)
    optimiser = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, max_lr=2e-3, total_steps=steps, pct_start=0.1)
    functional = torch.nn.functional
    for rows in _batches(pairs.compound, batch, steps, seed):
        readings = torch.as_tensor(pairs.readings[rows].astype(np.float32))
        entries = torch.as_tensor(pairs.entries[pairs.entry[rows]].astype(np.float32))
        both = functional.normalize(net(functional.dropout(torch.cat([readings, entries]), 0.15)), dim=1)
        alike = SCALE * both[: len(rows)] @ both[len(rows) :].T
        target = torch.arange(len(rows))
        loss = functional.cross_entropy(alike, target) + functional.cross_entropy(alike.T, target)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    return layers_of(net)


def _batches(compound: NDArray[np.int64], batch: int, steps: int, seed: int) -> Iterator[NDArray[np.int64]]:
    """Draw rows for each step, no compound twice in one."""
    rng = np.random.default_rng(seed)
    for _ in range(steps):
        drawn = rng.permutation(len(compound))[: 2 * batch]
        _, first = np.unique(compound[drawn], return_index=True)
        yield drawn[rng.permutation(first)[:batch]]


def train_ranker(contest: Contest, steps: int, seeds: Sequence[int], batch: int = 128) -> RankerWeights:
    """Teach one ranker a seed which candidate is right, or that none is."""
    mean = contest.evidence.mean(axis=(0, 1))
    scale = contest.evidence.std(axis=(0, 1)) + np.float32(1e-6)
    standard = Contest((contest.evidence - mean) / scale, contest.right)
    return RankerWeights(mean, scale, tuple(_train_judge(standard, steps, seed, batch) for seed in seeds))


def _train_judge(contest: Contest, steps: int, seed: int, batch: int) -> Judge:
    torch = torch_for(seed)
    evidence, right = torch.as_tensor(contest.evidence), torch.as_tensor(contest.right)
    body = perceptron(torch, (evidence.shape[2], *JUDGE_BODY), dropout=0.1)
    own, others = (torch.nn.Linear(JUDGE_BODY[-1], JUDGE_HIDDEN) for _ in range(2))
    score = torch.nn.Linear(JUDGE_HIDDEN, 1)
    none = perceptron(torch, (JUDGE_BODY[-1] + JUDGE_HIDDEN, JUDGE_HIDDEN, 1), dropout=0.1)
    parts = torch.nn.ModuleList([body, own, others, score, none])
    optimiser = torch.optim.AdamW(parts.parameters(), lr=2e-3, weight_decay=2e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, max_lr=2e-3, total_steps=steps, pct_start=0.1)
    functional = torch.nn.functional
    for _ in range(steps):
        rows = torch.randint(len(right), (batch,))
        seen = torch.relu(body(evidence[rows]))
        most = seen.amax(dim=1)
        mixed = functional.dropout(torch.relu(own(seen) + others(most)[:, None]), 0.1)
        scores = score(mixed)[:, :, 0]
        likely = (torch.softmax(scores, dim=1)[:, :, None] * mixed).sum(dim=1)
        scores = torch.cat([scores, none(torch.cat([most, likely], dim=1))], dim=1)
        loss = functional.cross_entropy(scores, right[rows])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    parts.eval()
    return Judge(layers_of(body), layer_of(own), layer_of(others), layer_of(score), layers_of(none))


def train_families(embedding: Array, family: NDArray[np.int64], families: int, seed: int, steps: int) -> Layer:
    """Teach one linear layer to name the family of a vector; rare families weigh as the square root of their number."""
    torch = torch_for(seed)
    head = torch.nn.Linear(embedding.shape[1], families)
    vectors, target = torch.as_tensor(embedding), torch.as_tensor(family)
    counts = torch.bincount(target, minlength=families).clamp(min=1).float()
    weight = counts.rsqrt() / counts.rsqrt().mean()
    optimiser = torch.optim.AdamW(head.parameters(), lr=2e-2, weight_decay=1e-3)
    for _ in range(steps):
        rows = torch.randint(len(target), (1024,))
        loss = torch.nn.functional.cross_entropy(10 * head(vectors[rows]), target[rows], weight=weight)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    weight, bias = layer_of(head)
    return 10 * weight, 10 * bias


def perceptron(torch: Any, sizes: Sequence[int], dropout: float) -> Any:  # noqa: ANN401 - as above
    """Lay linear layers of these sizes one after the other, rectified between them."""
    parts: list[Any] = []
    for wide, narrow in pairwise(sizes):
        parts += [torch.nn.Linear(wide, narrow), torch.nn.ReLU(), torch.nn.Dropout(dropout)]
    return torch.nn.Sequential(*parts[:-2])


def layers_of(net: Any) -> list[Layer]:  # noqa: ANN401 - as above
    """Take the weights and biases out of a trained perceptron."""
    net.eval()
    return [layer_of(part) for part in net if hasattr(part, "weight")]


def layer_of(part: Any) -> Layer:  # noqa: ANN401 - as above
    """Take the weight and bias out of a linear layer."""
    return part.weight.detach().cpu().numpy(), part.bias.detach().cpu().numpy()
