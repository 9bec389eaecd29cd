"""`python -m models.training.speed --data DIR`: how long identification takes, beside matchms and flash entropy search.

Everything on one core, by processor time, for the readings of one laboratory and the committed bundle. Writes
`docs/evaluation/speed.md`.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from time import process_time
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from models.evidence import gather
from models.identification import Identifier
from models.library import Band, Library, Packed, Spectra
from models.preprocessing import MASS_DEFECT, Bins
from models.search import Index, Peaks, shortlist
from models.spectrum import Spectrum
from models.training.build import SEED
from models.training.corpus import read_corpus
from models.training.evaluate import OUT
from models.training.peers import TOLERANCE, entropy_search, flash_of
from models.training.readings import Draw, Reading, by_compound, make_readings

Item = TypeVar("Item")

CONTRIBUTOR = "UFZ"
READINGS, PEER_SPECTRA, COLD_STARTS = 300, 20, 3
LARGE = 100_000
_COLD = """
import json, resource, time
begun = time.monotonic(), time.process_time()
from pathlib import Path
from models.identification import Identifier
Identifier.open()
status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
sizes = [int(status[key].split()[0]) / 1024 for key in ("VmRSS", "VmHWM")]
print(json.dumps([time.monotonic() - begun[0], time.process_time() - begun[1], *sizes]))
"""


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="directory with the measured records")
    parser.add_argument("--out", type=Path, default=OUT / "speed.md")
    options = parser.parse_args(arguments)
    records = [record for record in read_corpus(options.data) if record.contributor == CONTRIBUTOR]
    draw = Draw(least=3, most=6)
    readings = make_readings(by_compound(records), {CONTRIBUTOR}, 1, np.random.default_rng(SEED), draw)[:READINGS]
    options.out.write_text(_page(readings), encoding="utf-8")


def _page(readings: Sequence[Reading]) -> str:
    identifier = Identifier.open()
    library = identifier.library
    cold, spent, resident, most = min(_cold_start() for _ in range(COLD_STARTS))
    whole = times(identifier.identify, [_spectra(reading) for reading in readings])
    stages = {count: _search_stage(grown(library, count), readings) for count in (len(library.entries), LARGE)}
    small, large = stages.values()
    spectra = [row for reading in readings for row in reading.rows][:: max(1, len(readings) // PEER_SPECTRA)]
    flash = _flash_entropy(library, spectra)
    one = times(lambda row: shortlist_of(identifier, row), spectra)
    greedy = _matchms(Peaks.of(library.packed[Band.ALL]), spectra[:PEER_SPECTRA])
    every = _matchms(Peaks.of(library.spectra.packed), spectra[: PEER_SPECTRA // 2])
    each = float(np.median(whole)) / float(np.mean([len(reading.rows) for reading in readings]))
    rows = [
        ("cold start, by the clock, best of three", f"{cold:.2f} s", f"{spent:.2f} s of processor time"),
        ("resident", f"{resident:.0f} MB", f"at most {most:.0f} MB while opening"),
        ("a reading of 3 to 6 spectra, spectra to conclusion", f"{np.median(whole):.1f} ms median", _p99(whole)),
        ("search and evidence, this library", f"{np.median(small):.1f} ms median", _p99(small)),
        (f"search and evidence, {LARGE:,} entries", f"{np.median(large):.1f} ms median", _p99(large)),
        ("whole reading, large against this library", f"{_ratio(whole, small, large):.1f} times", "median"),
        ("search stage, one spectrum", f"{np.median(one):.2f} ms median", _p99(one)),
        (
            "flash entropy search, one spectrum, every measured spectrum",
            f"{np.median(flash):.2f} ms median",
            _p99(flash),
        ),
        ("search stage against flash entropy", f"{np.median(one) / np.median(flash):.1f} times", "median"),
        (
            "matchms CosineGreedy, one spectrum, every entry's consensus",
            f"{np.median(greedy):.0f} ms median",
            _p99(greedy),
        ),
        ("the same, every measured spectrum", f"{np.median(every):.0f} ms median", _p99(every)),
        ("the same against identification, a spectrum", f"{np.median(every) / each:.0f} times", "median"),
    ]
    lines = "".join(f"| {' | '.join(row)} |\n" for row in rows)
    entries, spectra_count = len(library.entries), len(library.spectra.owner)
    return (
        "# Speed\n\nWritten by `make evaluate`; do not edit by hand. One core, processor time unless said otherwise; "
        f"{entries:,} entries of {spectra_count:,} measured spectra, {len(readings)} readings made from "
        f"{CONTRIBUTOR}'s records. The library of {LARGE:,} entries is this one repeated, peaks moved at random.\n\n"
        f"| what | measured | |\n| --- | --- | --- |\n{lines}"
    )


def times(work: Callable[[Item], object], items: Sequence[Item]) -> NDArray[np.float64]:
    """Processor milliseconds of each piece of work, after the first was done once for warmth."""
    work(items[0])
    spent: list[float] = []
    for item in items:
        begun = process_time()
        work(item)
        spent.append((process_time() - begun) * 1000)
    return np.array(spent)


def grown(library: Library, count: int) -> Library:
    """Repeat a library up to `count` entries, the peaks of the repetitions moved at random."""
    rng = np.random.default_rng(SEED)
    repeats = -(-count // len(library.entries))
    spectra = library.spectra
    owner = np.concatenate([spectra.owner + number * len(library.entries) for number in range(repeats)])
    kept = int(np.searchsorted(owner, count))
    every = _repeated(spectra.packed, repeats, kept, rng)
    packed = tuple(_repeated(band, repeats, count, rng) for band in library.packed)
    energy = np.tile(spectra.energy, repeats)[:kept]
    return Library((library.entries * repeats)[:count], packed, Spectra(every, owner[:kept].astype("<i4"), energy), "")


def _repeated(packed: Packed, repeats: int, count: int, rng: np.random.Generator) -> Packed:
    counts = np.tile(packed.counts, repeats)[:count]
    peaks = int(counts.sum(dtype=np.int64))
    bins = np.tile(packed.bins, repeats)[:peaks].astype(np.int64)
    bins[len(packed.bins) :] += rng.integers(-20, 21, max(0, peaks - len(packed.bins)))
    return Packed(counts, np.clip(bins, 29, 700).astype("<u2"), np.tile(packed.levels, repeats)[:peaks])


def shortlist_of(identifier: Identifier, row: Bins) -> object:
    """Search with one spectrum."""
    return shortlist(identifier.index, row[None])


def _search_stage(library: Library, readings: Sequence[Reading]) -> NDArray[np.float64]:
    index = Index.of(library)

    def search(reading: Reading) -> object:
        candidates = index.candidates(shortlist(index, reading.rows))
        return gather(candidates, index.rarity, reading.rows, reading.energies, reading.whole)

    return times(search, readings)


def _ratio(whole: NDArray[np.float64], small: NDArray[np.float64], large: NDArray[np.float64]) -> float:
    median = float(np.median(whole))
    return (median + float(np.median(large) - np.median(small))) / median


def _spectra(reading: Reading) -> list[Spectrum]:
    return [
        Spectrum(at / (1 - MASS_DEFECT), row[at].astype(np.float64), collision_energy=energy)
        for row, energy in zip(reading.rows, reading.energies, strict=True)
        for at in (np.flatnonzero(row),)
    ]


def _flash_entropy(library: Library, spectra: Sequence[Bins]) -> NDArray[np.float64]:
    flash = flash_of(Peaks.of(library.spectra.packed))
    return times(lambda row: entropy_search(flash, row), spectra)


def _matchms(references: Peaks, spectra: Sequence[Bins]) -> NDArray[np.float64]:
    matchms: Any = import_module("matchms")
    similarity: Any = import_module("matchms.similarity")

    def spectrum(at: NDArray[Any], heights: Bins) -> Any:  # noqa: ANN401 - matchms has no types
        return matchms.Spectrum(at.astype(float), heights.astype(float), metadata={"precursor_mz": float(at[-1])})

    entries = [
        spectrum(references.bins[start : start + count], np.square(references.root[start : start + count]))
        for start, count in zip(references.starts, references.counts, strict=True)
    ]
    cosine = similarity.CosineGreedy(tolerance=TOLERANCE, intensity_power=0.5, mz_power=0.5)

    def search(query: Any) -> object:  # noqa: ANN401 - as above
        return [cosine.pair(query, entry) for entry in entries]

    queries = [spectrum(at, row[at]) for row in spectra for at in (np.flatnonzero(row),)]
    return times(search, queries)


def _cold_start() -> list[float]:
    said = subprocess.run([sys.executable, "-c", _COLD], check=True, capture_output=True, text=True)  # noqa: S603
    return json.loads(said.stdout)


def _p99(values: NDArray[np.float64]) -> str:
    return f"{np.percentile(values, 99):.1f} ms at the 99th percentile"


if __name__ == "__main__":
    main()
