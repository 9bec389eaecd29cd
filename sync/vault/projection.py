"""What the case database says of a reading: the columns of its row, and of each substance that it offers."""

import json
from collections.abc import Iterator
from typing import Any

from sync.contract.records import HitPart, ReadingPart, ReadingPart1
from sync.contract.stereoisomers import stereoisomers_of
from sync.contract.suspects import suspects_of


def reading_columns(reading: ReadingPart | ReadingPart1) -> tuple[Any, ...]:
    """Return the columns of a reading, behind those that say where it stands."""
    instrument, identification = reading.instrument, reading.identification
    return (
        reading.reading,
        reading.started.wall,
        reading.ended.wall,
        reading.outcome,
        reading.problem,
        f"{instrument.maker} {instrument.model} {instrument.serial_number}" if instrument else None,
        identification.conclusion if identification else None,
        _transcript_digest(reading),
    )


def hit_columns(reading: ReadingPart | ReadingPart1) -> Iterator[tuple[Any, ...]]:
    """Yield the columns of each substance that a reading offers, its rank first; suspects come last."""
    identification = reading.identification
    stereoisomers, suspects = stereoisomers_of(identification), suspects_of(identification)
    hits = (*(identification.hits if identification else ()), *suspects)
    for rank, hit in enumerate(hits, start=1):
        forms = stereoisomers.names(hit.inchikey) if stereoisomers else []
        said = json.dumps(forms, ensure_ascii=False)
        yield rank, *_hit_columns(hit), said, int(rank > len(hits) - len(suspects))


def _transcript_digest(reading: ReadingPart | ReadingPart1) -> bytes | None:
    if isinstance(reading, ReadingPart1):
        return reading.transcript_digest
    transcript = reading.attachment("transcript")
    return transcript.digest if transcript else None


def _hit_columns(hit: HitPart) -> tuple[str, str, float | None, float, str]:
    return hit.name, hit.inchikey, hit.probability, hit.score, json.dumps(hit.isomers, ensure_ascii=False)
