"""Reads what a printer was sent, as a printer does: a few commands are known, and nothing else may be there."""

import re
from dataclasses import dataclass, field

_FIELD = re.compile(r"\^FO(\d+),(\d+)(\^A0N,(\d+),\d+\^FB(\d+),\d+,0,L,0|\^BQN,2,(\d+))\^FH_\^FD([^^~]*)\^FS")


@dataclass
class Printed:
    """Lines of text and the texts of codes, and whether the paper was cut."""

    lines: list[str] = field(default_factory=list[str])
    codes: list[str] = field(default_factory=list[str])
    cut: bool = False
    places: list[tuple[int, int, int]] = field(default_factory=list[tuple[int, int, int]])


def read_zpl(data: bytes) -> Printed:
    """Read one label; anything that is not one of its commands is an error."""
    head, *rows, end, nothing = data.decode().split("\n")
    assert (head, end, nothing) == ("^XA", "^XZ", "")
    assert rows[0] == "^CI28^PW800^LL480^LH0,0"
    found = Printed()
    for row in rows[1:]:
        match = _FIELD.fullmatch(row)
        assert match, row
        left, top, _, size, wide, module, text = match.groups()
        said = re.sub(rb"_([0-9A-F]{2})", lambda hit: bytes.fromhex(hit[1].decode()), text.encode()).decode()
        if module:
            assert said.startswith("MA,")
            found.codes.append(said.removeprefix("MA,"))
        else:
            found.lines.append(said)
            found.places.append((int(left) + int(wide), int(top), int(top) + int(size)))
    return found


def read_escpos(data: bytes) -> Printed:
    """Read one print; an unknown command is an error."""
    found, line, stored, rest = Printed(), b"", "", data
    assert rest.startswith(b"\x1b@\x1bt\x13")
    while rest:
        if rest.startswith((b"\x1b@", b"\x1da")):
            rest = rest[2:]
        elif rest.startswith((b"\x1bt", b"\x1ba", b"\x1bE", b"\x1d!")):
            rest = rest[3:]
        elif rest.startswith(b"\x1d(k"):
            size = int.from_bytes(rest[3:5], "little")
            function, rest = rest[5 : 5 + size], rest[5 + size :]
            assert function[:1] == b"1"
            if function[1:3] == b"\x50\x30":
                stored = function[3:].decode()
            elif function[1:3] == b"\x51\x30":
                found.codes.append(stored)
            else:
                assert function[1:2] in (b"\x41", b"\x43", b"\x45")
        elif rest.startswith(b"\x1dV\x42\x00"):
            found.cut, rest = True, rest[4:]
        elif rest.startswith(b"\n"):
            found.lines += [line.decode("cp858")] if line else []
            line, rest = b"", rest[1:]
        else:
            assert rest[0] >= 0x20, rest[:8]
            line, rest = line + rest[:1], rest[1:]
    assert not line
    return found
