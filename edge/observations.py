"""What other instruments tell about a screening: weights, positions, codes and files, each one sealed record."""

from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlmodel import Session

from drivers.documents.recognition import PERSONAL
from edge import received
from edge.case_records import CaseRecords
from edge.database import Database
from edge.dossier import Dossier, records_of
from edge.encounters import encounter
from edge.errors import BadCasework, FileOfAnother
from edge.observation_records import Observed, observation
from edge.received import Received
from edge.recorder import Recorder
from edge.tables import FileUse, ImportedFile
from edge.views import OperatorView
from sync.contract.casework import Concerned
from sync.contract.ids import ScreeningId, Seq
from sync.contract.observations import ObservationCore, SecondTechniqueRecord
from sync.contract.record import Timestamp
from sync.contract.records import PRESUMPTIVE
from sync.journal import JournalEntry

LOOKED_THROUGH = 32
"""Files received lately among which those are looked for that are no screening's evidence."""


@dataclass(frozen=True)
class ReceivedFile:
    """A file on record, for a list: the instrument with its own verdict, what of the library is most alike, and when.

    `received` is None for a file that an older program received.
    """

    seq: Seq
    name: str
    instrument: str
    verdict: str | None
    alike: str | None
    received: Timestamp | None


class Observations:
    """What is told becomes a record. Every method that adds raises BadCasework for what does not fit, SealError."""

    def __init__(self, database: Database, recorder: Recorder) -> None:
        self._database = database
        self._recorder = recorder
        self._records = CaseRecords(recorder)

    def add(self, operator: OperatorView, screening: ScreeningId, observed: Observed) -> Seq:
        """Put a weight, a position or a code on record; a person's document is never one."""
        with self._database.write() as session:
            encounter(session, operator, screening)
            record = observation(self._recorder.header(operator.id), screening, observed)
            if record.code and record.code.kind == PERSONAL:
                raise BadCasework("this code is of a person's document; no personal data are needed, and none are kept")
            return self._records.told(session, operator, record)

    def link(self, operator: OperatorView, screening: ScreeningId, file: Seq, exhibit: str | None = None) -> Seq:
        """Make a received file the second technique of a screening, once; raises FileOfAnother for another's.

        `exhibit` is the id of the one that it is of.
        """
        with self._database.write() as session:
            encounter(session, operator, screening)
            row = session.get(ImportedFile, file)
            if row is None:
                raise BadCasework(f"entry {file} is no file that this station received")
            _check_free(received.use_of(session, row.digest, screening), file, screening)
            header = self._recorder.header(operator.id)
            sampled: dict[str, Any] = {"exhibit": exhibit} if exhibit else {}
            record = SecondTechniqueRecord(
                station=header.station,
                operator=header.operator,
                recorded=header.recorded,
                software=header.software,
                screening=screening,
                presumptive=PRESUMPTIVE,
                concerns=Concerned(seq=file, digest=session.get_one(JournalEntry, file).digest),
                instrument=row.instrument,
                verdict=row.verdict,
                **sampled,
            )
            seq = self._records.told(session, operator, record)
            received.use(session, screening, seq, row.digest)
            return seq

    def offered(self, screening: ScreeningId, most: int) -> list[ReceivedFile]:
        """Return the files received lately that are no screening's evidence yet, newest first, each file once."""
        with self._database.read() as session:
            lately = received.newest(session, LOOKED_THROUGH)
            free = (row for row in lately if received.use_of(session, row.digest, screening) is None)
            return [_offered(session, row) for row in islice(free, most)]

    def of(self, screening: ScreeningId) -> list[tuple[Seq, ObservationCore]]:
        """Return what instruments told about a screening, oldest first."""
        with self._database.read() as session:
            found = records_of(session, screening)
        return [(seq, record) for seq, record in found if isinstance(record, ObservationCore)]

    def second_techniques(self, screening: ScreeningId) -> list[tuple[Seq, SecondTechniqueRecord]]:
        """Return the files that belong to a screening, oldest first."""
        with self._database.read() as session:
            return _links(session, screening)

    def files(self, found: Dossier) -> dict[Seq, Received]:
        """Return what is kept of the files of a screening, by the entries in which they were received."""
        named = [record.concerns.seq for record in found.of(SecondTechniqueRecord)]
        with self._database.read() as session:
            kept = [received.received(session, seq) for seq in named]
        return {each.seq: each for each in kept if each}

    def technique(self, link: SecondTechniqueRecord) -> str | None:
        """Return the technique of the file that belongs to a screening, as far as the file tells."""
        with self._database.read() as session:
            row = session.get(ImportedFile, link.concerns.seq)
        return row.technique if row else None


def _check_free(use: FileUse | None, file: Seq, screening: ScreeningId) -> None:
    if use and use.screening == screening:
        raise BadCasework(f"the file of entry {file} belongs to this screening already, by entry {use.seq}")
    if use:
        raise FileOfAnother(
            f"the file of entry {file} is evidence of screening {use.screening}, by entry {use.seq}, and not of"
            f" {screening}; bring the file of this sample, or void that entry first"
        )


def _offered(session: Session, row: ImportedFile) -> ReceivedFile:
    kept = received.received(session, Seq(row.seq))
    when = kept.record.recorded if kept else None
    return ReceivedFile(Seq(row.seq), row.name, row.instrument, row.verdict, row.alike, when)


def _links(session: Session, screening: ScreeningId) -> list[tuple[Seq, SecondTechniqueRecord]]:
    found = records_of(session, screening)
    return [(seq, record) for seq, record in found if isinstance(record, SecondTechniqueRecord)]
