"""Audit the national log from its tiles alone: nothing deleted, nothing rewritten, one history for everybody.

What others were shown (checkpoints of witnesses, receipts of stations, the last audit's) is compared with what the
tiles give at that size. No key that opens anything is asked for.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sync.checkpoint import Checkpoint
from sync.errors import BadSignature, CentralUnreachable, Malformed
from sync.policy import Policy
from sync.replay import Replay
from sync.tiles import WIDTH, Tile
from sync.witness.published import Published, read_tile


@dataclass(frozen=True)
class Finding:
    """Something that must not be, with a stable code."""

    code: str
    detail: str


@dataclass(frozen=True)
class Seen:
    """A checkpoint that somebody was shown, and who or where."""

    who: str
    note: str


@dataclass
class Report:
    """What an audit looked at and found; `note` is the published checkpoint."""

    note: str = ""
    size: int = 0
    compared: int = 0
    stations: int = 0
    findings: list[Finding] = field(default_factory=list[Finding])

    def add(self, code: str, detail: str) -> None:
        """Note a finding."""
        self.findings.append(Finding(code, detail))


def audit(log: Published, policy: Policy, seen: Sequence[Seen]) -> Report:
    """Replay the log and compare.

    Codes: `checkpoint`, `cosignatures`, `tile`, `root`, `deleted`, `rewritten`, `fork`; `unread` where it broke off.
    `seen` that the log did not sign proves nothing against it and is reported as `not-its-own`.
    """
    report, alone = Report(), Policy(policy.logs)
    report.note = (log.read("checkpoint") or b"").decode(errors="replace")
    try:
        published = alone.verify(report.note)
    except (Malformed, BadSignature) as error:
        report.add("checkpoint", f"the published checkpoint is not the log's: {error}")
        return report
    report.size = published.size
    _check_cosignatures(policy, report)
    marks = _marks(alone, seen, published, report)
    try:
        _replay(log, published, marks, report)
    except CentralUnreachable as error:
        report.add("unread", str(error))
    return report


def _check_cosignatures(policy: Policy, report: Report) -> None:
    try:
        policy.verify(report.note)
    except BadSignature as error:
        report.add("cosignatures", str(error))


def _marks(
    alone: Policy, seen: Sequence[Seen], published: Checkpoint, report: Report
) -> dict[int, list[tuple[str, bytes]]]:
    """Return who was shown which root, by size; name those who were shown more than there is now."""
    marks: dict[int, list[tuple[str, bytes]]] = {published.size: []}
    for each in seen:
        try:
            shown = alone.verify(each.note)
        except (Malformed, BadSignature) as error:
            report.add("not-its-own", f"{each.who}: {error}")
            continue
        report.compared += 1
        if shown.size > published.size:
            report.add("deleted", f"{each.who} was shown {shown.size} entries; the log now has {published.size}")
        else:
            marks.setdefault(shown.size, []).append((each.who, shown.root))
    return marks


def _replay(log: Published, published: Checkpoint, marks: dict[int, list[tuple[str, bytes]]], report: Report) -> None:
    tree, upper = Replay(), _Upper(log, published.size)
    _compare(tree, published, marks, report)
    for leaf in _leaves(log, published.size, report):
        for level, place, value in tree.add(leaf):
            if detail := upper.check(level, place, value):
                report.add("tile", detail)
        if tree.size in marks:
            _compare(tree, published, marks, report)


def _compare(tree: Replay, published: Checkpoint, marks: dict[int, list[tuple[str, bytes]]], report: Report) -> None:
    """Hold what was shown at this size against what the tiles give."""
    root = tree.root()
    if tree.size == published.size and root != published.root:
        report.add("root", f"the tiles do not give the root that is signed for {published.size} entries")
    for who, shown in marks.get(tree.size, []):
        if shown != root:
            code = "fork" if tree.size == published.size else "rewritten"
            report.add(code, f"{who} was shown another history: its first {tree.size} entries are not those here")


def _leaves(log: Published, size: int, report: Report) -> Iterator[bytes]:
    for number in range(-(-size // WIDTH)):
        tile = Tile(0, number, min(WIDTH, size - number * WIDTH))
        hashes = read_tile(log, tile)
        if hashes is None:
            report.add("deleted", f"{tile.path} is missing or cut: entries from {number * WIDTH} on cannot be seen")
            return
        yield from hashes


class _Upper:
    """The published tiles above the leaves, each read once."""

    def __init__(self, log: Published, size: int) -> None:
        self._log, self._size = log, size
        self._held: dict[int, tuple[Tile, list[bytes] | None]] = {}

    def check(self, level: int, place: int, value: bytes) -> str | None:
        """Return what is wrong with the hash at `place` of `level`, or None."""
        number, offset = divmod(place, WIDTH)
        held = self._held.get(level)
        if held is None or held[0].number != number:
            tile = Tile(level, number, min(WIDTH, (self._size >> (8 * level)) - number * WIDTH))
            held = self._held[level] = tile, read_tile(self._log, tile)
        tile, hashes = held
        if hashes is None:
            return f"{tile.path} is missing or cut" if offset == 0 else None
        return None if hashes[offset] == value else f"{tile.path} says another hash at {offset} than the leaves give"


def read_seen(who: str, text: str) -> Seen:
    """Return what a file shows: a checkpoint, or the checkpoint inside a receipt (tlog-proof)."""
    head, _, rest = text.partition("\n\n")
    return Seen(who, rest if head.startswith("c2sp.org/tlog-proof@v1\n") else text)
