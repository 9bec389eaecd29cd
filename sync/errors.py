"""What can go wrong with evidence in transit, sorted by who can act."""

LONGEST_CODE, LONGEST_LINE = 64, 500


def one_line(text: str, most: int = LONGEST_LINE) -> str:
    """Return what somebody else made us say as one short line that commands no terminal."""
    return "".join(each if each.isprintable() else "?" for each in text[:most])


class SyncError(Exception):
    """Root of every error that sync/ raises on purpose.

    SyncError
     ├─ Malformed             bytes that do not follow their format: whoever made them
     ├─ UnusableKey           the technician: a key file is wrong, damaged or of another purpose
     ├─ RefusedList           the technician: a recipient list that the state's roots did not sign, or an old one
     ├─ RefusedRelease        the technician: a bundle or library that the state's roots did not sign, or an old one
     ├─ SealError             the technician: too few recipients; nothing may be saved
     ├─ OpenError             the key holder: sealed to others, or damaged on the way
     ├─ BadSignature          somebody changed the bytes, or another key signed them
     │   └─ UnknownLog        the technician: a log signed whose key is not laid here
     ├─ BrokenChain           the auditor: a gap, a fork or an edited entry in a station's journal
     ├─ RolledBack            the auditor: the journal is older than what its anchor or a receipt knows of it
     ├─ BadProof              whoever made the proof: it does not lead where it claims, and says nothing of the log
     │   └─ Rewritten         the auditor: the proof shows that the log begins with other entries than it did
     ├─ BadReceipt            the centre's proof does not hold; the entry stays in the outbox
     │   └─ UnknownReceipt    the technician: it is of a log whose key is not laid here
     ├─ CentralRefused        the centre answered no, and why; the entry stays in the outbox
     ├─ CentralUnreachable    the network: later, without end
     ├─ NothingOnStick        whoever carries it: a folder in which there is nothing for this command
     ├─ LogDamaged            the centre's operator: rows, tiles and checkpoint disagree; nothing more is signed
     ├─ UnusableDatabase      whoever starts the program: a newer version has changed the database's tables
     └─ UnusableSettings      whoever starts the program: a settings file is missing or wrong
    """


class Malformed(SyncError):
    """Bytes that do not follow their format; says which format, what was expected and what came."""


class UnusableKey(SyncError):
    """A key that cannot be used for what was asked."""


class RefusedList(SyncError):
    """A recipient list that must not be used; the one in use stays."""


class RefusedRelease(SyncError):
    """A bundle or a change of the library that must not be used; what is in use stays."""


class SealError(SyncError):
    """Sealing is impossible, so nothing is saved."""


class OpenError(SyncError):
    """An envelope that this identity cannot open."""


class BadSignature(SyncError):
    """A signature that does not verify."""


class UnknownLog(BadSignature):
    """A checkpoint that no log signed whose key is known here."""


class BrokenChain(SyncError):
    """A journal whose entries do not follow one another."""


class RolledBack(SyncError):
    """A journal that was whole once, and is not the newest one."""


class BadProof(SyncError):
    """A Merkle proof that does not lead where it claims."""


class Rewritten(BadProof):
    """A proof that two trees, which one log signed, do not begin with the same leaves: evidence against the log."""


class BadReceipt(SyncError):
    """A receipt that does not prove inclusion under the pinned log key."""


class UnknownReceipt(BadReceipt):
    """A receipt of a log that is not known here; it proves nothing, and shows nothing to be wrong."""


class CentralRefused(SyncError):
    """The centre's refusal, with its stable code; of what it says one short line, for that is kept."""

    def __init__(self, code: str, detail: str) -> None:
        self.code, self.detail = one_line(code, LONGEST_CODE), one_line(detail)
        super().__init__(f"the centre refused ({self.code}): {self.detail}")


class CentralUnreachable(SyncError):
    """No answer from the centre that could be used; `wait` is how long it asked to be left alone, in seconds."""

    def __init__(self, detail: str, wait: int = 0) -> None:
        super().__init__(one_line(detail))
        self.wait = wait


class NothingOnStick(SyncError):
    """A folder that holds nothing of what was to be taken from it; says what was looked for, and where."""


class LogDamaged(SyncError):
    """The national log's rows, tiles and checkpoint do not agree, so it signs nothing."""


class UnusableDatabase(SyncError):
    """A database whose tables this program does not know."""


class UnusableFile(SyncError):
    """A file that is missing, or that is there already and is not overwritten; says what to do."""


class UnusableSettings(SyncError):
    """A settings file that cannot be used; says which, and what to do."""
