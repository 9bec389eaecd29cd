"""Letters into files: however many there are, each file is one that the outside body can read."""

from collections.abc import Iterable, Iterator

from sync.contract.letter import Delivery, Post

FULL = Post.MAX_BYTES // 2
"""Bytes of deliveries after which a file is closed; a record, and so a delivery, has at most 16 MiB."""


def posts(deliveries: Iterable[Delivery], full: int = FULL) -> Iterator[Post]:
    """Yield the deliveries, in order, in as many files as it takes; one without letters where there are none."""
    held, size, first = list[Delivery](), 0, True
    for each in deliveries:
        if held and size >= full:
            yield Post(deliveries=held)
            held, size, first = [], 0, False
        held.append(each)
        size += len(each.to_bytes())
    if held or first:
        yield Post(deliveries=held)
