"""A folder of reference files as entries of a vibrational library."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from models.errors import UnreadableFile
from models.formats.content import format_of
from models.formats.text import limit_bytes
from models.vibrational_library import Entry

MAX_BYTES = 64 * 2**20


def read_references(folder: Path) -> Iterator[Entry | str]:
    """Yield every vibrational spectrum of a folder's files, and for what is none the reason, by name of file."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield from _entries(path, str(path.relative_to(folder)))


def _entries(path: Path, source: str) -> Iterator[Entry | str]:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        limit_bytes(data, MAX_BYTES, source)
        found = format_of(source, data).read(data, source)
    except (UnreadableFile, OSError) as error:
        yield str(error)
        return
    digest = sha256(data).hexdigest()
    yield from (Entry(trace.name, source, digest, trace.spectrum) for trace in found.traces)
    yield from (f"{source}: {problem}" for problem in found.problems)
    if found.samples:
        yield f"{source}: {len(found.samples)} mass spectra are no part of a vibrational library"
