"""Identification of spectrum files brought by hand: one line, or one row, for each reading in them."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from edge.knowledge import open_known
from edge.settings import Settings
from models.answer import Hit, Identification
from models.errors import UnreadableFile
from models.identification import DEFAULT_BUNDLE, Identifier
from models.reading import read_samples
from models.sample import Sample
from sync.commands import say
from sync.contract.records import PRESUMPTIVE

SHOWN_HITS = 3
LEFT_TOLD = 0.05
"""Part of the ion current from which it is told that nothing explains it."""
PRESUMPTIVE_EN = "Presumptive: a laboratory must confirm it."


def open_identifier(bundle: Path | None, data: Path | None) -> Identifier:
    """Open a bundle, or what the station of a data directory identifies with; raises UnusableBundle."""
    if data is None:
        return Identifier.open(bundle or DEFAULT_BUNDLE)
    if bundle is not None:
        raise typer.BadParameter("--bundle or --data, not both: a station has its own bundle")
    known = open_known(Settings.load(data))
    for each in known.left_out:
        say(f"garita: {each}", err=True)
    return known.identifier


def identify_files(files: Sequence[Path], identifier: Identifier, *, as_json: bool) -> list[UnreadableFile]:
    """Print what the readings in `files` are, and return what could not be read."""
    unreadable: list[UnreadableFile] = []
    found = _identify(files, identifier, unreadable)
    if as_json:
        for file, sample, identification in found:
            say(json_line(sample.name, identification, _notes(sample), file.name))
    else:
        Console().print(_table(found), PRESUMPTIVE, PRESUMPTIVE_EN, sep="\n")
    return unreadable


def json_line(sample: str, identification: Identification, notes: Sequence[str] = (), file: str = "") -> str:
    """Return the reading as one line of JSON; `notes` say what was put right or is wrong in its file."""
    told = {"file": file, "sample": sample, "notes": notes, **asdict(identification), "presumptive": PRESUMPTIVE}
    return json.dumps(told, ensure_ascii=False, allow_nan=False)


def _identify(
    files: Sequence[Path], identifier: Identifier, unreadable: list[UnreadableFile]
) -> Iterator[tuple[Path, Sample, Identification]]:
    for file in files:
        try:
            for sample in read_samples(file):
                yield file, sample, identifier.identify_sample(sample)
        except UnreadableFile as error:
            unreadable.append(error)


def _table(found: Iterator[tuple[Path, Sample, Identification]]) -> Table:
    table = Table(
        *(Column(name, overflow="fold") for name in ("sample", "conclusion", "offered", "families", "reasons"))
    )
    for _, sample, identification in found:
        table.add_row(
            _cell((sample.name, *_notes(sample))),
            _cell([identification.conclusion.value]),
            _cell(_offered(hit.name, hit.probability, hit.score) for hit in _first(identification)),
            _cell(f"{each.family} {each.probability:.0%}" for each in identification.families[:SHOWN_HITS]),
            _cell((*(reason.value for reason in identification.reasons), *_doubts(identification))),
        )
    return table


def _doubts(identification: Identification) -> Iterator[str]:
    """Say what speaks against the answer: what it leaves unexplained, and why else it may be wrong."""
    if identification.residual is not None and identification.residual.share >= LEFT_TOLD:
        yield f"but {identification.residual.share:.0%} unexplained"
    if identification.explanation is not None:
        yield from (f"but {doubt.value}" for doubt in identification.explanation.doubts)


def _notes(sample: Sample) -> Sequence[str]:
    return sample.notes if sample.problem is None else (*sample.notes, sample.problem)


def _first(identification: Identification) -> Sequence[Hit]:
    return (*identification.suspects, *identification.hits)[:SHOWN_HITS]


def _cell(lines: Iterable[str]) -> Text:
    """Return lines as they are: brackets are no markup, and marks that steer a terminal are dots."""
    return Text("\n".join("".join(mark if mark.isprintable() else "·" for mark in line) for line in lines))


def _offered(name: str, probability: float | None, score: float) -> str:
    return f"{name} (score {score:.2f})" if probability is None else f"{name} {probability:.0%}"
