"""Trust policies (c2sp.org/tlog-policy): which log, and how many of which witnesses, make a checkpoint believed.

The file where a state writes "two of prosecutor, ombudsman and university".
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Self
from urllib.parse import urlsplit

from sync.checkpoint import Checkpoint
from sync.cosignature import WitnessVerifier
from sync.errors import BadSignature, Malformed, UnknownLog, UnusableKey
from sync.note import LogVerifier, Note, signer_of

MAX_POLICY = 64 * 1024
ALLOWED = re.compile(rb"[\t\n\x20-\x7e\x80-\xff]*")
NONE = "none"


@dataclass(frozen=True)
class Witness:
    """Somebody whose cosignature counts; `url` is where to ask for it."""

    name: str
    key: WitnessVerifier
    url: str | None


@dataclass(frozen=True)
class Group:
    """At least `threshold` of `members`, each a witness or a group."""

    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True)
class Policy:
    """The logs that are believed, the witnesses known, and the group of them that must have cosigned."""

    logs: tuple[LogVerifier, ...]
    witnesses: dict[str, Witness] = field(default_factory=dict[str, Witness])
    groups: dict[str, Group] = field(default_factory=dict[str, Group])
    quorum: str = NONE

    @classmethod
    def of_log(cls, log: LogVerifier) -> Self:
        """Return the policy that believes one log by its own word."""
        return cls((log,))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read a policy file; raises Malformed naming the line."""
        if len(data) > MAX_POLICY or not ALLOWED.fullmatch(data):
            raise Malformed(f"policy: at most {MAX_POLICY} bytes, and no control characters but tab and newline")
        reader = _Reader()
        for number, line in enumerate(data.decode(errors="surrogateescape").split("\n"), start=1):
            words = re.split(r"[ \t]+", line.strip(" \t"))
            try:
                if words[0] and not words[0].startswith("#"):
                    reader.take(*words)
            except (Malformed, UnusableKey) as error:
                raise Malformed(f"policy, line {number}: {error}") from error
        if reader.quorum is None:
            raise Malformed("policy: no quorum line")
        return cls(tuple(reader.logs), reader.witnesses, reader.groups, reader.quorum)

    def verify(self, note: str) -> Checkpoint:
        """Return the checkpoint; raises Malformed, or BadSignature unless a log signed and the quorum cosigned.

        Raises UnknownLog where another log than these signed, or nobody.
        """
        checkpoint = Checkpoint.verify(note, self._log_of(note))
        cosigned = self.cosigners(note)
        if self.quorum != NONE and not self._met(self.quorum, cosigned):
            names = ", ".join(sorted(cosigned)) or "nobody"
            raise BadSignature(f"the checkpoint is cosigned by {names}; that is not the quorum {self.quorum}")
        return checkpoint

    def cosigners(self, note: str) -> set[str]:
        """Return the names of the witnesses that cosigned; raises BadSignature for a cosignature that is false."""
        parsed = Note.parse(note)
        return {name for name, witness in self.witnesses.items() if witness.key.cosigned(parsed)}

    def _log_of(self, note: str) -> LogVerifier:
        if log := signer_of(note, self.logs):
            return log
        names = ", ".join(log.name for log in self.logs) or "no log"
        raise UnknownLog(f"the checkpoint is not signed by {names}")

    def _met(self, name: str, cosigned: set[str]) -> bool:
        if name in self.witnesses:
            return name in cosigned
        group = self.groups[name]
        return sum(self._met(each, cosigned) for each in group.members) >= group.threshold


def newest_of(log: LogVerifier | Policy) -> Policy:
    """Return who is believed of what comes now: of a policy's logs the first one alone, under the same witnesses.

    The others ended: what they signed is proven by what is kept already, and nothing new is released by them.
    """
    return replace(log, logs=log.logs[:1]) if isinstance(log, Policy) else Policy.of_log(log)


class _Reader:
    """Collects the lines of a policy in their order; a line may only name what stands above it."""

    def __init__(self) -> None:
        self.logs: list[LogVerifier] = []
        self.witnesses: dict[str, Witness] = {}
        self.groups: dict[str, Group] = {}
        self.quorum: str | None = None
        self._members: set[str] = set()

    def take(self, keyword: str, *words: str) -> None:
        takers: dict[str, tuple[Callable[..., None], str, range]] = {
            "log": (self._log, "log VKEY [URL]", range(1, 3)),
            "witness": (self._witness, "witness NAME VKEY [URL]", range(2, 4)),
            "group": (self._group, "group NAME THRESHOLD MEMBER ...", range(3, MAX_POLICY)),
            "quorum": (self._quorum, "quorum NAME", range(1, 2)),
        }
        if keyword not in takers:
            raise Malformed(f"log, witness, group or quorum was expected, not {keyword[:40]!r}")
        take, form, counts = takers[keyword]
        if len(words) not in counts:
            raise Malformed(f"`{form}` was expected; {len(words)} words stand behind {keyword}")
        take(*words)

    def _log(self, vkey: str, url: str | None = None) -> None:
        _check_url(url)
        log = LogVerifier.from_vkey(vkey)
        if log.raw in {each.raw for each in self.logs}:
            raise Malformed(f"the key of log {log.name} stands there already")
        self.logs.append(log)

    def _witness(self, name: str, vkey: str, url: str | None = None) -> None:
        key = WitnessVerifier.from_vkey(vkey)
        _check_url(url)
        self._new(name)
        if key.raw in {each.key.raw for each in self.witnesses.values()}:
            raise Malformed(f"the key of witness {name} stands there already")
        self.witnesses[name] = Witness(name, key, url)

    def _group(self, name: str, threshold: str, *members: str) -> None:
        self._new(name)
        for member in members:
            self._known(member)
            if member in self._members:
                raise Malformed(f"{member} is a member of a group already")
            self._members.add(member)
        count = {"any": "1", "all": str(len(members))}.get(threshold, threshold)
        if not re.fullmatch(r"[1-9][0-9]{0,3}", count) or int(count) > len(members):
            raise Malformed(f"{threshold[:40]!r} of {len(members)} members: any, all or 1 to {len(members)}")
        self.groups[name] = Group(int(count), members)

    def _quorum(self, name: str) -> None:
        if self.quorum is not None:
            raise Malformed("a second quorum line")
        if name != NONE:
            self._known(name)
        self.quorum = name

    def _new(self, name: str) -> None:
        if name == NONE or name in self.witnesses or name in self.groups:
            raise Malformed(f"the name {name} is taken")

    def _known(self, name: str) -> None:
        if name not in self.witnesses and name not in self.groups:
            raise Malformed(f"no witness or group {name} stands above this line")


def _check_url(url: str | None) -> None:
    if url is None:
        return
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0 and url.isascii()
    except ValueError:
        usable = False
    if not usable:
        raise Malformed(f"{url[:80]!r} is no address; one like https://witness.example:8480 was expected")
