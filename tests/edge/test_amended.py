"""Where an exhibit stands follows what was amended: the seal of its bag, who has it, and what counts of it."""

import pytest

from edge.errors import BadCasework
from edge.station import Station
from edge.views import OperatorView
from edge.web import case_words as words
from edge.web.checklist import Checklist
from edge.web.translations import load_languages
from sync.contract.casework import ExhibitRecord, TransferRecord
from sync.contract.ids import ScreeningId, Seq

LANGUAGES = load_languages()
SPANISH, ENGLISH = LANGUAGES["es"], LANGUAGES["en"]


@pytest.fixture
def screening(a_station: Station, officer: OperatorView) -> ScreeningId:
    return a_station.screenings.open(officer, "vehicle")


@pytest.fixture
def exhibit(a_station: Station, officer: OperatorView, screening: ScreeningId) -> str:
    return exhibit_of(a_station, officer, screening)


def exhibit_of(a_station: Station, officer: OperatorView, screening: ScreeningId) -> str:
    described = words.description(SPANISH, "powder", 3, "bag")
    return a_station.casework.add_exhibit(officer, screening, described, "powder", 3, "bag")


def entry_of(a_station: Station, screening: ScreeningId, kind: type) -> Seq:
    return next(seq for seq, it in a_station.casework.dossier(screening).records if isinstance(it, kind))


def test_a_bag_is_known_by_the_seal_number_that_was_put_right(
    a_station: Station, officer: OperatorView, screening: ScreeningId, exhibit: str
) -> None:
    casework = a_station.casework
    seal = casework.apply_seal(officer, exhibit, "0042", "closed")
    for was, right in (("0042", "0024"), ("0042", "0025")):
        casework.amend(officer, seal, "misread", [("seal_number", was, right)])
    [file] = casework.dossier(screening).exhibits
    assert (file.seal_number, words.closing(ENGLISH, file)) == ("0025", "corrected: 0025 · manual")
    with pytest.raises(BadCasework, match="has seal 0025 on record, not 0042"):
        casework.transfer(officer, exhibit, "Laboratorio", "analysis", "0042")
    casework.transfer(officer, exhibit, "Laboratorio", "analysis", "0025")
    other = casework.add_exhibit(officer, screening, "a spoon")
    other_seal = casework.apply_seal(officer, other, "0042", "this bag has it")
    with pytest.raises(BadCasework, match=f"seal 0025 was used before, on exhibit {exhibit}; read the bag again"):
        casework.amend(officer, other_seal, "misread", [("seal_number", "0042", "0025")])


def test_a_seal_that_was_broken_since_is_put_right_on_paper_alone(
    a_station: Station, officer: OperatorView, screening: ScreeningId, exhibit: str
) -> None:
    casework = a_station.casework
    seal = casework.apply_seal(officer, exhibit, "0042", "closed")
    broken = casework.break_seal(officer, exhibit, "0042", "a sample")
    for entry in (seal, broken):
        casework.amend(officer, entry, "misread", [("seal_number", "0042", "0024")])
    [file] = casework.dossier(screening).exhibits
    assert file.seal_number is None
    other = casework.add_exhibit(officer, screening, "a spoon")
    with pytest.raises(BadCasework, match=f"seal 0024 was used before, on exhibit {exhibit}"):
        casework.apply_seal(officer, other, "0024", "closed")
    casework.apply_seal(officer, other, "0042", "this bag has it")
    for entry in (seal, broken):
        with pytest.raises(BadCasework, match=f"seal 0042 was used before, on exhibit {other}"):
            casework.amend(officer, entry, "misread", [("seal_number", "0042", "0042")])


def test_who_has_it_is_who_received_it_as_put_right(
    a_station: Station, officer: OperatorView, screening: ScreeningId, exhibit: str
) -> None:
    casework = a_station.casework
    casework.apply_seal(officer, exhibit, "0042", "closed")
    casework.transfer(officer, exhibit, "Ines Duarte, Laboratorio", "analysis", "0042")
    given = entry_of(a_station, screening, TransferRecord)
    casework.amend(officer, given, "mistyped", [("receiver", "Ines Duarte, Laboratorio", "Inés Duarte, Laboratorio")])
    [file] = casework.dossier(screening).exhibits
    assert (file.holder, words.receiver(ENGLISH, file.holder)) == (
        "Inés Duarte, Laboratorio",
        "Inés Duarte, Laboratory",
    )
    assert [(now.receiver, was.receiver) for now, was in file.stood(TransferRecord)] == [
        ("Inés Duarte, Laboratorio", "Ines Duarte, Laboratorio")
    ]


def test_an_exhibit_is_told_in_the_language_of_the_screen_until_words_of_its_own_are_put_in(
    a_station: Station, officer: OperatorView, screening: ScreeningId
) -> None:
    exhibit_of(a_station, officer, screening)
    casework, made = a_station.casework, entry_of(a_station, screening, ExhibitRecord)

    def told() -> tuple[str, tuple[str, ...]]:
        dossier = casework.dossier(screening)
        thing = Checklist(ENGLISH, dossier).of(dossier.exhibits[0])[0]
        return thing.said, thing.earlier

    assert told() == ("Powder · 3 pieces · Bag", ())
    casework.amend(officer, made, "counted wrongly", [("count", "3", "4")])
    assert told() == ("corrected: Powder · 4 pieces · Bag", ("Powder · 3 pieces · Bag",))
    casework.amend(officer, made, "mistyped", [("description", "Polvo · 3 piezas · Bolsa", "dos ladrillos")])
    assert told() == ("corrected: dos ladrillos", ("Powder · 3 pieces · Bag",))


def test_reasons_that_were_picked_are_told_in_the_language_of_the_screen_and_others_as_written() -> None:
    assert words.reason(ENGLISH, "Se leyó mal") == "It was read wrongly"
    assert words.reason(SPANISH, "It was read wrongly") == "Se leyó mal"
    assert words.reason(ENGLISH, "Se leyó muy mal") == "Se leyó muy mal"
    assert words.receiver(SPANISH, "A. Castañeda") == "A. Castañeda"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("value", "12.40", "abc"), "'abc' cannot be the value"),
        (("value", "12.40", "900 kg"), "'900 kg' cannot be the value"),
        (("value", "11.00", "12.41"), "the value of the entry is 12.40, not '11.00'"),
        (("weight", "12.40", "12.41"), "has no 'weight' to amend; it has kind, value"),
    ],
)
def test_an_amendment_says_only_what_the_entry_could_have_said(
    a_station: Station, officer: OperatorView, exhibit: str, change: tuple[str, str, str], told: str
) -> None:
    weighed = a_station.casework.weigh(officer, exhibit, ("12.40", "g"))
    with pytest.raises(BadCasework, match=told):
        a_station.casework.amend(officer, weighed, "misread", [change])
