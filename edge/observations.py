"""What other instruments tell about a screening: weights, positions, codes and files, each one sealed record."""

from sqlmodel import Session

from drivers.documents.recognition import PERSONAL
from edge.case_records import CaseRecords
from edge.database import Database
from edge.dossier import records_of
from edge.encounters import encounter
from edge.errors import BadCasework
from edge.observation_records import Observed, observation
from edge.recorder import Recorder
from edge.tables import ImportedFile
from edge.views import OperatorView
from sync.contract.casework import Concerned
from sync.contract.ids import ScreeningId, Seq
from sync.contract.observations import ObservationCore, SecondTechniqueRecord
from sync.contract.records import PRESUMPTIVE
from sync.journal import JournalEntry


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

    def link(self, operator: OperatorView, screening: ScreeningId, file: Seq) -> Seq:
        """Make a received file the second technique of a screening, once."""
        with self._database.write() as session:
            encounter(session, operator, screening)
            row = session.get(ImportedFile, file)
            if row is None:
                raise BadCasework(f"entry {file} is no file that this station received")
            if any(record.concerns.seq == file for _, record in _links(session, screening)):
                raise BadCasework(f"the file of entry {file} belongs to this screening already")
            header = self._recorder.header(operator.id)
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
            )
            return self._records.told(session, operator, record)

    def of(self, screening: ScreeningId) -> list[tuple[Seq, ObservationCore]]:
        """Return what instruments told about a screening, oldest first."""
        with self._database.read() as session:
            found = records_of(session, screening)
        return [(seq, record) for seq, record in found if isinstance(record, ObservationCore)]

    def second_techniques(self, screening: ScreeningId) -> list[tuple[Seq, SecondTechniqueRecord]]:
        """Return the files that belong to a screening, oldest first."""
        with self._database.read() as session:
            return _links(session, screening)

    def technique(self, link: SecondTechniqueRecord) -> str | None:
        """Return the technique of the file that belongs to a screening, as far as the file tells."""
        with self._database.read() as session:
            row = session.get(ImportedFile, link.concerns.seq)
        return row.technique if row else None


def _links(session: Session, screening: ScreeningId) -> list[tuple[Seq, SecondTechniqueRecord]]:
    found = records_of(session, screening)
    return [(seq, record) for seq, record in found if isinstance(record, SecondTechniqueRecord)]
