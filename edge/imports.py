"""Imports: files from instruments without a public protocol, each received into evidence once, whatever is in it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from sqlmodel import Session, col, select

from edge.database import Database
from edge.errors import BadImport
from edge.import_records import Origin, Parsed, import_record, parse_incoming
from edge.incoming import IncomingFile
from edge.left_out import LeftOut, Why
from edge.received import keep
from edge.recorder import Recorder
from edge.settings import Settings
from edge.tables import ImportedFile
from models.agreement import MASS
from models.errors import UnusableBundle
from models.formats.found import Found
from models.vibrational_library import VibrationalLibrary
from sync.contract.ids import OperatorId, Seq
from sync.contract.imports import ImportRecord

LOG = logging.getLogger(__name__)
MAX_INSTRUMENT = 80
MAX_VERDICT = 2000


@dataclass(frozen=True)
class ImportView:
    """What became of a file: its record, the earlier record of the same bytes, and what was read of it."""

    seq: Seq
    name: str
    digest: str
    same_as: Seq | None
    format: str | None
    problem: str | None
    mass_spectra: int
    traces: int
    remarks: tuple[str, ...]


class Imports:
    """Receives files. Each receipt is one sealed record; bytes that are on record already are told, not repeated."""

    def __init__(
        self,
        database: Database,
        recorder: Recorder,
        library: VibrationalLibrary | None,
        parse: Callable[[IncomingFile], Parsed] = parse_incoming,
    ) -> None:
        self._database = database
        self._recorder = recorder
        self._library = library
        self._parse = parse

    def receive(self, file: IncomingFile, origin: Origin, operator: OperatorId | None) -> ImportView:
        """Put a file on record. Raises BadImport for what was told of it, SealError, NotSaved."""
        origin = _checked(origin)
        parsed = self._read(file)
        with self._database.write() as session:
            first = _first(session, file.digest)
            header = self._recorder.header(operator)
            record = import_record(header, file, origin, parsed, library=self._library, same_as=first)
            seq = self._recorder.record(session, record)
            row = ImportedFile(
                seq=seq,
                digest=file.digest,
                name=file.name,
                instrument=origin.instrument,
                operator=operator,
                verdict=origin.verdict,
                alike=_alike(record),
                technique=_technique(record),
            )
            session.add(row)
            keep(session, seq, record)
        return _view(seq, file, parsed, first)

    def known(self, digest: bytes) -> Seq | None:
        """Return the record that has these bytes already."""
        with self._database.read() as session:
            return _first(session, digest)

    def _read(self, file: IncomingFile) -> Parsed:
        try:
            return self._parse(file)
        except Exception as error:  # a fault of the reader loses no evidence
            LOG.exception("the reader failed on %s (SHA-256 %s)", file.name, file.digest.hex())
            return Parsed(None, Found(), f"the reader failed ({type(error).__name__}); the bytes are on record")


def _first(session: Session, digest: bytes) -> Seq | None:
    earlier = select(ImportedFile.seq).where(ImportedFile.digest == digest).order_by(col(ImportedFile.seq)).limit(1)
    seq = session.exec(earlier).first()
    return None if seq is None else Seq(seq)


def _alike(record: ImportRecord) -> str | None:
    """Return what in the state's library most resembles the file, with its hit quality."""
    if not record.comparison or not record.comparison.hits:
        return None
    best = max(record.comparison.hits, key=lambda hit: hit.derivative)
    return f"{best.name} ({best.derivative:.2f})"


def _technique(record: ImportRecord) -> str | None:
    """Return the one technique of all that was read of the file."""
    found = {MASS for _ in record.samples} | {trace.method for trace in record.traces}
    return found.pop() if len(found) == 1 else None


def _checked(origin: Origin) -> Origin:
    instrument = origin.instrument.strip()
    verdict = origin.verdict.strip() if origin.verdict else None
    if not 0 < len(instrument) <= MAX_INSTRUMENT:
        raise BadImport(f"the instrument's name has {len(instrument)} letters; expected 1 to {MAX_INSTRUMENT}")
    if verdict and len(verdict) > MAX_VERDICT:
        raise BadImport(f"the instrument's verdict has {len(verdict)} letters; expected at most {MAX_VERDICT}")
    return Origin(origin.source, instrument, verdict or None)


def _view(seq: Seq, file: IncomingFile, parsed: Parsed, first: Seq | None) -> ImportView:
    return ImportView(
        seq=seq,
        name=file.name,
        digest=file.digest.hex(),
        same_as=first,
        format=parsed.format,
        problem=parsed.problem,
        mass_spectra=sum(len(sample.spectra) for sample in parsed.found.samples),
        traces=len(parsed.found.traces),
        remarks=parsed.found.remarks,
    )


def read_library(settings: Settings) -> tuple[VibrationalLibrary | None, list[LeftOut]]:
    """Return the state's library, or why it cannot be used; neither where none is set up."""
    if settings.vibrational_library is None:
        return None, []
    path = settings.at(settings.vibrational_library)
    try:
        return VibrationalLibrary.from_bytes(path.read_bytes(), path.name), []
    except OSError as error:
        expected = "expected a file of `garita library build`"
        return None, [LeftOut("vibrational", Why.MISSING, f"{path}: {error.strerror or error}; {expected}")]
    except UnusableBundle as error:
        return None, [LeftOut("vibrational", Why.UNFIT, str(error))]
