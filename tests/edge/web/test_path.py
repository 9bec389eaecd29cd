"""The screening path: what is screened, the sample, the question before the result; each step kept."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from drivers.analyzer_link.plays import Fault
from edge.incoming import read_incoming
from sync.contract.ids import ReadingId, ScreeningId
from sync.contract.observations import ObservationRecord
from sync.contract.papers import PapersRecord
from sync.contract.subject import InspectionRecord, SubjectRecord
from tests.drivers.hand_reader import hand_reader
from tests.edge.bench import finished
from tests.edge.test_imports import TRUNARC, raman
from tests.edge.web.case_screens import add_exhibit
from tests.edge.web.officer import Officer, at
from tests.edge.web.post import Post, Site
from tests.edge.web.test_scans import reading_by

pytestmark = pytest.mark.browser

PASSPORT = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C36UTO7408122F1204159ZE184226B<<<<<10"


def begin(officer: Officer, kind: str) -> ScreeningId:
    """Tap a kind of subject at home, and return its screening."""
    officer.tap(f".kinds form:has([value={kind}]) button")
    expect(officer.page.locator(".identify")).to_be_visible()
    return ScreeningId(officer.page.url.rsplit("/", 1)[1])


def test_three_taps_from_home_to_the_reading_of_a_subject(chromium: Browser, post: Post) -> None:
    with at(chromium, post) as officer, post.lasting(60):
        officer.sign_in()
        before = officer.taps
        screening = begin(officer, "vehicle")
        officer.tap(".primary")
        expect(officer.page.get_by_text("Guantes de nitrilo nuevos.")).to_be_visible()
        officer.tap(".primary")
        expect(officer.page.locator("garita-live")).to_be_visible()
        assert officer.taps - before == 3
        record = post.station.subjects.of(screening)
        assert record is not None
        assert (record.subject_kind, record.mode, record.cause, record.numbers) == ("vehicle", "land", "routine", [])
        officer.tap(".actions .primary")
        officer.result("stopped")


def test_no_result_is_shown_before_the_officer_has_said_what_they_see(chromium: Browser, post: Post) -> None:
    post.programme.sample("Cocaine")
    with at(chromium, post) as officer:
        officer.sign_in()
        screening = begin(officer, "parcel")
        officer.tap(".primary")
        officer.tap('.primary:has-text("Iniciar")')
        question = officer.page.locator(".seen button").first.element_handle()
        expect(officer.page.locator(".stage")).to_have_text("La lectura terminó")
        assert question.is_visible(), "what is asked must stay under the finger when the reading ends"
        expect(officer.page.locator(".actions .primary")).to_be_disabled()
        address = officer.page.url
        for path in ("", "/detail", "/why", "/others", "/record", "/technical", "/beside"):
            officer.page.goto(address + path)
            expect(officer.page.locator(".seen")).to_be_visible()
        for path in ("seizure", "exhibits/new", "record", "compare"):
            officer.page.goto(f"{post.url}/screenings/{screening}/{path}")
            expect(officer.page.locator(".seen")).to_be_visible()
        for path in ("/", "/readings"):
            officer.open(path)
            expect(officer.page.locator("main")).to_contain_text("POR RESPONDER")
            expect(officer.page.locator("main")).not_to_contain_text("ALARMA")
        for next_one in (".quick", ".kinds form:has([value=vehicle]) button"):
            officer.open("/")
            officer.tap(next_one)
            expect(officer.page.locator(".seen")).to_be_visible()
            assert officer.page.url == address, "what waits for an answer comes before anything new"
        assert post.simulator.acquisitions == 1
        officer.tap('.seen button[value="powder"]')
        officer.result("alarm")
        [seen] = post.station.casework.dossier(screening).of(InspectionRecord)
        assert (seen.seen, officer.page.url) == ("powder", f"{post.url}/readings/{seen.reading}")


def test_a_hazard_to_life_comes_before_the_question_and_the_result_after_it(chromium: Browser, post: Post) -> None:
    post.programme.sample("Fentanyl")
    with at(chromium, post) as officer:
        officer.sign_in()
        begin(officer, "parcel")
        officer.tap(".primary")
        officer.tap('.primary:has-text("Iniciar")')
        expect(officer.page.locator("[data-hazard=first]")).to_be_visible()
        expect(officer.page.locator("main")).to_contain_text("naloxona")
        expect(officer.page.locator("main")).not_to_contain_text("Fentanilo")
        officer.tap(".primary")
        officer.tap('.seen button[value="powder"]')
        officer.result("alarm")
        expect(officer.page.locator(".primary")).to_have_text("Abrir decomiso")


def test_a_fault_does_not_wait_for_the_answer(chromium: Browser, post: Post) -> None:
    post.programme.fault(Fault.DETECTOR)
    with at(chromium, post) as officer:
        officer.sign_in()
        begin(officer, "parcel")
        officer.tap(".primary")
        officer.tap('.primary:has-text("Iniciar")')
        officer.result("fault")


def test_the_answer_is_given_while_the_instrument_works(chromium: Browser, post: Post) -> None:
    with at(chromium, post) as officer:
        officer.sign_in()
        with post.lasting(60):
            begin(officer, "luggage")
            officer.tap(".primary")
            officer.tap('.primary:has-text("Iniciar")')
            officer.tap('.seen button[value="tablets"]')
            expect(officer.page.locator(".seen")).to_have_count(0)
            expect(officer.page.locator("garita-live")).to_be_visible()
            officer.tap(".actions .primary")
            officer.result("stopped")
        assert post.simulator.acquisitions == 1


def test_a_scanned_code_comes_by_itself_and_a_wrong_one_is_left_out(
    chromium: Browser, site: Site, tmp_path: Path
) -> None:
    with hand_reader() as hand, at(chromium, reading_by(hand, site, tmp_path), "en") as officer:
        officer.sign_in()
        screening = begin(officer, "parcel")
        hand.scan(b"]d2010950600013435210ABC123\x1d21XYZ")
        expect(officer.page.locator(".number strong")).to_contain_text("0109506000134352")
        officer.tap('.sides a:has-text("Type it in")')
        officer.page.locator("#text").fill("csqu3054384")
        officer.tap(".primary")
        expect(officer.page.locator(".number")).to_have_count(2)
        expect(officer.page.get_by_text("Check digit wrong")).to_be_visible()
        officer.tap(officer.page.get_by_role("button", name="Leave CSQU3054384 out"))
        expect(officer.page.locator(".number")).to_have_count(1)
        officer.tap('.sides a:has-text("Routine")')
        officer.tap('.tiles button:has-text("Dog alert")')
        officer.tap('.sides a:has-text("By land")')
        officer.tap('.tiles button:has-text("By bus")')
        expect(officer.page.locator(".sides")).to_contain_text("By bus")
        officer.page.reload()
        officer.tap('.primary:has-text("Continue")')
        expect(officer.page.locator(".scenes")).to_be_visible()
    dossier = officer.post.station.casework.dossier(screening)
    [subject] = dossier.of(SubjectRecord)
    assert (subject.mode, subject.cause, [each.kind for each in subject.numbers]) == ("bus", "dog", ["other"])
    [scanned] = dossier.of(ObservationRecord)
    assert scanned.code is not None


def test_a_killed_browser_finds_the_screening_where_it_was(chromium: Browser, post: Post) -> None:
    with at(chromium, post) as officer:
        officer.sign_in()
        screening = begin(officer, "vehicle")
        officer.open(f"/screenings/{screening}/keys")
        officer.page.locator("#text").fill("abc-12-34")
        officer.tap(".primary")
        expect(officer.page.locator(".number strong")).to_have_text("ABC-12-34")
    with at(chromium, post) as again:
        again.sign_in()
        again.tap(".begun")
        expect(again.page.locator(".number strong")).to_have_text("ABC-12-34")


def test_of_a_passport_only_the_check_digits_are_told(chromium: Browser, site: Site, tmp_path: Path) -> None:
    with hand_reader() as hand:
        post = reading_by(hand, site, tmp_path)
        with at(chromium, post) as officer:
            officer.sign_in()
            screening = begin(officer, "person")
            hand.scan(b"]L0" + PASSPORT.encode())
            expect(officer.page.get_by_role("status")).to_contain_text("no se guarda nada")
            expect(officer.page.get_by_role("status")).to_contain_text("Sus dígitos verificadores cuadran.")
            officer.tap(officer.page.locator(".primary:not([disabled])"))
            expect(officer.page.locator(".scenes")).to_be_visible()
        dossier = post.station.casework.dossier(screening)
        assert [type(each) for _, each in dossier.records] == [SubjectRecord]
        assert "ERIKSSON" not in "".join(post.station.drafts.of(screening).values())


def test_a_passport_keyed_in_is_not_kept(chromium: Browser, post: Post) -> None:
    with at(chromium, post) as officer:
        officer.sign_in()
        screening = begin(officer, "person")
        officer.open(f"/screenings/{screening}/keys")
        officer.page.locator("#text").evaluate("(field) => { field.maxLength = 200; }")
        officer.page.locator("#text").fill(PASSPORT)
        officer.tap(".primary")
        expect(officer.page.get_by_role("status")).to_contain_text("no se guarda nada")
        assert "ERIKSSON" not in "".join(post.station.drafts.of(screening).values())


def test_another_reading_joins_the_screening_and_a_conflict_keeps_the_alarm(chromium: Browser, post: Post) -> None:
    post.programme.sample("Cocaine")
    first = post.measure()
    post.programme.sample("Caffeine")
    with at(chromium, post, "en") as officer:
        officer.sign_in()
        officer.open(f"/readings/{first}")
        officer.tap(officer.page.get_by_role("button", name="Another reading"))
        officer.result("no_alarm")
        expect(officer.page.locator(".also")).to_contain_text("ALARM in 1 of 2 readings. The readings disagree.")
        expect(officer.page.locator(".primary")).to_have_text("Compare")
        officer.tap(officer.page.get_by_role("link", name="Compare"))
        expect(officer.page.locator('[data-outcome="conflict"]')).to_contain_text("the alarms stand")
        expect(officer.page.locator(".compared .row")).to_have_count(2)
        expect(officer.page.locator(".primary")).to_have_text("Open the seizure")
        officer.tap(officer.page.get_by_role("button", name="Record the conflict"))
        expect(officer.page.locator(".subject")).to_have_text("Accepted: IN CONFLICT")
        expect(officer.page.locator("main")).not_to_contain_text("INCONCLUSIVE")
        officer.tap(officer.page.get_by_role("link", name="Back to the result"))
        expect(officer.page.locator(".also")).to_contain_text("ALARM in 1 of 2 readings. The readings disagree.")
        officer.open(f"/readings/{first}")
        expect(officer.page.locator(".primary")).to_have_text("Compare")
        expect(officer.page.get_by_role("link", name="Open the seizure")).to_be_visible()
        officer.open("/")
        expect(officer.page.locator(".row")).to_contain_text("ALARM in 1 of 2 readings")
    screening = post.station.screenings.view(ReadingId(first)).screening
    assert len(post.station.casework.dossier(screening).readings) == 2


def test_an_empty_second_reading_takes_nothing_from_what_is_signed(chromium: Browser, post: Post) -> None:
    post.programme.sample("Cocaine")
    screening = post.station.screenings.view(ReadingId(post.measure())).screening
    post.programme.blank()
    station, operator = post.station, post.station.operators.list()[0]
    finished(station, station.screenings.start(operator, screening=screening))
    add_exhibit(post, operator, screening)
    with at(chromium, post) as officer:
        officer.sign_in()
        officer.open(f"/screenings/{screening}/review")
        expect(officer.page.locator("main")).to_contain_text("En conjunto: ALARMA")
        officer.open(f"/screenings/{screening}/compare")
        expect(officer.page.get_by_role("heading", level=1)).to_have_text("Solo una lectura dio resultado")


def test_a_file_of_another_technique_that_names_the_same_raises_the_strength(
    chromium: Browser, post: Post, tmp_path: Path
) -> None:
    post.programme.sample("Cocaine")
    reading = post.measure()
    file = tmp_path / "bag.jdx"
    file.write_bytes(raman(600, 1000))
    station, operator = post.station, post.station.operators.list()[0]
    received = station.imports.receive(read_incoming(file), TRUNARC, None)
    screening = station.screenings.view(ReadingId(reading)).screening
    station.observations.link(operator, screening, received.seq)
    with at(chromium, post) as officer:
        officer.sign_in()
        officer.open(f"/readings/{reading}")
        expect(officer.page.locator(".cross.agree")).to_have_text("Dos técnicas coinciden")


def test_a_caution_opens_a_seizure_but_not_by_the_filled_button(chromium: Browser, post: Post) -> None:
    post.programme.sample("Ketamine")
    first = post.measure()
    station, screening = post.station, post.station.screenings.view(ReadingId(first)).screening
    with at(chromium, post) as officer:
        officer.sign_in()
        officer.open(f"/readings/{first}")
        officer.result("caution")
        opening = officer.page.get_by_role("link", name="Abrir decomiso")
        expect(officer.page.locator(".primary")).to_have_text("Otra lectura")
        expect(opening).to_be_visible()
        for sample in ("Ketamine", "Caffeine"):
            post.programme.sample(sample)
            finished(station, station.screenings.start(station.operators.list()[0], screening=screening))
            officer.open(f"/readings/{first}")
            expect(officer.page.locator(".primary")).to_have_text("Comparar")
            expect(officer.page.locator(".actions .button")).to_have_count(5)
        officer.tap(opening)
        expect(officer.page).to_have_url(f"{post.url}/screenings/{screening}/seizure")


def test_the_hazard_of_a_very_potent_opioid_comes_first_and_once(chromium: Browser, post: Post) -> None:
    post.programme.sample("Fentanyl")
    with at(chromium, post) as officer:
        officer.sign_in()
        officer.tap(".quick")
        officer.result("alarm")
        expect(officer.page.locator("main")).to_contain_text("naloxona")
        officer.tap(".primary")
        expect(officer.page.locator(".primary")).to_have_text("Abrir decomiso")
        officer.page.reload()
        expect(officer.page.locator(".primary")).to_have_text("Abrir decomiso")


def test_the_coach_repeats_in_one_tap_and_keeps_the_first_reading(chromium: Browser, post: Post) -> None:
    post.programme.noise()
    first = post.measure()
    with at(chromium, post) as officer:
        officer.sign_in()
        officer.open(f"/readings/{first}")
        officer.tap(officer.page.get_by_role("link", name="Qué hacer"))
        expect(officer.page.locator(".scenes svg")).to_have_count(3)
        officer.tap(".primary")
        officer.result("inconclusive")
    newest = post.station.screenings.recent(1)[0]
    assert (newest.screening, newest.id != first) == (post.station.screenings.view(ReadingId(first)).screening, True)


def test_a_shift_begins_with_a_blank_and_a_reference_and_then_readings_conclude(
    chromium: Browser, site: Site, tmp_path: Path
) -> None:
    post = site.post(tmp_path, daily_check=True)
    post.programme.sample("Fentanyl")
    with at(chromium, post) as officer:
        officer.sign_in()
        expect(officer.page.locator("a.quick")).to_have_attribute("href", "/shift")
        officer.tap(officer.page.get_by_role("button", name="Lectura rápida"))
        officer.result("inconclusive")
        expect(officer.page.locator("main")).to_contain_text("Opioide muy potente")
        expect(officer.page.locator("main")).not_to_contain_text("Fentanilo")
        officer.tap(".primary")
        officer.tap(officer.page.get_by_role("link", name="Qué hacer"))
        officer.tap(officer.page.get_by_role("link", name="A la prueba diaria"))
        post.programme.blank()
        officer.tap('.primary:has-text("blanco")')
        expect(officer.page.locator("[data-check=passed]")).to_contain_text("Blanco")
        officer.tap('.primary:has-text("referencia")')
        expect(officer.page.locator("[data-check=failed]")).to_be_visible()
        post.programme.sample("Caffeine")
        officer.tap('.primary:has-text("referencia")')
        expect(officer.page.locator("[data-check=passed]")).to_contain_text("referencia")
        officer.tap('.primary:has-text("Empezar turno")')
        post.programme.sample("Cocaine")
        officer.tap(".quick")
        officer.result("alarm")


def test_papers_are_compared_with_what_was_found(chromium: Browser, post: Post) -> None:
    post.programme.sample("Norfentanyl")
    reading = post.measure()
    with at(chromium, post) as officer:
        officer.sign_in()
        officer.open(f"/readings/{reading}")
        officer.tap(officer.page.get_by_role("link", name="Papeles"))
        officer.tap('.declare a[href$="/cas"]')
        for digit in "58083":
            officer.tap(f'garita-keys:defined button[value="{digit}"]')
        officer.tap(".primary")
        expect(officer.page.locator('.declare a[href$="/cas"]')).to_contain_text("58-08-3")
        officer.tap('.primary:has-text("Comparar")')
        expect(officer.page.locator("h1")).to_have_text("3 inconsistencias")
        expect(officer.page.locator("main")).to_contain_text("tiene mal el dígito verificador")
    screening = post.station.screenings.view(ReadingId(reading)).screening
    [papers] = post.station.casework.dossier(screening).of(PapersRecord)
    assert (papers.reading, papers.found, papers.declared.cas) == (reading, "Norfentanyl", "58-08-3")
    assert papers.inconsistencies == ["cas-form", "pen-missing", "permit-missing"]


def test_papers_with_nothing_in_them_are_sent_back_unless_there_are_none(chromium: Browser, post: Post) -> None:
    post.programme.sample("Norfentanyl")
    reading = post.measure()
    screening = post.station.screenings.view(ReadingId(reading)).screening
    with at(chromium, post) as officer:
        officer.sign_in()
        officer.open(f"/screenings/{screening}/papers")
        officer.tap('.primary:has-text("Comparar")')
        expect(officer.page.get_by_role("alert")).to_have_text("Anote al menos un dato, o «No trae papeles».")
        assert post.station.casework.dossier(screening).of(PapersRecord) == []
        officer.tap(officer.page.get_by_role("button", name="No trae papeles"))
        expect(officer.page.locator("h1")).to_have_text("2 inconsistencias")
    [papers] = post.station.casework.dossier(screening).of(PapersRecord)
    assert papers.inconsistencies == ["pen-missing", "permit-missing"]
