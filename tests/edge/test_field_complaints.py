"""Complaints from the field about what instruments conclude, each as a test; those about ports are with the drivers.

12 a low dose was missed, and another drug was named
14 the wrong library was chosen, and nobody could see it
15 a library lags behind the substances on the street
16 in court: nobody can look at the raw data or do it again
"""

from pathlib import Path

import numpy as np

from drivers.analyzer_link.spectra import VOLT_STEPS
from drivers.registry import open_analyzer
from drivers.transcript import Transcript
from edge.file_commands import build_library
from edge.incoming import read_incoming
from edge.records import MZ_UNIT
from edge.station import Station
from edge.views import OperatorView
from models.spectrum import Spectrum
from models.vibrational_library import VibrationalLibrary
from sync.contract.ids import ReadingId
from sync.contract.imports import ImportRecord
from sync.contract.observations import SecondTechniqueRecord
from tests.drivers.wires import never
from tests.edge.bench import PIN, Bench, PutOnPty, finished
from tests.edge.test_imports import TRUNARC, raman


def test_complaint_12_another_instruments_wrong_name_changes_no_conclusion_and_stays_beside_it(
    bench: Bench, a_station: Station, officer: OperatorView, tmp_path: Path
) -> None:
    """Fentanyl in a cutting agent that a Raman instrument calls cocaine: both stand in the record, each as its own."""
    view = finished(a_station, a_station.screenings.start(officer))
    before = view.record
    file = tmp_path / "bag.jdx"
    file.write_bytes(raman(600, 1000))
    received = a_station.imports.receive(read_incoming(file), TRUNARC, officer.id)
    a_station.observations.link(officer, view.screening, received.seq)
    assert a_station.screenings.view(ReadingId(view.id)).record == before
    [linked] = [each for each in bench.records() if isinstance(each, SecondTechniqueRecord)]
    assert (linked.screening, linked.verdict) == (view.screening, "ALARM: Cocaine HCl")
    assert before is not None
    assert "TruNarc" not in str(before)


def test_complaint_14_the_library_that_was_searched_is_on_record_by_name_and_digest(bench: Bench) -> None:
    library = references(bench.data, "explosives", {"PETN": (540, 870)})
    station = bench.open(vibrational_library="state.lib")
    officer = station.operators.enrol("Ana Ruiz", "officer", PIN)
    receive(station, officer, bench.data, raman(600, 1000))
    [record] = [each for each in bench.records() if isinstance(each, ImportRecord)]
    assert record.comparison is not None
    assert (record.comparison.title, record.comparison.library) == ("explosives", library.digest)


def test_complaint_15_a_substance_that_the_state_adds_is_found_the_same_day(bench: Bench) -> None:
    references(bench.data, "Monday", {"caffeine": (555, 1328)})
    station = bench.open(vibrational_library="state.lib")
    officer = station.operators.enrol("Ana Ruiz", "officer", PIN)
    receive(station, officer, bench.data, raman(600, 1000))
    bench.close()
    references(bench.data, "Tuesday", {"caffeine": (555, 1328), "the new one": (600, 1000)})
    station = bench.open()
    receive(station, officer, bench.data, raman(600, 1000, title="again"))
    found = [each.comparison for each in bench.records() if isinstance(each, ImportRecord)]
    best = [hits[0].name if (hits := comparison.hits) else None for comparison in found if comparison]
    assert best == ["caffeine", "the new one"]


def test_complaint_16_an_expert_plays_the_recorded_bytes_again_and_gets_the_same_spectra(
    bench: Bench, put_on_pty: PutOnPty, tmp_path: Path
) -> None:
    station = bench.open(analyzer=put_on_pty("Cocaine"))
    view = finished(station, station.screenings.start(station.operators.enrol("Ana Ruiz", "officer", PIN)))
    transcript, spectra = station.screenings.raw(view.id, "transcript"), station.screenings.spectra(view.id)
    assert transcript is not None
    file = tmp_path / "from-the-record.transcript"
    file.write_bytes(transcript)
    analyzer = open_analyzer(f"replay:{file}", Transcript(), lambda: 0)
    analyzer.identify()
    analyzer.status()
    energies = [round(energy * VOLT_STEPS) / VOLT_STEPS for energy in station.settings.energies]
    again = [item for item in analyzer.acquire(energies, never) if isinstance(item, Spectrum)]
    assert len(again) == len(spectra) == len(energies)
    for spectrum, recorded in zip(again, spectra, strict=True):
        assert np.rint(spectrum.mz / MZ_UNIT).astype("<u4").tobytes() == recorded.mz
        assert spectrum.intensity.astype("<f4").tobytes() == recorded.intensity


def references(data: Path, title: str, bands: dict[str, tuple[int, int]]) -> VibrationalLibrary:
    """Build the state's library at `data`/state.lib from made-up Raman spectra."""
    folder = data / title
    folder.mkdir()
    for name, centres in bands.items():
        (folder / f"{name}.jdx").write_bytes(raman(*centres, title=name))
    (data / "state.lib").unlink(missing_ok=True)
    build_library(folder, data / "state.lib", title)
    return VibrationalLibrary.from_bytes((data / "state.lib").read_bytes())


def receive(station: Station, officer: OperatorView, folder: Path, content: bytes) -> None:
    file = folder / f"{len(content)}.jdx"
    file.write_bytes(content)
    station.imports.receive(read_incoming(file), TRUNARC, officer.id)
