"""Whose words came on a port: each family's own simulator is known by them, and what is printed on things is not."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.analyzer_link.frames import Identity
from drivers.families import FAMILIES
from drivers.framing import encode
from drivers.nmea.frames import to_bytes
from drivers.overheard import NEWEST, mostly_text, overheard, stranger
from drivers.pty import serve_pty
from drivers.scales.parity import with_parity
from drivers.transport import SerialTransport

METTLER, A_AND_D, OHAUS = b"S S     123.45 g\r\n", b"ST,+00123.45  g\r\n", b"    123.45 g\r\n"
SENTENCE = to_bytes("GN", "GLL", "", "", "", "", "", "V")


@pytest.mark.parametrize("name", sorted(set(FAMILIES) - {"analyzer-link"}))
def test_each_family_is_known_by_what_it_says_to_its_driver(name: str) -> None:
    simulation = FAMILIES[name].simulation
    assert simulation
    with serve_pty(simulation.begin(simulation.samples[0], None, random.Random(1))) as port:  # noqa: S311 - noise
        heard = Heard(port.path, FAMILIES[name].line)
        FAMILIES[name].greet(heard, time.monotonic_ns)
        heard.close()
    assert overheard(heard.came) == {name}


class Heard(SerialTransport):
    """A port, and what came on it."""

    came = b""

    def read(self, timeout: float) -> bytes:
        came = super().read(timeout)
        self.came += came
        return came


@pytest.mark.parametrize(
    ("came", "families"),
    [
        (encode(Identity(1, 1, "Maker", "Model", "S", "1").to_bytes()), {"analyzer-link"}),
        (b"45 g\r\n" + METTLER, {"mt-sics"}),
        (A_AND_D, {"a-and-d"}),
        (with_parity(A_AND_D), {"a-and-d"}),
        (OHAUS, {"ohaus"}),
        (b"\xb5b\x05\x00,A*11\r\n$GN" + SENTENCE, {"nmea"}),
        (METTLER + SENTENCE, {"mt-sics", "nmea"}),
    ],
)
def test_a_line_among_others_is_known(came: bytes, families: set[str]) -> None:
    assert overheard(came) == families


@pytest.mark.parametrize(
    "printed",
    [b"FGR-000123", b"473124829 GN", b"RA473124829GB", b"CSQU3054383", b"12.5 kg", b"ES", b"S S", b"$GNGLL", b"ST,1 g",
     SENTENCE[:-4] + b"00", b"(01)09506000134352", b"1234567.5 MX"],
)  # fmt: skip
def test_what_is_printed_on_things_or_damaged_is_of_no_family(printed: bytes) -> None:
    assert overheard(printed) == set()


@given(st.binary())
def test_any_bytes_are_taken(data: bytes) -> None:
    overheard(data)
    mostly_text(data)


def test_a_stranger_is_told_by_the_newest_bytes_and_one_s_own_words_whenever_they_came() -> None:
    weight, code, noise = b"S S     123.45 g\r\n", b"]C0FGR-1234\r", b"\x80" * NEWEST + b"\r\n"
    assert stranger("port", "analyzer-link", noise + weight) is not None
    assert stranger("port", "analyzer-link", weight + noise) is None
    assert stranger("port", "code-reader", code + noise + weight) is None
