"""How high the fragments of a molecule stand: a small network, taught by measured spectra of other molecules.

Each fragment, with up to four hydrogens less or two more, weighs as the network says from what broke for it; heights
on one nominal mass are added, and of all masses together the whole is one. After A. Young et al., Nat. Mach. Intell.
2024, 6, 404 (MassFormer) and M. Murphy et al., ICML 2023 (GrAFF-MS), at unit resolution and with far less.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.preprocessing import BINS, LOWEST_MZ
from models.training.corpus import Measured
from models.training.fragments import TRAITS, Fragments
from models.training.network import Layer, layer_of, layers_of, perceptron, torch_for

SHIFTS = np.arange(-3, 4)
"""Hydrogens, the proton among them, that a charged fragment has beside its own."""
LIMITS = (15.0, 35.0)
"""Energies in eV that part soft, middle and hard spectra."""
BANDS = len(LIMITS) + 1
HIDDEN = (160, 160)
PASSES, BATCH, RATE = 14, 16, 4e-3
FOLDS = 3
LEAST, MOST = -15.0, 10.0
LEAST_STATED = 1e-6
"""What is stated to be less is not held against the network: no fragment has that mass."""
WHOLE = 7
"""What is known of a molecule that decides how much of it stays whole."""

Heights = NDArray[np.float32]
Targets = Mapping[str, Heights]
"""Of each molecule what its spectra should be [BANDS, BINS]."""


@dataclass(frozen=True, eq=False)
class Fragmentation:
    """A taught network; its inputs are (traits - mean) / scale. `whole` weighs what stays unbroken."""

    mean: Heights = field(repr=False)
    scale: Heights = field(repr=False)
    layers: Sequence[Layer] = field(repr=False)
    whole: Layer = field(repr=False)

    def spectra(self, fragments: Fragments) -> Heights:
        """Predict soft, middle and hard spectrum as parts of the ion current [BANDS, BINS]."""
        values = (fragments.traits - self.mean) / self.scale
        for at, (weight, bias) in enumerate(self.layers):
            values = values @ weight.T + bias
            values = np.maximum(values, 0) if at < len(self.layers) - 1 else values
        at, inside = _places(fragments)
        powers = np.exp(np.clip(values.reshape(-1, BANDS), LEAST, MOST)) * inside[:, None]
        roots = np.stack([np.bincount(at, powers[:, band], BINS) for band in range(BANDS)]).astype(np.float32)
        if fragments.whole < BINS:
            weight, bias = self.whole
            roots[:, fragments.whole] += np.exp(weight @ whole_traits(fragments) + bias)
        heights = np.square(roots)
        return heights / np.maximum(heights.sum(axis=1, keepdims=True), np.float32(1e-9))


Lesson = Callable[[Targets, Mapping[str, Fragments], int], Fragmentation]
"""Makes a network of targets, fragments and a seed."""


def taught_apart(
    records: Sequence[Measured], fragments: Mapping[str, Fragments], lesson: Lesson | None = None
) -> dict[str, Heights]:
    """Predict each molecule's spectra [BANDS, BINS] by networks that saw none of its own; by all where none did."""
    targets = targets_of(records, fragments)
    networks = [
        (lesson or teach)({key: each for key, each in targets.items() if fold_of(key) != fold}, fragments, fold)
        for fold in range(FOLDS)
    ]
    return {
        key: networks[fold_of(key)].spectra(each)
        if key in targets
        else np.mean([network.spectra(each) for network in networks], axis=0)
        for key, each in fragments.items()
    }


def fold_of(skeleton: str) -> int:
    """Return the part of the compounds that one belongs to."""
    return sha256(skeleton.encode()).digest()[1] % FOLDS


def targets_of(records: Sequence[Measured], fragments: Mapping[str, Fragments]) -> dict[str, Heights]:
    """Add the square roots of each molecule's spectra in each band [BANDS, BINS], of those that tell their energy."""
    targets: dict[str, Heights] = {}
    for record in records:
        mine = fragments.get(record.skeleton)
        if mine is None or record.energy is None or record.ion_mz != mine.whole:
            continue
        row = targets.setdefault(record.skeleton, np.zeros((BANDS, BINS), dtype=np.float32))
        root = np.sqrt(record.intensity)
        row[np.searchsorted(LIMITS, record.energy, side="right"), record.bins] += root / np.linalg.norm(root)
    return targets


def teach(targets: Targets, fragments: Mapping[str, Fragments], seed: int) -> Fragmentation:
    """Teach one network to spread the ion current as these molecules do."""
    torch = torch_for(seed)
    names, rng = sorted(targets), np.random.default_rng(seed)
    sample = np.concatenate([fragments[name].traits[:50] for name in names])
    mean, scale = sample.mean(axis=0), sample.std(axis=0) + np.float32(0.1)
    net = perceptron(torch, (TRAITS, *HIDDEN, len(SHIFTS) * BANDS), dropout=0.1)
    whole = torch.nn.Linear(WHOLE, BANDS)
    parts = torch.nn.ModuleList([net, whole])
    optimiser = torch.optim.AdamW(parts.parameters(), lr=RATE, weight_decay=1e-4)
    steps = PASSES * (len(names) // BATCH + 1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, max_lr=RATE, total_steps=steps)
    for _ in range(PASSES):
        order = rng.permutation(names)
        for start in range(0, len(order), BATCH):
            batch = [str(name) for name in order[start : start + BATCH]]
            each = [_surprise(torch, net, whole, fragments[name], (mean, scale), targets[name]) for name in batch]
            optimiser.zero_grad()
            torch.stack(each).mean().backward()
            optimiser.step()
            schedule.step()
    parts.eval()
    return Fragmentation(mean, scale, layers_of(net), layer_of(whole))


def whole_traits(fragments: Fragments) -> Heights:
    """Say how heavy a molecule is, how many parts it has, its basic nitrogens, N, O, halogens and aromatic atoms."""
    most = fragments.traits[:, [5, 7, 9, 15, 11]].max(axis=0)
    return np.array([fragments.whole / 300, len(fragments.masses) / 400, *most], dtype=np.float32)


def _places(fragments: Fragments) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Nominal m/z of each fragment at each shift, laid flat, 0 for what is not under the whole; and which those are."""
    at = (fragments.masses[:, None] + SHIFTS + 1).reshape(-1)
    inside = (at >= LOWEST_MZ) & (at < min(fragments.whole - 1, BINS))
    return np.where(inside, at, 0), inside


def _surprise(
    torch: Any,  # noqa: ANN401 - torch is not there for the type checker
    net: Any,  # noqa: ANN401 - as above
    whole: Any,  # noqa: ANN401 - as above
    fragments: Fragments,
    standard: tuple[Heights, Heights],
    target: Heights,
) -> Any:  # noqa: ANN401 - as above
    """Cross entropy of the spectra that can be explained against those predicted, over the bands that were measured."""
    at, inside = _places(fragments)
    mean, scale = standard
    scores = net(torch.as_tensor((fragments.traits - mean) / scale)).reshape(-1, BANDS)
    powers = torch.exp(scores.clamp(LEAST, MOST)) * torch.as_tensor(inside[:, None].astype(np.float32))
    stated = torch.zeros(BINS, BANDS).index_add(0, torch.as_tensor(at), powers)
    if fragments.whole < BINS:
        unbroken = torch.exp(whole(torch.as_tensor(whole_traits(fragments))).clamp(-8, 8))
        stated = stated.index_add(0, torch.as_tensor([fragments.whole]), unbroken[None])
    stated = stated / stated.sum(0).clamp(min=1e-9)
    wanted = torch.as_tensor(target.T) * (stated > LEAST_STATED)
    total = wanted.sum(0)
    measured = total > 0
    if not measured.any():
        return torch.zeros(())
    each = -(wanted / total.clamp(min=1e-9) * torch.log(stated + 1e-9)).sum(0)
    return each[measured].mean()
