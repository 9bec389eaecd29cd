"""Screenings: a reading from the tap that starts it to the sealed record of what came of it."""

import logging
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from threading import Event as Flag
from threading import Lock, Thread
from typing import cast

from sqlmodel import Session, col, select

from drivers.instrument import Analyzer, Progress
from drivers.transcript import Transcript
from edge.acquisition import Acquisition
from edge.amended import review_again
from edge.checking import CHECKS, DailyCheck, Standing, failed, standing_of
from edge.database import Database
from edge.encounters import check_act, encounter
from edge.errors import AnalyzerUnavailable, Busy, EdgeError, NotSaved, UnknownReading
from edge.feed import FINAL_ID, Feed, final_event
from edge.listings import listed
from edge.raw import SPECTRA, raw_bytes, seal_raw
from edge.reading_views import reading_view, sampled
from edge.recorder import Recorder
from edge.records import (
    Header,
    Measurement,
    identification_part,
    interrupted_part,
    reading_part,
    screening,
    station_event,
)
from edge.sampling import take_sample
from edge.space import Space
from edge.stereoisomers import told
from edge.suspects import suspected
from edge.tables import Reading, Screening
from edge.views import Event, Interruption, OperatorView, ReadingState, ReadingView, SubjectKind, SubjectOrCheck
from models.identification import Identifier
from sync.contract.ids import OperatorId, ReadingId, ScreeningId
from sync.contract.records import CheckRecord, IdentificationPart, ReadingPart, ScreeningRecord, Timestamp
from sync.contract.spectrum import Spectra, SpectrumPart
from sync.errors import SyncError

LOG = logging.getLogger(__name__)

FEEDS_KEPT = 8
CLOSE_WITHIN_S = 10
CUT_OFF = "power or the program was cut during the reading; measure again"

OpenAnalyzer = Callable[[Transcript], Analyzer]


@dataclass
class _Running:
    id: ReadingId
    feed: Feed = field(default_factory=Feed)
    stop: Flag = field(default_factory=Flag)


class Screenings:
    """Readings, one at a time. Each one that starts ends in exactly one sealed record, also after a power cut.

    The start is a sealed record before the instrument fires, and `begun` is called then, which anchors it; the end is
    one transaction: rows, journal entry, outbox; then `ended` learns of it.
    """

    def __init__(
        self,
        database: Database,
        recorder: Recorder,
        identifier: Identifier,
        *,
        open_analyzer: OpenAnalyzer | None,
        energies: Sequence[float],
        limit_s: float,
        space: Space,
        begun: Callable[[], None],
        ended: Callable[[ReadingId], None],
        daily: DailyCheck,
    ) -> None:
        self._database = database
        self._recorder = recorder
        self._identifier = identifier
        self._open_analyzer = open_analyzer
        self._energies = energies
        self._limit_s = limit_s
        self._space = space
        self._begun = begun
        self._ended = ended
        self._daily = daily
        self._lock = Lock()
        self._running: _Running | None = None
        self._thread: Thread | None = None
        self._feeds: dict[ReadingId, Feed] = {}

    def open(self, operator: OperatorView, subject_kind: SubjectKind) -> ScreeningId:
        """Begin a screening that has no reading yet; raises NotAllowed, NotSaved."""
        check_act(operator, "measure")
        with self._database.write() as session:
            row = _new_encounter(operator, subject_kind)
            session.add(row)
        return ScreeningId(row.id)

    def start(
        self,
        operator: OperatorView,
        subject_kind: SubjectOrCheck = "unidentified",
        screening: ScreeningId | None = None,
        exhibit: str | None = None,
    ) -> ReadingId:
        """Start a reading of `screening`, or of a new one or a check, and return at once.

        `exhibit` is the id of the one that it is of. Raises Busy, AnalyzerUnavailable, NotAllowed, NoSpace, SealError;
        BadCasework where there is no such screening, or no such exhibit of it whose bag is open.
        """
        with self._lock:
            if self._running:
                raise Busy("another reading is under way; wait for its end or stop it")
            if self._open_analyzer is None:
                raise AnalyzerUnavailable("no analyzer is set up at this station: set `analyzer` in station.toml")
            check_act(operator, "measure")
            self._space.check()
            running = _Running(ReadingId(f"r-{secrets.token_hex(8)}"))
            self._begin(running.id, operator, subject_kind, screening, exhibit)
            self._keep(running)
            self._thread = Thread(target=self._run, args=(running, self._open_analyzer), name="reading", daemon=True)
            self._thread.start()
        return running.id

    def stop(self, reading_id: ReadingId) -> None:
        """Tell the reading to stop, if it still runs; raises UnknownReading."""
        running = self._running
        if running and running.id == reading_id:
            running.stop.set()
        else:
            self.view(reading_id)

    def active(self) -> ReadingId | None:
        """Return the reading that is under way."""
        running = self._running
        return running.id if running else None

    def view(self, reading_id: ReadingId) -> ReadingView:
        """Return a reading as it stands now; raises UnknownReading."""
        running = self._running
        latest = running.feed.latest() if running and running.id == reading_id else None
        with self._database.read() as session:
            row = session.exec(select(Reading).where(Reading.id == reading_id)).first()
            if row is None:
                raise UnknownReading("there is no reading of that id at this station")
            return reading_view(session, row, latest)

    def raw(self, reading_id: ReadingId, name: str) -> bytes | None:
        """Return an attachment of a reading while the station keeps it; raises UnknownReading."""
        record = self.view(reading_id).record
        with self._database.read() as session:
            return raw_bytes(session, record.readings[0], name) if record else None

    def spectra(self, reading_id: ReadingId) -> list[SpectrumPart]:
        """Return the spectra of a reading while the station keeps them; raises UnknownReading."""
        data = self.raw(reading_id, SPECTRA)
        return Spectra.from_bytes(data).spectra if data else []

    def checks(self) -> Standing:
        """Return the newest check of each kind."""
        with self._database.read() as session:
            return standing_of(session)

    def recent(self, limit: int = 20, offset: int = 0) -> list[ReadingView]:
        """Return readings, newest first."""
        running = self._running
        latest = {running.id: running.feed.latest()} if running else {}
        newest = select(Reading).order_by(col(Reading.number).desc()).limit(limit).offset(offset)
        with self._database.read() as session:
            return [reading_view(session, row, latest.get(ReadingId(row.id))) for row in session.exec(newest)]

    def events(self, reading_id: ReadingId, after: int, timeout: float) -> list[Event]:
        """Return what happened after event `after`, waiting up to `timeout` s for the first of it; it only observes.

        Raises UnknownReading. Nothing comes after the event "finished", whose id is FINAL_ID for every reading.
        """
        feed = self._feeds.get(reading_id)
        if feed:
            return feed.after(after, timeout)
        state = self.view(reading_id).state
        return [final_event(state)] if after < FINAL_ID else []

    def close_cut_off(self) -> None:
        """Seal a record for each reading that power or the end of the program cut off; for the station's start."""
        with self._database.write() as session:
            self._close_cut_off(session)

    def close(self) -> None:
        """Stop the reading under way and wait for its record."""
        running, thread = self._running, self._thread
        if running and thread:
            running.stop.set()
            thread.join(CLOSE_WITHIN_S)

    def _begin(
        self,
        reading_id: ReadingId,
        operator: OperatorView,
        subject_kind: SubjectOrCheck,
        screening: ScreeningId | None,
        exhibit: str | None = None,
    ) -> None:
        header = self._recorder.header(operator.id)
        with self._database.write() as session:
            self._close_cut_off(session)
            row = encounter(session, operator, screening) if screening else _new_encounter(operator, subject_kind)
            session.add(row)
            session.flush()
            started = header.recorded.to_bytes()
            reading = Reading(id=reading_id, screening=row.id, operator=operator.id, state="measuring", started=started)
            session.add(reading)
            session.flush()
            of = f"reading {reading_id} of screening {row.id}"
            if exhibit:
                take_sample(session, ScreeningId(row.id), reading_id, exhibit)
                of = f"{of}, exhibit {exhibit}"
            event = station_event(header, "reading_started", of)
            self._recorder.record(session, event, training=operator.training)

    def _keep(self, running: _Running) -> None:
        self._running = running
        self._feeds[running.id] = running.feed
        for old in list(self._feeds)[:-FEEDS_KEPT]:
            del self._feeds[old]

    def _run(self, running: _Running, open_analyzer: OpenAnalyzer) -> None:
        def report(progress: Progress) -> None:
            running.feed.progress(progress.percent, progress.stage)

        self._anchor_start()
        report(Progress(0, "connecting"))
        acquisition = Acquisition(
            open_analyzer, self._energies, self._limit_s, time.monotonic, running.stop.is_set, report
        )
        state: ReadingState = "failed"
        try:
            measurement = acquisition.run()
            report(Progress(100, "identifying"))
            state = self._commit(running.id, measurement)
        except Exception:  # nothing may be saved unsealed: the row stays open, and the next start closes it
            LOG.exception("reading %s could not be sealed", running.id)
        finally:
            self._running = None
            running.feed.finish(state)
            self._ended(running.id)

    def _anchor_start(self) -> None:
        try:
            self._begun()
        except (EdgeError, SyncError):  # an anchor that fails must not stop an officer; the next round tries again
            LOG.exception("the start of the reading could not be anchored")

    def _commit(self, reading_id: ReadingId, measurement: Measurement) -> ReadingState:
        measurement, conclusion = self._conclude(measurement)
        try:
            return self._save(reading_id, measurement, conclusion)
        except NotSaved:  # the reserve is there for this
            self._space.release()
            return self._save(reading_id, measurement, conclusion)

    def _save(self, reading_id: ReadingId, measurement: Measurement, conclusion: IdentificationPart) -> ReadingState:
        with self._database.write() as session:
            row = session.exec(select(Reading).where(Reading.id == reading_id)).one()
            self._seal(session, row, measurement, conclusion)
        return cast("ReadingState", row.state)

    def _conclude(self, measurement: Measurement) -> tuple[Measurement, IdentificationPart]:
        if measurement.interruption:
            return measurement, self._interrupted(measurement.interruption)
        day = self._recorder.day()
        try:
            self._identifier = self._identifier.on(day.date)
            found = self._identifier.identify(measurement.spectra)
            catalogue = self._identifier.catalogue
            further = listed(catalogue, day, found) | told(catalogue, found) | suspected(found)
            return measurement, identification_part(found, further)
        except Exception as error:  # a fault of ours must still end in a sealed record
            LOG.exception("the identification failed")
            problem = f"the identification failed ({type(error).__name__}: {error})"
            failed = replace(measurement, interruption=Interruption.INTERNAL, problem=problem)
            return failed, self._interrupted(Interruption.INTERNAL)

    def _interrupted(self, interruption: Interruption) -> IdentificationPart:
        identifier, day = self._identifier, self._recorder.day()
        lists = listed(identifier.catalogue.on(day.date), day)
        return interrupted_part(interruption, identifier.library.digest, identifier.bundle.digest, lists)

    def _seal(self, session: Session, row: Reading, measurement: Measurement, conclusion: IdentificationPart) -> None:
        encounter = session.exec(select(Screening).where(Screening.id == row.screening)).one()
        header = self._recorder.header(OperatorId(row.operator))
        started = Timestamp.from_bytes(row.started)
        sealed = seal_raw(measurement)
        named = [attachment for attachment, _ in sealed]
        exhibit = sampled(session, row.id)
        part = reading_part(ReadingId(row.id), started, header.recorded, measurement, conclusion, named, exhibit)
        record = self._record_of(session, header, encounter, part)
        row.seq = self._recorder.record(session, record, sealed, training=encounter.training)
        row.record = record.to_bytes()
        row.state = "done" if part.outcome == "measured" else part.outcome
        row.problem = measurement.interruption
        session.add(row)
        review_again(session, ScreeningId(encounter.id))

    def _record_of(
        self, session: Session, header: Header, encounter: Screening, part: ReadingPart
    ) -> ScreeningRecord | CheckRecord:
        kind, screening_id = encounter.subject_kind, ScreeningId(encounter.id)
        if kind in CHECKS:
            return self._daily.record(header, screening_id, kind, part)
        if encounter.training:
            return screening(header, screening_id, kind, part)
        standing = standing_of(session)
        held = self._daily.held(standing, header, part)
        return screening(header, screening_id, kind, part, held, failed(standing, part))

    def _close_cut_off(self, session: Session) -> None:
        for row in session.exec(select(Reading).where(Reading.state == "measuring")).all():
            event = station_event(self._recorder.header(), "reading_cut_off", f"reading {row.id}: {CUT_OFF}")
            self._recorder.record(session, event)
            nothing = Measurement("", None, (), Transcript().to_bytes(), Interruption.CUT_OFF, CUT_OFF)
            self._seal(session, row, nothing, self._interrupted(Interruption.CUT_OFF))


def _new_encounter(operator: OperatorView, subject_kind: SubjectOrCheck) -> Screening:
    return Screening(
        id=f"s-{secrets.token_hex(8)}", subject_kind=subject_kind, operator=operator.id, training=operator.training
    )
