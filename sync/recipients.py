"""The recipient list: to whom this state's stations seal, signed by its root holders.

Each key's purpose stands inside what is signed, so that a key made for one purpose never serves another. A list has no
end of validity: a station that is offline for months must go on sealing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Literal, Self

from pydantic import Field

from sync.contract.form import Form
from sync.contract.wall import Wall, format_wall, parse_wall
from sync.cose import Statement
from sync.errors import BadSignature, Malformed, RefusedList, UnusableKey
from sync.keys import Recipient, RecipientFile
from sync.roots import RootKey, RootSet

MAX_LISTED = 16
WHAT = "recipient list"


class ListBody(Form, frozen=True, extra="forbid"):
    """What the root holders sign."""

    format: Literal["garita.recipients/1"] = "garita.recipients/1"
    version: int = Field(ge=1, le=2**53)
    issued: Wall
    not_before: Wall
    recipients: Annotated[list[RecipientFile], Field(min_length=2, max_length=MAX_LISTED)]


@dataclass(frozen=True)
class RecipientList:
    """Keys of one suite, a national and an escrow key among them; raises RefusedList where they are not."""

    version: int
    issued: datetime
    not_before: datetime
    recipients: tuple[Recipient, ...]

    def __post_init__(self) -> None:
        halves = [half for each in self.recipients for half in (each.post_quantum, each.classical)]
        if len(set(halves)) != len(halves):
            raise RefusedList(f"{WHAT} {self.version}: the same key stands in it twice")
        if len({each.suite for each in self.recipients}) > 1:
            raise RefusedList(f"{WHAT} {self.version}: its keys are of more than one suite")
        missing = {"national", "escrow"} - {each.purpose for each in self.recipients}
        if missing:
            raise RefusedList(f"{WHAT} {self.version}: no key of purpose {' and '.join(sorted(missing))}")

    @property
    def for_records(self) -> tuple[Recipient, ...]:
        """Those who open every record."""
        return tuple(each for each in self.recipients if each.purpose != "oversight")

    @property
    def for_oversight(self) -> tuple[Recipient, ...]:
        """Those who open what is told to an outside body, and nothing else."""
        return tuple(each for each in self.recipients if each.purpose == "oversight")

    @property
    def digest(self) -> bytes:
        """SHA-256 of what is signed; who signed makes no difference."""
        return sha256(self._payload).digest()

    @property
    def _payload(self) -> bytes:
        files = [each.file for each in self.recipients]
        return ListBody(
            version=self.version,
            issued=format_wall(self.issued),
            not_before=format_wall(self.not_before),
            recipients=files,
        ).to_bytes()

    def sign(self, roots: Sequence[RootKey]) -> bytes:
        """Return the file, signed by these root holders."""
        signatures = tuple(signature for root in roots for signature in root.sign(self._payload))
        return Statement(self._payload, signatures).to_bytes()

    def check_time(self, now: datetime) -> None:
        """Raise RefusedList before the list's first day. Asked when a list is brought, never when one is in use."""
        if now < self.not_before:
            raise RefusedList(
                f"{WHAT} {self.version} is for use from {self.not_before:%Y-%m-%d %H:%M} UTC on, and the clock here"
                f" says {now:%Y-%m-%d %H:%M}: put it right where it is wrong, or bring the list from that moment on"
            )

    @classmethod
    def read(cls, data: bytes, roots: RootSet) -> Self:
        """Return the list in a file; raises RefusedList unless enough root holders signed it."""
        try:
            statement = Statement.from_bytes(data, WHAT)
            roots.verify(statement)
            body = ListBody.from_bytes(statement.payload)
            recipients = tuple(Recipient.from_file(file) for file in body.recipients)
        except (Malformed, BadSignature, UnusableKey) as error:
            raise RefusedList(f"the {WHAT} is refused: {error}") from error
        return cls(body.version, parse_wall(body.issued), parse_wall(body.not_before), recipients)


def countersign(data: bytes, root: RootKey) -> bytes:
    """Return a list's file with one more root holder's signatures, as a ceremony goes from desk to desk."""
    statement = Statement.from_bytes(data, WHAT)
    return Statement(statement.payload, (*statement.signatures, *root.sign(statement.payload))).to_bytes()
