"""What can go wrong on the station itself, sorted by who can act."""

from datetime import datetime
from typing import ClassVar


class EdgeError(Exception):
    """Root of every error that edge/ raises on purpose; `code` is stable and what a screen translates.

    EdgeError
     ├─ BadSettings          the technician: station.toml names a wrong or missing value
     ├─ UnusableKeyFile      the technician: a key file of the station is missing, damaged or readable by others
     ├─ WrongSecret          whoever unlocks: this passphrase or PIN is not the key's
     ├─ KeyLockedOut         whoever unlocks: too many wrong PINs; the hardware refuses all until its time is over
     ├─ BootChanged          the technician: the machine did not start as it did when the key was kept
     ├─ ProtectorUnavailable the technician: the TPM or token, or a program for it, is not there
     ├─ UnusableDatabase     the technician: another key's database, or a damaged one
     ├─ NotSaved             the technician: the disk is full or fails; nothing of the action was saved
     │   └─ DatabaseHeld     the technician: another program writes to the database; wait, or end that one
     ├─ NoSpace              the operator: no new screening until there is room; everything so far is safe
     ├─ BadCasework          the operator: an exhibit, a seal or an entry that does not fit what is on record
     │   └─ FileOfAnother    the operator: a file that is evidence of another screening; bring that of this sample
     ├─ BadEnrolment         the administrator: a name, role or PIN that cannot be taken
     │   ├─ NameTaken        the administrator: somebody of that name works here; the badge number tells them apart
     │   └─ UnseenLetter     the administrator: a name with a letter that shows nothing; type it anew
     ├─ NotSignedIn          the operator: sign in first, or again after the idle time
     ├─ NotAllowed           the operator: the act is another role's, or needs a second person or a token
     ├─ TokenRefused         the operator: what the token answered proves nothing; try again, or with the right token
     ├─ UnknownAct           the operator: an act that nobody began here, or that waited too long
     ├─ BadLetter            whoever writes it: nothing was written, or too much, or there is nobody to write to
     ├─ UnknownOperator      the operator: nobody of that id is enrolled
     ├─ WrongPin             the operator: so many attempts are left
     ├─ Locked               the operator: wait until then
     ├─ Busy                 the operator: a reading is under way
     ├─ AnalyzerUnavailable  the technician: no analyzer is set up at this station
     ├─ UnknownReading       nobody: there is no such reading
     ├─ FileNotTaken         the operator: a file cannot be read, or is still being written
     ├─ BadImport            the operator: what was told of a file cannot be put on record
     ├─ NotPrinted           the operator: a page or a label came to nothing; what it tells is on record all the same
     └─ NotCarried           the operator: a file is not on the USB stick; it is still here
         ├─ StickGone        the operator: that stick is not plugged in, or was pulled too early
         ├─ StickFull        the operator: that stick has no room for it
         └─ StickTaken       the operator: another file of its name is on that stick, and stays
    """

    code: ClassVar[str] = "station-error"


class BadSettings(EdgeError):
    """Settings that cannot be used; names the file, the field and the form that is expected."""

    code = "bad-settings"


class UnusableKeyFile(EdgeError):
    """A key file that cannot be used."""

    code = "unusable-key-file"


class WrongSecret(EdgeError):
    """Not the passphrase or PIN under which the key is kept."""

    code = "wrong-secret"


class KeyLockedOut(EdgeError):
    """The hardware that keeps the key refuses every PIN for a while, the right one too."""

    code = "key-locked-out"


class BootChanged(EdgeError):
    """The TPM measured another start of this machine than the key was kept for."""

    code = "boot-changed"


class ProtectorUnavailable(EdgeError):
    """What keeps the key cannot be asked."""

    code = "protector-unavailable"


class UnusableDatabase(EdgeError):
    """A database that this key does not open, whose bytes are damaged, or that was lost."""

    code = "unusable-database"


class NotSaved(EdgeError):
    """The database could not be written, so nothing of the action was saved."""

    code = "not-saved"


class DatabaseHeld(NotSaved):
    """Another program held the database too long, so nothing of the action was saved."""

    code = "database-held"


class NoSpace(EdgeError):
    """The disk has no room for another screening; what was begun can still end."""

    code = "no-space"


class BadCasework(EdgeError):
    """Something that cannot be put on record as told."""

    code = "bad-casework"


class ChangedSince(BadCasework):
    """Something was put on record after what is signed was shown to who signs."""


class FileOfAnother(BadCasework):
    """A received file that is evidence of another screening."""


class UnknownCase(BadCasework):
    """There is no such screening, exhibit or entry at this station."""

    code = "unknown-case"


class BadEnrolment(EdgeError):
    """An operator that cannot be enrolled as told."""

    code = "bad-enrolment"


class NameTaken(BadEnrolment):
    """Somebody of the same name works here."""

    code = "name-taken"


class UnseenLetter(BadEnrolment):
    """A name with a letter that shows nothing, so that it looks like another one."""

    code = "unseen-letter"


class NotSignedIn(EdgeError):
    """No operator is behind this token, or no longer."""

    code = "not-signed-in"


class NotAllowed(EdgeError):
    """An act that this person may not do, or not alone, or not without a token."""

    code = "not-allowed"


class TokenRefused(EdgeError):
    """An answer of a token that does not verify."""

    code = "token-refused"


class UnknownAct(EdgeError):
    """An act that waits for no approval: never begun, done, or begun too long ago."""

    code = "unknown-act"


class BadLetter(EdgeError):
    """A letter to the outside body that cannot be taken."""

    code = "bad-letter"


class UnknownOperator(EdgeError):
    """Nobody of that id is enrolled at this station."""

    code = "unknown-operator"


class WrongPin(EdgeError):
    """Not this operator's PIN."""

    code = "wrong-pin"

    def __init__(self, attempts_left: int) -> None:
        super().__init__(f"wrong PIN; {attempts_left} attempts are left before a lock")
        self.attempts_left = attempts_left


class Locked(EdgeError):
    """Too many wrong PINs: no attempt is looked at until the lock ends.

    `until` is for people; the lock itself counts `seconds` on the counter that nobody can turn back.
    """

    code = "locked"

    def __init__(self, until: datetime, seconds: float) -> None:
        super().__init__(f"too many wrong PINs; wait {seconds:.0f} s, until {until:%H:%M:%S} UTC")
        self.until = until
        self.seconds = seconds


class Busy(EdgeError):
    """One reading at a time: another one is under way."""

    code = "busy"


class AnalyzerUnavailable(EdgeError):
    """No analyzer is set up, so no reading can start."""

    code = "analyzer-not-configured"


class UnknownReading(EdgeError):
    """There is no reading of that id at this station."""

    code = "unknown-reading"


class FileNotTaken(EdgeError):
    """A file that cannot be read as it lies there; nothing of it is on record."""

    code = "file-not-taken"


class BadImport(EdgeError):
    """A file whose instrument or verdict cannot be put on record as told."""

    code = "bad-import"


class NotPrinted(EdgeError):
    """A page or a label that could not be made, or that no printer took."""

    code = "not-printed"


class NotPressed(NotPrinted):
    """A page of which no PDF could be made; no printer had a part in it."""

    code = "not-pressed"


class NotCarried(EdgeError):
    """A file that did not get onto a USB stick, or reads back otherwise from there; it is still here."""

    code = "not-carried"


class StickGone(NotCarried):
    """A stick that is not plugged in, or was pulled before all was written."""

    code = "stick-gone"


class StickFull(NotCarried):
    """A stick without room for what is to be written."""

    code = "stick-full"


class StickTaken(NotCarried):
    """A stick with a different file where this one would lie; that one is not replaced."""

    code = "stick-taken"
