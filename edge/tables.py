"""Casework as the station stores it, in its encrypted database. What leaves the station is in sync/contract/records."""

from sqlmodel import Field, SQLModel


class Operator(SQLModel, table=True):
    """A person who may sign in, until they left. The hashes are Argon2id strings, and both are always there.

    The lock counts on one boot's monotonic counter.
    """

    id: str = Field(primary_key=True)
    name: str
    role: str
    pin_hash: str
    duress_hash: str
    left: bool = False
    failures: int = 0
    locks: int = 0
    lock_boot: str | None = None
    lock_started_ns: int | None = None


class Token(SQLModel, table=True):
    """A FIDO2 token of a person: the credential's id, its data as the token gave it, and its last signature counter."""

    credential: bytes = Field(primary_key=True)
    operator: str = Field(foreign_key="operator.id", index=True)
    data: bytes
    counter: int


class Letter(SQLModel, table=True):
    """A sealed letter to the outside body, or a blank one, that waits for the day's record."""

    id: int | None = Field(default=None, primary_key=True)
    sealed: bytes


class Screening(SQLModel, table=True):
    """One encounter with a subject, or the practice of one."""

    id: str = Field(primary_key=True)
    subject_kind: str
    operator: str = Field(foreign_key="operator.id")
    training: bool = False


class Reading(SQLModel, table=True):
    """One acquisition. `number` counts readings; `started` is a Timestamp's bytes, `record` a ScreeningRecord's.

    `seq` and `record` are set once, in the transaction that seals the record; a trigger keeps them.
    """

    number: int | None = Field(default=None, primary_key=True)
    id: str = Field(unique=True)
    screening: str = Field(foreign_key="screening.id")
    operator: str = Field(foreign_key="operator.id")
    state: str = Field(index=True)
    problem: str | None = None
    started: bytes
    record: bytes | None = None
    seq: int | None = Field(default=None, unique=True)


class SampledExhibit(SQLModel, table=True):
    """Of which exhibit a reading is, also of one that was taken back since; a reading of none has no row."""

    reading: str = Field(primary_key=True, foreign_key="reading.id")
    exhibit: str


class ClockMark(SQLModel, table=True):
    """The one row that remembers the wall clock: at the newest record, and at its highest ever."""

    id: int = Field(default=1, primary_key=True)
    latest: str
    highest: str


class ClockAgreed(SQLModel, table=True):
    """The one row that remembers the highest wall time at which network, satellites or centre agreed, two of them."""

    id: int = Field(default=1, primary_key=True)
    wall: str


class CentralTime(SQLModel, table=True):
    """The one row that remembers the centre's time at the last receipt, and where the counter of which boot stood."""

    id: int = Field(default=1, primary_key=True)
    time: str
    monotonic_ns: int
    boot: str


class StationState(SQLModel, table=True):
    """The one row that remembers the last start: with which model and library, and whether it ended in order."""

    id: int = Field(default=1, primary_key=True)
    bundle: str
    library: str
    closed: bool


class TakenRelease(SQLModel, table=True):
    """The newest release of a kind (bundle, library) that was ever in use here."""

    kind: str = Field(primary_key=True)
    version: int


class SeenRelease(SQLModel, table=True):
    """A release of a kind whose releases count together (library, schedules), which was whole here once."""

    kind: str = Field(primary_key=True)
    version: int = Field(primary_key=True)


class ToldSettings(SQLModel, table=True):
    """The settings that were in force from entry `since` on, as JSON: a row for each start that found other ones."""

    since: int = Field(primary_key=True)
    told: str


class KeptPolicy(SQLModel, table=True):
    """The one row with the policy of log and witnesses that is in force, as its file was."""

    id: int = Field(default=1, primary_key=True)
    policy: bytes


class RetentionMark(SQLModel, table=True):
    """The one row that says up to which seq readings keep only what lists show."""

    id: int = Field(default=1, primary_key=True)
    seq: int


class CaughtUp(SQLModel, table=True):
    """The one row that says up to which entry of casework the rows beside it know what it says."""

    id: int = Field(default=1, primary_key=True)
    seq: int


class Exhibit(SQLModel, table=True):
    """A numbered thing of a screening; `seal_number` and `holder` are what its records come to, kept to find it by."""

    id: str = Field(primary_key=True)
    screening: str = Field(foreign_key="screening.id")
    number: int
    seal_number: str | None = None
    holder: str


class CaseState(SQLModel, table=True):
    """How far a seizure is: `signature` is the entry that signed it, `decision` what the review came to.

    That is `corrected` where it approved what was corrected since, or found with another seal.
    """

    screening: str = Field(foreign_key="screening.id", primary_key=True)
    signature: int | None = None
    decision: str | None = None


class UsedSeal(SQLModel, table=True):
    """A seal number that was ever applied here, and to which exhibit: none closes a second bag, or one bag twice.

    A number that no record of an exhibit has any more, taken back, voided or amended, is left with an empty exhibit.
    """

    number: str = Field(primary_key=True)
    exhibit: str


class Correction(SQLModel, table=True):
    """That entry `seq` voids or amends the entry `concerns`."""

    seq: int = Field(primary_key=True)
    concerns: int = Field(index=True)
    voids: bool


class ImportedFile(SQLModel, table=True):
    """One receipt of a file from an instrument; `seq` is the journal's number of its record.

    `verdict` is the instrument's own; `alike` names what in the state's library resembles it most; `technique` is
    one of models/agreement.py, null where the file does not tell.
    """

    seq: int = Field(primary_key=True)
    digest: bytes = Field(index=True)
    name: str
    instrument: str
    operator: str | None = None
    verdict: str | None = None
    alike: str | None = None
    technique: str | None = None


class KeptImport(SQLModel, table=True):
    """What lists and papers tell of a received file: its record, without its bytes and the points of its spectra.

    The first of its spectra stand in it; `mass_spectra` and `traces` count all.
    """

    seq: int = Field(primary_key=True)
    record: bytes
    mass_spectra: int
    traces: int


class FileUse(SQLModel, table=True):
    """That entry `seq` made the file of this SHA-256 the second technique of a screening."""

    seq: int = Field(primary_key=True)
    digest: bytes = Field(index=True)
    screening: str = Field(foreign_key="screening.id")


class CaseRecord(SQLModel, table=True):
    """What was put on record about a screening, kept for screens and paper: an observation, a step of casework.

    `record` is the record's bytes, without the session of an instrument.
    """

    seq: int = Field(primary_key=True)
    screening: str = Field(foreign_key="screening.id", index=True)
    record: bytes


class Draft(SQLModel, table=True):
    """A field that an officer filled in and has not signed: saved on change, gone when it is on record.

    `name` says which, as `subject_plate`; `value` is its text.
    """

    screening: str = Field(foreign_key="screening.id", primary_key=True)
    name: str = Field(primary_key=True)
    value: str
