import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.documents.recognition import Recognised, recognise

PASSPORT = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\rL898902C36UTO7408122F1204159ZE184226B<<<<<10"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("CSQU3054383", "container"),
        ("csqu 305438 3", "container"),
        ("RA473124829GB", "postal-item"),
        (PASSPORT, "personal-document"),
        (PASSPORT.replace("6UTO", "5UTO"), "personal-document"),
        ("@\n\x1e\rANSI 636014040002DL00410278ZC03190008DLDAQD1234562 XYX", "personal-document"),
        ("IDMEX HEGG560427MVZRRL04", "personal-document"),
    ],
)
def test_a_number_whose_check_digits_are_right_is_known(text: str, kind: str) -> None:
    assert recognise(text) == Recognised(kind)


@pytest.mark.parametrize(("text", "kind"), [("CSQU3054384", "container"), ("RA473124828GB", "postal-item")])
def test_a_wrong_check_digit_is_named(text: str, kind: str) -> None:
    known = recognise(text)
    assert known is not None
    assert known.kind == kind
    assert known.problem is not None
    assert "check digit at character" in known.problem


@pytest.mark.parametrize("text", ["", "FGR-0098812", "12345670", "CSQU30543", "CSQU305438X", "<" * 60])
def test_anything_else_is_nothing(text: str) -> None:
    assert recognise(text) is None


@given(st.text())
def test_any_text_is_something_or_nothing(text: str) -> None:
    known = recognise(text)
    assert known is None or known.kind
