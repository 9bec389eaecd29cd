"""An instrument that stays open from one use to the next, and one that is attended to all the time."""

import logging
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Generic, Protocol, TypeVar

from drivers.errors import BadFrame, DriverError, PortLost
from drivers.window import Window
from edge.instrument_port import InstrumentPort

LOG = logging.getLogger(__name__)
RETRY_S = 0.5
CLOSE_WITHIN_S = 3.0


class Closing(Protocol):
    """Anything that holds a port."""

    def close(self) -> None:
        """Let go of it."""
        ...


Instrument = TypeVar("Instrument", bound=Closing)


class Held(Generic[Instrument]):
    """One user at a time has the instrument, and the next finds it open.

    It is opened anew after its cable was pulled, whether somebody used it then or not, and after an error among
    `lost`. What an instrument remembers, such as a zero in doubt, lasts as long as it stays open. Whatever fails, an
    instrument of another family that was heard on the port meanwhile is told as that.
    """

    def __init__(self, port: InstrumentPort[Instrument], lost: tuple[type[DriverError], ...] = (PortLost,)) -> None:
        self._port = port
        self._lost = lost
        self._lock = threading.Lock()
        self._instrument: Instrument | None = None
        self._window = Window()
        self._turn = 0

    @contextmanager
    def use(self) -> Generator[tuple[Instrument, Window]]:
        """Have the instrument, and the newest bytes of its session, for a while. Raises a DriverError."""
        with self._lock:
            self._port.listen_anew()
            try:
                yield self._open(), self._window
            except DriverError as error:
                if isinstance(error, self._lost):
                    self._drop()
                if strange := self._port.stranger():
                    raise strange from error
                raise
            except Exception:  # whatever failed, the next user begins anew
                self._drop()
                raise

    def close(self) -> None:
        """Let go of the port."""
        with self._lock:
            self._drop()

    def _open(self) -> Instrument:
        if self._turn != self._port.turn:
            self._drop()
        if self._instrument is None:
            self._turn = self._port.turn
            self._window = Window()
            self._instrument = self._port.open(self._window)
        return self._instrument

    def _drop(self) -> None:
        instrument, self._instrument = self._instrument, None
        if instrument is not None:
            instrument.close()


class Attending(Generic[Instrument]):
    """Attends to an instrument that speaks unasked, on a thread of its own, and opens it again after it was lost.

    `attend` has it for a fraction of a second each time. `problem` is what keeps it from hearing now.
    """

    def __init__(
        self,
        held: Held[Instrument],
        attend: Callable[[Instrument, Window], None],
        retry_s: float = RETRY_S,
    ) -> None:
        self.problem: DriverError | None = None
        self._held = held
        self._attend = attend
        self._retry_s = retry_s
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="attending", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """End the thread; the port is let go of."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join(CLOSE_WITHIN_S)
        self._held.close()

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                with self._held.use() as (instrument, window):
                    self._attend(instrument, window)
                self.problem = None
            except DriverError as error:
                self._fail(error)
            except Exception as error:  # a thread that dies would leave a program that lives on and hears nothing
                LOG.exception("attending to an instrument failed")
                self._fail(BadFrame("instrument", f"the station failed on what it sent ({type(error).__name__})"))

    def _fail(self, problem: DriverError) -> None:
        self.problem = problem
        self._closing.wait(self._retry_s)
