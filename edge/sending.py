"""The way to the national centre: what waits to go, who carries it, and what the centre confirmed."""

import random
import time
from collections.abc import Callable
from datetime import datetime

import httpx

from edge.clock import Timekeeper
from edge.database import Database
from edge.recorder import Recorder, keep_central
from edge.settings import Settings
from sync import expiry, losses, outbox
from sync.client import CentralClient
from sync.errors import UnusableKey
from sync.losses import Loss
from sync.outbox import OutboxState
from sync.pace import Pace
from sync.policy import Policy
from sync.relay import Relay


class Sending:
    """Carries the outbox to the centre; without `http` there is no way to one, and everything waits here.

    `wait` sleeps so many seconds at the most, less where the station closes.
    """

    def __init__(
        self,
        settings: Settings,
        database: Database,
        recorder: Recorder,
        times: Timekeeper,
        policy: Policy,
        *,
        http: httpx.Client | None,
        wait: Callable[[float], object],
    ) -> None:
        self._settings = settings
        self._database = database
        self._recorder = recorder
        self._times = times
        self.relay = self._make_relay(http, policy, wait) if http else None

    def state(self) -> OutboxState:
        """Return what waits to be sent."""
        with self._database.read() as session:
            return outbox.summary(session)

    def certificate_end(self) -> datetime | None:
        """Return until when the station's certificate is good; None where it sends nothing."""
        if self.relay is None:
            return None
        try:
            return expiry.certificate_term(self._settings.at(self._settings.tls_certificate)).end
        except UnusableKey:
            return None

    def loss(self) -> Loss | None:
        """Return what the centre confirmed and lost, while not all of it has arrived again."""
        with self._database.read() as session:
            return losses.open_loss(session)

    def hear(self, time: datetime) -> None:
        """Remember the centre's time, which came with a receipt."""
        with self._database.write() as session:
            keep_central(session, self._times.hear(time))

    def hurry(self) -> None:
        """Try to send now: a cable was plugged in, or the radio found its net."""
        with self._database.write() as session:
            outbox.hurry(session)
        self._recorder.committed.set()

    def _make_relay(self, http: httpx.Client, policy: Policy, wait: Callable[[float], object]) -> Relay:
        rate = self._settings.uplink_kib_per_second
        return Relay(
            self._database.session,
            CentralClient(http, Pace(rate * 1024, time.monotonic, wait) if rate else None),
            self._recorder.sealer,
            policy,
            lambda: self._times.moment().wall,
            random.SystemRandom(),
            self.hear,
        )
