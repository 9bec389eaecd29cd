"""Received files: what lists and papers tell of one, and whose evidence it is."""

from dataclasses import dataclass

from sqlmodel import Session, col, func, or_, select

from edge.dossier import records_of
from edge.standing import Standing
from edge.tables import FileUse, ImportedFile, KeptImport, Screening
from sync.contract.ids import ScreeningId, Seq
from sync.contract.imports import ImportRecord, SamplePart
from sync.contract.records import parse_record
from sync.outbox import OutboxEntry

MOST_TOLD = 8
"""Readings and traces of a file that are kept for lists and papers; the sealed entry has them all."""


@dataclass(frozen=True)
class Received:
    """A file on record: its entry, without its bytes and the points of its spectra, and how many spectra it has.

    `log_index` is the entry's place in the national log once it is there.
    """

    seq: Seq
    record: ImportRecord
    mass_spectra: int
    traces: int
    log_index: int | None


def keep(session: Session, seq: Seq, record: ImportRecord) -> None:
    """Keep of a received file what lists and papers tell."""
    told = {
        "file": record.file.model_copy(update={"content": None}),
        "samples": [_without_points(each) for each in record.samples[:MOST_TOLD]],
        "traces": [each.model_copy(update={"axis": b"", "values": b""}) for each in record.traces[:MOST_TOLD]],
    }
    kept, spectra = record.model_copy(update=told), sum(len(each.spectra) for each in record.samples)
    session.add(KeptImport(seq=seq, record=kept.to_bytes(), mass_spectra=spectra, traces=len(record.traces)))


def _without_points(sample: SamplePart) -> SamplePart:
    first = [each.model_copy(update={"mz": b"", "intensity": b""}) for each in sample.spectra[:1]]
    return sample.model_copy(update={"spectra": first})


def received(session: Session, seq: Seq) -> Received | None:
    """Return the file of an entry; None where none was received, or by a program that kept nothing to tell."""
    row, way = session.get(KeptImport, seq), session.get(OutboxEntry, seq)
    record = parse_record(row.record) if row else None
    if row is None or not isinstance(record, ImportRecord):
        return None
    return Received(seq, record, row.mass_spectra, row.traces, way.log_index if way else None)


def newest(session: Session, most: int) -> list[ImportedFile]:
    """Return the files received lately, newest first, each file once."""
    seq = col(ImportedFile.seq)
    last = select(func.max(seq)).group_by(col(ImportedFile.digest))
    return list(session.exec(select(ImportedFile).where(seq.in_(last)).order_by(seq.desc()).limit(most)))


def use(session: Session, screening: ScreeningId, seq: Seq, digest: bytes) -> None:
    """Keep that entry `seq` makes the file of this SHA-256 evidence of a screening."""
    session.add(FileUse(seq=seq, digest=digest, screening=screening))


def use_of(session: Session, digest: bytes, screening: ScreeningId) -> FileUse | None:
    """Return how a file is evidence already, as `screening` sees it; None where nobody has it.

    What was voided holds no file, and practice holds none before another screening.
    """
    here, real = FileUse.screening == screening, col(Screening.training).is_(False)
    uses = select(FileUse).join(Screening).where(FileUse.digest == digest, or_(here, real)).order_by(col(FileUse.seq))
    return next((each for each in session.exec(uses) if _counts(session, each)), None)


def _counts(session: Session, use: FileUse) -> bool:
    standing = Standing.of(records_of(session, ScreeningId(use.screening)))
    return use.seq in dict(standing.records) and use.seq not in standing.voided
