"""Station: the parts of a running device, joined once."""

import logging
import shutil
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Self

import httpx
from argon2 import PasswordHasher
from argon2.profiles import RFC_9106_LOW_MEMORY

from drivers.family import Role
from drivers.ports.discovery import SharedLook
from drivers.ports.health import PortHealth
from drivers.registry import open_analyzer
from edge import beginning, knowledge, settings_told, witnessing
from edge.accounts import Accounts
from edge.admission import admit
from edge.approvals import Approval
from edge.backlight import Backlight
from edge.cases import Cases
from edge.casework import Casework
from edge.catching_up import catch_up
from edge.centre import http_client
from edge.checking import DailyCheck
from edge.clock import Clock, SystemClock, parse_wall
from edge.companions import Companions
from edge.comparisons import Comparisons
from edge.courier import Courier
from edge.database import Database
from edge.desk import Desk
from edge.drafts import Drafts
from edge.duress import Duress
from edge.early import hazard_to_life, waits
from edge.errors import EdgeError, ProtectorUnavailable
from edge.export import Leaving, export_evidence, most_bytes, whole
from edge.housekeeping import Housekeeping
from edge.import_folder import ImportFolder
from edge.imports import Imports, read_library
from edge.instrument_port import InstrumentPort
from edge.keyfile import Ask
from edge.keyring import Keyring
from edge.keys import read_log_keys, read_recipients, read_roots, read_sealer
from edge.left_out import LeftOut, Why
from edge.letterbox import Letterbox
from edge.link import LinkWatch
from edge.observations import Observations
from edge.operators import Operators
from edge.pin_pad import PinPad
from edge.pins import Pins
from edge.player import player
from edge.preferences import Panel
from edge.printing import Printing
from edge.protect import anchor_of, protector_of
from edge.protectors.tpm_anchor import TpmAnchor
from edge.recorder import Recorder, timekeeper
from edge.records import fact
from edge.screenings import Screenings
from edge.seals_read import SealsRead
from edge.seizures import Seizures
from edge.sending import Sending
from edge.sessions import Sessions
from edge.settings import FILE_NAME, Settings
from edge.shifts import Shifts
from edge.software import software
from edge.sound import Sound
from edge.space import MIB, Space
from edge.sticks import Sticks
from edge.subjects import Subjects
from edge.surroundings import Surroundings
from edge.tokens import Tokens
from edge.unlock import ask_for_secret
from edge.upkeep import Upkeep
from edge.views import AnalyzerState, EnvelopeView, HealthView, OperatorView, ReadingView
from models.identification import Identifier
from sync import anchoring, journal
from sync.contract.ids import ReadingId, Seq
from sync.contract.records import ScreeningRecord
from sync.errors import RolledBack, SyncError

LOG = logging.getLogger(__name__)
CLOSE_WITHIN_S = 30


class Station:
    """A device at work. `start` begins its day, `close` ends it; between them everything goes through its parts."""

    def __init__(
        self,
        settings: Settings,
        *,
        identifier: Identifier,
        keyring: Keyring,
        clock: Clock,
        hasher: PasswordHasher,
        http: httpx.Client | None = None,
        left_out: Iterable[LeftOut] = (),
    ) -> None:
        self.settings = settings
        self.identifier = identifier
        vibrational, unusable = read_library(settings)
        self._demo_key = keyring.demo
        roots = read_roots(settings)
        recipients = read_recipients(settings, roots)
        sealer = read_sealer(settings, recipients, keyring)
        self._database = Database.of(settings, keyring.key)
        ports = SharedLook()
        self.companions = Companions.of(settings, self._today, ports)
        with self._database.read() as session:
            self._times = timekeeper(session, clock, self.companions.utc)
            self._policy = witnessing.in_force(session, settings)
        duress = Duress()
        self._recorder = Recorder(sealer, self._times, software(), duress)
        self.left_out = admit(
            self._database,
            self._recorder,
            settings,
            recipients=recipients,
            roots=roots,
            bundle=identifier.bundle,
            left_out=[*left_out, *unusable],
        )
        self._space = Space(settings.data, settings.reserve_mib * MIB)
        sessions = Sessions(self._times, settings.idle_minutes, self._note_expired)
        pin_pad = PinPad(self._database, self._recorder, self._times, Pins(hasher), duress)
        self.accounts = Accounts(self._database, self._recorder, pin_pad, sessions)
        self.operators = Operators(
            self._database,
            self._recorder,
            pin_pad=pin_pad,
            sessions=sessions,
            accounts=self.accounts,
            demo=settings.demo,
        )
        self.tokens = Tokens(self._database)
        self.desk = Desk(settings.station, self.operators, self.tokens, self._times)
        self._analyzer = InstrumentPort(settings.analyzer, open_analyzer, ports) if settings.analyzer else None
        self._logs = tuple(dict.fromkeys((*self._policy.logs, *read_log_keys(settings))))
        self._anchor = anchor_of(settings)
        outside = next(iter(recipients.for_oversight), None)
        self.letterbox = Letterbox(self._database.write, self._recorder, self._times, outside)
        self._housekeeping = Housekeeping(
            self._database.write,
            self._recorder,
            sealer,
            self._space,
            retention=timedelta(hours=settings.retention_hours),
            now=lambda: self._times.moment().wall,
            anchor=self._anchor,
            lock=settings.data / FILE_NAME,
            send_letters=self.letterbox.send_when_due,
        )
        self.panel = Panel(settings.data)
        self.sound = Sound(player(settings.player), self.panel)
        self.screenings = Screenings(
            self._database,
            self._recorder,
            identifier,
            open_analyzer=self._analyzer.open if self._analyzer else None,
            energies=settings.energies,
            limit_s=settings.reading_limit_s,
            space=self._space,
            begun=self._housekeeping.anchor_now,
            ended=self.announce,
            daily=DailyCheck(settings.daily_check, settings.reference_sample),
        )
        self.casework = Casework(self._database, self._recorder)
        self.seizures = Seizures(self._database, self._recorder)
        self.cases = Cases(self._database)
        self.drafts, self.seals_read = Drafts(self._database), SealsRead(self._times)
        self.shifts = Shifts(self._database)
        self.printing = Printing(self._database, self._recorder)
        self.imports = Imports(self._database, self._recorder, vibrational)
        self.observations = Observations(self._database, self._recorder)
        self.comparisons = Comparisons(self._database, self._recorder, identifier.catalogue)
        self.subjects = Subjects(self._database, self._recorder)
        self.surroundings = Surroundings(settings.at(settings.sensors))
        self.backlight = Backlight(settings.backlight and settings.at(settings.backlight), settings.night_brightness)
        self.sticks = Sticks(settings.at(settings.sticks))
        self.courier = Courier(self._database, sealer, self._policy, lambda: self._times.moment().wall, self.sticks)
        self.upkeep = Upkeep(self._database, self._recorder, settings)
        self._closing = Event()
        self.sending = Sending(
            settings, self._database, self._recorder, self._times, self._policy, http=http, wait=self._closing.wait
        )
        self._threads: list[Thread] = []

    @classmethod
    def open(cls, data: Path, ask: Ask = ask_for_secret) -> Self:
        """Open the station whose data directory is `data`; `ask` gives what the key's protector asks for.

        Raises BadSettings, what the protector raises, UnusableDatabase, or a ModelError for bundle and catalogue.
        """
        settings = Settings.load(data)
        return cls.unlocked(settings, Keyring.unlock(protector_of(settings, ask)))

    @classmethod
    def unlocked(cls, settings: Settings, keyring: Keyring) -> Self:
        """Open the station with its key in hand; raises as `open` does. What can be left out is, and told."""
        http, unsent = http_client(settings, keyring)
        known = knowledge.open_known(settings)
        hasher = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
        return cls(
            settings,
            identifier=known.identifier,
            keyring=keyring,
            clock=SystemClock(),
            hasher=hasher,
            http=http,
            left_out=(*known.left_out, *unsent),
        )

    def start(self) -> None:
        """Look at journal, anchor and disk, record the start, close what a power cut left open, and begin to work.

        Raises BrokenChain or RolledBack: such a journal is for an auditor, and nothing more is written to it.
        """
        self._space.restore()
        with self._database.read() as session:
            sealer = self._recorder.sealer
            head = anchoring.check_start(session, sealer.station, sealer.key, self._logs, self._anchor)
            unknown = anchoring.unknown_receipt(session, self._logs)
        if unknown:
            self.left_out.append(LeftOut("receipts", Why.MISSING, str(unknown)))
        with self._database.write() as session:
            digests = {"bundle": self.identifier.bundle.digest, "library": self.identifier.library.digest}
            found = beginning.Found(
                **digests,
                head=head,
                space=self._space.state(),
                left_out=self.left_out,
                settings=self.settings,
            )
            beginning.begin(session, self._recorder, found)
            catch_up(session)
        if self._analyzer:
            self._analyzer.start()
        self.companions.start()
        self.screenings.close_cut_off()
        self.letterbox.send()
        self._housekeeping.anchor_now()
        self._work(self._housekeeping.run, self._closing)
        if self.settings.import_folder:
            self._work(ImportFolder(self.settings.at(self.settings.import_folder), self.imports).run, self._closing)
        if self.sending.relay:
            self._work(self.sending.relay.run, self._closing, self._recorder.committed)
            self._work(LinkWatch(self.sending.hurry).run, self._closing)

    def close(self) -> None:
        """Stop the reading under way, stop sending, anchor the journal, and close the database."""
        self.screenings.close()
        if self._analyzer:
            self._analyzer.close()
        self.companions.close()
        self.sound.close()
        self._closing.set()
        self._recorder.committed.set()
        for thread in self._threads:
            thread.join(CLOSE_WITHIN_S)
        if self._threads:
            self._end()
        self._database.close()

    def anchor(self, counter: TpmAnchor) -> None:
        """Make `counter` the anchor of the journal, which has begun; the one before moves on: no older head fits it."""
        counter.define()
        anchoring.begin_anchor(self._database.write, self._recorder.sealer, self._times.moment().wall, counter)
        if self._anchor:
            with suppress(ProtectorUnavailable, RolledBack):  # it is gone, which may be why there is a new one
                self._anchor.advance()

    def leaving(self, asked: Leaving) -> Leaving:
        """Return what leaves with what is asked for: also what that names. Raises BadCasework."""
        return whole(self._database, asked)

    def export_evidence(self, leaving: Leaving, approval: Approval) -> bytes:
        """Return a court bundle of sealed entries, up to a head that is signed now; raises as export.py says."""
        self._housekeeping.anchor_now()
        return export_evidence(self._database, self._recorder, self._logs, leaving, approval)

    def export_size(self, leaving: Leaving) -> int:
        """Return how many bytes that bundle takes at most; raises BadCasework where there are no such entries."""
        return most_bytes(self._database, leaving)

    def journal_end(self) -> Seq:
        """Return the seq of the journal's last entry."""
        with self._database.read() as session:
            last = journal.head(session)
        return last.seq if last else Seq(0)

    def envelope(self, seq: Seq) -> EnvelopeView:
        """Return what can be told of the journal's entry `seq` without opening it."""
        with self._database.read() as session:
            return self._recorder.envelope(session, seq)

    def post_at(self, seq: Seq) -> str:
        """Return what the post was called when entry `seq` was made."""
        with self._database.read() as session:
            return settings_told.post_at(session, seq) or self.settings.post

    def announce(self, reading: ReadingId) -> None:
        """Let the officer hear what a reading of a subject came to, once they may see it; a stopped one to nothing.

        A hazard to life is heard at once.
        """
        found = self.screenings.view(reading)
        due = self.subjects.is_due(found.screening) and waits(found)
        if not isinstance(found.record, ScreeningRecord) or found.state == "stopped":
            return
        if not due or self.hazard_to_life(found):
            self.sound.tell(found.record.conclusion)

    def hazard_to_life(self, reading: ReadingView) -> str | None:
        """Return the key of the hazard to life that a reading found, None where it found none or still runs."""
        return hazard_to_life(self.identifier.catalogue, reading.record) if reading.record else None

    def ports(self) -> dict[Role, PortHealth]:
        """Return how each instrument's port is doing: bytes, frames and faults since the station was opened."""
        ports = {role: port.health for role, port in self.companions.ports.items()}
        return {Role.ANALYZER: self._analyzer.health, **ports} if self._analyzer else ports

    def health(self) -> HealthView:
        """Return the station in one glance; touches no instrument."""
        state = self.sending.state()
        now = self._times.now()
        return HealthView(
            station=self.settings.station,
            post=self.settings.post,
            software=software(),
            analyzer=self._analyzer_state(),
            clock=now.trust,
            now=parse_wall(now.wall),
            disk_free=shutil.disk_usage(self.settings.data).free,
            space=self._space.state(),
            waiting=state.waiting,
            refused=state.refused,
            oldest_waiting=state.oldest,
            demo_key=self._demo_key,
            library=self.identifier.library.digest,
            bundle=self.identifier.bundle.digest,
        )

    def _work(self, duty: Callable[..., None], *arguments: Event) -> None:
        thread = Thread(target=duty, args=arguments, name=duty.__qualname__, daemon=True)
        thread.start()
        self._threads.append(thread)

    def _end(self) -> None:
        try:
            with self._database.write() as session:
                beginning.end(session)
            self._housekeeping.anchor_now()
        except (EdgeError, SyncError):
            LOG.exception("the station's end could not be noted; the next start will say so")

    def _today(self) -> date:
        return self._times.moment().wall.date()

    def _note_expired(self, operator: OperatorView) -> None:
        header = self._recorder.header(operator.id)
        with self._database.write() as session:
            self._recorder.record(session, fact(header, "session_expired", "signed out after the idle time"))

    def _analyzer_state(self) -> AnalyzerState:
        if self._analyzer is None:
            return "not-configured"
        if self.screenings.active():
            return "measuring"
        return "connected" if self._analyzer.attached else "absent"
