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


LINES = PASSPORT.split("\r")
TD1 = ("I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<")


@pytest.mark.parametrize(
    "text",
    [
        *LINES, *TD1, "".join(TD1), "\r".join(TD1),
        "\x02" + PASSPORT + "\x03", "]Q1" + PASSPORT, "DOC:" + PASSPORT, PASSPORT.lower(), PASSPORT.replace("\r", " "),
        "L898902C36UTO7408122F1204159ZE184226B1234510", "L898902C36UTO7408122F1204159ZE184226",
        "I<UTOD231458907ABCDEFGHIJKLMNO", "IDMEX1234567897123456789012345", "7408122F1204159MEX12345678901" + "6",
        "P<UTOERIKSSON<<ANNA<MA", "ERIKSSON<<ANNA<MARIA<<", "IDFRABERTHIER<<<<<<<<<<<<<<<<<<<<<<<",
        "8806923102858CORINNE<<<<<<<6512068F6", "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<",
        "D1NLD11234567890ABCDEFGHIJKLM5", "D1FRA13AA000026181231MARTIN<<4",
        "CURPGOMA800101HDFRRN09", "gomA800101hdfrrn09", "||GOMA800101HDFRRN09||GOMEZ", "MEXJUAN_GOMA800101HDFRRN09_",
        "GOMX800101MNERRN09", "INE HRGRJN82050602H900", "\x02@\n\x1e\rANSI 636026080102DL", "@\r\n\x1e\rAAMVA6360",
        "@\n\x1c\rANSI6360",
    ],
)  # fmt: skip
def test_a_part_of_a_persons_document_is_one_too(text: str) -> None:
    assert recognise(text) == Recognised("personal-document")


@pytest.mark.parametrize(
    "text",
    [
        "010950600013435210ABC123\x1d21XYZ", "00106141411234567897", "https://example.org/a?b=<c>&d=1234567890123456789",
        "1HGCM82633A004352", "ABC-12-34", "FGR-0098812-2026-00017", "15 48 3009 0001234", "<p>some text</p>",
        "A<B", "DHL JD014600003828392837", "420 78045 9205 5901 7554 7700 0123 45", "8D1234567890123456789012345678",
    ],
)  # fmt: skip
def test_what_stands_on_vehicles_parcels_and_seals_is_nobodys_document(text: str) -> None:
    assert recognise(text) is None


@given(st.from_regex(r"[A-Z]{3}[UJZ][0-9]{7}|[0-9]{8,40}|[A-Z0-9-]{1,17}", fullmatch=True))
def test_numbers_of_things_are_nobodys_document(text: str) -> None:
    known = recognise(text)
    assert known is None or known.kind != "personal-document"


@given(st.integers(0, 87), st.integers(20, 88), st.sampled_from(["", "\x02", "]L0", "x"]))
def test_any_long_part_of_a_zone_that_has_a_filler_is_found(start: int, size: int, before: str) -> None:
    part = PASSPORT.replace("\r", "")[start : start + size]
    assert len(part) < 20 or "<" not in part or recognise(before + part) == Recognised("personal-document")


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
