"""Readings over a real pty: each one that starts ends in exactly one sealed record."""

import threading
import time
from collections.abc import Sequence
from hashlib import sha256

import numpy as np
import pytest

from drivers.transcript import Transcript
from edge.errors import AnalyzerUnavailable, Busy, UnknownReading
from edge.feed import FINAL_ID
from edge.station import Station
from edge.views import Interruption, OperatorView, ReadingView
from models.answer import Identification
from models.identification import Identifier
from models.spectrum import Spectrum
from sync.contract.ids import ReadingId
from sync.contract.records import PRESUMPTIVE, IdentificationPart, ReadingPart, ScreeningRecord, StationRecord
from sync.errors import SealError
from tests.edge.bench import PIN, Bench, PutOnPty, finished
from tests.waiting import HANG_S, wait_until


class Failing(Identifier):
    """An identifier whose fault is found by a reading."""

    def identify(self, spectra: Sequence[Spectrum]) -> Identification:
        raise IndexError(f"{len(spectra)} spectra were too many")


def one_reading(station: Station) -> ReadingView:
    operator = next(iter(station.operators.list()), None) or station.operators.enrol("Ana Ruiz", "officer", PIN)
    return finished(station, station.screenings.start(operator, "parcel"))


def part(view: ReadingView) -> tuple[ReadingPart, IdentificationPart]:
    assert view.record
    [reading] = view.record.readings
    assert reading.identification
    return reading, reading.identification


def events(station: Station, view: ReadingView) -> list[object]:
    """Return what passed over the wire, from the attachment, which must be what the record names."""
    reading, _ = part(view)
    transcript, named = station.screenings.raw(view.id, "transcript"), reading.attachment("transcript")
    assert transcript
    assert named
    assert named.digest == sha256(transcript).digest()
    return list(Transcript.from_bytes(transcript, "record").events)


def screenings(bench: Bench) -> list[ScreeningRecord]:
    return [record for record in bench.records() if isinstance(record, ScreeningRecord)]


def test_a_reading_becomes_a_sealed_record(bench: Bench, a_station: Station) -> None:
    view = one_reading(a_station)
    reading, identification = part(view)
    assert (view.state, view.percent, view.stage, view.problem) == ("done", 100, "finished", None)
    assert (view.sync, view.receipt, view.log_index) == ("waiting", None, None)
    assert identification.conclusion == "alarm"
    assert identification.hits[0].name == "Cocaine"
    assert reading.instrument
    assert reading.instrument.model == "Simulated analyzer"
    assert events(a_station, view)
    assert screenings(bench) == [view.record]
    assert view.record
    assert view.record.presumptive == PRESUMPTIVE
    assert view.record.subject_kind == "parcel"


def test_the_start_is_on_record_before_the_instrument_fires(bench: Bench, a_station: Station) -> None:
    one_reading(a_station)
    kinds = [record.event if isinstance(record, StationRecord) else record.schema_name for record in bench.records()]
    assert kinds == ["started", "garita.fact/1", "garita.account/1", "reading_started", "garita.screening/2"]


def test_spectra_are_kept_in_the_units_of_the_record(a_station: Station) -> None:
    spectra = a_station.screenings.spectra(one_reading(a_station).id)
    assert len(spectra) > 1
    for spectrum in spectra:
        mz = np.frombuffer(spectrum.mz, "<u4") * 1e-4
        intensity = np.frombuffer(spectrum.intensity, "<f4")
        assert mz.shape == intensity.shape
        assert (np.diff(mz) > 0).all()
        assert 10 < mz.max() < 400


@pytest.mark.parametrize(
    ("fault", "problem", "said"),
    [
        ("detector-fault", Interruption.INSTRUMENT_FAULT, "detector's high voltage has failed"),
        ("overload", Interruption.OVERLOAD, "clean the inlet (instrument code overload)"),
        ("low-battery", Interruption.BATTERY_LOW, "charge it (instrument code battery-low)"),
        ("unplug", Interruption.PORT_LOST, "cable"),
        ("stall", Interruption.NO_RESPONSE, "/analyzer-0"),
        ("half-frame", Interruption.BAD_FRAME, "/analyzer-0"),
        ("babble", Interruption.BAD_FRAME, "/analyzer-0"),
        ("endless", Interruption.BAD_FRAME, "/analyzer-0"),
    ],
)
def test_an_instrument_that_fails_leaves_a_sealed_fault_with_its_bytes(
    bench: Bench, put_on_pty: PutOnPty, fault: str, problem: Interruption, said: str
) -> None:
    station = bench.open(analyzer=put_on_pty(fault))
    view = one_reading(station)
    reading, identification = part(view)
    assert (view.state, reading.outcome, identification.conclusion) == ("failed", "failed", "fault")
    assert view.problem == problem
    assert identification.reasons == [problem.value]
    assert said in (reading.problem or "")
    assert events(station, view)
    assert screenings(bench) == [view.record]


def test_a_flipped_bit_on_the_wire_is_repaired(bench: Bench, put_on_pty: PutOnPty) -> None:
    _, identification = part(one_reading(bench.open(analyzer=put_on_pty("bit-flip"))))
    assert identification.hits[0].name == "Cocaine"


def test_a_port_that_is_not_there_is_a_fault_too(bench: Bench) -> None:
    station = bench.open(analyzer="analyzer-link:/dev/ttyGARITA")
    assert station.health().analyzer == "absent"
    view = one_reading(station)
    reading, _ = part(view)
    assert view.problem is Interruption.PORT_UNAVAILABLE
    assert reading.instrument is None
    assert "/dev/ttyGARITA" in (reading.problem or "")


def test_an_identification_that_fails_is_a_sealed_fault(bench: Bench, put_on_pty: PutOnPty) -> None:
    bench.identifier = Failing(bench.identifier.bundle, bench.identifier.catalogue)
    station = bench.open(analyzer=put_on_pty("cocaine"))
    view = one_reading(station)
    reading, identification = part(view)
    assert (view.state, view.problem, identification.conclusion) == ("failed", Interruption.INTERNAL, "fault")
    assert reading.problem
    assert "identification failed" in reading.problem
    assert station.screenings.spectra(view.id)


def test_after_a_fault_the_next_reading_works(bench: Bench, put_on_pty: PutOnPty) -> None:
    station = bench.open(analyzer=put_on_pty("unplug", "Caffeine"))
    assert one_reading(station).problem is Interruption.PORT_LOST
    wait_until(lambda: station.health().analyzer == "connected")
    view = finished(station, station.screenings.start(station.operators.list()[0]))
    assert part(view)[1].hits[0].name == "Caffeine"


def test_a_stopped_reading_is_never_a_verdict(bench: Bench, put_on_pty: PutOnPty) -> None:
    station = bench.open(analyzer=put_on_pty("Cocaine", duration=120))
    operator = station.operators.enrol("Ana Ruiz", "officer", PIN)
    reading_id = station.screenings.start(operator)
    wait_until(lambda: station.screenings.view(reading_id).stage != "connecting")
    begun = time.monotonic()
    station.screenings.stop(reading_id)
    view = finished(station, reading_id)
    assert time.monotonic() - begun < HANG_S
    reading, identification = part(view)
    assert (view.state, reading.outcome, view.problem) == ("stopped", "stopped", Interruption.STOPPED)
    assert (identification.conclusion, identification.reasons) == ("inconclusive", ["stopped"])
    assert identification.hits == []
    station.screenings.stop(reading_id)
    assert screenings(bench) == [view.record]


def test_a_reading_without_end_is_ended(bench: Bench, put_on_pty: PutOnPty) -> None:
    view = one_reading(bench.open(analyzer=put_on_pty("Cocaine", duration=120), reading_limit_s=1))
    assert view.problem is Interruption.TIME_LIMIT
    assert part(view)[1].conclusion == "fault"


def test_one_reading_at_a_time(bench: Bench, put_on_pty: PutOnPty) -> None:
    station = bench.open(analyzer=put_on_pty("Cocaine", duration=120))
    operator = station.operators.enrol("Ana Ruiz", "officer", PIN)
    reading_id = station.screenings.start(operator)
    with pytest.raises(Busy):
        station.screenings.start(operator)
    assert station.screenings.active() == reading_id
    assert station.health().analyzer == "measuring"
    station.screenings.stop(reading_id)
    finished(station, reading_id)
    assert station.screenings.active() is None


def test_without_an_analyzer_no_reading_starts(bench: Bench) -> None:
    station = bench.open()
    with pytest.raises(AnalyzerUnavailable):
        one_reading(station)
    assert screenings(bench) == []


def test_an_unknown_reading(a_station: Station) -> None:
    for ask in (a_station.screenings.view, a_station.screenings.stop):
        with pytest.raises(UnknownReading):
            ask(ReadingId("r-none"))


def test_newest_first(a_station: Station) -> None:
    first = one_reading(a_station)
    second = one_reading(a_station)
    assert [view.id for view in a_station.screenings.recent()] == [second.id, first.id]
    assert [view.id for view in a_station.screenings.recent(limit=1, offset=1)] == [first.id]


def test_events_of_a_reading_before_the_restart(bench: Bench, a_station: Station) -> None:
    reading_id = one_reading(a_station).id
    bench.close()
    station = bench.open()
    [last] = station.screenings.events(reading_id, after=2, timeout=5)
    assert (last.id, last.kind, dict(last.data)) == (FINAL_ID, "finished", {"state": "done"})
    assert station.screenings.events(reading_id, after=FINAL_ID, timeout=5) == []


def test_where_sealing_is_impossible_nothing_is_saved(bench: Bench, a_station: Station, officer: OperatorView) -> None:
    without_escrow = a_station._recorder.sealer
    object.__setattr__(without_escrow, "recipients", without_escrow.recipients[:1])
    before = len(bench.records())
    with pytest.raises(SealError):
        a_station.screenings.start(officer)
    assert a_station.screenings.recent() == []
    assert len(bench.records()) == before


def test_sealing_that_fails_in_mid_reading_leaves_no_result_but_the_next_start_closes_it(
    bench: Bench, put_on_pty: PutOnPty
) -> None:
    station = bench.open(analyzer=put_on_pty("Cocaine", duration=120))
    officer, sealer = station.operators.enrol("Ana Ruiz", "officer", PIN), station._recorder.sealer
    recipients = sealer.recipients
    reading_id = station.screenings.start(officer)
    object.__setattr__(sealer, "recipients", recipients[:1])
    station.screenings.stop(reading_id)
    view = finished(station, reading_id)
    assert (view.state, view.problem, view.record) == ("failed", Interruption.NOT_SEALED, None)
    assert screenings(bench) == []
    object.__setattr__(sealer, "recipients", recipients)
    station.screenings.stop(again := station.screenings.start(officer))
    finished(station, again)
    assert [record.conclusion for record in screenings(bench)] == ["fault", "inconclusive"]


def test_seq_is_given_once_though_many_write(bench: Bench, a_station: Station, officer: OperatorView) -> None:
    reading_id = a_station.screenings.start(officer)

    def sign_in_and_out() -> None:
        for _ in range(5):
            a_station.operators.sign_out(a_station.operators.sign_in(officer.id, PIN))

    threads = [threading.Thread(target=sign_in_and_out) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    finished(a_station, reading_id)
    assert len(bench.records()) == 4 + 2 * 20 + 1
    assert a_station.sending.state().waiting == len(bench.records())
