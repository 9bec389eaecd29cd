"""Frames: byte strings one after the other, each by itself, so that of a file that was cut the first ones remain.

A frame is its length (4 bytes, big-endian) and one zstd frame (RFC 8878) with content size and checksum.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import zstandard

from sync.errors import Malformed

LENGTH = 4
COMPRESSION = 3


@dataclass(frozen=True)
class Frame:
    """A packed item as it came; `size` is how many bytes its header says that it unpacks to."""

    what: str
    packed: memoryview
    size: int

    def unpack(self) -> bytes:
        """Return the item, of `size` bytes and not one more; raises Malformed."""
        try:
            press = zstandard.ZstdDecompressor()
            return press.decompress(self.packed, max_output_size=self.size, allow_extra_data=False)
        except zstandard.ZstdError as error:
            raise _not_one(self.what, error) from error


def pack(items: Iterable[bytes]) -> bytes:
    """Return the frames of `items`."""
    press = zstandard.ZstdCompressor(level=COMPRESSION, write_checksum=True, write_content_size=True)
    packed = [press.compress(item) for item in items]
    return b"".join(len(each).to_bytes(LENGTH) + each for each in packed)


def split(data: bytes, what: str, longest: int, most: int, total: int) -> list[Frame]:
    """Return the frames of `data` that are there whole; nothing is unpacked and nothing copied.

    Raises Malformed for a frame whose header does not say 1 to `longest` bytes, for more than `most` frames, and where
    all of them say more than `total` bytes together.
    """
    view, frames, at, room = memoryview(data), list[Frame](), 0, total
    while at + LENGTH <= len(view):
        end = at + LENGTH + int.from_bytes(view[at : at + LENGTH])
        if end > len(view):
            break
        if len(frames) == most:
            raise Malformed(f"{what}: more than {most} frames")
        frames.append(_frame(view[at + LENGTH : end], f"{what}, frame {len(frames) + 1}", longest))
        room -= frames[-1].size
        if room < 0:
            raise Malformed(f"{what}: its frames say more than {total} bytes together")
        at = end
    return frames


def _frame(packed: memoryview, what: str, longest: int) -> Frame:
    try:
        size = zstandard.get_frame_parameters(packed).content_size
    except zstandard.ZstdError as error:
        raise _not_one(what, error) from error
    if not 0 < size <= longest:
        raise Malformed(f"{what}: {size} bytes; 1 to {longest} are read")
    return Frame(what, packed, size)


def _not_one(what: str, error: zstandard.ZstdError) -> Malformed:
    return Malformed(f"{what}: not one whole zstd frame: {error}")
