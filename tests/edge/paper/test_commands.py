"""`garita print`: a technician tries the printer, an officer prints from the command line."""

from pathlib import Path

import pytest

from edge.errors import NotPrinted, WrongPin
from edge.paper.commands import print_label, print_paper, print_test
from tests.edge.bench import PIN, Bench
from tests.edge.paper.pdfs import texts
from tests.edge.paper.printed import read_zpl
from tests.edge.paper.test_labels import PaperRoll


def test_from_the_command_line(bench: Bench, tmp_path: Path) -> None:
    roll = PaperRoll(tmp_path)
    station = bench.open(printer=f"zpl:{roll.device}")
    officer = station.operators.enrol("Ana Ruiz", "officer", PIN)
    screening = station.screenings.open(officer, "parcel")
    exhibit = station.casework.add_exhibit(officer, screening, "polvo blanco")
    bench.close()

    assert "look at what came out" in print_test(bench.data)
    assert exhibit in print_label(bench.data, officer.id, PIN, exhibit, "en")
    with pytest.raises(WrongPin):
        print_label(bench.data, officer.id, "271828", exhibit, None)
    out = tmp_path / "acta.pdf"
    assert str(out) in print_paper(bench.data, officer.id, PIN, screening, "acta", out, None)
    assert "polvo blanco" in texts(out.read_bytes())[0]
    first, second = roll.close().split(b"^XZ\n")[:2]
    assert "Prueba de la impresora" in read_zpl(first + b"^XZ\n").lines
    assert "Exhibit 1" in read_zpl(second + b"^XZ\n").lines


def test_without_a_printer(bench: Bench) -> None:
    bench.open()
    bench.close()
    with pytest.raises(NotPrinted, match="set `printer`"):
        print_test(bench.data)
