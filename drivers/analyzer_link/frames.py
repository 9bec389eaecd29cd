"""The messages of Analyzer Link, one frozen value each; PROTOCOL.md says what they mean.

Every message is a map in deterministic CBOR with `type`, `id` and the fields of its class. Anything else is refused:
a missing or extra field, a value of another shape, a second spelling of the same value.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Annotated, Any, ClassVar, cast, get_type_hints

from drivers import canonical
from drivers.analyzer_link.shapes import Shape, blob, code, flag, listing, one_of, or_null, pair, text, uint
from drivers.errors import BadFrame

VERSION = 1
MAX_PAYLOAD = 18 * 1024
MAX_ENERGIES = 16
MAX_PEAKS = 2048
MAX_ENERGY = 5000
VALUE_BYTES = 4
_DEPTH = 4

Id = Annotated[int, uint(least=1)]
Number = Annotated[int, uint()]
Energy = Annotated[int, uint(MAX_ENERGY)]
Version = Annotated[int, uint(255, least=1)]
Name = Annotated[str, text(64, least=1)]
Text = Annotated[str, text(120)]
Code = Annotated[str, code]
Values = Annotated[bytes, blob(MAX_PEAKS, VALUE_BYTES)]


@dataclass(frozen=True)
class Message:
    """What every message has: the id of the request that it is, that it answers, or that began the acquisition."""

    TYPE: ClassVar[str]

    id: Id

    def __post_init__(self) -> None:
        for name, shape in _shapes(type(self)).items():
            try:
                object.__setattr__(self, name, shape(getattr(self, name)))
            except ValueError as error:
                raise ValueError(f"{self.TYPE}.{name}: {error}") from error

    def to_bytes(self) -> bytes:
        """Return the message's one byte form."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return canonical.encode({"type": self.TYPE, **values})


@cache
def _shapes(kind: type[Message]) -> dict[str, Shape]:
    hints = get_type_hints(kind, include_extras=True)
    return {field.name: hints[field.name].__metadata__[0] for field in fields(kind)}


@dataclass(frozen=True)
class Identify(Message):
    """Host: who are you, and which of these versions do you speak? This opens a session."""

    TYPE = "identify"
    versions: Annotated[tuple[int, ...], listing(uint(255, least=1), 8, least=1)] = (VERSION,)


@dataclass(frozen=True)
class Status(Message):
    """Host: tell whether you can measure now."""

    TYPE = "status"


@dataclass(frozen=True)
class SelfTest(Message):
    """Host: check yourself."""

    TYPE = "self-check"


@dataclass(frozen=True)
class Acquire(Message):
    """Host: measure once, at each of these collision energies, in tenths of a volt."""

    TYPE = "acquire"
    energies: Annotated[tuple[int, ...], listing(uint(MAX_ENERGY), MAX_ENERGIES, least=1)]

    def __post_init__(self) -> None:
        super().__post_init__()
        if len(set(self.energies)) != len(self.energies):
            raise ValueError(f"acquire.energies: expected each energy once; {list(self.energies)} came")


@dataclass(frozen=True)
class Resend(Message):
    """Host: send the events of acquisition `id` again, from number `start` on."""

    TYPE = "resend"
    start: Number


@dataclass(frozen=True)
class Abort(Message):
    """Host: stop what you are doing."""

    TYPE = "abort"


@dataclass(frozen=True)
class Identity(Message):
    """Instrument: answer to identify, with the version that this session speaks."""

    TYPE = "identity"
    version: Version
    maker: Name
    model: Name
    serial: Name
    firmware: Name


@dataclass(frozen=True)
class State(Message):
    """Instrument: answer to status; `battery` in percent, null without one."""

    TYPE = "state"
    ready: Annotated[bool, flag]
    detail: Text
    battery: Annotated[int | None, or_null(uint(100))]


@dataclass(frozen=True)
class Checked(Message):
    """Instrument: answer to self-check, each item with whether it passed."""

    TYPE = "checked"
    items: Annotated[tuple[tuple[str, bool], ...], listing(pair(text(64, least=1), flag), 32, least=1)]


@dataclass(frozen=True)
class Aborted(Message):
    """Instrument: answer to abort; no event follows."""

    TYPE = "aborted"


@dataclass(frozen=True)
class Error(Message):
    """Instrument: I cannot do what request `id` asks."""

    TYPE = "error"
    code: Code
    detail: Text


@dataclass(frozen=True)
class Event(Message):
    """Instrument: one numbered step of the acquisition `id`, counted from 0."""

    number: Number


@dataclass(frozen=True)
class Advance(Event):
    """How far the acquisition is, in percent."""

    TYPE = "progress"
    percent: Annotated[int, uint(100)]
    stage: Annotated[str, text(64)]


@dataclass(frozen=True)
class Measured(Event):
    """The spectrum at one energy: m/z as uint32 in 0.0001, intensity as float32, both little-endian.

    `precursor` is the isolated ion's m/z in 0.0001, null where none was isolated.
    """

    TYPE = "spectrum"
    energy: Energy
    technique: Annotated[str, one_of("in-source-cid", "cid")]
    polarity: Annotated[str, one_of("positive", "negative")]
    precursor: Annotated[int | None, or_null(uint(least=1))]
    mz: Values
    intensity: Values

    def __post_init__(self) -> None:
        super().__post_init__()
        if len(self.mz) != len(self.intensity):
            raise ValueError(f"spectrum: {len(self.mz)} bytes of m/z but {len(self.intensity)} of intensity")


@dataclass(frozen=True)
class Done(Event):
    """The acquisition has ended well; `missing` are the energies it could not measure."""

    TYPE = "done"
    missing: Annotated[tuple[int, ...], listing(uint(MAX_ENERGY), MAX_ENERGIES)]


@dataclass(frozen=True)
class Failed(Event):
    """The acquisition has ended with a fault of the instrument."""

    TYPE = "failed"
    code: Code
    detail: Text


REQUESTS: tuple[type[Message], ...] = (Identify, Status, SelfTest, Acquire, Resend, Abort)
REPLIES: tuple[type[Message], ...] = (
    Identity, State, Checked, Aborted, Error, Advance, Measured, Done, Failed,
)  # fmt: skip


def parse(data: bytes, kinds: tuple[type[Message], ...], port: str) -> Message:
    """Return the message of `data`, one of `kinds`. Raises BadFrame naming `port`, the message and the field."""
    try:
        return _message(canonical.decode(data, _DEPTH), {kind.TYPE: kind for kind in kinds})
    except ValueError as error:
        raise BadFrame(port, f"a frame of {len(data)} bytes is no message of version {VERSION}: {error}") from error


def _message(value: object, kinds: Mapping[str, type[Message]]) -> Message:
    if not isinstance(value, dict):
        raise ValueError("expected a map")  # noqa: TRY004 - one error for every wrong value
    form = cast("dict[str, object]", value)
    kind = kinds.get(str(form.pop("type", None)))
    if kind is None:
        raise ValueError(f"expected a type among {', '.join(kinds)}")
    expected = {field.name for field in fields(kind)}
    if set(form) != expected:
        raise ValueError(f"{kind.TYPE}: expected fields {sorted(expected)}; {sorted(map(str, form))} came")
    return kind(**cast("dict[str, Any]", form))
