"""What those who look after a station change on it, and put on record."""

from edge import witnessing
from edge.approvals import Approval
from edge.database import Database
from edge.keys import read_roots
from edge.recorder import Recorder
from edge.records import approval_record, fact
from edge.settings import Settings
from sync import accepted
from sync.recipients import RecipientList


class Upkeep:
    """Work on the station, its keys and its witnesses."""

    def __init__(self, database: Database, recorder: Recorder, settings: Settings) -> None:
        self._database = database
        self._recorder = recorder
        self._settings = settings

    def note(self, detail: str) -> None:
        """Put on record that somebody worked on the station."""
        with self._database.write() as session:
            self._recorder.record(session, fact(self._recorder.header(), "maintenance", detail))

    def note_keys(self, subject: str, approval: Approval) -> None:
        """Put on record that two persons change keys, right before they do; raises NotAllowed."""
        asker, _ = approval.of("keys", subject)
        header = self._recorder.header(asker.id)
        with self._database.write() as session:
            self._recorder.record(session, approval_record(header, approval))
            self._recorder.record(session, fact(header, "maintenance", subject))

    def keep_policy(self, policy: bytes) -> None:
        """Let a policy of log and witnesses be in force from the next start on, whatever was before."""
        with self._database.write() as session:
            witnessing.keep(session, policy)

    def check_recipients(self, offered: RecipientList) -> None:
        """Raise RefusedList for an older list than was in use here."""
        with self._database.read() as session:
            accepted.check(offered, read_roots(self._settings), accepted.newest(session))
