"""The log as it is published: its checkpoint and its tiles, from the centre's address or from a folder."""

from http import HTTPStatus
from pathlib import Path
from typing import Protocol

import httpx

from sync.errors import CentralUnreachable
from sync.merkle import HASH_LENGTH
from sync.tiles import WIDTH, Tile


class Published(Protocol):
    """Files of the log by their names; None for one that is not there."""

    def read(self, name: str) -> bytes | None:
        """Return a file."""
        ...


class Folder:
    """A copy of the log's files."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self, name: str) -> bytes | None:
        """Return a file."""
        try:
            return (self._path / name).read_bytes()
        except FileNotFoundError:
            return None


class Address:
    """The log as the centre serves it, under `http`'s base address. Raises CentralUnreachable."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http

    def read(self, name: str) -> bytes | None:
        """Return a file."""
        try:
            response = self._http.get(name)
            return None if response.status_code == HTTPStatus.NOT_FOUND else response.raise_for_status().content
        except httpx.HTTPError as error:
            raise CentralUnreachable(f"no answer from {self._http.base_url} for {name}: {error}") from error


def read_tile(log: Published, tile: Tile) -> list[bytes] | None:
    """Return the hashes of a tile, from the full one where it replaced a partial one; None where they are not there."""
    data = log.read(tile.path) or log.read(tile.full_path)
    if data is None or len(data) not in (tile.width * HASH_LENGTH, WIDTH * HASH_LENGTH):
        return None
    return [data[at : at + HASH_LENGTH] for at in range(0, tile.width * HASH_LENGTH, HASH_LENGTH)]
