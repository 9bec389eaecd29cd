"""The driver against a virtual reader: in virtual time, over bad wires, and on a real pseudo-terminal."""

import time
from collections import Counter
from pathlib import Path

import pytest

from drivers.code_reader.codes import Symbology, parse
from drivers.code_reader.driver import CodeReader
from drivers.code_reader.gs1 import BadElement, elements
from drivers.code_reader.simulator import Scan, VirtualReader
from drivers.errors import BadFrame, DriverError, NoResponse, PortLost
from drivers.opening import open_code_reader
from drivers.outlet import WireFault
from drivers.pty import serve_pty
from drivers.replay import ReplayTransport
from drivers.transcript import RecordingTransport, Transcript
from tests.drivers.hand_reader import hand_reader
from tests.drivers.wires import Clocked, Damage, Wire, never, seeded
from tests.waiting import HANG_S

PALLET = b"]C100106141411234567897"
WAYBILL = b"]L0line one\rline two"
SCANS_A_WIRE = 20


def wire_to(*data: bytes, fault: WireFault | None = None, damage: Damage | None = None, seed: int = 1) -> Wire:
    scans = [Scan(turn + 1.0, each) for turn, each in enumerate(data)]
    return Wire(VirtualReader(scans, seeded(seed), fault=fault), damage or Damage(), seeded(seed + 1))


def reader_on(wire: Clocked) -> CodeReader:
    return CodeReader(wire, wire.monotonic_ns)


def test_what_is_scanned_is_read() -> None:
    wire = wire_to(PALLET, WAYBILL)
    reader = reader_on(wire)
    assert elements(reader.read(5, never))[0].value == "106141411234567897"
    assert wire.now == pytest.approx(1.05, abs=0.02)
    assert reader.read(5, never).data == b"line one\rline two"
    assert reader.counts.frames == 2
    plain = reader_on(wire_to(b"ABC-123")).read(5, never)
    assert (plain.symbology, plain.text) == (Symbology.UNKNOWN, "ABC-123")


@pytest.mark.parametrize("said", [b"NR", b"NoRead", b"<NOREAD>", b"ERROR", b"\x18"])
def test_what_a_reader_says_where_it_reads_nothing_is_no_code(said: bytes) -> None:
    """It stood as the number of a seal."""
    with serve_pty(VirtualReader([Scan(0.2, said), Scan(0.6, b"NR-4711")], seeded(1))) as port:
        reader = open_code_reader(f"code-reader:{port.path}", Transcript(), time.monotonic_ns)
        with pytest.raises(BadFrame, match="could read no code"):
            reader.read(HANG_S, never)
        assert reader.read(HANG_S, never).text == "NR-4711"
        reader.close()


def test_a_reader_that_sends_identifiers_says_that_it_reads_nothing() -> None:
    reader = reader_on(wire_to(PALLET, b"NoRead", b"NoRead", PALLET))
    assert reader.read(5, never).data
    for _ in range(2):
        with pytest.raises(BadFrame, match=r"could read no code \('NoRead'\)"):
            reader.read(5, never)
    assert reader.read(5, never).data


def test_a_code_of_these_letters_has_its_identifier() -> None:
    assert reader_on(wire_to(b"]A0NR")).read(5, never).text == "NR"


def test_nothing_scanned_is_no_response() -> None:
    wire = wire_to()
    with pytest.raises(NoResponse, match="no code was scanned within 2 s"):
        reader_on(wire).read(2, never)
    assert wire.now == pytest.approx(2.0, abs=0.1)


def test_waiting_can_be_stopped() -> None:
    wire = wire_to()
    with pytest.raises(NoResponse):
        reader_on(wire).read(60, lambda: wire.now > 0.5)
    assert wire.now < 0.7


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (WireFault.STALL, NoResponse),
        (WireFault.UNPLUG, BadFrame),
        (WireFault.HALF_FRAME, BadFrame),
        (WireFault.BABBLE, BadFrame),
        (WireFault.WRONG_BAUD, DriverError),
    ],
)
def test_complaint_5_a_fault_of_the_wire_is_no_endless_loop(fault: WireFault, error: type[DriverError]) -> None:
    wire = wire_to(PALLET, fault=fault)
    with pytest.raises(error):
        elements(reader_on(wire).read(30, never))
    assert wire.now < 31


def test_a_slow_wire_costs_no_code() -> None:
    assert reader_on(wire_to(PALLET, fault=WireFault.SLOW)).read(5, never).raw == PALLET


def test_a_recorded_session_replays_to_the_same_code() -> None:
    wire, transcript = wire_to(PALLET), Transcript("code-reader:wire")
    code = CodeReader(RecordingTransport(wire, transcript, wire.monotonic_ns), wire.monotonic_ns).read(5, never)
    replayed = ReplayTransport(Transcript.from_bytes(transcript.to_bytes(), "file"), "wire")
    assert reader_on(replayed).read(5, never) == code


def sscc(rng_number: int) -> bytes:
    digits = f"{rng_number:017}"
    total = sum(int(digit) * (3, 1)[turn % 2] for turn, digit in enumerate(digits))
    return f"{digits}{-total % 10}".encode()


def scan_on(seed: int, flip: float) -> Counter[str]:
    """Scan twenty pallets over a wire that flips one bit in some codes, or chops, drops and delays pieces of them."""
    rng = seeded(seed)
    whole = flip > 0
    damage = Damage(
        chop=65_536 if whole else rng.choice([3, 11, 64]),
        flip=flip,
        drop=0 if whole else rng.choice([0, 0.01, 0.05]),
        delay=rng.choice([0, 0.02]),
    )
    sent = [b"]C100" + sscc(rng.randrange(10**17)) for _ in range(SCANS_A_WIRE)]
    wire = wire_to(*sent, damage=damage, seed=seed)
    reader, outcomes = reader_on(wire), Counter[str]()
    while wire.now < SCANS_A_WIRE + 3:
        try:
            value = elements(reader.read(3, never))
            if value[0].ai == "00":
                true = b"]C100" + value[0].value.encode() in sent
                outcomes["true" if true else "false"] += 1
        except (DriverError, BadElement) as error:
            outcomes[type(error).__name__] += 1
    return outcomes


@pytest.mark.parametrize("flip", [0.0, 0.2])
def test_no_false_pallet(flip: float) -> None:
    outcomes = sum((scan_on(seed, flip) for seed in range(10)), Counter[str]())
    assert outcomes["false"] == 0
    assert outcomes["true"] > 100


def test_lost_and_doubled_bytes_together_can_make_a_false_pallet() -> None:
    """The line has no checksum and the code's own digit finds nine of ten such: what the page says, kept honest."""
    whole, false = sscc(12_345_678_901_234_567), 0
    for lost in range(17):
        for doubled in range(17):
            digits = bytearray(whole)
            digits.insert(doubled, digits[doubled])
            del digits[lost]
            try:
                found = elements(parse(b"]C100" + bytes(digits)))
            except BadElement:
                continue
            false += found[0].value.encode() != whole
    assert 0 < false < 17 * 17 // 5


@pytest.mark.soak
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("flip", [0.0, 0.2])
def test_five_thousand_pallets(flip: float) -> None:
    outcomes = sum((scan_on(seed, flip) for seed in range(250)), Counter[str]())
    print("codes", flip, dict(outcomes))  # noqa: T201 - the numbers of docs/instruments/code-readers.md
    assert outcomes["false"] == 0
    assert outcomes["true"] > 2000


def test_on_a_real_port() -> None:
    with hand_reader() as hand:
        opened = open_code_reader(f"code-reader:{hand.path}", Transcript(), time.monotonic_ns)
        for code in (PALLET, WAYBILL):
            hand.scan(code)
            assert opened.read(HANG_S, never).raw == code
        opened.close()


def test_complaint_1_a_pulled_cable_is_told(tmp_path: Path) -> None:
    link = tmp_path / "reader"
    reader = VirtualReader([], seeded(1), fault=WireFault.UNPLUG)
    with serve_pty(reader, link, replug_after=5):
        opened = open_code_reader(f"code-reader:{link}", Transcript(), time.monotonic_ns)
        reader._scans.append(Scan(0, PALLET))
        start = time.monotonic()
        with pytest.raises(PortLost):
            opened.read(120, never)
        assert time.monotonic() - start < HANG_S
