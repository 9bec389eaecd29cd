"""A foreign or simulated TPM that answers in the place of the station's own; two software TPMs are the two."""

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from edge.errors import ProtectorUnavailable
from edge.keyring import Keyring
from edge.keys_commands import anchor_journal
from edge.protect import move_key, protector_of
from edge.protectors.tpm import Tpm
from edge.protectors.tpm_anchor import TpmAnchor
from edge.protectors.tpm_attestation import ATTESTATION_KEY, AttestationKey
from edge.settings import Settings
from edge.station import Station
from sync.errors import RolledBack
from tests.edge.bench import FAST_HASHER, Bench
from tests.edge.protectors.people import Person

BETWEEN = Path(__file__).with_name("between.py")
COUNTER = 0x01500016
PIN = "161803"


def start_and_end(bench: Bench, person: Person | None = None) -> None:
    settings = Settings.load(bench.data)
    keyring = Keyring.unlock(protector_of(settings, person or Person([])))
    station = Station(settings, identifier=bench.identifier, keyring=keyring, clock=bench.clock, hasher=FAST_HASHER)
    try:
        station.start()
    finally:
        station.close()


@dataclass
class Theft:
    """A station's folder and yesterday's database, in the hands of who can write files, and has no key."""

    bench: Bench
    yesterday: Path
    shown: int

    def ask(self, tcti: str) -> None:
        """Let station.toml name another TPM."""
        file = self.bench.data / "station.toml"
        kept = [line for line in file.read_text().splitlines() if not line.startswith("tpm =")]
        file.write_text("\n".join([f'tpm = "{tcti}"', *kept]))

    def keep_key_in_tpm(self) -> None:
        (self.bench.data / "client.key").write_text("-----BEGIN PRIVATE KEY-----")
        move_key(Settings.load(self.bench.data), "tpm", Person([PIN]))

    def put_back(self) -> None:
        for file in self.bench.data.glob("station.db*"):
            file.unlink()
        shutil.copy(self.yesterday, self.bench.data / "station.db")


def counted_to(tcti: str, shown: int, index: int = COUNTER) -> TpmAnchor:
    """Make a counter in a TPM that shows what is wanted, with the key beside it that certifies it."""
    anchor = TpmAnchor(Tpm(tcti), index)
    anchor.define()
    while anchor.read() < shown:
        anchor.advance()
    return anchor


def between(real: str, other: str, *words: str) -> str:
    """Return the TCTI by which `other` answers the tools whose command line has one of the `words`, `real` the rest."""
    sockets = (tcti.removeprefix("swtpm:path=") for tcti in (real, other))
    return " ".join((f"cmd:exec {sys.executable}", str(BETWEEN), *sockets, *words))


@pytest.fixture
def theft(bench: Bench, swtpm: str, tmp_path: Path) -> Theft:
    bench.open(tpm=swtpm, tls_key="client.key")
    bench.close()
    anchor_journal(bench.data, COUNTER, ())
    start_and_end(bench)
    shutil.copy(bench.data / "station.db", tmp_path / "yesterday.db")
    shown = TpmAnchor(Tpm(swtpm), COUNTER).read()
    start_and_end(bench)
    return Theft(bench, tmp_path / "yesterday.db", shown)


def test_the_stations_own_tpm_starts_it(theft: Theft) -> None:
    start_and_end(theft.bench)
    theft.put_back()
    with pytest.raises(RolledBack, match="this is an older journal"):
        start_and_end(theft.bench)


def test_who_anchors_is_told_the_tpms_key(theft: Theft, swtpm: str) -> None:
    said = anchor_journal(theft.bench.data, COUNTER + 1, ())
    assert said.endswith(f" is anchored by {TpmAnchor(Tpm(swtpm), COUNTER + 1).name}")


def test_a_simulated_tpm_brings_no_older_journal_back(theft: Theft, foreign: str) -> None:
    counted_to(foreign, theft.shown)
    theft.put_back()
    theft.ask(foreign)
    with pytest.raises(RolledBack, match=r"anchored by tpm:0x01500016/\S{43}, and tpm:0x01500016/\S{43} answers"):
        start_and_end(theft.bench)


def test_a_tpm_without_the_key_says_what_to_do(theft: Theft, foreign: str) -> None:
    theft.ask(foreign)
    with pytest.raises(RolledBack, match=r"has no key 0x81004717: .*garita keys anchor --index N"):
        start_and_end(theft.bench)


@pytest.mark.parametrize(
    ("words", "said"),
    [(("tpm2_nv",), "its key did not sign"), (("tpm2_nv", ATTESTATION_KEY), "answers")],
    ids=["counter", "counter-and-its-key"],
)
def test_who_stands_between_brings_none_back_where_the_right_tpm_opens_the_key(
    words: tuple[str, ...], said: str, theft: Theft, swtpm: str, foreign: str
) -> None:
    """That the TPM opens the station's key proves nothing of the counter: another is asked for that."""
    counted_to(foreign, theft.shown)
    theft.keep_key_in_tpm()
    theft.put_back()
    theft.ask(between(swtpm, foreign, *words))
    with pytest.raises(RolledBack, match=said):
        start_and_end(theft.bench, Person([PIN]))


def test_who_stands_between_and_moves_nothing_on(theft: Theft, swtpm: str, foreign: str) -> None:
    """The real counter would stay where it is, and every database since would be the newest."""
    counted_to(foreign, theft.shown)
    theft.ask(between(swtpm, foreign, "tpm2_nvincrement"))
    with pytest.raises(RolledBack, match=r"was moved to \d+ and shows \d+: somebody else moves it"):
        start_and_end(theft.bench)


def test_a_key_kept_by_one_tpm_opens_with_no_other(theft: Theft, foreign: str) -> None:
    theft.keep_key_in_tpm()
    start_and_end(theft.bench, Person([PIN]))
    theft.ask(foreign)
    person = Person([PIN])
    with pytest.raises(ProtectorUnavailable, match="another TPM than the one that answers keeps this key"):
        start_and_end(theft.bench, person)
    assert person.asked == []


def test_a_counter_that_is_another_tpms_is_not_moved_by_a_command(theft: Theft, swtpm: str, foreign: str) -> None:
    """A command that anchors without a start asks for the anchor of the newest head, too."""
    counted_to(foreign, theft.shown + 9)
    theft.ask(foreign)
    station = theft.bench.assemble()
    with pytest.raises(RolledBack, match="answers"):
        station._housekeeping.anchor_now()
    station.close()
    theft.ask(swtpm)
    start_and_end(theft.bench)


def test_an_attestation_key_that_somebody_laid_is_refused(swtpm: str, tool: Callable[..., str], tmp_path: Path) -> None:
    attributes = "fixedtpm|fixedparent|sensitivedataorigin|userwithauth|sign|noda"
    context = str(tmp_path / "signs-anything")
    tool("tpm2_createprimary", "-C", "o", "-G", "ecc256:ecdsa-sha256:null", "-a", attributes, "-c", context)
    tool("tpm2_flushcontext", "-t")
    tool("tpm2_evictcontrol", "-C", "o", "-c", context, ATTESTATION_KEY)
    with pytest.raises(ProtectorUnavailable, match=r"somebody laid it; remove it \(tpm2_evictcontrol -C o"):
        TpmAnchor(Tpm(swtpm), COUNTER).define()


class TestStatement:
    """What the TPM signs, taken by who asked now alone."""

    NONCE = bytes(range(32))

    @pytest.fixture
    def signed(self, swtpm: str, tool: Callable[..., str], tmp_path: Path) -> tuple[AttestationKey, bytes, bytes]:
        counted_to(swtpm, 3)
        said, signature = tmp_path / "said", tmp_path / "signature"
        tool(
            *("tpm2_nvcertify", "-C", ATTESTATION_KEY, "-g", "sha256", "-s", "ecdsa", "-f", "plain"),
            *("-q", self.NONCE.hex(), "-o", str(signature), "--attestation", str(said), "--size", "8", hex(COUNTER)),
        )
        return AttestationKey.read(Tpm(swtpm)), said.read_bytes(), signature.read_bytes()

    def test_it_says_what_the_counter_shows(self, signed: tuple[AttestationKey, bytes, bytes]) -> None:
        key, statement, signature = signed
        assert int.from_bytes(key.check(statement, signature, self.NONCE, 8).held) >= 3

    def test_one_of_another_time_is_refused(self, signed: tuple[AttestationKey, bytes, bytes]) -> None:
        key, statement, signature = signed
        with pytest.raises(RolledBack, match="another time"):
            key.check(statement, signature, bytes(32), 8)

    def test_one_that_another_tpm_signed_is_refused(
        self, signed: tuple[AttestationKey, bytes, bytes], foreign: str
    ) -> None:
        _, statement, signature = signed
        with pytest.raises(RolledBack, match="its key did not sign"):
            AttestationKey.lay(Tpm(foreign)).check(statement, signature, self.NONCE, 8)

    def test_every_flipped_byte_is_refused(self, signed: tuple[AttestationKey, bytes, bytes]) -> None:
        key, statement, signature = signed
        for at in range(len(statement)):
            flipped = statement[:at] + bytes([statement[at] ^ 1]) + statement[at + 1 :]
            with pytest.raises(RolledBack, match="did not sign"):
                key.check(flipped, signature, self.NONCE, 8)

    @pytest.mark.parametrize(("offset", "size"), [(0, 7), (1, 7), (4, 4)])
    def test_a_part_of_the_counter_is_refused(
        self,
        offset: int,
        size: int,
        signed: tuple[AttestationKey, bytes, bytes],
        tool: Callable[..., str],
        tmp_path: Path,
    ) -> None:
        """Who stands between and asks for less has the right TPM sign a smaller number."""
        key, said, signature = signed[0], tmp_path / "part", tmp_path / "part-signature"
        tool(
            *("tpm2_nvcertify", "-C", ATTESTATION_KEY, "-g", "sha256", "-s", "ecdsa", "-f", "plain"),
            *("-q", self.NONCE.hex(), "-o", str(signature), "--attestation", str(said)),
            *("--offset", str(offset), "--size", str(size), hex(COUNTER)),
        )
        with pytest.raises(RolledBack, match=f"says {size} bytes of the counter, not the first 8"):
            key.check(said.read_bytes(), signature.read_bytes(), self.NONCE, 8)

    def test_a_statement_of_another_kind_is_refused(
        self, signed: tuple[AttestationKey, bytes, bytes], tool: Callable[..., str], tmp_path: Path
    ) -> None:
        """The same key also signs what the TPM says of its registers: that is no counter."""
        key, _, _ = signed
        said, signature = str(tmp_path / "quote"), str(tmp_path / "quote-signature")
        tool(
            *("tpm2_quote", "-c", ATTESTATION_KEY, "-l", "sha256:0", "-q", self.NONCE.hex(), "-g", "sha256"),
            *("-m", said, "-s", signature, "-f", "plain"),
        )
        with pytest.raises(RolledBack, match="another time"):
            key.check(Path(said).read_bytes(), Path(signature).read_bytes(), self.NONCE, 8)
