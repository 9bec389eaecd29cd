"""A scripted shift leaves no plain trace: markers are looked for in all that lies on the disk, again and again."""

import base64
import secrets
import threading
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import cbor2
import httpx
import numpy as np
import pytest
import zstandard

from edge.app import create_app
from edge.casework import Casework
from edge.guessed import is_guessed
from edge.keyring import Keyring
from edge.protectors.passphrase import PassphraseProtector
from edge.settings import Settings
from edge.station import Station
from sync.contract.ids import OperatorId, ScreeningId
from sync.keys import StationKeyFile
from tests.edge.bench import FAST_HASHER, Bench, PutOnPty, finished, serve
from tests.edge.protectors.people import Person

PASSPHRASE = f"frase-{secrets.token_hex(12)}"
PEOPLE = 30
EXHIBITS = 45
MARKERS = 1000
"""How many strings are planted and looked for, each in all its spellings."""
WORD = 8
"""Spellings have at least so many bytes, and are looked up by their first ones."""
ZSTD, ZLIB = b"\x28\xb5\x2f\xfd", (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")


@dataclass
class Canary:
    """Strings that must never lie on the disk, and where to look for them."""

    folders: list[Path]
    planted: dict[str, bytes] = field(default_factory=dict[str, bytes])
    looked: int = 0

    def plant(self, what: str, marker: bytes | str) -> None:
        self.planted[what] = marker.encode() if isinstance(marker, str) else marker

    def look(self, moment: str) -> None:
        """Search every file: raw, and what is compressed in it; for each marker in all its spellings."""
        needles = Needles(dict(self.planted))
        for file in self._files():
            self.looked += 1
            for content in unpacked(file.read_bytes()):
                for what in needles.found_in(content):
                    raise AssertionError(f"{moment}: {what} lies in {file}")

    def _files(self) -> Iterator[Path]:
        for folder in self.folders:
            for file in folder.rglob("*"):
                if file.is_file() and file.name != "reserve":
                    yield file


class Needles:
    """Many strings, looked for at once: every eight bytes of a file are looked up among the strings' first eight."""

    def __init__(self, planted: Mapping[str, bytes]) -> None:
        self._named: dict[int, list[tuple[bytes, str]]] = {}
        for what, marker in planted.items():
            for spelling in spellings(marker):
                if len(spelling) >= WORD:
                    self._named.setdefault(int.from_bytes(spelling[:WORD], "little"), []).append((spelling, what))
        self._words = np.array(sorted(self._named), "<u8")

    def found_in(self, content: bytes) -> Iterator[str]:
        """Yield the name of each string that stands in `content`."""
        for shift in range(WORD):
            count = (len(content) - shift) // WORD
            words = np.frombuffer(content, "<u8", max(count, 0), min(shift, len(content)))
            nearest = self._words[np.minimum(np.searchsorted(self._words, words), len(self._words) - 1)]
            for at in np.flatnonzero(nearest == words):
                start = int(at) * WORD + shift
                for spelling, what in self._named[int(words[at])]:
                    if content.startswith(spelling, start):
                        yield what


def spellings(marker: bytes) -> Iterator[bytes]:
    """Yield a marker as bytes, hex, base64 at each of its three alignments, and as UTF-16 where it is text."""
    yield marker
    yield marker.hex().encode()
    for shift in range(3):
        whole = base64.b64encode(bytes(shift) + marker)
        yield whole[4 if shift else 0 : len(whole) // 4 * 4 - 4]
    if marker.isascii() and marker.decode("ascii").isprintable():
        yield marker.decode().encode("utf-16-le")


def unpacked(content: bytes) -> Iterator[bytes]:
    """Yield the content, and whatever in it begins like a compressed stream and unpacks."""
    yield content
    for start in places(content, ZSTD):
        try:
            yield zstandard.ZstdDecompressor().stream_reader(content[start:]).read(1 << 24)
        except zstandard.ZstdError:
            continue
    for sign in ZLIB:
        for start in places(content, sign):
            try:
                yield zlib.decompressobj().decompress(memoryview(content)[start:], 1 << 24)
            except zlib.error:
                continue


def places(content: bytes, sign: bytes) -> Iterator[int]:
    start = content.find(sign)
    while start >= 0:
        yield start
        start = content.find(sign, start + 1)


@pytest.fixture
def canary(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Canary:
    """Let everything temporary and every log lie where the canary looks."""
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    for name in ("TMPDIR", "SQLITE_TMPDIR", "HOME"):
        monkeypatch.setenv(name, str(temporary))
    monkeypatch.setattr("tempfile.tempdir", None)
    return Canary([bench.data, temporary])


@pytest.fixture
def station(bench: Bench, canary: Canary, put_on_pty: PutOnPty) -> Iterator[Station]:
    """Open a station whose key is under a passphrase and whose secret files are sealed, with its log in a file."""
    bench.settings |= {"protector": "passphrase", "analyzer": put_on_pty("Cocaine", "Fentanyl", "Caffeine", "stall")}
    bench._write_settings()
    settings = Settings.load(bench.data)
    key = secrets.token_bytes(32)
    protector = PassphraseProtector(bench.data / "database.key", Person([PASSPHRASE]))
    protector.keep(key)
    seeds = (bench.data / "station.key").read_bytes()
    Keyring(key, demo=True).seal(bench.data / "station.key")
    canary.plant("the database's key", key)
    canary.plant("the passphrase", PASSPHRASE)
    plant_seeds(canary, seeds)
    keyring = Keyring.unlock(protector)
    station = Station(settings, identifier=bench.identifier, keyring=keyring, clock=bench.clock, hasher=FAST_HASHER)
    station.start()
    yield station
    station.close()


def plant_seeds(canary: Canary, file: bytes) -> None:
    """Plant the two secret seeds of a station key file."""
    said = StationKeyFile.read(file)
    canary.plant("the signing key's Ed25519 seed", said.ed25519)
    canary.plant("the signing key's ML-DSA seed", said.mldsa65)


def enrol(canary: Canary, station: Station) -> list[tuple[OperatorId, str]]:
    people: list[tuple[OperatorId, str]] = []
    for number in range(PEOPLE):
        name = f"Nombre-{secrets.token_hex(6)}"
        while is_guessed(pin := f"{secrets.randbelow(10**6):06}"):
            pass
        operator = station.operators.enrol(name, "officer", pin)
        canary.plant(f"operator {number}'s name", name)
        people.append((operator.id, pin))
        canary.plant(f"operator {number}'s PIN as it is posted", f'"{operator.id}", "pin": "{pin}"')
    return people


def plant_samples(canary: Canary, station: Station) -> None:
    """Plant the names of what is played, and pieces of its spectra as they are stored."""
    for substance in ("Cocaine", "Fentanyl", "Caffeine", "ortho-Methylacetylfentanyl"):
        canary.plant(f"the substance {substance} as CBOR", cbor2.dumps(substance))
        canary.plant(f"the substance {substance} as JSON", f'"{substance}"')
    canary.plant("words of every result", "Presuntivo: requiere")
    assert station.identifier.library.digest


def casework(canary: Canary, station: Station, operator: OperatorId, subject: ScreeningId) -> None:
    """Make exhibits with words, seals, receivers and photographs that are markers each."""
    person = next(each for each in station.operators.list() if each.id == operator)
    work = Casework(station._database, station._recorder)
    for number in range(EXHIBITS):
        marks = {what: f"{what}-{secrets.token_hex(8)}" for what in ("bulto", "sello", "motivo", "destino", "pie")}
        for what, marker in marks.items():
            canary.plant(f"{what} of exhibit {number}", marker)
        photo = b"\xff\xd8\xff" + secrets.token_bytes(6000)
        for piece in range(0, 4800, 300):
            canary.plant(f"photo {number} at {piece}", photo[3 + piece : 27 + piece])
        exhibit = work.add_exhibit(person, subject, marks["bulto"])
        work.photograph(person, exhibit, photo, "image/jpeg", marks["pie"])
        work.apply_seal(person, exhibit, marks["sello"], marks["motivo"])
        work.transfer(person, exhibit, marks["destino"], marks["motivo"], marks["sello"])


class Watch:
    """Looks in a thread of its own, again and again, while the shift goes on."""

    def __init__(self, canary: Canary) -> None:
        self._canary = canary
        self._stop = threading.Event()
        self._found: list[BaseException] = []
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        if self._found:
            raise self._found[0]

    def _run(self) -> None:
        while not self._stop.wait(0.3):
            try:
                self._canary.look("at some moment of the shift")
            except FileNotFoundError:
                continue
            except AssertionError as error:
                self._found.append(error)
                return


def reading(client: httpx.Client, station: Station, operator: tuple[OperatorId, str]) -> ScreeningId:
    """Sign in, take one reading through the station's face, sign out; return the screening's id."""
    client.post("/api/sign-in", json={"operator": operator[0], "pin": operator[1]}).raise_for_status()
    started = client.post("/api/readings", json={"subject_kind": "parcel"}).raise_for_status().json()["reading"]
    view = finished(station, started)
    client.get(f"/api/readings/{started}").raise_for_status()
    client.post("/api/sign-out").raise_for_status()
    return view.screening


def test_a_shift_leaves_no_plain_trace_on_the_disk(canary: Canary, station: Station) -> None:
    people = enrol(canary, station)
    plant_samples(canary, station)
    canary.look("after the enrolments")
    headers = {"Sec-Fetch-Site": "same-origin"}
    with serve(create_app(station)) as origin, httpx.Client(base_url=origin, headers=headers, timeout=30) as client:
        with Watch(canary):
            screenings = [reading(client, station, operator) for operator in people[:3]]
            client.post("/api/sign-in", json={"operator": people[4][0], "pin": "00000x"})
        canary.look("after three readings and a wrong PIN")
        with Watch(canary):
            casework(canary, station, people[0][0], screenings[0])
            plant_operators(canary, people)
    assert len(canary.planted) >= MARKERS
    canary.look("after the casework")
    station._housekeeping.round()
    canary.look("after the housekeeping")
    station.close()
    canary.look("after the end")
    assert canary.looked > 50


def plant_operators(canary: Canary, people: list[tuple[OperatorId, str]]) -> None:
    for number, (operator, _) in enumerate(people):
        canary.plant(f"operator {number}'s id", operator)


def test_the_canary_sings(tmp_path: Path) -> None:
    """What it must find, it finds: raw, in hex, base64 and UTF-16, and compressed."""
    marker = b"MARKER-7d1f-0815"
    forms = {
        "raw": b"xx" + marker,
        "hex": marker.hex().encode(),
        "base64": base64.b64encode(b"y" + marker + b"zz"),
        "utf-16": marker.decode().encode("utf-16-le"),
        "zstd": b"??" + zstandard.compress(b"a" * 99 + marker),
        "zlib": b"??" + zlib.compress(b"a" * 99 + marker),
    }
    for name, content in forms.items():
        folder = tmp_path / name
        folder.mkdir()
        (folder / "file").write_bytes(content)
        canary = Canary([folder])
        canary.plant("the marker", marker)
        with pytest.raises(AssertionError, match="the marker lies in"):
            canary.look(name)
