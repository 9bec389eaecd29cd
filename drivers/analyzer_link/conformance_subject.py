"""What conformance checks share: the instrument under test, and what is said when it answers otherwise."""

from collections.abc import Callable
from dataclasses import dataclass, field

from drivers.analyzer_link.frames import Acquire, Error, Event, Failed, Message, State, Status
from drivers.analyzer_link.raw_host import Heard, Nonconforming, RawHost

ANSWER_S = 0.5
SLACK_S = 0.1


@dataclass
class Subject:
    """The instrument under test, and the acquisition that several checks look at."""

    host: RawHost
    energies: tuple[int, ...]
    request: Acquire = field(init=False)
    events: list[Heard] = field(default_factory=list[Heard])
    asked_at: float = 0.0


@dataclass(frozen=True)
class Check:
    """One rule; `needs` are the checks without which this one says nothing."""

    name: str
    rule: str
    run: Callable[[Subject], None]
    needs: tuple[str, ...] = ()


def require_ready(host: RawHost) -> None:
    state = host.answer_to(Status(host.new_id()), ANSWER_S)
    if not isinstance(state, State) or not state.ready:
        raise Nonconforming("state, ready", told(state))


def require_refused(answer: Message, code: str) -> None:
    if not isinstance(answer, Error) or answer.code != code:
        raise Nonconforming(f"error {code}", told(answer))


def number_of(heard: Heard) -> int:
    return heard.message.number if isinstance(heard.message, Event) else -1


def told(message: Message) -> str:
    if isinstance(message, (Error, Failed)):
        return f"{message.TYPE} {message.code} ({message.detail}) came"
    return f"{message.TYPE} of id {message.id} came"
