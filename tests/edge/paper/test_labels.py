"""Bag labels and slips: what a printer is told, on a port of its own, and what a camera reads from the page."""

import os
import pty
import threading
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.dossier import Dossier
from edge.errors import BadCasework, NotPrinted
from edge.paper.escpos import label_bytes, slip_bytes
from edge.paper.label import LONGEST, Label, one_line
from edge.paper.press import Press
from edge.paper.printer import Printer
from edge.paper.zpl import HEIGHT, WIDTH, zpl
from edge.station import Station
from edge.views import OperatorView
from tests.edge.bench import PIN, Bench
from tests.edge.paper.case import a_case, prints
from tests.edge.paper.pdfs import codes, pdfa_faults
from tests.edge.paper.printed import Printed, read_escpos, read_zpl

PRESUMPTIVE = "Presuntivo: requiere confirmación de laboratorio"
words = st.text(max_size=90)


@pytest.fixture
def case(a_station: Station, officer: OperatorView) -> Dossier:
    return a_case(a_station, officer)


class PaperRoll:
    """The paper end of a printer on a pty: keeps every byte that comes."""

    def __init__(self, folder: Path) -> None:
        self._master, slave = pty.openpty()
        self.device = folder / "printer"
        self.device.symlink_to(os.ttyname(slave))
        self._slave = slave
        self.data = b""
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        try:
            while True:
                self.data += os.read(self._master, 4096)
        except OSError:  # the other end was closed
            return

    def close(self) -> bytes:
        """Return what was printed."""
        os.close(self._slave)
        self._thread.join(20)
        return self.data


@given(words, st.lists(words, max_size=6), words)
def test_whatever_a_label_says_is_no_command(heading: str, lines: list[str], code: str) -> None:
    label = Label(one_line(heading), [one_line(each) for each in lines], one_line(code), PRESUMPTIVE)
    on_label = read_zpl(zpl(label))
    assert on_label.lines == [label.heading, *label.lines, label.foot]
    assert on_label.codes == [label.code]
    on_paper = read_escpos(label_bytes(label))
    assert on_paper.cut
    assert on_paper.codes == [label.code]
    assert on_paper.lines[-1] == PRESUMPTIVE


@given(words)
def test_a_line_is_one_line(text: str) -> None:
    assert one_line(text).isprintable()
    assert len(one_line(text)) <= LONGEST


def test_a_label_tells_whose_bag_it_is(a_station: Station, case: Dossier) -> None:
    [file] = case.exhibits
    label = prints(a_station, "es").label_of(case, file.id)
    found = read_zpl(zpl(label))
    assert found.codes == [f"GARITA:MX-TIJ-01:{file.id}:FGR-0042"]
    said = "\n".join(found.lines)
    for each in (
        "Indicio 1",
        "Sello: FGR-0042 · MANUAL",
        "tres bolsas, polvo blanco",
        "11.9 g · MANUAL",
        "22 nov 2026",
        PRESUMPTIVE,
    ):
        assert each in said
    assert all(right <= WIDTH and bottom <= HEIGHT for right, _, bottom in found.places)
    assert read_escpos(label_bytes(label)).codes == found.codes
    with pytest.raises(BadCasework, match="no exhibit"):
        prints(a_station, "es").label_of(case, "e-none")


def test_the_longest_label_runs_into_nothing() -> None:
    longest = [
        "DEMOSTRACIÓN: no es evidencia", "MX-TIJ-01 · " + "m" * 48, "s-77b973d4c9956df2", "Sello: FGR-0042-ABCDEFGH",
        "w" * 60, "Peso bruto: 1012.370 g · XS204", "Peso neto: 1011.9 g · MANUAL",
        "26 nov 2026 07:19:00 +00:00 (Hora sin sincronizar)",
    ]  # fmt: skip
    *lines, foot = read_zpl(zpl(Label("Indicio 12", longest, "GARITA:X", PRESUMPTIVE))).places
    assert max(bottom for _, _, bottom in lines) + 26 <= foot[1]


def test_a_camera_reads_the_label_from_its_page(a_station: Station, case: Dossier) -> None:
    [file] = case.exhibits
    made = Press().print(prints(a_station, "en").label(case, file.id))
    assert codes(made) == [f"GARITA:MX-TIJ-01:{file.id}:FGR-0042"]
    assert pdfa_faults(made) == []


@pytest.mark.parametrize(("language", "read"), [("zpl", read_zpl), ("escpos", read_escpos)])
def test_a_printer_on_its_port_gets_every_byte(tmp_path: Path, language: str, read: Callable[[bytes], Printed]) -> None:
    roll = PaperRoll(tmp_path)
    printer = Printer(language, roll.device)
    printer.send(printer.label(Label("Indicio 1", ["línea ñ"], "GARITA:X", PRESUMPTIVE)))
    found = read(roll.close())
    assert found.codes == ["GARITA:X"]
    assert "línea ñ" in found.lines


def test_from_the_screen_to_the_printer(bench: Bench, tmp_path: Path) -> None:
    """Print a slip and a label on a receipt printer through the commands' own door: the station's settings."""
    roll = PaperRoll(tmp_path)
    station = bench.open(printer=f"escpos:{roll.device}")
    officer = station.operators.enrol("Ana Ruiz", "officer", PIN)
    screening = station.screenings.open(officer, "parcel")
    exhibit = station.casework.add_exhibit(officer, screening, "polvo blanco")
    case = station.casework.dossier(screening)
    printer = Printer.at(station.settings.printer)
    printer.send(slip_bytes(prints(station, "es").slip_of(case)))
    printer.send(printer.label(prints(station, "es").label_of(case, exhibit)))
    slip, label = roll.close().split(b"\x1dV\x42\x00")[:2]
    said = read_escpos(slip + b"\x1dV\x42\x00")
    assert "Usted pasó por una revisión" in said.lines
    assert "You were at an inspection" in said.lines
    assert "Ana Ruiz" not in "\n".join(said.lines)
    assert read_escpos(label + b"\x1dV\x42\x00").codes == [f"GARITA:MX-TIJ-01:{exhibit}"]


def test_a_printer_that_is_not_there_or_takes_nothing(tmp_path: Path) -> None:
    label = Label("1", [], "GARITA:X", PRESUMPTIVE)
    with pytest.raises(NotPrinted, match="check its cable"):
        Printer("zpl", tmp_path / "none").send(zpl(label))
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(NotPrinted, match="no serial or USB device"):
        Printer("zpl", tmp_path / "file").send(zpl(label))
    with pytest.raises(NotPrinted, match="set `printer`"):
        Printer.at(None)
    master, slave = pty.openpty()
    long = Label("1", ["x" * 60] * 4000, "GARITA:X", PRESUMPTIVE)
    with pytest.raises(NotPrinted, match="takes no bytes"):
        Printer("zpl", Path(os.ttyname(slave)), longest_s=0.2).send(zpl(long))
    os.close(slave)
    os.close(master)


def test_the_screens_offer_it(a_station: Station, case: Dossier, signed_in: httpx.Client) -> None:
    [file] = case.exhibits
    shown = signed_in.get(f"/exhibits/{file.id}/label").text
    assert "Sello: FGR-0042 · MANUAL" in shown
    assert "<svg" in shown
    assert read_zpl(signed_in.post(f"/exhibits/{file.id}/label.zpl").content).lines[0] == "Indicio 1"
    assert f"/exhibits/{file.id}/label" in signed_in.get(f"/screenings/{case.screening}/print").text
    at = f"/exhibits/{file.id}/label?copies=2"
    refused = signed_in.post(f"/exhibits/{file.id}/label", headers={"Referer": str(signed_in.base_url.join(at))})
    assert refused.status_code == 503
    assert "No se pudo imprimir" in refused.text
    assert f'href="{at}"' in refused.text.partition("Volver al paso")[0].rpartition("<a ")[2], "the label again"
    assert a_station
