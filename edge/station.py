"""Station: the parts of a running device, joined once."""

import importlib.metadata
import random
import shutil
from pathlib import Path
from threading import Event, Thread
from typing import Self

import httpx
from argon2 import PasswordHasher
from argon2.profiles import RFC_9106_LOW_MEMORY

from drivers.ports.health import PortHealth
from edge.analyzer_port import AnalyzerPort
from edge.centre import http_client
from edge.clock import Clock, SystemClock, Timekeeper, parse_wall
from edge.database import Database
from edge.keyfile import Ask
from edge.keyring import Keyring
from edge.keys import read_log_key, read_recipients, read_roots, read_sealer
from edge.operators import Operators
from edge.protect import protector_of
from edge.recorder import Recorder, highest_wall
from edge.records import station_event
from edge.screenings import Screenings
from edge.sessions import Sessions
from edge.settings import Settings
from edge.unlock import ask_for_secret
from edge.views import AnalyzerState, EnvelopeView, HealthView
from models.identification import Identifier
from sync import accepted, outbox
from sync.client import CentralClient
from sync.contract.ids import Seq
from sync.outbox import OutboxState
from sync.recipients import RecipientList
from sync.relay import Relay
from sync.roots import RootSet

SOFTWARE = f"garita {importlib.metadata.version('garita')}"
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
    ) -> None:
        self.settings = settings
        self.identifier = identifier
        self._demo_key = keyring.demo
        roots = read_roots(settings)
        recipients = read_recipients(settings, roots)
        sealer = read_sealer(settings, recipients, keyring)
        self._database = Database(settings.at(settings.database), keyring.key)
        with self._database.read() as session:
            self._times = Timekeeper(clock, highest_wall(session))
        self._recorder = Recorder(sealer, self._times, SOFTWARE)
        self._admit(recipients, roots)
        sessions = Sessions(self._times, settings.idle_minutes)
        self.operators = Operators(self._database, self._recorder, times=self._times, sessions=sessions, hasher=hasher)
        self._analyzer = AnalyzerPort(settings.analyzer) if settings.analyzer else None
        self.screenings = Screenings(
            self._database,
            self._recorder,
            identifier,
            open_analyzer=self._analyzer.open if self._analyzer else None,
            energies=settings.energies,
            limit_s=settings.reading_limit_s,
        )
        self._closing = Event()
        self._relay = self._make_relay(http) if http else None
        self._thread: Thread | None = None

    @classmethod
    def open(cls, data: Path, ask: Ask = ask_for_secret) -> Self:
        """Open the station whose data directory is `data`; `ask` gives what the key's protector asks for.

        Raises BadSettings, what the protector raises, UnusableDatabase, or a ModelError for bundle and catalogue.
        """
        settings = Settings.load(data)
        keyring = Keyring.unlock(protector_of(settings, ask))
        http = http_client(settings, keyring) if settings.central else None
        hasher = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
        return cls(
            settings, identifier=Identifier.open(), keyring=keyring, clock=SystemClock(), hasher=hasher, http=http
        )

    def start(self) -> None:
        """Record the start, close what a power cut left open, and begin to send."""
        with self._database.write() as session:
            self._recorder.record(session, station_event(self._recorder.header(), "started", SOFTWARE))
        if self._analyzer:
            self._analyzer.start()
        self.screenings.close_cut_off()
        if self._relay:
            arguments = (self._closing, self._recorder.committed)
            self._thread = Thread(target=self._relay.run, args=arguments, name="relay", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Stop the reading under way, stop sending, and close the database."""
        self.screenings.close()
        if self._analyzer:
            self._analyzer.close()
        self._closing.set()
        self._recorder.committed.set()
        if self._thread:
            self._thread.join(CLOSE_WITHIN_S)
        self._database.close()

    def sync_state(self) -> OutboxState:
        """Return what waits to be sent."""
        with self._database.read() as session:
            return outbox.summary(session)

    def envelope(self, seq: Seq) -> EnvelopeView:
        """Return what can be told of the journal's entry `seq` without opening it."""
        with self._database.read() as session:
            return self._recorder.envelope(session, seq)

    def ports(self) -> tuple[PortHealth, ...]:
        """Return how each instrument's port is doing: bytes, frames and faults since the station was opened."""
        return (self._analyzer.health,) if self._analyzer else ()

    def health(self) -> HealthView:
        """Return the station in one glance; touches no instrument."""
        state = self.sync_state()
        now = self._times.now()
        return HealthView(
            station=self.settings.station,
            post=self.settings.post,
            software=SOFTWARE,
            analyzer=self._analyzer_state(),
            clock=now.trust,
            now=parse_wall(now.wall),
            disk_free=shutil.disk_usage(self.settings.data).free,
            waiting=state.waiting,
            refused=state.refused,
            oldest_waiting=state.oldest,
            demo_key=self._demo_key,
            library=self.identifier.library.digest,
            bundle=self.identifier.bundle.digest,
        )

    def _admit(self, recipients: RecipientList, roots: RootSet) -> None:
        """Use this recipient list from now on, on record; raises RefusedList for an older one than was in use."""
        with self._database.write() as session:
            last = accepted.admit(session, recipients, roots)
            if last:
                change = f"recipient list {recipients.version} ({recipients.digest.hex()}) follows {last.version}"
                self._recorder.record(session, station_event(self._recorder.header(), "recipients_changed", change))

    def _analyzer_state(self) -> AnalyzerState:
        if self._analyzer is None:
            return "not-configured"
        if self.screenings.active():
            return "measuring"
        return "connected" if self._analyzer.attached else "absent"

    def _make_relay(self, http: httpx.Client) -> Relay:
        return Relay(
            self._database.session,
            CentralClient(http),
            self.settings.station,
            read_log_key(self.settings),
            lambda: self._times.moment().wall,
            random.SystemRandom(),
        )
