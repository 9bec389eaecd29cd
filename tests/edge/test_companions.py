"""Scale, receiver and code reader at a post, on real ptys: what they tell goes on record, and a pulled cable mends."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path

import pytest

from drivers.errors import DriverError, PortUnavailable
from drivers.families import FAMILIES
from drivers.family import Role
from drivers.nmea.fix import NoFix
from drivers.nmea.simulator import SkyFault, VirtualReceiver
from drivers.pty import Simulated, SimulatedPort, serve_pty
from drivers.scales.faces import FACES
from drivers.scales.simulator import VirtualScale
from drivers.scales.weight import WeightRefused
from drivers.transcript import Transcript
from edge.errors import BadCasework
from edge.scanning import Scanned
from edge.station import Station
from edge.views import OperatorView
from sync.contract.ids import ScreeningId, Seq
from sync.contract.observations import ObservationRecord, SecondTechniqueRecord
from sync.contract.records import PRESUMPTIVE
from tests.edge.bench import PIN, Bench, finished, noise
from tests.edge.test_imports import TRUNARC, raman, read_incoming
from tests.waiting import wait_until


def works(action: Callable[[], object]) -> bool:
    try:
        action()
    except DriverError:
        return False
    return True


class Table:
    """Virtual instruments beside the analyzer, each behind a link; a cable is pulled and plugged by name."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ports: dict[str, SimulatedPort] = {}

    def plug(self, family: str, sample: str | None = None, fault: str | None = None) -> str:
        self._ports[family] = serve_pty(_played(family, sample, fault), self._folder / family)
        return f"{family}:{self._folder / family}"

    def pull(self, family: str) -> None:
        self._ports.pop(family).close()

    def close(self) -> None:
        for family in list(self._ports):
            self.pull(family)


def _played(family: str, sample: str | None, fault: str | None) -> Simulated:
    """Begin what stands at the other end; satellites tell the day of the bench's clock."""
    simulation, rng = FAMILIES[family].simulation, noise()
    assert simulation is not None
    if family == "nmea":
        return VirtualReceiver(rng, fault=SkyFault(fault) if fault else None)
    return simulation.begin(sample or simulation.samples[0], fault, rng)


@pytest.fixture
def table(tmp_path: Path) -> Iterator[Table]:
    with ExitStack() as ends:
        table = Table(tmp_path)
        ends.callback(table.close)
        yield table


@pytest.fixture
def screening(bench: Bench, table: Table) -> ScreeningId:
    """Open a station with every companion and make one screening: its reading fails, as there is no analyzer."""
    station = bench.open(
        analyzer="analyzer-link:/dev/garita-none",
        scale=table.plug("mt-sics"),
        receiver=table.plug("nmea"),
        code_reader=table.plug("code-reader", "container"),
    )
    reading = station.screenings.start(station.operators.enrol("Ana Ruiz", "officer", PIN))
    return finished(station, reading).screening


@pytest.fixture
def station(bench: Bench, screening: ScreeningId) -> Station:  # noqa: ARG001 - it opens the station
    return bench.open_stations[0]


@pytest.fixture
def operator(station: Station) -> OperatorView:
    return station.operators.list()[0]


def observed(bench: Bench) -> list[ObservationRecord]:
    return [record for record in bench.records() if isinstance(record, ObservationRecord)]


def test_a_stable_weight_goes_on_record_with_its_line_its_scale_and_its_bytes(
    bench: Bench, station: Station, operator: OperatorView, screening: ScreeningId
) -> None:
    scale = station.companions.scale
    assert scale is not None
    station.observations.add(operator, screening, scale.weigh("100.00 g"))
    [record] = observed(bench)
    assert record.weight is not None
    assert (record.weight.value, record.weight.unit, record.weight.grams) == ("100.00", "g", "100.00")
    assert record.weight.raw == b"S S     100.00 g"
    assert record.device.serial_number == "0123456789"
    assert (record.screening, record.operator, record.position, record.code) == (screening, operator.id, None, None)
    transcript = Transcript.from_bytes(record.transcript, "record")
    assert transcript.address == record.device.port
    assert any(b"100.00 g" in event.data for event in transcript.events)


def test_a_position_goes_on_record_with_source_age_and_sentences(
    bench: Bench, station: Station, operator: OperatorView, screening: ScreeningId
) -> None:
    receiver = station.companions.receiver
    assert receiver is not None
    wait_until(lambda: works(receiver.locate) and not receiver.locate().fix.doubts)
    station.observations.add(operator, screening, receiver.locate())
    [record] = observed(bench)
    position = record.position
    assert position is not None
    assert (position.latitude, position.longitude) == pytest.approx((27.4997, -99.5075), abs=1e-6)
    assert (position.source, position.quality, position.doubts) == ("GN", "gps", [])
    assert 0 <= position.age < 5.5
    assert all(sentence.startswith(b"$GN") for sentence in position.raw)


def test_a_scanned_container_goes_on_record(
    bench: Bench, station: Station, operator: OperatorView, screening: ScreeningId
) -> None:
    reader = station.companions.reader
    assert reader is not None
    wait_until(lambda: reader.scanned("here"))
    station.observations.add(operator, screening, reader.scanned("here")[0])
    [record] = observed(bench)
    assert record.code is not None
    assert (record.code.data, record.code.kind, record.code.problem) == (b"CSQU3054383", "container", None)
    assert record.code.raw == b"]C0CSQU3054383"


def test_a_passport_is_never_put_on_record(
    bench: Bench, station: Station, operator: OperatorView, screening: ScreeningId
) -> None:
    from drivers.code_reader.codes import parse  # noqa: PLC0415 - this test alone

    zone = b"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\rL898902C36UTO7408122F1204159ZE184226B<<<<<10"
    with pytest.raises(BadCasework, match="person's document"):
        station.observations.add(
            operator, screening, Scanned(1, parse(b"]L0" + zone), 0.0, Transcript("code-reader:x"))
        )
    assert not observed(bench)


def test_what_is_on_record_is_told_without_the_session_bytes(
    station: Station, operator: OperatorView, screening: ScreeningId
) -> None:
    scale = station.companions.scale
    assert scale is not None
    seq = station.observations.add(operator, screening, scale.weigh("100.00 g"))
    [(told, record)] = station.observations.of(screening)
    assert (told, record.transcript) == (seq, b"")
    assert record.weight is not None
    with pytest.raises(BadCasework, match="no screening s-other"):
        station.observations.add(operator, ScreeningId("s-other"), scale.weigh("100.00 g"))


@pytest.mark.parametrize("family", ["mt-sics", "nmea", "code-reader"])
def test_a_pulled_cable_is_told_counted_and_mends_without_a_restart(
    station: Station, table: Table, family: str
) -> None:
    companions = station.companions
    role, uses = {
        "mt-sics": (Role.SCALE, lambda: companions.scale and companions.scale.look()),
        "nmea": (Role.POSITION, lambda: companions.receiver and companions.receiver.locate()),
        "code-reader": (Role.READER, lambda: companions.reader and _scan(companions.reader.problem)),
    }[family]
    wait_until(lambda: works(uses))
    table.pull(family)
    wait_until(lambda: not works(uses))
    wait_until(lambda: not station.ports()[role].attached)
    assert station.ports()[role].unplugs == 1
    table.plug(family)
    wait_until(lambda: works(uses))
    wait_until(lambda: station.ports()[role].attached)


def _scan(problem: DriverError | None) -> None:
    if problem:
        raise problem


def test_a_cable_pulled_and_plugged_between_two_weighings_is_not_noticed_by_the_officer(
    station: Station, table: Table
) -> None:
    scale = station.companions.scale
    assert scale is not None
    assert scale.weigh("100.00 g").weight.grams == 100
    table.pull("mt-sics")
    wait_until(lambda: not station.ports()[Role.SCALE].attached)
    table.plug("mt-sics", "brick")
    wait_until(lambda: station.ports()[Role.SCALE].attached)
    assert scale.weigh("1012.37 g").weight.grams == Decimal("1012.37")


def test_a_load_that_moves_is_shown_as_moving(bench: Bench, table: Table) -> None:
    station = bench.open(scale=table.plug("mt-sics", fault="drift"))
    scale = station.companions.scale
    assert scale is not None
    assert not scale.look().stable


def test_no_receiver_is_no_position(bench: Bench, table: Table) -> None:
    station = bench.open(receiver=table.plug("nmea", fault="no-fix"))
    receiver = station.companions.receiver
    assert receiver is not None
    wait_until(lambda: station.ports()[Role.POSITION].frames)
    with pytest.raises(NoFix):
        receiver.locate()


def test_the_zero_in_doubt_is_not_forgotten_between_two_weighings(bench: Bench, tmp_path: Path) -> None:
    """An Ohaus that did not answer may have tared: a new weighing a second later must not believe its number."""
    virtual = VirtualScale(FACES["ohaus"], noise(), Decimal("100.00"))
    with serve_pty(virtual, tmp_path / "ohaus"):
        station = bench.open(scale=f"ohaus:{tmp_path / 'ohaus'}")
        scale = station.companions.scale
        assert scale is not None
        assert scale.weigh("100.00 g").weight.grams == 100
        with scale._held.use() as (driver, _):
            driver._zero_in_doubt = True
        with pytest.raises(WeightRefused, match="zero-in-doubt"):
            scale.weigh("100.00 g")


def test_a_file_from_another_instrument_becomes_the_second_technique(
    bench: Bench, station: Station, operator: OperatorView, screening: ScreeningId, tmp_path: Path
) -> None:
    file = tmp_path / "bag.jdx"
    file.write_bytes(raman(600, 1000))
    received = station.imports.receive(read_incoming(file), TRUNARC, operator.id)
    offered = station.observations.offered(screening, 5)
    assert [(each.seq, each.verdict) for each in offered] == [(received.seq, TRUNARC.verdict)]
    station.observations.link(operator, screening, received.seq)
    [record] = [each for each in bench.records() if isinstance(each, SecondTechniqueRecord)]
    assert (record.screening, record.concerns.seq, record.presumptive) == (screening, received.seq, PRESUMPTIVE)
    assert (record.instrument, record.verdict) == ("TruNarc 12", "ALARM: Cocaine HCl")
    assert [each.instrument for _, each in station.observations.second_techniques(screening)] == ["TruNarc 12"]
    with pytest.raises(BadCasework, match="belongs to this screening already"):
        station.observations.link(operator, screening, received.seq)
    with pytest.raises(BadCasework, match="no file"):
        station.observations.link(operator, screening, Seq(1))


def test_a_companion_that_is_not_there_is_told_and_harms_nothing(bench: Bench, tmp_path: Path) -> None:
    station = bench.open(scale=f"mt-sics:{tmp_path / 'none'}", receiver=f"nmea:{tmp_path / 'neither'}")
    scale, receiver = station.companions.scale, station.companions.receiver
    assert scale is not None
    assert receiver is not None
    with pytest.raises(PortUnavailable):
        scale.look()
    wait_until(lambda: not works(receiver.locate))
    assert not any(health.attached for health in station.ports().values())
