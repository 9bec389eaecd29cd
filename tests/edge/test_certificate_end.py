"""The end of the station's certificate is told beforehand, and afterwards with the right words."""

from datetime import timedelta

import httpx
import pytest

from deploy.certificates import issue_client, make_authority, write_certificate
from edge.sending import Sending
from edge.station import Station
from sync import outbox
from sync.contract.ids import Seq
from tests.edge.bench import Bench


@pytest.fixture
def certified(bench: Bench, a_station: Station) -> Station:
    """Give the station a way to a centre, and a certificate that is good for 365 days."""
    file = a_station.settings.at(a_station.settings.tls_certificate)
    file.parent.mkdir()
    now = bench.clock.wall
    write_certificate(issue_client(make_authority("test", now), "MX-TIJ-01", now).certificate, file)
    a_station.sending = Sending(
        a_station.settings,
        a_station._database,
        a_station._recorder,
        a_station._times,
        a_station._policy,
        http=httpx.Client(base_url="https://centre.test"),
        wait=a_station._closing.wait,
    )
    return a_station


@pytest.mark.parametrize("days", [300, 306, 364, 366])
def test_it_is_told_from_sixty_days_before(
    bench: Bench, certified: Station, signed_in: httpx.Client, days: int
) -> None:
    said = {300: None, 306: "termina en 59 días", 364: "termina en 1 día", 366: "está vencido"}[days]
    bench.clock.wall += timedelta(days=days)
    assert certified.sending.certificate_end()
    shown = signed_in.get("/troubles").text
    assert ('data-trouble="certificate"' in shown) is (said is not None)
    assert said is None or said in shown


def test_a_door_that_refuses_without_reading_is_not_called_a_bad_record(
    bench: Bench, certified: Station, signed_in: httpx.Client
) -> None:
    with certified._database.write() as session:
        outbox.refuse(session, Seq(1), "http_400", "the centre gave no reason", bench.clock.wall)
    assert "no lee nada" in signed_in.get("/sync").text
    bench.clock.wall += timedelta(days=366)
    assert "ya es viejo" in signed_in.get("/sync").text
