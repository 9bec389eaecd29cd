"""Labelled data records, and the blocks they make: `##TITLE=` opens one, `##END=` closes it, a LINK holds others."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from models.errors import UnreadableFile
from models.formats.text import Place, shown, split_lines

MAX_RECORDS = 200_000
MAX_DEPTH = 8
REMARK = "="
"""What `##= words` is kept under: a record without a label is a remark."""
_FILLER = re.compile(r"[\s/_-]")


@dataclass(frozen=True)
class Record:
    """`##LABEL= value`, the label without fillers, in capitals; `lines` are those of the value, remarks taken off."""

    label: str
    lines: tuple[str, ...] = field(repr=False)
    place: Place

    @property
    def text(self) -> str:
        """The first line of the value."""
        return self.lines[0].strip()

    def body(self) -> Iterator[tuple[Place, str]]:
        """Yield the lines after the first, each with its place."""
        for after, line in enumerate(self.lines[1:], start=1):
            yield Place(self.place.source, self.place.line + after), line


@dataclass(frozen=True)
class Block:
    """One block: its records in order, and the blocks inside where it is a LINK."""

    records: tuple[Record, ...] = field(repr=False)
    blocks: tuple["Block", ...]

    def find(self, label: str) -> Record | None:
        """Return the first record of a label."""
        return next((record for record in self.records if record.label == label), None)

    def text(self, label: str, default: str = "") -> str:
        """Return the first line of a record's value."""
        record = self.find(label)
        return record.text if record else default

    @property
    def place(self) -> Place:
        """Where it begins."""
        return self.records[0].place


def parse_blocks(text: str, source: str) -> list[Block]:
    """Return the blocks of a file, each closed. Raises UnreadableFile."""
    blocks: list[Block] = []
    records = _records(text, source)
    for record in records:
        if record.label != "TITLE":
            record.place.refuse("##TITLE= to begin a block", f"##{shown(record.label)}=")
        blocks.append(_block(record, records, 1))
    if not blocks:
        raise UnreadableFile(f"{source}: expected ##TITLE=, found no label; it is no JCAMP-DX file")
    return blocks


def _block(title: Record, records: Iterator[Record], depth: int) -> Block:
    if depth > MAX_DEPTH:
        title.place.refuse(f"blocks at most {MAX_DEPTH} deep", "a deeper one")
    own, inner = [title], list[Block]()
    for record in records:
        if record.label == "END":
            return Block(tuple(own), tuple(inner))
        if record.label == "TITLE":
            _check_link(own, record)
            inner.append(_block(record, records, depth + 1))
        else:
            own.append(record)
    raise UnreadableFile(
        f"{title.place.source}, line {title.place.line}: expected ##END= of this block, found the end of"
        " the file: it was cut; copy it again"
    )


def _check_link(own: list[Record], title: Record) -> None:
    kind = next((record.text for record in own if record.label in {"DATATYPE", "BLOCKS"}), "")
    is_link = any(record.label == "BLOCKS" for record in own) or kind.upper() == "LINK"
    if not is_link:
        title.place.refuse(f"##END= of the block on line {own[0].place.line}, which is no LINK", "##TITLE=")


def _records(text: str, source: str) -> Iterator[Record]:
    label, lines, first, count = "", list[str](), 0, 0
    for number, line in enumerate(split_lines(text), start=1):
        if line.startswith("##"):
            if label:
                yield Record(label, tuple(lines), Place(source, first))
            count += 1
            label, value = _label(line, Place(source, number))
            lines, first = [value], number
            if count > MAX_RECORDS:
                Place(source, number).refuse(f"at most {MAX_RECORDS} labels", "more")
        elif label:
            lines.append(line.partition("$$")[0])
        elif line.partition("$$")[0].strip():
            Place(source, number).refuse("##TITLE=", shown(line))
    if label:
        yield Record(label, tuple(lines), Place(source, first))


def _label(line: str, place: Place) -> tuple[str, str]:
    name, equals, value = line[2:].partition("=")
    label = _FILLER.sub("", name).upper()
    if not equals:
        place.refuse("`##LABEL= value`", shown(line))
    return label or REMARK, value.partition("$$")[0]
