"""Where an exhibit stands follows what was amended: the seal of its bag, who has it, and what counts of it."""

from dataclasses import replace

import pytest

from edge.errors import BadCasework
from edge.station import Station
from edge.views import OperatorView
from edge.web import case_words as words
from edge.web import exhibit_words, hand_words, seal_words
from edge.web.checklist import Checklist
from edge.web.translations import load_languages
from sync.contract.casework import AmendmentRecord, ExhibitRecord, TransferRecord
from sync.contract.ids import ScreeningId, Seq
from tests.edge.bench import PIN, Bench, finished
from tests.edge.web.test_loose_bags import screens

LANGUAGES = load_languages()
SPANISH, ENGLISH = LANGUAGES["es"], LANGUAGES["en"]


@pytest.fixture
def screening(a_station: Station, officer: OperatorView) -> ScreeningId:
    return a_station.screenings.open(officer, "vehicle")


@pytest.fixture
def exhibit(a_station: Station, officer: OperatorView, screening: ScreeningId) -> str:
    return exhibit_of(a_station, officer, screening)


def exhibit_of(a_station: Station, officer: OperatorView, screening: ScreeningId) -> str:
    described = exhibit_words.description(SPANISH, "powder", 3, "bag")
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
    assert (file.seal_number, seal_words.closing(ENGLISH, file)) == ("0025", "corrected: 0025 · manual")
    with pytest.raises(BadCasework, match="has seal 0025 on record, not 0042"):
        casework.transfer(officer, exhibit, "Laboratorio", "analysis", "0042")
    casework.transfer(officer, exhibit, "Laboratorio", "analysis", "0025")
    other = casework.add_exhibit(officer, screening, "a spoon")
    other_seal = casework.apply_seal(officer, other, "0042", "this bag has it")
    with pytest.raises(BadCasework, match=f"seal 0025 was used before, on exhibit {exhibit}; read the bag again"):
        casework.amend(officer, other_seal, "misread", [("seal_number", "0042", "0025")])


def test_what_is_signed_of_an_amendment_of_an_amendment_is_what_goes_on_record(
    a_station: Station, officer: OperatorView, screening: ScreeningId, exhibit: str
) -> None:
    """The last leads back to what was made: nothing is corrected then, and both amendments stay."""
    weighed = a_station.casework.weigh(officer, exhibit, ("12.40", "g"))
    here = f"/entries/{weighed}/amend/value"
    with screens(a_station, officer) as client:
        for was, right, marked in (("12.40", "12.41", True), ("12.41", "12.40", False)):
            client.post(here, data={"value": right})
            shown = client.post(here, data={"why": "mistyped"}, follow_redirects=True).text
            assert f"{was}\N{NO-BREAK SPACE}g" in shown
            told = client.post(f"{here}/sign", data={"held": "yes"}, follow_redirects=True).text
            assert f"{was} → {right}" in told
            listed = client.get(f"/screenings/{screening}/entries").text
            assert ("Weight · amended" in listed) == marked
            dossier = a_station.casework.dossier(screening)
            [change] = dossier.of(AmendmentRecord)[-1].changes
            assert (change.was, change.should_be) == (was, right)
            assert [(now.value, amended) for now, amended in dossier.exhibits[0].weights] == [(right, marked)]
    with pytest.raises(BadCasework, match=r"the value of the entry is 12\.40, not '12\.41'; look at it again"):
        a_station.casework.amend(officer, weighed, "mistyped", [("value", "12.41", "12.42")])


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


def test_nobody_is_put_in_or_out_of_a_hand_over_by_the_words_of_one(
    a_station: Station, officer: OperatorView, screening: ScreeningId, exhibit: str
) -> None:
    """Who received it signed: that they did not is a void, by two."""
    casework = a_station.casework
    casework.apply_seal(officer, exhibit, "0042", "closed")
    given = casework.transfer(officer, exhibit, "Ines, Laboratorio", "analysis", "0042")
    for change in (
        ("receiver", "Ines, Laboratorio", "Luis Mora"),
        ("giver", "Ana Ruiz", "Luis Mora"),
        ("given_by", officer.id, "op-2"),
        ("accepted_by", "", "op-2"),
        ("seal_number", "0042", "0043"),
    ):
        with pytest.raises(
            BadCasework, match=f"the {change[0]} of a garita.transfer/4 is not amended, only its reason"
        ):
            casework.amend(officer, given, "mistyped", [change])
    [file] = casework.dossier(screening).exhibits
    assert file.holder == "Ines, Laboratorio"
    casework.amend(officer, given, "mistyped", [("reason", "analysis", "storage")])
    [file] = casework.dossier(screening).exhibits
    assert [now.reason for now, _ in file.stood(TransferRecord)] == ["storage"]


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
    assert hand_words.receiver(SPANISH, "A. Castañeda") == "A. Castañeda"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("value", "12.40", "abc"), "'abc' cannot be the value"),
        (("value", "12.40", "900 kg"), "'900 kg' cannot be the value"),
        (("value", "11.00", "12.41"), "the value of the entry is 12.40, not '11.00'"),
        (("weight", "12.40", "12.41"), "the weight of a garita.weight/3 is not amended, only its value and unit"),
        (("source", "typed", "scale"), "the source of a garita.weight/3 is not amended"),
    ],
)
def test_an_amendment_says_only_what_the_entry_could_have_said(
    a_station: Station, officer: OperatorView, exhibit: str, change: tuple[str, str, str], told: str
) -> None:
    weighed = a_station.casework.weigh(officer, exhibit, ("12.40", "g"))
    with pytest.raises(BadCasework, match=told):
        a_station.casework.amend(officer, weighed, "misread", [change])


def test_an_amendment_that_was_wrong_itself_is_put_right_again(
    a_station: Station, officer: OperatorView, screening: ScreeningId, exhibit: str
) -> None:
    weighed = a_station.casework.weigh(officer, exhibit, ("12.40", "g"))
    at = f"/entries/{weighed}/amend/value"
    with screens(a_station, officer) as client:
        for was, right in (("12.40", "12.41"), ("12.41", "12.40")):
            assert f"It says: {was}" in client.get(at).text
            for answer in ({"value": right}, {"why": "mistyped"}):
                client.post(at, data=answer, follow_redirects=True)
            client.post(f"{at}/sign", data={"held": "yes"})
            [file] = a_station.casework.dossier(screening).exhibits
            assert [now.value for now, _ in file.weights] == [right]


def test_a_field_has_one_amendment_at_a_time(a_station: Station, officer: OperatorView, exhibit: str) -> None:
    weighed = a_station.casework.weigh(officer, exhibit, ("12.40", "g"))
    with pytest.raises(BadCasework, match="value is amended twice"):
        a_station.casework.amend(officer, weighed, "misread", [("value", "12.40", "12.41"), ("value", "12.40", "0")])


def test_what_people_said_and_what_an_analyzer_told_is_amended_by_nobody(
    bench: Bench, a_station: Station, officer: OperatorView
) -> None:
    """The conclusion of a reading, a stance, a signature, a review; and an entry of no seizure."""
    reading = finished(a_station, a_station.screenings.start(officer))
    screening, seizures, casework = reading.screening, a_station.seizures, a_station.casework
    casework.weigh(officer, casework.add_exhibit(officer, screening, "a bag"), ("12.40", "g"))
    sol = a_station.operators.enrol("Eva Sol", "supervisor", PIN)
    made = {
        "stance": seizures.witness(officer, screening, "searched", "refused"),
        "name": seizures.sign(officer, screening, "hold"),
        "decision": seizures.review(sol, screening, "returned", "the weight does not fit"),
    }
    assert reading.seq
    before = bench.records()
    for field, seq, was, right in (
        ("stance", made["stance"], "refused", "agreed"),
        ("name", made["name"], "Ana Ruiz", "Eva Sol"),
        ("decision", made["decision"], "returned", "approved"),
    ):
        with pytest.raises(BadCasework, match=f"the {field} of a garita.* is not amended"):
            casework.amend(officer, seq, "misread", [(field, was, right)])
    for seq in (reading.seq, Seq(1)):
        with pytest.raises(BadCasework, match=f"entry {seq} is nothing that was put down of a seizure"):
            casework.amend(officer, seq, "misread", [("conclusion", "alarm", "no_alarm")])
    assert bench.records() == before


def test_practice_amends_no_evidence(
    bench: Bench, a_station: Station, officer: OperatorView, screening: ScreeningId, exhibit: str
) -> None:
    sealed = a_station.casework.apply_seal(officer, exhibit, "0042", "closed")
    before = bench.records()
    with pytest.raises(BadCasework, match=f"screening {screening} is real, and this session is not"):
        a_station.casework.amend(replace(officer, training=True), sealed, "x", [("seal_number", "0042", "0043")])
    assert bench.records() == before
