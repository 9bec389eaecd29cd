"""A station without a line, and the stick between it and the centre."""

from collections.abc import Callable
from pathlib import Path

from sqlmodel import Session

from sync import attachment_store, outbox, stick, stick_attachments
from sync.attachment_store import SealedAttachment
from sync.attachments import seal_attachment
from sync.contract.ids import Seq
from sync.journal import Sealer, append
from sync.note import LogVerifier
from sync.stick_files import Exported
from tests.sync.witness.parts import NOON

Sessions = Callable[[], Session]


class Post:
    """A station without a line."""

    def __init__(self, sessions: Sessions, sealer: Sealer, stick_folder: Path, log: LogVerifier) -> None:
        self.sessions, self.sealer, self.folder, self.log = sessions, sealer, stick_folder, log

    def write(self, count: int) -> None:
        with self.sessions() as session:
            for number in range(count):
                outbox.put(session, Seq(append(session, self.sealer, b"record %d" % number).seq))
                session.flush()
            session.commit()

    def export(self) -> Exported:
        return stick.export(self.sessions, self.sealer, self.folder)

    def attach(self, *data: bytes) -> list[SealedAttachment]:
        """Keep attachments of the first entry."""
        parts = [seal_attachment(each, "photo", "image/jpeg") for each in data]
        with self.sessions() as session:
            attachment_store.keep(session, self.sealer, Seq(1), parts)
            session.commit()
        return parts

    def export_attachments(self) -> Exported:
        return stick_attachments.export(self.sessions, self.sealer, self.folder)

    def bring_back(self) -> stick.Imported:
        return stick.import_answers(self.sessions, self.sealer, self.folder, self.log, NOON)

    def bring_attachments_back(self) -> stick.Imported:
        return stick_attachments.import_answers(self.sessions, self.sealer, self.folder, [self.log], NOON)

    def waiting(self) -> int:
        with self.sessions() as session:
            return outbox.summary(session).waiting
