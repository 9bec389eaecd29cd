"""Files from instruments: received once, sealed as they are, whatever is in them."""

import os
from pathlib import Path
from threading import Event, Thread

import pytest
from typer.testing import CliRunner

from edge.cli import app
from edge.errors import BadImport, FileNotTaken
from edge.import_folder import ImportFolder
from edge.import_records import MAX_CONTENT_BYTES, Origin, Parsed, parse_incoming
from edge.imports import Imports
from edge.incoming import IncomingFile, read_incoming
from edge.station import Station
from edge.views import OperatorView
from models.formats.content import VERSION
from models.formats.found import NOT_TOLD
from models.formats.jcamp.encode import Form
from models.formats.jcamp.writing import format_block, format_even
from models.sample import FELL, POLARITY_NOT_TOLD
from sync.contract.imports import ImportRecord
from sync.contract.records import PRESUMPTIVE
from tests.edge.bench import PIN, Bench
from tests.waiting import wait_until

TRUNARC = Origin("command", "TruNarc 12", "ALARM: Cocaine HCl")


def raman(*centres: float, title: str = "bag 1") -> bytes:
    """Write a made-up Raman spectrum with a band at each wavenumber."""
    shifts = range(300, 1801, 2)
    values = [round(1000 * sum(2 ** -(((shift - at) / 8) ** 2) for at in centres)) for shift in shifts]
    labels = {"DATA TYPE": "RAMAN SPECTRUM", "XUNITS": "1/CM", "YUNITS": "ARBITRARY UNITS"}
    return format_block(title, labels, [format_even(300, 1800, values, Form.DIFDUP)]).encode()


@pytest.fixture
def station(bench: Bench) -> Station:
    return bench.open()


@pytest.fixture
def officer_of(station: Station) -> OperatorView:
    return station.operators.enrol("Ana Ruiz", "officer", PIN)


def write(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def imported(bench: Bench) -> list[ImportRecord]:
    return [record for record in bench.records() if isinstance(record, ImportRecord)]


def test_a_file_is_sealed_with_its_bytes_and_the_instruments_own_verdict(
    bench: Bench, station: Station, officer_of: OperatorView, tmp_path: Path
) -> None:
    data = raman(600, 1000)
    view = station.imports.receive(read_incoming(write(tmp_path, "bag.jdx", data)), TRUNARC, officer_of.id)
    [record] = imported(bench)
    assert (record.file.content, record.file.digest.hex(), record.file.size) == (data, view.digest, len(data))
    assert (record.operator, record.instrument, record.verdict) == (officer_of.id, "TruNarc 12", "ALARM: Cocaine HCl")
    assert (record.parser, record.format, record.problem) == (VERSION, "JCAMP-DX", None)
    assert record.presumptive == PRESUMPTIVE
    assert [(trace.method, trace.unit, len(trace.axis)) for trace in record.traces] == [("raman", "cm-1", 8 * 751)]
    assert record.comparison is None


def test_the_same_bytes_again_are_told_and_not_repeated(
    bench: Bench, station: Station, officer_of: OperatorView, tmp_path: Path
) -> None:
    first = station.imports.receive(read_incoming(write(tmp_path, "a.jdx", raman(600))), TRUNARC, officer_of.id)
    again = station.imports.receive(read_incoming(write(tmp_path, "b.jdx", raman(600))), TRUNARC, officer_of.id)
    assert (first.same_as, again.same_as) == (None, first.seq)
    assert [record.file.content is None for record in imported(bench)] == [False, True]
    assert [record.same_as for record in imported(bench)] == [None, first.seq]


def test_what_was_put_right_is_on_record(
    bench: Bench, station: Station, officer_of: OperatorView, tmp_path: Path
) -> None:
    data = b"m/z,intensity\n304.15,100\n182.12,80\n82.07,20\n"
    view = station.imports.receive(read_incoming(write(tmp_path, "a.csv", data)), TRUNARC, officer_of.id)
    [record] = imported(bench)
    assert record.remarks == list(view.remarks) == [f"a.csv: {FELL}", f"a.csv: {POLARITY_NOT_TOLD}"]
    assert [len(sample.spectra) for sample in record.samples] == [1]


def test_how_ions_were_made_is_on_record_where_the_file_does_not_tell(
    bench: Bench, station: Station, officer_of: OperatorView, tmp_path: Path
) -> None:
    data = b"##TITLE= bag\n##JCAMP-DX= 5\n##DATA TYPE= MASS SPECTRUM\n##PEAK TABLE= (XY..XY)\n82,20 304,100\n##END=\n"
    view = station.imports.receive(read_incoming(write(tmp_path, "a.jdx", data)), TRUNARC, officer_of.id)
    [record] = imported(bench)
    assert record.remarks == list(view.remarks) == [f"bag: {NOT_TOLD}"]


def test_peaks_of_mascot_generic_format_are_on_record(
    bench: Bench, station: Station, officer_of: OperatorView, tmp_path: Path
) -> None:
    data = b"BEGIN IONS\nTITLE=bag 3\nCHARGE=1+\n82.07 20\n304.15 100\nEND IONS\n"
    station.imports.receive(read_incoming(write(tmp_path, "a.mgf", data)), TRUNARC, officer_of.id)
    [record] = imported(bench)
    assert (record.format, record.problem, [each.name for each in record.samples]) == ("MGF", None, ["bag 3"])


UNREADABLE = {"cut.jdx": raman(600)[:-60], "photo.png": b"\x89PNG", "noise.spc": b"noise" * 20, "empty.mzML": b""}


@pytest.mark.parametrize("name", UNREADABLE)
def test_an_unreadable_file_is_received_with_its_error(
    bench: Bench, station: Station, officer_of: OperatorView, tmp_path: Path, name: str
) -> None:
    data = UNREADABLE[name]
    view = station.imports.receive(read_incoming(write(tmp_path, name, data)), TRUNARC, officer_of.id)
    [record] = imported(bench)
    assert record.file.content == data
    assert record.problem == view.problem
    assert name in (view.problem or "")


def test_a_reader_that_fails_loses_no_evidence(station: Station, officer_of: OperatorView, tmp_path: Path) -> None:
    def broken(_: IncomingFile) -> Parsed:
        raise ZeroDivisionError

    imports = Imports(station._database, station._recorder, None, broken)
    view = imports.receive(read_incoming(write(tmp_path, "a.jdx", raman(600))), TRUNARC, officer_of.id)
    assert "ZeroDivisionError" in (view.problem or "")


def test_a_large_file_is_on_record_by_its_digest(
    bench: Bench, station: Station, officer_of: OperatorView, tmp_path: Path
) -> None:
    data = b"m/z,intensity\n" + b"100.%s,1\n" % (b"0" * 93) * (MAX_CONTENT_BYTES // 100 + 1)
    view = station.imports.receive(read_incoming(write(tmp_path, "run.csv", data)), TRUNARC, officer_of.id)
    [record] = imported(bench)
    assert record.file.content is None
    assert record.file.size == len(data)
    assert view.same_as is None


@pytest.mark.parametrize(
    "origin", [Origin("command", " "), Origin("command", "x" * 81), Origin("command", "x", "v" * 2001)]
)
def test_what_is_told_of_a_file_is_bounded(
    bench: Bench, station: Station, officer_of: OperatorView, tmp_path: Path, origin: Origin
) -> None:
    with pytest.raises(BadImport, match="expected"):
        station.imports.receive(read_incoming(write(tmp_path, "a.jdx", raman(600))), origin, officer_of.id)
    assert imported(bench) == []


def test_only_ordinary_files_are_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jdx")
    (tmp_path / "link.jdx").symlink_to(write(tmp_path, "real.jdx", raman(600)))
    for name in ("pipe.jdx", "link.jdx", "absent.jdx", "."):
        with pytest.raises(FileNotTaken):
            read_incoming(tmp_path / name)


def test_a_file_that_grows_while_it_is_read_is_not_taken(tmp_path: Path) -> None:
    path = write(tmp_path, "run.csv", b"0" * (40 * 2**20))
    stop = Event()

    def grow() -> None:
        with path.open("ab", buffering=0) as file:
            while not stop.is_set():
                file.write(b"1")

    def is_noticed() -> bool:
        """Whether the writer had its turn during this look, and that was seen."""
        try:
            read_incoming(path)
        except FileNotTaken as error:
            return "changed" in str(error)
        return False

    writer = Thread(target=grow)
    writer.start()
    try:
        wait_until(is_noticed)
    finally:
        stop.set()
        writer.join()


class TestWatchedFolder:
    """What lies in the folder, look by look."""

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        folder = tmp_path / "drop"
        (folder / "TruNarc").mkdir(parents=True)
        return folder

    @pytest.fixture
    def watch(self, station: Station, folder: Path) -> ImportFolder:
        return ImportFolder(folder, station.imports)

    def test_a_file_at_rest_is_taken_once(self, bench: Bench, watch: ImportFolder, folder: Path) -> None:
        write(folder / "TruNarc", "a.jdx", raman(600))
        assert watch.scan() == []
        assert [view.name for view in watch.scan()] == ["a.jdx"]
        assert watch.scan() == watch.scan() == []
        [record] = imported(bench)
        assert (record.source, record.instrument, record.operator) == ("folder", "TruNarc", None)

    def test_a_file_that_is_still_written_waits(self, watch: ImportFolder, folder: Path) -> None:
        data = raman(600)
        for end in range(100, len(data), len(data) // 5):
            write(folder, "a.jdx", data[:end])
            assert watch.scan() == []
        write(folder, "a.jdx", data)
        assert watch.scan() == []
        [view] = watch.scan()
        assert view.problem is None

    def test_a_new_watch_passes_over_what_is_on_record(
        self, watch: ImportFolder, station: Station, folder: Path
    ) -> None:
        write(folder, "a.jdx", raman(600))
        assert len(watch.scan() + watch.scan()) == 1
        anew = ImportFolder(folder, station.imports)
        assert anew.scan() + anew.scan() == []

    def test_a_file_written_anew_is_taken_anew(self, watch: ImportFolder, folder: Path) -> None:
        for centre in (600, 700):
            write(folder, "a.jdx", raman(centre))
            watch.scan()
            assert len(watch.scan()) == 1

    def test_links_hidden_files_and_odd_names(self, watch: ImportFolder, folder: Path, tmp_path: Path) -> None:
        (folder / "link.jdx").symlink_to(write(tmp_path, "outside.jdx", raman(500)))
        (folder / "linked").symlink_to(tmp_path)
        write(folder, ".hidden.jdx", raman(600))
        Path(os.fsdecode(os.fsencode(folder) + b"/\xff\xfe.jdx")).write_bytes(raman(700))
        watch.scan()
        assert [view.name for view in watch.scan()] == ["\ufffd\ufffd.jdx"]

    def test_the_station_watches_it(self, bench: Bench, folder: Path) -> None:
        bench.open(import_folder=str(folder))
        write(folder, "a.jdx", raman(600))
        wait_until(lambda: imported(bench))
        assert [record.file.name for record in imported(bench)] == ["a.jdx"]


def test_a_second_technique_is_compared_with_the_states_library(bench: Bench, tmp_path: Path) -> None:
    references = tmp_path / "references"
    references.mkdir()
    write(references, "cocaine.jdx", raman(600, 1000, 1715, title="cocaine"))
    write(references, "caffeine.jdx", raman(555, 1330, title="caffeine"))
    write(references, "notes.md", b"nothing")
    made = CliRunner().invoke(
        app, ["library", "build", str(references), str(bench.data / "raman.lib"), "--title", "SCT 2026-11"]
    )
    assert made.exit_code == 0
    assert "2 spectra" in made.output
    assert "left out: notes.md" in made.output
    station = bench.open(vibrational_library="raman.lib")
    station.imports.receive(read_incoming(write(tmp_path, "bag.jdx", raman(601, 1001, 1714))), TRUNARC, None)
    [record] = imported(bench)
    assert record.comparison
    assert record.comparison.title == "SCT 2026-11"
    assert record.comparison.library in made.output
    assert [hit.name for hit in record.comparison.hits] == ["cocaine", "caffeine"]
    assert record.comparison.hits[0].derivative > 0.8
    assert record.comparison.hits[1].derivative < 0.2
    assert record.samples == []


def test_the_command_receives_in_the_name_of_an_operator_who_signs_in(
    bench: Bench, officer_of: OperatorView, tmp_path: Path
) -> None:
    files = [write(tmp_path, "a.jdx", raman(600)), tmp_path / "absent.jdx", write(tmp_path, "b.bin", b"x")]
    said = ["import", "--data", bench.data, *files, "--operator", officer_of.id, "--instrument", "Gemini 3"]
    wrong = CliRunner().invoke(app, [str(part) for part in said], input="271828\n")
    done = CliRunner().invoke(app, [str(part) for part in [*said, "--verdict", "No match"]], input=f"{PIN}\n")
    assert wrong.exit_code == done.exit_code == 1
    assert "a.jdx: entry" in done.output
    assert "b.bin: expected a file that ends in" in done.output
    assert "absent.jdx: No such file" in done.output
    assert [(record.operator, record.verdict) for record in imported(bench)] == [(officer_of.id, "No match")] * 2


def test_parsing_never_raises_for_a_files_content(tmp_path: Path) -> None:
    for ending in ("jdx", "spc", "msp", "mb", "mzML", "csv", "txt", ""):
        parsed = parse_incoming(read_incoming(write(tmp_path, f"a.{ending}", os.urandom(2000))))
        assert parsed.problem or parsed.found.problems or parsed.found.samples


def test_a_list_of_files_names_each_once_newest_first(
    station: Station, officer_of: OperatorView, tmp_path: Path
) -> None:
    for name, centre in (("a.jdx", 600), ("b.jdx", 700), ("c.jdx", 600)):
        station.imports.receive(read_incoming(write(tmp_path, name, raman(centre))), TRUNARC, officer_of.id)
    screening = station.screenings.open(officer_of, "parcel")
    assert [file.name for file in station.observations.offered(screening, 5)] == ["c.jdx", "b.jdx"]
    assert [file.name for file in station.observations.offered(screening, 1)] == ["c.jdx"]
