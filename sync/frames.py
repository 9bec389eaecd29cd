"""Frames: byte strings one after the other, each by itself, so that of a file that was cut the first ones remain.

A frame is its length (4 bytes, big-endian) and one zstd frame (RFC 8878) with content size and checksum.
"""

from collections.abc import Iterable

import zstandard

from sync.errors import Malformed

LENGTH = 4
COMPRESSION = 3


def pack(items: Iterable[bytes]) -> bytes:
    """Return the frames of `items`."""
    press = zstandard.ZstdCompressor(level=COMPRESSION, write_checksum=True, write_content_size=True)
    packed = [press.compress(item) for item in items]
    return b"".join(len(each).to_bytes(LENGTH) + each for each in packed)


def unpack(data: bytes, what: str, longest: int, most: int) -> tuple[list[bytes], bool]:
    """Return the items of `data`, and whether it ends where the last of them ends.

    Raises Malformed for a frame that is no zstd frame of at most `longest` bytes, and for more than `most` frames.
    Nothing is unpacked before its length is known.
    """
    items, at = list[bytes](), 0
    while at + LENGTH <= len(data):
        end = at + LENGTH + int.from_bytes(data[at : at + LENGTH])
        if end > len(data):
            break
        if len(items) == most:
            raise Malformed(f"{what}: more than {most} frames")
        items.append(_unpack(data[at + LENGTH : end], f"{what}, frame {len(items) + 1}", longest))
        at = end
    return items, at == len(data)


def _unpack(frame: bytes, what: str, longest: int) -> bytes:
    try:
        size = zstandard.get_frame_parameters(frame).content_size
        if not 0 < size <= longest:
            raise Malformed(f"{what}: {size} bytes; 1 to {longest} are read")
        return zstandard.ZstdDecompressor().decompress(frame, max_output_size=size, allow_extra_data=False)
    except zstandard.ZstdError as error:
        raise Malformed(f"{what}: not one whole zstd frame: {error}") from error
