"""The host's side of Analyzer Link: an Analyzer over a transport."""

from collections.abc import Callable, Generator, Sequence
from contextlib import suppress

from drivers.analyzer_link.acquisition import Acquisition
from drivers.analyzer_link.frames import (
    VERSION,
    Abort,
    Aborted,
    Acquire,
    Checked,
    Identify,
    Identity,
    SelfTest,
    State,
    Status,
)
from drivers.analyzer_link.link import Link
from drivers.analyzer_link.listener import Listener, Timing
from drivers.analyzer_link.spectra import VOLT_STEPS
from drivers.errors import BadFrame, DriverError, NoResponse, PortLost
from drivers.framing import FrameCounts
from drivers.instrument import InstrumentIdentity, InstrumentStatus, Progress, SelfCheck
from drivers.transport import Transport
from models.spectrum import Spectrum

MAX_FIRST_ID = 2**31
DEFAULT_TIMING = Timing()


class AnalyzerLink:
    """An analyzer that speaks Analyzer Link. Every method raises a DriverError within its deadline, never hangs.

    `first_id` must be drawn at random (1 to 2^31) for each session, so that no answer of an earlier one is taken for
    an answer of this one; a replay passes the id of then.
    """

    def __init__(
        self,
        transport: Transport,
        monotonic_ns: Callable[[], int],
        first_id: int,
        timing: Timing = DEFAULT_TIMING,
    ) -> None:
        self.port = transport.port
        self._link = Link(transport, monotonic_ns, first_id)
        self._timing = timing
        self._greeted = False

    @property
    def counts(self) -> FrameCounts:
        """Good frames, damaged frames and dropped bytes since the port was opened."""
        return self._link.counts

    def identify(self) -> InstrumentIdentity:
        """Open a session: the instrument ends whatever it was doing and says who it is."""
        request = Identify(self._link.new_id())
        identity = self._link.ask(request, Identity, self._timing.answer, self._timing.again)
        if identity.version != VERSION:
            raise BadFrame(self.port, f"the analyzer chose version {identity.version}; only {VERSION} was offered")
        self._greeted = True
        return InstrumentIdentity(identity.maker, identity.model, identity.serial, identity.firmware)

    def status(self) -> InstrumentStatus:
        self._greet()
        state = self._link.ask(Status(self._link.new_id()), State, self._timing.answer, self._timing.again)
        return InstrumentStatus(state.ready, state.detail, state.battery)

    def self_check(self) -> SelfCheck:
        self._greet()
        checked = self._link.ask(SelfTest(self._link.new_id()), Checked, self._timing.self_check, self._timing.again)
        return SelfCheck(all(passed for _, passed in checked.items), checked.items)

    def acquire(
        self, energies: Sequence[float], stopped: Callable[[], bool]
    ) -> Generator[Progress | Spectrum, None, None]:
        """Measure once; `energies` in V, in steps of 0.1, at most 16, each once (ValueError otherwise)."""
        self._greet()
        request = Acquire(self._link.new_id(), tuple(round(energy * VOLT_STEPS) for energy in energies))
        acquisition = Acquisition(request, self.port)
        try:
            listener = Listener(self._link, acquisition, self._timing)
            while not acquisition.ended and not stopped():
                yield from listener.step()
            if not acquisition.ended:
                self._abort()
        except PortLost:
            raise
        except (DriverError, GeneratorExit):
            if not acquisition.ended:
                self._tell_to_abort()
            raise

    def close(self) -> None:
        self._link.close()

    def _greet(self) -> None:
        if not self._greeted:
            self.identify()

    def _abort(self) -> None:
        with suppress(NoResponse, BadFrame):  # the next session's identify ends what this could not
            self._link.ask(Abort(self._link.new_id()), Aborted, self._timing.abort, self._timing.abort / 3)

    def _tell_to_abort(self) -> None:
        with suppress(DriverError):
            self._link.send(Abort(self._link.new_id()))
