"""What a process holds in its memory, for those who search it."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path


def memory_of(pid: int) -> Iterator[bytes]:
    """Yield what a process may write to: its heap, stacks, anonymous and shared memory."""
    with Path(f"/proc/{pid}/mem").open("rb", 0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            span, rights, *_ = line.split()
            if rights.startswith("rw"):
                start, end = (int(each, 16) for each in span.split("-"))
                memory.seek(start)
                with suppress(OSError):
                    yield memory.read(end - start)
