"""Printing leaves a trace: every paper that is handed out is on record before it is."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from edge.database import Database
from edge.dossier import Dossier, keep_record
from edge.recorder import Recorder
from edge.views import OperatorView
from sync.contract.ids import Seq
from sync.contract.printing import PaperForm, PaperKind, PrintRecord


@dataclass(frozen=True)
class Handed:
    """One paper in its bytes, and how it leaves; `exhibit` is that of a label."""

    paper: PaperKind
    form: PaperForm
    data: bytes
    copies: int = 1
    way: Literal["printer", "file"] = "file"
    exhibit: str | None = None


class Printing:
    """Puts on record what is printed."""

    def __init__(self, database: Database, recorder: Recorder) -> None:
        self._database = database
        self._recorder = recorder

    def note(self, operator: OperatorView, dossier: Dossier, handed: Handed) -> Seq:
        """Return the entry that says what is handed out; raises SealError, NotSaved: then nothing may be."""
        record = PrintRecord(
            **vars(self._recorder.header(operator.id)),
            screening=dossier.screening,
            paper=handed.paper,
            exhibit=handed.exhibit,
            form=handed.form,
            way=handed.way,
            copies=handed.copies,
            digest=sha256(handed.data).digest(),
        )
        with self._database.write() as session:
            seq = self._recorder.record(session, record, training=dossier.training)
            keep_record(session, dossier.screening, seq, record)
        return seq
