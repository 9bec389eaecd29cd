"""The filament is off on every way out: exception, close, forgotten object, end of the program, signal.

It burns through in air, and it heats what it looks at. So it is lit by an explicit order only, the order to put it out
is sent before anything else, and where the instrument does not confirm it, somebody is told.
"""

import signal
import sys
import threading
import weakref
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Self

from drivers.errors import BadFrame, DriverError, NoResponse
from drivers.srs_rga import frames
from drivers.srs_rga.link import Link

Alarm = Callable[["FilamentLeftOn"], None]
"""Tells a person where no exception can reach one: at the end of the program, or of a forgotten instrument."""

_FATAL = ("SIGTERM", "SIGHUP", "SIGQUIT")
_SIGNALLED = 128


class FilamentLeftOn(DriverError):
    """Nobody knows that the filament is off: a person must switch the instrument off before the chamber is vented."""

    def __init__(self, port: str, reason: str) -> None:
        super().__init__(
            port,
            "the filament may still be lit, the order to put it out was not confirmed: switch the RGA off at its power "
            f"supply, and do not vent the chamber before ({reason})",
        )


class FilamentRefused(DriverError):
    """The filament is not lit: the order, or what must hold before, is missing."""


class Filament:
    """The filament of one instrument. `lit` from the moment that it may burn until it is confirmed to be out."""

    def __init__(self, link: Link) -> None:
        self.lit = False
        self._link = link

    def about_to_light(self) -> None:
        """Call before the order to light it is sent. Raises FilamentRefused where a signal could kill the program."""
        if unheard := _unheard_signals():
            raise FilamentRefused(
                self._link.port,
                f"{', '.join(unheard)} would end this program without a word to the instrument; "
                "call end_on_signals() in the main thread first",
            )
        self.lit = True
        _LIT.add(self)

    def put_out(self) -> None:
        """Send the order, hear it confirmed twice. Raises FilamentLeftOn with the cause where that cannot be.

        A filament is not left on because the record of the session is full: this alone goes on without it.
        """
        try:
            self._put_out()
        finally:
            self._link.record_again()

    def _put_out(self) -> None:
        link = self._link
        end = link.now + link.timing.off
        problem: DriverError | None = None
        while problem is None or link.now < end:
            try:
                link.shout_though_full(frames.command("FL", "0"))
                link.hear_line_end(link.timing.off / 2)
                shown = [link.once("FL", "?", frames.number, link.timing.answer) for _ in range(2)]
            except (BadFrame, NoResponse) as error:
                problem = error
            except DriverError as error:
                raise FilamentLeftOn(link.port, error.problem) from error
            else:
                problem = BadFrame(link.port, f"the instrument reports an emission of {shown} mA")
                if shown == [0, 0]:
                    self.lit = False
                    _LIT.discard(self)
                    return
        raise FilamentLeftOn(link.port, problem.problem) from problem

    def order_out(self) -> None:
        """Send the order and wait for nothing: from a signal handler, whatever else is going on."""
        try:
            self._link.shout_though_full(frames.command("FL", "0"))
        except DriverError:
            return


class Lit:
    """A lit filament as a context: it is out when the context ends, however it ends."""

    def __init__(self, put_out: Callable[[], None]) -> None:
        self._put_out = put_out

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._put_out()


def leave(filament: Filament, link: Link, alarm: Alarm) -> None:
    """Put the filament out if it is lit and let go of the port; the last way out, which raises nothing."""
    try:
        if filament.lit:
            link.take_over()
            filament.put_out()
    except FilamentLeftOn as error:
        alarm(error)
    finally:
        link.close()


def tell_on_stderr(error: FilamentLeftOn) -> None:
    """Write the alarm where a service's log and an operator's terminal show it."""
    print(f"ALARM {error}", file=sys.stderr, flush=True)  # noqa: T201 - the program ends, nothing else is left to tell


_LIT: weakref.WeakSet[Filament] = weakref.WeakSet()


def end_on_signals() -> None:
    """Let SIGTERM, SIGHUP and SIGQUIT put every lit filament out and then end the program as sys.exit does.

    Call it in the main thread. Signals that the program already answers (a server's, Python's SIGINT) are left alone.
    """
    for name in _unheard_signals():
        signal.signal(signal.Signals[name], _end)


def _end(number: int, _: FrameType | None) -> None:
    for filament in list(_LIT):
        filament.order_out()
    raise SystemExit(_SIGNALLED + number)


def _unheard_signals() -> tuple[str, ...]:
    """Return the signals that end this program at once, with no exception and no clean-up."""
    heard = {name: signal.getsignal(signal.Signals[name]) for name in _FATAL}
    if threading.current_thread() is threading.main_thread():
        heard["SIGINT"] = signal.getsignal(signal.SIGINT)
    return tuple(name for name, action in heard.items() if action is signal.SIG_DFL)
