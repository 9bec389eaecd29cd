"""station.toml: read once, strict, and errors that say what to write."""

from pathlib import Path

import pytest

from edge.errors import BadSettings
from edge.settings import Settings

GOOD = 'station = "MX-TIJ-01"\npost = "Garita Km 57"\n'


def load(folder: Path, text: str) -> Settings:
    (folder / "station.toml").write_text(text, "utf-8")
    return Settings.load(folder)


def test_the_shortest_file_is_enough(tmp_path: Path) -> None:
    settings = load(tmp_path, GOOD)
    assert settings.station == "MX-TIJ-01"
    assert settings.central is None
    assert settings.at(settings.station_key) == tmp_path / "station.key"


def test_energies_in_steps_of_a_tenth_are_taken(tmp_path: Path) -> None:
    assert load(tmp_path, GOOD + "energies = [0.1, 0.3, 15, 30.7]\n").energies == (0.1, 0.3, 15, 30.7)


def test_an_absolute_path_stays_where_it_is(tmp_path: Path) -> None:
    assert load(tmp_path, GOOD + 'log_key = "/etc/log.vkey"\n').at(Path("/etc/log.vkey")) == Path("/etc/log.vkey")


@pytest.mark.parametrize(
    ("line", "named"),
    [
        pytest.param("prot = 1", ["prot", "no such setting"], id="unknown-name"),
        pytest.param("port = 70000", ["port", "65535", "port that the screens"], id="port-too-high"),
        pytest.param('host = "0.0.0.0"', ["host", "loopback"], id="host-open-to-the-network"),
        pytest.param('central = "http://centre.example"', ["central", "https://host:port"], id="central-in-clear"),
        pytest.param("minimum_recipients = 1", ["minimum_recipients", "fewest keys"], id="one-recipient"),
        pytest.param('analyzer = "/dev/ttyACM0"', ["analyzer", "analyzer-link:/dev/ttyACM0"], id="no-family"),
        pytest.param("energies = [15, 30, 15.0]", ["energies", "must differ"], id="an-energy-twice"),
        pytest.param("energies = [15.05]", ["energies", "0.1 V"], id="an-energy-too-fine"),
        pytest.param('data = "/elsewhere"', ["data", "command line"], id="data-in-the-file"),
        pytest.param("port = ", ["TOML"], id="not-toml"),
    ],
)
def test_a_wrong_value_is_named_with_the_form_it_needs(tmp_path: Path, line: str, named: list[str]) -> None:
    with pytest.raises(BadSettings) as caught:
        load(tmp_path, GOOD + line)
    assert str(tmp_path / "station.toml") in str(caught.value)
    assert all(word in str(caught.value) for word in named)


def test_two_instruments_on_one_port_are_named(tmp_path: Path) -> None:
    (tmp_path / "by-id").symlink_to("/dev/ttyUSB0")
    for other in ("/dev/ttyUSB0", f"{tmp_path}/by-id"):
        with pytest.raises(BadSettings, match="scale and code_reader both name the port /dev/ttyUSB0; each"):
            load(tmp_path, f'{GOOD}scale = "mt-sics:/dev/ttyUSB0"\ncode_reader = "code-reader:{other}"\n')
    assert load(tmp_path, f'{GOOD}scale = "mt-sics:/dev/ttyUSB0"\ncode_reader = "code-reader:/dev/ttyUSB1"\n').scale


def test_a_missing_value_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="post: Field required; expected the post where it stands"):
        load(tmp_path, 'station = "MX-TIJ-01"\n')


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match=r"station\.toml: not found"):
        Settings.load(tmp_path)


def test_every_setting_is_described() -> None:
    assert all(field.description for field in Settings.model_fields.values())
