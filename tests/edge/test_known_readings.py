"""Known substances measured at the bench, on a port, and what calibrates a bundle from them."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from drivers.errors import DriverError
from edge.cli import app
from models.catalogue import Catalogue
from models.errors import ModelError, UnreadableFile
from models.instrument_calibration import read_known
from models.spectrum import Technique
from tests.edge.bench import PutOnPty

COCAINE = "ZPUCINDJVBIVPJ-LJISPDSOSA-N"


def measure(address: str, file: Path, key: str = COCAINE, name: str = "Cocaine") -> Result:
    told = ["--name", name, "--inchikey", key, "--energies", "15,30"]
    return CliRunner().invoke(app, ["instruments", "measure", address, str(file), *told])


def test_one_reading_comes_behind_the_other(put_on_pty: PutOnPty, tmp_path: Path) -> None:
    file, address = tmp_path / "known.msp", put_on_pty("Cocaine")
    assert "reading 1, Cocaine" in measure(address, file).stdout
    assert "reading 2, Cocaine" in measure(address, file).stdout
    known = read_known(file.read_bytes(), file.name, Catalogue.load())
    assert [(each.sample.name, each.skeleton) for each in known] == [
        ("1 Cocaine", COCAINE[:14]),
        ("2 Cocaine", COCAINE[:14]),
    ]
    spectra = [spectrum for each in known for spectrum in each.sample.spectra]
    assert [each.collision_energy for each in spectra] == [15.0, 30.0] * 2
    assert {each.technique for each in spectra} == {Technique.IN_SOURCE_CID}
    assert all(each.mz.size for each in spectra)


def test_what_measured_nothing_leaves_the_file_as_it_was(put_on_pty: PutOnPty, tmp_path: Path) -> None:
    file = tmp_path / "known.msp"
    measure(put_on_pty("Cocaine"), file)
    before = file.read_bytes()
    refused = measure(put_on_pty("detector-fault"), file)
    assert isinstance(refused.exception, DriverError)
    assert file.read_bytes() == before


@pytest.mark.parametrize(("key", "name"), [("cocaine", "Cocaine"), (COCAINE[:14], "Cocaine"), (COCAINE, "")])
def test_a_name_and_a_whole_key_are_needed_before_anything_is_measured(tmp_path: Path, key: str, name: str) -> None:
    refused = measure("analyzer-link:/dev/none", tmp_path / "known.msp", key, name)
    assert isinstance(refused.exception, UnreadableFile)
    assert "expected both" in str(refused.exception)


def test_a_name_of_the_catalogue_under_another_key_is_refused_before_anything_is_measured(tmp_path: Path) -> None:
    refused = measure("analyzer-link:/dev/none", tmp_path / "known.msp", COCAINE, "Caffeine")
    assert isinstance(refused.exception, UnreadableFile)
    assert "the catalogue's Caffeine is RYYVLZVUVIJVGH" in str(refused.exception)


def test_a_file_that_is_no_msp_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "known.msp"
    file.write_text("notes on paper\n", "utf-8")
    assert isinstance(measure("analyzer-link:/dev/none", file).exception, ModelError)
    assert file.read_text("utf-8") == "notes on paper\n"
