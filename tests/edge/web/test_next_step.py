"""The filled button and what stands beside it lead on: to what the screen itself tells to do next."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import httpx

from edge.checking import CHECKS
from sync.contract.acts import Role
from sync.contract.comparison import ComparisonRecord
from sync.contract.ids import ReadingId, ScreeningId
from tests.edge.bench import finished
from tests.edge.test_imports import raman
from tests.edge.test_second_technique import bring
from tests.edge.web.case_screens import add_exhibit
from tests.edge.web.post import PIN, Post, Site

REFUSED = 422


def filled(page: str) -> str:
    """Return the words of the filled button."""
    [button] = re.findall(r'<(?:a|button) class="button primary[^"]*".*?</(?:a|button)>', page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", button).split())


def leads(page: str) -> dict[str, str]:
    """Return where each button that is a link leads, by its words."""
    links = re.findall(r'<a class="button[^"]*" href="([^"]*)">(.*?)</a>', page, re.DOTALL)
    return {" ".join(re.sub(r"<[^>]+>", " ", text).split()): href for href, text in links}


def screening_of(post: Post, reading: str) -> ScreeningId:
    return post.station.screenings.view(ReadingId(reading)).screening


def again(post: Post, screening: ScreeningId) -> str:
    """Take another reading of a screening."""
    station = post.station
    reading = station.screenings.start(station.operators.list()[0], screening=screening)
    finished(station, reading)
    return reading


@contextmanager
def signed_in(post: Post, role: Role = "supervisor") -> Iterator[httpx.Client]:
    """Sign somebody of a role in at a post's screens, in English."""
    person = next(each for each in post.station.operators.list() if each.role == role)
    with httpx.Client(base_url=post.url, headers={"Sec-Fetch-Site": "same-origin"}, timeout=60) as client:
        client.cookies.set("garita_language", "en")
        assert client.post("/api/sign-in", json={"operator": person.id, "pin": PIN}).is_success
        yield client


def get(client: httpx.Client, path: str) -> str:
    return client.get(path, follow_redirects=True).text


def test_where_the_daily_check_is_missing_it_comes_before_another_reading(site: Site) -> None:
    unchecked = site.post(site.folder / "unchecked", daily_check=True)
    reading = unchecked.measure()
    station, operator = unchecked.station, unchecked.station.operators.list()[0]
    with signed_in(unchecked) as client:
        for path in (f"/readings/{reading}", f"/readings/{reading}/coach"):
            page = get(client, path)
            assert "The daily check is missing" in page
            assert (filled(page), leads(page)["To the daily check"]) == ("To the daily check", "/shift"), path
        assert leads(get(client, "/"))["Daily check Before it, a reading concludes nothing."] == "/shift"
        unchecked.programme.sample("Cocaine")
        failed = station.screenings.start(operator, "blank")
        finished(station, failed)
        assert "Measure the blank again." in get(client, f"/readings/{failed}")
        for check in CHECKS:
            unchecked.programme.blank() if check == "blank" else unchecked.programme.sample("Caffeine")
            finished(station, station.screenings.start(operator, check))
        for path in (f"/readings/{reading}", f"/readings/{reading}/coach"):
            assert filled(get(client, path)) == "Another reading", path
        page = get(client, f"/readings/{failed}")
        assert ("Measure the blank again." in page, "Measured again since. Passed," in page) == (False, True)
        assert "Before it, a reading concludes nothing" not in get(client, "/")


def test_home_leads_who_measures_nothing_to_what_is_theirs(post: Post) -> None:
    post.station.operators.enrol("T. Luna", "auditor", PIN)
    post.station.operators.enrol("I. Duarte", "laboratory", PIN)
    wanted: dict[Role, str] = {"technician": "/device", "auditor": "/reviews", "laboratory": "/cases"}
    for role, place in wanted.items():
        with signed_in(post, role) as client:
            page = get(client, "/")
            assert leads(page)[filled(page)] == place, role
            assert "Quick reading" not in page
            assert "What is screened?" not in page
            assert filled(get(client, "/shift")) == "Home"


def test_what_nothing_is_like_can_be_sent_to_the_laboratory_from_where_that_is_said(post: Post) -> None:
    post.programme.noise()
    reading = post.measure()
    screening = screening_of(post, reading)
    with signed_in(post) as client:
        page = get(client, f"/readings/{reading}/coach")
        assert "refer a sample to the laboratory" in page
        assert leads(page)["Open the seizure"] == f"/screenings/{screening}/seizure"
        post.programme.blank()
        assert "Open the seizure" not in leads(get(client, f"/readings/{post.measure()}/coach"))


def test_readings_that_gave_nothing_have_no_conclusion_to_accept(post: Post) -> None:
    post.programme.noise()
    screening = screening_of(post, post.measure())
    again(post, screening)
    with signed_in(post) as client:
        page = get(client, f"/screenings/{screening}/compare")
        assert "No reading gave a result" in page
        assert filled(page) == "Back to the result"
        assert "Accept the conclusion" not in page
        assert client.post(f"/screenings/{screening}/compare?exhibit=0").status_code == REFUSED
        assert not post.station.casework.dossier(screening).of(ComparisonRecord)


def test_a_conflict_without_an_alarm_is_told_once_and_leads_to_the_laboratory_too(post: Post) -> None:
    post.programme.sample("Ketamine")
    screening = screening_of(post, post.measure())
    post.programme.sample("Caffeine")
    second = again(post, screening)
    with signed_in(post) as client:
        page = get(client, f"/screenings/{screening}/compare")
        assert (filled(page), leads(page)["Open the seizure"]) == (
            "Another reading",
            f"/screenings/{screening}/seizure",
        )
        assert ("The readings disagree" in page, "IN CONFLICT" in page) == (True, False)
        page = get(client, f"/readings/{second}")
        assert ("The readings disagree." in page, "IN CONFLICT" in page) == (True, False)


def test_a_seizure_that_was_begun_or_signed_is_not_opened_again(post: Post) -> None:
    station, operator = post.station, post.station.operators.list()[0]
    post.programme.sample("Cocaine")
    reading = post.measure()
    screening = screening_of(post, reading)
    with signed_in(post) as client:
        assert filled(get(client, f"/readings/{reading}")) == "Open the seizure"
        add_exhibit(post, operator, screening)
        assert filled(get(client, f"/readings/{reading}")) == "Continue the seizure"
        station.seizures.sign(operator, screening, "hold")
        page = get(client, f"/readings/{reading}")
        assert (filled(page), leads(page)["Signed seizure"]) == ("Signed seizure", f"/screenings/{screening}/seizure")


def test_entries_lead_back_to_the_seizure_and_to_a_file_where_one_is_attached(post: Post, tmp_path: Path) -> None:
    station, operator = post.station, post.station.operators.list()[0]
    reading = post.measure()
    screening = screening_of(post, reading)
    add_exhibit(post, operator, screening)
    with signed_in(post) as client:
        at = f"/screenings/{screening}/entries"
        page = get(client, at)
        assert (filled(page), leads(page)["Continue the seizure"]) == (
            "Continue the seizure",
            f"/screenings/{screening}/seizure",
        )
        file = bring(station, operator, tmp_path / "second.jdx", raman(600, 1000))
        station.observations.link(operator, screening, file.seq)
        page = get(client, at)
        assert (filled(page), leads(page)["Another technique"]) == (
            "Another technique",
            f"/readings/{reading}/beside/file",
        )
        station.seizures.sign(operator, screening, "hold")
        assert filled(get(client, at)) == "Record"


def test_an_undo_says_of_which_exhibit_where_there_are_several(post: Post) -> None:
    station, operator = post.station, post.station.operators.list()[0]
    screening = station.screenings.open(operator, "vehicle")
    first = add_exhibit(post, operator, screening)
    station.casework.weigh(operator, first, ("12.5", "g"))

    def undo(client: httpx.Client) -> str:
        [said] = re.findall(r"Undo<small>(.*?)</small>", get(client, f"/exhibits/{first}"))
        return said

    with signed_in(post) as client:
        assert undo(client) == "Weight"
        second = add_exhibit(post, operator, screening)
        assert undo(client) == "Exhibit 2"
        station.casework.weigh(operator, second, ("12.5", "g"))
        assert undo(client) == "Weight, exhibit 2"


def test_what_has_left_the_station_is_not_handed_over_first(post: Post) -> None:
    station, operator = post.station, post.station.operators.list()[0]
    screening = station.screenings.open(operator, "vehicle")
    exhibit = add_exhibit(post, operator, screening)
    station.casework.apply_seal(operator, exhibit, "N-1", "closed")
    station.seizures.sign(operator, screening, "hold")
    with signed_in(post) as client:
        assert filled(get(client, f"/exhibits/{exhibit}")) == "Hand over"
        station.casework.transfer(operator, exhibit, "Ines, Laboratory", "Laboratory analysis", "N-1")
        page = get(client, f"/exhibits/{exhibit}")
        assert (filled(page), "Hand over" in leads(page)) == ("Record", True)


def test_a_bag_with_another_seal_is_read_again_before_it_is_opened_or_handed_over(post: Post) -> None:
    station, operator = post.station, post.station.operators.list()[0]
    screening = station.screenings.open(operator, "vehicle")
    exhibit = add_exhibit(post, operator, screening)
    sealed = station.casework.apply_seal(operator, exhibit, "N-2", "closed")
    station.seizures.sign(operator, screening, "hold")
    with signed_in(post) as client:
        assert {"Hand over", "Open the bag"} <= leads(get(client, f"/exhibits/{exhibit}")).keys()
        station.casework.report_seal(operator, exhibit, "N-3")
        page = get(client, f"/exhibits/{exhibit}")
        assert (filled(page), {"Hand over", "Open the bag"} & leads(page).keys()) == ("Record", set())
        assert leads(page)["Read the seal again"] == f"/exhibits/{exhibit}/handover?ask=number"
        station.casework.amend(operator, sealed, "misread", [("seal_number", "N-2", "N-3")])
        assert {"Hand over", "Open the bag"} <= leads(get(client, f"/exhibits/{exhibit}")).keys()


def test_a_bag_whose_report_was_a_misreading_is_opened_once_it_is_read_rightly(post: Post) -> None:
    station, operator = post.station, post.station.operators.list()[0]
    screening = station.screenings.open(operator, "vehicle")
    exhibit = add_exhibit(post, operator, screening)
    station.casework.apply_seal(operator, exhibit, "N-4", "closed")
    station.seizures.sign(operator, screening, "hold")
    station.casework.report_seal(operator, exhibit, "N-5")
    here, both = f"/exhibits/{exhibit}", {"Hand over", "Open the bag"}
    person = next(each for each in station.operators.list() if each.role == "officer" and each.id != operator.id)
    with signed_in(post, "officer") as client:
        station.casework.transfer(operator, exhibit, person.name, "custody", "N-4", person.id)
        assert both <= leads(get(client, here)).keys(), "it was handed over under the seal on record since"
        station.casework.report_seal(person, exhibit, "N-5")
        assert not both & leads(get(client, here)).keys()
        client.post(f"{here}/handover", data={"number": "N-4"})
        page = get(client, here)
        assert both <= leads(page).keys()
        assert "The bag was found with another seal: N-5" in page
        client.post(f"{here}/open", data={"number": "N-4"})
        client.post(f"{here}/open", data={"why": "check"})
        client.post(f"{here}/open/break", data={"held": "yes"})
    [file] = station.casework.dossier(screening).exhibits
    assert file.seal_number is None


def test_help_and_light_lead_back_to_what_was_asked_for(post: Post) -> None:
    screening = screening_of(post, post.measure())
    place = f"/screenings/{screening}/compare?exhibit=0"
    with signed_in(post) as client:
        page = get(client, place)
        assert f'name="back" value="{place}"' in page
        assert f'href="/troubles?place={quote(place)}"' in page
        told = get(client, leads(get(client, f"/troubles?place={quote(place)}"))["Help for that screen"])
        assert (leads(told)["Back"], "Readings compared" in told) == (place, True)
