"""Commands, replies and ion currents in bytes."""

import string
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.srs_rga import frames
from drivers.srs_rga.settings import SETTINGS, Setting


@pytest.mark.parametrize(
    ("name", "parameter", "sent"),
    [
        ("ID", "?", b"ID?\r"),
        ("NF", "*", b"NF*\r"),
        ("FL", "1.00", b"FL1.00\r"),
        ("SC", "", b"SC\r"),
        ("DS", "-2.5500", b"DS-2.5500\r"),
        ("MG", "2000.0000", b"MG2000.0000\r"),
    ],
)
def test_a_command_is_two_letters_a_parameter_and_cr(name: str, parameter: str, sent: bytes) -> None:
    assert frames.command(name, parameter) == sent


@pytest.mark.parametrize(
    ("name", "parameter"),
    [
        ("id", "?"),
        ("MI", " 1"),
        ("MI", "1\r"),
        ("MI", "1e3"),
        ("MI", "1.23456"),
        ("MI", "??"),
        ("M\r", "1"),
    ],
)
def test_what_is_no_command_is_never_sent(name: str, parameter: str) -> None:
    with pytest.raises(ValueError, match="is no command"):
        frames.command(name, parameter)


@pytest.mark.parametrize(
    ("line", "value"), [(b"0", 0.0), (b"1.00", 1.0), (b" 70", 70.0), (b"-0.0005", -0.0005), (b"+12", 12.0)]
)
def test_numbers(line: bytes, value: float) -> None:
    assert frames.number(line) == value


@pytest.mark.parametrize(
    "line",
    [b"", b" ", b"1.", b".5", b"1,0", b"1e5", b"nan", b"inf", b"0x10", b"1 2", b"\xb1", b"1\r", b"9" * 40, b"\xd9\xa3"],
    ids=["empty", "blank", "no-digit-behind", "no-digit-before", "comma", "exponent", "nan", "infinite", "hex", "two",
         "high-bit", "cr-inside", "too-long", "arabic-digit"],
)  # fmt: skip
def test_what_is_no_number(line: bytes) -> None:
    with pytest.raises(ValueError, match="expected a number"):
        frames.number(line)


@pytest.mark.parametrize("line", [b"", b"256", b"-1", b"1.0", b"1234", b"\x00\x00\x00SRS"])
def test_what_is_no_error_byte(line: bytes) -> None:
    with pytest.raises(ValueError, match="expected a byte"):
        frames.byte(line)


def test_identity() -> None:
    identity = frames.identity(b"SRSRGA200VER0.24SN12345")
    assert identity == frames.Identity("200", "0.24", "12345")
    assert identity.mass_max == 200


def test_a_unit_that_was_never_initialised_is_taken_for_the_smallest() -> None:
    assert frames.identity(b"SRSRGA???VER0.24SN00000").mass_max == 100


@pytest.mark.parametrize(
    "line",
    [b"\x00\x00\x00SRSRGA100VER0.24SN12345", b"SRSRGA400VER0.24SN12345", b"SRSRGA100VER0.24SN", b"srsrga100ver0.24sn1",
     b"SRSRGA100VER0.24SN12345\n", b"SRSRGA100VEB0.24SN12345"],
    ids=["three-bytes-of-a-total-before", "no-such-model", "no-serial", "small", "line-feed-behind", "flipped"],
)  # fmt: skip
def test_what_is_no_identity(line: bytes) -> None:
    with pytest.raises(ValueError, match="expected SRSRGA"):
        frames.identity(line)


@given(st.lists(st.integers(-(2**31) + 1, 2**31 - 1), max_size=50))
@settings(deadline=None)
def test_currents_come_back_as_they_were(values: list[int]) -> None:
    data = frames.from_currents(np.array(values, dtype=np.int64))
    assert data == b"".join(value.to_bytes(4, "little", signed=True) for value in values)
    assert frames.currents(data).tolist() == values


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for read in (frames.number, frames.byte, frames.identity, frames.currents):
        with suppress(ValueError):
            read(data)


@given(st.lists(st.binary(max_size=80), max_size=20))
@settings(max_examples=200, deadline=None)
def test_lines_are_the_same_however_they_are_chopped_and_never_pile_up(pieces: list[bytes]) -> None:
    buffer, lines = bytearray(), []
    for piece in pieces:
        buffer += piece
        try:
            while (line := frames.take_line(buffer)) is not None:
                lines.append(line)
        except ValueError:
            buffer.clear()
        assert len(buffer) <= frames.LONGEST_LINE + len(frames.END_OF_LINE)
    assert all(frames.END_OF_LINE not in line and len(line) <= frames.LONGEST_LINE for line in lines)


def test_a_reply_ends_with_lf_cr_in_this_order() -> None:
    buffer = bytearray(b"1\r\n2\n\r3")
    assert frames.take_line(buffer) == b"1\r\n2"
    assert frames.take_line(buffer) is None
    assert buffer == b"3"


@given(st.sampled_from(sorted(SETTINGS.values(), key=lambda setting: setting.name)), st.integers(0, 10**6))
@settings(deadline=None)
def test_every_value_within_the_limits_makes_a_command_that_fits(setting: Setting, share: int) -> None:
    step = setting.step or 10**-setting.places
    steps = round((setting.most - setting.least) / step)
    value = setting.least + (share % (steps + 1)) * step
    parameter = setting.parameter(min(value, setting.most))
    sent = frames.command(setting.name, parameter)
    assert setting.holds(float(parameter), value)
    assert len(sent) <= frames.LONGEST_COMMAND + 1
    assert set(parameter) <= set(string.digits + ".-")


@pytest.mark.parametrize(
    ("name", "value"),
    [("EE", 24), ("EE", 70.5), ("EE", 106), ("FL", 3.52), ("FL", 0.01), ("FL", -0.02), ("HV", 2491), ("NF", 8),
     ("SA", 9), ("MI", 0), ("MI", 301), ("SP", 10.0001), ("IE", 12), ("VF", -90), ("FL", float("nan"))],
)  # fmt: skip
def test_values_outside_the_limits_are_never_sent(name: str, value: float) -> None:
    with pytest.raises(ValueError, match=name):
        SETTINGS[name].parameter(value)
