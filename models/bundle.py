"""The bundle: library, network, labels and calibration in one file whose every part is checked by its digest.

`docs/formats/bundle.md` describes the bytes.
"""

import hashlib
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, cast

from models.errors import UnusableBundle

FORMAT = "garita.bundle/1"
MANIFEST = "manifest.json"
MAX_BYTES = 12 * 2**20
MAX_PART_BYTES = 64 * 2**20
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Bundle:
    """Parts by name, all of them those that the manifest lists. `digest` is the SHA-256 of the file, hexadecimal."""

    manifest: Mapping[str, Any]
    parts: Mapping[str, bytes]
    digest: str

    def part(self, name: str) -> bytes:
        """Return a part by name. Raises UnusableBundle where it is not there."""
        try:
            return self.parts[name]
        except KeyError:
            raise UnusableBundle(f"the bundle has no {name}, only {sorted(self.parts)}; load it again") from None

    @classmethod
    def open(cls, path: Path) -> "Bundle":
        """Read and check a bundle. Raises UnusableBundle."""
        try:
            if path.stat().st_size > MAX_BYTES:
                raise UnusableBundle(f"{path.name}: {path.stat().st_size} bytes; a bundle has at most {MAX_BYTES}")
            return cls.from_bytes(path.read_bytes(), path.name)
        except OSError as error:
            raise UnusableBundle(f"{path.name}: {error.strerror or error}; load the signed bundle again") from error

    @classmethod
    def from_bytes(cls, data: bytes, source: str = "bundle") -> "Bundle":
        """Check a bundle's bytes: its form, its list of parts, and the digest of each. Raises UnusableBundle."""
        parts = _unzip(data, source)
        try:
            manifest = cast("dict[str, Any]", json.loads(parts.pop(MANIFEST)))
            digests = {str(name): str(value) for name, value in manifest["parts"].items()}
            stated = manifest["format"]
        except (KeyError, ValueError, TypeError, AttributeError, RecursionError) as error:
            raise UnusableBundle(
                f"{source}: no readable {MANIFEST} ({error!r}); load the signed bundle again"
            ) from error
        if stated != FORMAT:
            raise UnusableBundle(f"{source}: format {stated!r}; this software reads {FORMAT!r}")
        _check(parts, digests, source)
        if (written := write_bundle(manifest, parts)) != data:
            raise UnusableBundle(
                f"{source}: {len(data)} bytes, not the {len(written)} that its parts make; load it again"
            )
        return cls(manifest, parts, hashlib.sha256(data).hexdigest())


def write_bundle(manifest: Mapping[str, Any], parts: Mapping[str, bytes]) -> bytes:
    """Write the one byte form of a bundle: same parts, same bytes. The digests of the parts are put in here."""
    digests = {name: hashlib.sha256(part).hexdigest() for name, part in parts.items()}
    text = json.dumps({**manifest, "format": FORMAT, "parts": digests}, indent=1, sort_keys=True, ensure_ascii=False)
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, part in [(MANIFEST, text.encode()), *sorted(parts.items())]:
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), part, zipfile.ZIP_STORED)
    return buffer.getvalue()


def _unzip(data: bytes, source: str) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            for info in archive.infolist():
                if info.file_size > MAX_PART_BYTES:
                    raise UnusableBundle(
                        f"{source}: {info.filename} says {info.file_size} bytes; at most {MAX_PART_BYTES}"
                    )
            return {info.filename: archive.read(info) for info in archive.infolist()}
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        raise UnusableBundle(f"{source}: not a bundle ({error}); load the signed bundle again") from error


def _check(parts: Mapping[str, bytes], digests: Mapping[str, str], source: str) -> None:
    if parts.keys() != digests.keys():
        raise UnusableBundle(f"{source}: parts {sorted(parts)}; the manifest lists {sorted(digests)}")
    for name, part in parts.items():
        if (found := hashlib.sha256(part).hexdigest()) != digests[name]:
            raise UnusableBundle(f"{source}: {name} has digest {found}, expected {digests[name]}; load it again")
