"""A centre that lost what it had confirmed: said at the station, put on record, and nothing goes meanwhile."""

from datetime import timedelta

import httpx
import pytest
from sqlmodel import Session, col, select, update

from edge.station import Station
from edge.views import OperatorView
from sync import losses
from sync.attachment_store import AttachmentEntry, AttachmentQuestion, AttachmentWay
from sync.claims import Claim
from sync.contract.facts import FactRecord
from sync.contract.ids import Seq
from sync.outbox import OutboxEntry
from tests.edge.bench import Bench, finished, went_back

_waits = col(OutboxEntry.released).is_(None)


def test_it_is_on_record_once_with_the_receipt_that_proves_it(bench: Bench, a_station: Station) -> None:
    went_back(a_station)
    for _ in range(2):
        a_station._housekeeping.tell_losses()
    [told] = [each for each in bench.records() if isinstance(each, FactRecord) and each.fact == "centre_went_back"]
    assert told.values == {"first": "1", "last": "2", "receipt": "the receipt of 2"}


def test_it_is_said_until_all_has_arrived_again(a_station: Station, signed_in: httpx.Client) -> None:
    went_back(a_station)
    assert "El centro perdió 2 registros" in signed_in.get("/sync").text
    assert "El centro perdió registros" in signed_in.get("/troubles").text
    with a_station._database.write() as session:
        all_arrived(session, a_station)
    assert "El centro perdió" not in signed_in.get("/sync").text


@pytest.mark.parametrize(("confirmed_after_h", "left"), [(71, True), (73, False)])
def test_attachments_stay_until_the_centre_confirms_something_after_their_time(
    bench: Bench, a_station: Station, officer: OperatorView, confirmed_after_h: int, *, left: bool
) -> None:
    """A centre that went back in those hours would have been found out by then."""
    finished(a_station, a_station.screenings.start(officer))
    with a_station._database.write() as session:
        all_arrived(session, a_station)
    bench.clock.sleep(timedelta(hours=confirmed_after_h).total_seconds())
    a_station.upkeep.note("looked after")
    with a_station._database.write() as session:
        session.execute(update(OutboxEntry).where(_waits).values(released=bench.clock.wall))
    bench.clock.sleep(timedelta(hours=100).total_seconds())
    a_station._housekeeping.let_go()
    with a_station._database.write() as session:
        assert session.exec(select(AttachmentEntry)).first(), "the centre was not asked yet whether it still has it"
        session.execute(update(AttachmentQuestion).values(answered=True))
    a_station._housekeeping.let_go()
    with a_station._database.read() as session:
        assert (session.exec(select(AttachmentEntry)).first() is not None) is left


def test_attachments_alone_are_said_and_on_record(
    bench: Bench, a_station: Station, officer: OperatorView, signed_in: httpx.Client
) -> None:
    finished(a_station, a_station.screenings.start(officer))
    with a_station._database.write() as session:
        all_arrived(session, a_station)
        way = session.exec(select(AttachmentWay)).first()
        assert way
        claim = Claim(a_station.settings.station, Seq(way.seq), way.sealed, way.size)
        losses.notice_attachment(session, claim, a_station._times.moment().wall)
    assert "El centro perdió anexos de registros" in signed_in.get("/sync").text
    assert "El centro perdió anexos de registros" in signed_in.get("/troubles").text
    a_station._housekeeping.tell_losses()
    [told] = [each for each in bench.records() if isinstance(each, FactRecord) and each.fact == "centre_went_back"]
    assert told.values == {"first": "0", "last": str(claim.seq), "receipt": "the receipt"}


def all_arrived(session: Session, station: Station) -> None:
    now = station._times.moment().wall
    session.execute(update(OutboxEntry).where(_waits).values(released=now))
    session.execute(update(AttachmentWay).values(arrived=now, receipt="the receipt"))
