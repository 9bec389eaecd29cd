"""The host's side of a scale: a weight enters a record only when the scale tells it stable, and tells it twice."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from drivers.errors import BadFrame, DriverError, InstrumentFault, PortLost
from drivers.framing import FrameCounts
from drivers.instrument import InstrumentIdentity
from drivers.lines import LineFramer, LineNoise, LinePort
from drivers.scales.frames import LONGEST_LINE, UNKNOWN_COMMAND, Acknowledged, Dialect, Refusal, Reply, Told
from drivers.scales.parity import SevenEven
from drivers.scales.weight import Basis, ScaleChanged, Weight, WeightRefused
from drivers.transport import Transport

Wanted = TypeVar("Wanted")


@dataclass(frozen=True)
class Timing:
    """How long is waited, in seconds."""

    answer: float = 1.0
    """For an answer that the scale gives at once."""
    command: float = 5.0
    """For the end of zero or tare, which wait for rest."""
    rest: float = 30.0
    """For the pan to come to rest."""
    again: float = 0.15
    """Between two looks at a pan that is not at rest."""


DEFAULT_TIMING = Timing()
_PATIENCE = 5
"""Answers without a value, one after the other, until weighing is given up."""
_NO_CHANCE = 2
"""Answers without a value, one after the other, that are no slip of the line when the time for rest is over."""
_AGREEING = 2
_AGREEING_ON_A_BAD_LINE = 3


class Scale:
    """A scale on a transport. Every method raises a DriverError within its deadline, never hangs."""

    def __init__(
        self,
        transport: Transport,
        monotonic_ns: Callable[[], int],
        dialect: Dialect,
        timing: Timing = DEFAULT_TIMING,
    ) -> None:
        self.port = transport.port
        inner = SevenEven(transport) if dialect.seven_even else transport
        self._line = LinePort(inner, monotonic_ns, LineFramer(LONGEST_LINE))
        self._dialect = dialect
        self._timing = timing
        self._identity = InstrumentIdentity(dialect.maker, "", "", "")
        self._zero_in_doubt = False
        self._tells_tare = False
        self._columns: Counter[int] = Counter()
        self._asked = b""

    @property
    def counts(self) -> FrameCounts:
        """Good lines, damaged lines and dropped bytes since the port was opened."""
        return self._line.counts

    def identify(self) -> InstrumentIdentity:
        """Return who is on the wire; what the dialect cannot ask is empty. Ends what the scale sends unasked."""
        self._send(self._dialect.quiet)
        self._pause(self._timing.again)
        self._weigh(self._dialect.now)
        model, serial, firmware = (self._ask_about(question) for question in self._dialect.about)
        self._identity = InstrumentIdentity(self._dialect.maker, model, serial, firmware)
        return self._identity

    def weigh(self) -> Weight:
        """Return what the scale shows now, at rest or not: for the screen. Raises ScaleChanged."""
        weight = self._weigh(self._dialect.now)
        told = self._dialect.tare_memory and weight.value is not None
        return weight.beside(self._ask_tare()) if told else weight

    def stable_weight(self, stopped: Callable[[], bool], shown: str | None = None) -> Weight:
        """Return a stable mass that the scale has told at once and, asked for one at rest, told again the same.

        On a line that has damaged anything meanwhile, three answers must agree. `shown` is what somebody saw who takes
        this weight: another one at rest is refused at once, it may be of another thing.
        Raises ScaleChanged, and WeightRefused when the pan does not come to rest in time, is overloaded, or `stopped()`
        turns true, and when a question went unanswered that the scale may have understood as tare: until zero is set.
        A scale that falls silent, or sends what cannot be read, is told as that and not as a load that does not rest.
        """
        self._require_same_scale()
        weight = self._with_tare(stopped, shown)
        if self._zero_in_doubt:
            raise WeightRefused(
                self.port,
                "zero-in-doubt",
                "a question was damaged on its way and the scale may have tared; empty the pan, set zero, weigh again",
            )
        return weight.require_stable()

    def zero(self) -> None:
        """Set the empty pan to zero. Raises InstrumentFault when the scale refuses or does not show zero then."""
        self._command(self._dialect.zero)
        self._zero_in_doubt = False

    def tare(self) -> None:
        """Take the load as tare. Raises InstrumentFault when the scale refuses or does not show zero then."""
        self._command(self._dialect.tare)

    def close(self) -> None:
        self._line.close()

    def _at_rest(self, stopped: Callable[[], bool], shown: str | None = None) -> Weight:
        mark = self._line.mark()
        last: Weight | DriverError | None = None
        useless = 0
        while self._line.now - mark.at < self._timing.rest:
            if stopped():
                raise WeightRefused(self.port, "stopped", "weighing was stopped")
            last = self._try(self._dialect.now)
            if shown is not None and isinstance(last, Weight) and last.stable and last.shown != shown:
                raise WeightRefused(self.port, "changed", f"it shows {last.shown}, not {shown}; look and take again")
            if isinstance(last, Weight) and last.stable and self._confirmed(last, mark.failures):
                return last
            useless = 0 if isinstance(last, Weight) and last.value is not None else useless + 1
            if useless == _PATIENCE:
                break
            self._pause(self._timing.again)
        if last and useless >= _NO_CHANCE:
            raise last.refused if isinstance(last, Weight) else last
        raise WeightRefused(self.port, "unstable", f"no rest within {self._timing.rest:g} s; keep wind and hands off")

    def _confirmed(self, weight: Weight, failures: int) -> bool:
        told = 1
        while told < self._agreeing(failures):
            again = self._try(self._dialect.at_rest)
            if not isinstance(again, Weight) or again.told != weight.told:
                return False
            told += 1
        return self._dialect.fixed_width or self._columns.most_common(1)[0][0] == weight.column

    def _agreeing(self, failures: int) -> int:
        if self.counts.checksum_failures != failures:
            return _AGREEING_ON_A_BAD_LINE
        known = self._dialect.fixed_width or self._columns.total() >= _AGREEING_ON_A_BAD_LINE
        return _AGREEING if known else _AGREEING_ON_A_BAD_LINE

    def _try(self, command: bytes) -> Weight | DriverError:
        return self._attempt(lambda: self._weigh(command))

    def _attempt(self, ask: Callable[[], Wanted]) -> Wanted | DriverError:
        try:
            return ask()
        except (LineNoise, PortLost, ScaleChanged):
            raise
        except DriverError as error:
            return error

    def _weigh(self, command: bytes) -> Weight:
        weight = self._exchange(command, _weight_on_the_pan, self._timing.answer)
        if weight.value is not None:
            self._columns[weight.column] += 1
        return replace(weight, scale=self._identity)

    def _with_tare(self, stopped: Callable[[], bool], shown: str | None) -> Weight:
        """Return a weight at rest with the tare that was told before and after it.

        A question for the tare that is damaged on its way can be an order to tare: then the two differ.
        """
        if self._dialect.tare_memory is None:
            return self._at_rest(stopped, shown)
        before, weight, after = self._tare(), self._at_rest(stopped, shown), self._tare()
        if (before and before.told) != (after and after.told):
            raise WeightRefused(self.port, "changed", "its tare changed meanwhile; look and take the weight again")
        return weight.beside(after)

    def _tare(self) -> Weight | None:
        """Return the tare that is set, None where the scale knows no such question."""
        told: Weight | DriverError | None = None
        for _ in range(_PATIENCE):
            told = self._attempt(self._ask_tare)
            if not isinstance(told, DriverError):
                return told
        raise told or BadFrame(self.port, "the scale does not tell its tare")

    def _ask_tare(self) -> Weight | None:
        question = self._dialect.tare_memory or b""
        try:
            told = self._exchange(question, _tare_told, self._timing.answer)
        except InstrumentFault as error:
            if error.code == UNKNOWN_COMMAND and not self._tells_tare:
                return None
            raise
        if not told.raw.startswith(question.strip() + b" "):
            raise BadFrame(self.port, f"{told.raw!r} answered {question.strip().decode()}; check the cable")
        self._tells_tare = True
        return told

    def _require_same_scale(self) -> None:
        """Raise ScaleChanged unless the serial number is still the one that was told when the port was opened."""
        known, question = self._identity.serial_number, self._dialect.about[1]
        if not known or question is None:
            return
        told: str | DriverError = ""
        for _ in range(_PATIENCE):
            told = self._attempt(lambda: self._words(question))
            if told == known:
                return
        if isinstance(told, DriverError):
            raise told
        raise ScaleChanged(
            self.port, "other-scale", f"serial number {told!r}, {known!r} was expected; look and take the weight again"
        )

    def _ask_about(self, question: bytes | None) -> str:
        if question is None:
            return ""
        words = self._words(question)
        for _ in range(_PATIENCE):
            before, words = words, self._words(question)
            if words == before:
                return words
        raise BadFrame(self.port, f"{_PATIENCE} answers to {question!r} differ; check the cable")

    def _words(self, question: bytes) -> str:
        def told(reply: Reply) -> Told | None:
            return reply if isinstance(reply, Told) and reply.key in {"", question.decode().strip()} else None

        try:
            return self._exchange(question, told, self._timing.answer).words
        except InstrumentFault:
            return ""

    def _command(self, command: bytes) -> None:
        if self._dialect.acknowledges:
            self._exchange(command, _done, self._timing.command)
            return
        self._send(command)
        self._pause(self._timing.answer)
        shown = self._at_rest(lambda: False).value
        if shown:
            raise InstrumentFault(self.port, "not-zero", f"the scale shows {shown} where 0 was expected; try again")

    def _exchange(self, command: bytes, pick: Callable[[Reply], Wanted | None], within: float) -> Wanted:
        for line in self._line.drain():
            self._require_unannounced(self._read(line))
        mark = self._line.mark()
        self._send(command)
        while (line := self._line.receive(mark.at + within)) is not None:
            reply = self._parsed(line)
            if command != self._dialect.about[1]:
                self._require_unannounced(reply)
            if isinstance(reply, Refusal):
                raise InstrumentFault(self.port, reply.code, reply.problem)
            if reply is not None and (picked := pick(reply)) is not None:
                return picked
        self._zero_in_doubt |= not self._dialect.acknowledges
        raise self._line.silence(mark, f"an answer of the {self._dialect.maker} scale to {command.strip().decode()}")

    def _require_unannounced(self, reply: Reply | None) -> None:
        """Raise ScaleChanged where a known scale tells its serial number unasked: it was switched on, or is new."""
        question = self._dialect.about[1] if self._identity.serial_number else None
        if question and isinstance(reply, Told) and reply.key == question.decode().strip():
            raise ScaleChanged(self.port, "restarted", "it was switched on anew; look and take the weight again")

    def _send(self, command: bytes) -> None:
        self._asked = command.strip()
        self._line.write(command)

    def _parsed(self, line: bytes) -> Reply | None:
        """Return what a line says; None for a damaged one, which is counted, and for the echo of a two-wire adapter."""
        if line == self._asked:
            return None
        reply = self._read(line)
        if reply is None:
            self._line.bad()
        else:
            self._line.good()
        return reply

    def _read(self, line: bytes) -> Reply | None:
        try:
            return self._dialect.parse(line, self.port)
        except BadFrame:
            return None

    def _pause(self, seconds: float) -> None:
        until = self._line.now + seconds
        while (line := self._line.receive(until)) is not None:
            self._parsed(line)


def _weight_on_the_pan(reply: Reply) -> Weight | None:
    return reply if isinstance(reply, Weight) and reply.basis is not Basis.TARE else None


def _tare_told(reply: Reply) -> Weight | None:
    return reply if isinstance(reply, Weight) and reply.basis is Basis.TARE and reply.value is not None else None


def _done(reply: Reply) -> Reply | None:
    return reply if isinstance(reply, Acknowledged) or (isinstance(reply, Weight) and reply.stable) else None
