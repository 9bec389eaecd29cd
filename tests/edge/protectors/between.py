"""Somebody between a station and its TPM: `python between.py REAL FOREIGN WORD...`, as a TCTI `cmd:` runs it.

A tool whose command line has one of the words in it is answered by the socket FOREIGN, every other one by REAL.
"""

import os
import socket
import sys
from pathlib import Path

HEADER = 10


def main(real: str, foreign: str, *words: str) -> None:
    """Answer each command of standard input."""
    tool = Path(f"/proc/{os.getppid()}/cmdline").read_text()
    asked = foreign if any(word in tool for word in words) else real
    while head := sys.stdin.buffer.read(HEADER):
        rest = sys.stdin.buffer.read(int.from_bytes(head[2:6]) - HEADER)
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(asked)
            line.sendall(head + rest)
            sys.stdout.buffer.write(line.recv(65536))
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
