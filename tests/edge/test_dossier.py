"""The dossier: all that is on record about a screening, in the journal's order."""

from edge.station import Station
from edge.views import OperatorView
from sync.contract.casework import AmendmentRecord, ExhibitRecord, PhotoRecord, SealRecord, TransferRecord, WeightRecord
from tests.edge.bench import finished


def test_a_dossier_holds_readings_exhibits_and_what_was_done_with_them(
    a_station: Station, officer: OperatorView
) -> None:
    screening = a_station.screenings.open(officer, "vehicle")
    first = finished(a_station, a_station.screenings.start(officer, screening=screening))
    second = finished(a_station, a_station.screenings.start(officer, screening=screening))
    casework = a_station.casework
    exhibit = casework.add_exhibit(officer, screening, "three bags, white powder")
    other = casework.add_exhibit(officer, screening, "a spoon")
    weight = casework.weigh(officer, exhibit, ("12.40", "g"), "gross", "MT XS204")
    casework.photograph(officer, exhibit, b"\xff\xd8\xff", "image/jpeg", "as found")
    casework.apply_seal(officer, exhibit, "0042", "closed at the post")
    casework.transfer(officer, exhibit, "Laboratorio", "analysis", "0042")
    casework.amend(officer, weight, "a digit was misread", [("value", "12.40", "12.41")])

    found = casework.dossier(screening)
    assert (found.subject_kind, found.operator, found.training) == ("vehicle", officer.id, False)
    assert [reading.id for reading in found.readings] == [first.id, second.id]
    assert [(each.id, each.number) for each in found.exhibits] == [(exhibit, 1), (other, 2)]
    bags, spoon = found.exhibits
    assert (bags.seal_number, bags.holder, spoon.seal_number) == ("0042", "Laboratorio", None)
    kinds = [ExhibitRecord, WeightRecord, PhotoRecord, SealRecord, TransferRecord]
    assert [type(record) for _, record in bags.records] == kinds
    assert [each.value for each in bags.of(WeightRecord)] == ["12.40"]
    assert [(each.value, amended) for each, amended in bags.weights] == [("12.41", True)]
    [amendment] = found.of(AmendmentRecord)
    assert amendment.concerns.seq == weight
    assert [seq for seq, _ in found.records] == sorted(seq for seq, _ in found.records)


def test_each_reading_is_of_who_started_it(a_station: Station, officer: OperatorView) -> None:
    other = a_station.operators.enrol("Eva Sol", "officer", "582914")
    screening = a_station.screenings.open(officer, "parcel")
    finished(a_station, a_station.screenings.start(other, screening=screening))
    [reading] = a_station.casework.dossier(screening).readings
    assert reading.record
    assert (reading.operator, reading.record.operator) == (other.id, other.id)
