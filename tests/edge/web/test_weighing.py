"""A weight as the web face takes it, of a scale on a real pty: what was seen, of that thing, or nothing."""

import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace

import httpx
import pytest

from drivers.pty import serve_pty
from drivers.scales.weight import ScaleChanged
from edge import weighing
from edge.dossier import Dossier
from edge.errors import BadCasework
from sync.contract.casework import WeightRecord
from sync.contract.ids import ScreeningId
from sync.contract.observations import ObservationRecord
from tests.drivers.scales.spoken import METTLER, SpokenScale
from tests.edge.paper.case import prints
from tests.edge.web.post import PIN, Post, Site
from tests.waiting import HANG_S, wait_until

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


@dataclass
class Bench:
    """A post with a scale that says what the test wants, somebody signed in, and a seizure of two exhibits."""

    speech: SpokenScale
    post: Post
    browser: httpx.Client
    screening: ScreeningId
    exhibits: list[str]

    @property
    def dossier(self) -> Dossier:
        return self.post.station.casework.dossier(self.screening)

    def weights(self, exhibit: int = 0) -> list[WeightRecord]:
        return self.dossier.exhibits[exhibit].of(WeightRecord)

    def at(self, exhibit: int = 0) -> str:
        return f"/exhibits/{self.exhibits[exhibit]}/weight"

    def look(self, kind: str = "gross", exhibit: int = 0) -> tuple[str, dict[str, str]]:
        """Return what the page says, and what its button would send: nothing where it cannot be touched."""
        page = self.browser.get(self.at(exhibit), params={"kind": kind}).text
        act = re.search(r'data-look="act">(.*?)</div>', page, re.DOTALL)
        assert act
        return page, dict(re.findall(r'name="(\w+)" value="([^"]*)"', act[1]))

    def take(self, **fields: str) -> httpx.Response:
        return self.browser.post(self.at(), data=fields)

    def type(self, value: str, *, exhibit: str = "", **fields: str) -> httpx.Response:
        at = f"/exhibits/{exhibit or self.exhibits[0]}/weight"
        return self.browser.post(f"{at}/typed", data={"value": value, "unit": "g", **fields})

    def take_typed(self, **fields: str) -> httpx.Response:
        return self.browser.post(f"{self.at()}/typed", data=fields)

    def nothing(self) -> bool:
        """Tell whether no weight is on record, neither of a thing nor as told by the scale."""
        return not any(map(self.weights, (0, 1))) and not self.dossier.of(ObservationRecord)


@pytest.fixture(scope="module")
def speech() -> SpokenScale:
    return SpokenScale("mt-sics")


@pytest.fixture(scope="module")
def weighing_post(site: Site, speech: SpokenScale, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Post]:
    data = tmp_path_factory.mktemp("weighing")
    with serve_pty(speech, data / "scale") as port:
        yield site.post(data, scale=f"mt-sics:{port.path}")


@pytest.fixture(scope="module")
def browser(weighing_post: Post) -> Iterator[httpx.Client]:
    url, cookies = weighing_post.url, {"garita_language": "en"}
    with httpx.Client(base_url=url, headers=SAME_ORIGIN, cookies=cookies, timeout=HANG_S) as client:
        operator = weighing_post.station.operators.list()[0]
        client.post("/api/sign-in", json={"operator": operator.id, "pin": PIN}).raise_for_status()
        yield client


@pytest.fixture
def bench(weighing_post: Post, speech: SpokenScale, browser: httpx.Client) -> Bench:
    """Provide a new seizure, and the scale as it was when it was first switched on."""
    station = weighing_post.station
    operator, scale = station.operators.list()[0], station.companions.scale
    assert scale
    speech.says = dict(METTLER)
    speech.announce(METTLER[b"I4"])
    with suppress(ScaleChanged):
        scale.look()
    screening = station.screenings.open(operator, "parcel")
    exhibits = [station.casework.add_exhibit(operator, screening, name) for name in ("bag", "box")]
    return Bench(speech, weighing_post, browser, screening, exhibits)


def test_one_tap_takes_what_was_seen(bench: Bench) -> None:
    _, fields = bench.look()
    assert fields == {"kind": "gross", "occasion": "found", "seen": "100.00 g"}
    assert bench.take(**fields).status_code == 303
    [weight] = bench.weights()
    assert (weight.value, weight.unit, weight.kind) == ("100.00", "g", "gross")


def test_what_was_not_seen_is_not_taken(bench: Bench) -> None:
    """The first exhibit was seen, the second lies on the pan when the tap comes: it is not the first one's weight."""
    _, fields = bench.look()
    bench.speech.show(b"S S      77.70 g")
    for sent in (fields, {"kind": "gross"}, {"kind": "gross", "seen": "77.7 g"}):
        answer = bench.take(**sent)
        assert answer.status_code == 409
        assert "shows another weight now" in answer.text
    assert bench.nothing()


def test_a_browser_that_went_away_takes_no_weight(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weighing, "TIMING", replace(weighing.TIMING, rest=600.0))
    bench.speech.show(b"S D     100.00 g")
    assert bench.look()[1] == {}
    scale = bench.post.station.companions.scale
    assert scale
    with suppress(httpx.ReadTimeout):
        bench.browser.post(bench.at(), data={"seen": "100.00 g"}, timeout=0.5)
    ended = threading.Event()
    threading.Thread(target=lambda: (scale.look(), ended.set()), daemon=True).start()
    wait_until(ended.is_set)
    bench.speech.show(b"S S     100.00 g")
    assert bench.look()[1]
    assert bench.nothing()


@pytest.mark.parametrize(
    ("line", "tare", "kind", "why"),
    [
        (b"S S      95.00 g", b"TA A      40.00 g", "gross", "The scale has a tare"),
        (b"S S      95.00 g", b"TA A      40.00 g", "tare", "The scale has a tare"),
        (b"S S     -12.30 g", b"TA A       0.00 g", "gross", "less than nothing"),
        (b"S S       0.00 g", b"TA A       0.00 g", "net", "The scale shows zero"),
        (b"S S       1.50 t", b"TA A       0.00 g", "gross", "Set it to grams"),
    ],
)
def test_what_cannot_be_the_weight_of_a_thing_is_told_and_not_taken(
    bench: Bench, line: bytes, tare: bytes, kind: str, why: str
) -> None:
    bench.speech.show(line)
    bench.speech.says[b"TA"] = tare
    page, fields = bench.look(kind)
    assert why in page
    assert fields == {}
    answer = bench.take(kind=kind, seen=line.decode()[4:].strip())
    assert answer.status_code == 409
    assert why in answer.text
    assert bench.nothing()


def test_a_net_weight_is_taken_as_net(bench: Bench) -> None:
    bench.speech.show(b"S S      95.00 g")
    bench.speech.says[b"TA"] = b"TA A      40.00 g"
    page, fields = bench.look("net")
    assert "Tare on the scale: 40.00 g" in page
    assert bench.take(**fields).status_code == 303
    assert [(each.value, each.kind) for each in bench.weights()] == [("95.00", "net")]


def test_a_second_tap_is_no_second_weight(bench: Bench) -> None:
    """Two taps at once, and a third when the page had not gone yet: one weight, one observation."""
    _, fields = bench.look()
    with ThreadPoolExecutor() as taps:
        answers = [each.result() for each in [taps.submit(bench.take, **fields) for _ in range(2)]]
    assert [each.status_code for each in (*answers, bench.take(**fields))] == [303, 303, 303]
    assert len(bench.weights()) == len(bench.dossier.of(ObservationRecord)) == 1
    assert bench.take(**fields | {"kind": "net"}).status_code == 303
    assert bench.take(**fields).status_code == 303
    assert [each.kind for each in bench.weights()] == ["gross", "net"]


@pytest.mark.parametrize(
    ("line", "value", "unit", "told"),
    [
        (b"S S       1.00 oz", "1.00", "oz", "1.00\u00a0oz (28.35\u00a0g)"),
        (b"S S       0.35 lb", "0.35", "lb", "0.35\u00a0lb (158.8\u00a0g)"),
        (b"S S      15.50 ct", "15.50", "ct", "15.50\u00a0ct (3.100\u00a0g)"),
    ],
)
def test_the_record_has_the_digits_and_the_unit_that_the_scale_sent(
    bench: Bench, line: bytes, value: str, unit: str, told: str
) -> None:
    bench.speech.show(line)
    assert bench.take(**bench.look()[1]).status_code == 303
    [weight], [raw] = bench.weights(), bench.dossier.of(ObservationRecord)
    assert (weight.value, weight.unit, weight.basis) == (value, unit, "gross")
    assert weight.tare
    assert (weight.tare.value, weight.tare.unit) == ("0.00", "g")
    assert raw.weight
    assert (raw.weight.value, raw.weight.unit, raw.weight.raw) == (value, unit, line)
    named = [seq for seq, record in bench.dossier.records if isinstance(record, ObservationRecord)]
    assert weight.observed
    assert [weight.observed.seq] == named
    assert told in prints(bench.post.station, "en").annex(bench.dossier).page


def test_what_cannot_be_put_down_for_the_exhibit_is_not_put_down_for_the_screening(bench: Bench) -> None:
    station, scale = bench.post.station, bench.post.station.companions.scale
    assert scale
    bench.speech.show(b"S S     -12.30 g")
    with pytest.raises(BadCasework, match="less than nothing"):
        station.casework.weigh_on_scale(
            station.operators.list()[0], bench.exhibits[0], scale.weigh("-12.30 g"), "gross"
        )
    assert bench.nothing()


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("0", "0 is no weight. Weigh it again."),
        ("0.00", "0.00 is no weight. Weigh it again."),
        ("-5", "-5 is no weight"),
        (".", ". is no weight"),
        ("1..5", "1..5 is no weight. One point at most."),
        ("99999999999", "99999999999 has too many digits"),
    ],
)
def test_what_is_no_weight_is_told_by_hand_and_leaves_the_keys_empty(bench: Bench, value: str, told: str) -> None:
    bench.post.station.drafts.keep(
        bench.post.station.operators.list()[0], bench.screening, **{f"{bench.exhibits[0]}_weight": value}
    )
    answer = bench.type(value)
    assert answer.status_code == 409
    for page in (answer.text, bench.browser.get(f"{bench.at()}/typed").text):
        assert re.search(r'id="value"[^>]* value=""', page)
    assert told in answer.text
    assert bench.nothing()


@pytest.mark.parametrize(("typed", "recorded"), [("055", "55"), ("000.5", "0.5"), (".5", "0.5"), ("10.0", "10.0")])
def test_zeros_in_front_are_not_recorded(bench: Bench, typed: str, recorded: str) -> None:
    assert bench.type(typed).status_code == 303
    assert [each.value for each in bench.weights()] == [recorded]


def test_the_next_step_is_of_the_exhibit_in_hand(bench: Bench) -> None:
    station, at = bench.post.station, f"/screenings/{bench.screening}/exhibits"
    operator = station.operators.list()[0]
    station.drafts.keep(operator, bench.screening, exhibit_category="powder", exhibit_packing="bag")
    saved = bench.browser.post(at).headers["location"]
    third = bench.dossier.exhibits[2]
    assert saved == f"/exhibits/{third.id}/weight"
    assert bench.type("12.5", exhibit=third.id).headers["location"] == f"/exhibits/{third.id}/photo"
    undone = bench.browser.post(f"/screenings/{bench.screening}/undo", data={"entry": bench.dossier.records[-1][0]})
    assert undone.headers["location"] == f"/exhibits/{third.id}/weight"
    page = bench.browser.get(f"/screenings/{bench.screening}/seizure").text
    assert "Weight of exhibit 1" in page


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [("999999999", "g", "That is 1\u00a0000.0 t."), ("1000.001", "kg", "That is 1.0 t.")],
)
def test_a_weight_above_a_tonne_is_asked_about_once(bench: Bench, value: str, unit: str, said: str) -> None:
    bench.type("12.5", kind="net")
    asked = bench.type(value, unit=unit)
    assert asked.status_code == 409
    assert "Is it heavier than a tonne?" in asked.text
    assert said in asked.text
    assert [each.value for each in bench.weights()] == ["12.5"]
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', asked.text.partition("<main")[2]))
    assert fields == {"kind": "gross", "occasion": "found", "value": value, "unit": unit, "sure": "yes"}
    assert bench.take_typed(**fields).status_code == 303
    assert [each.value for each in bench.weights()] == ["12.5", value]


def test_what_says_otherwise_is_asked_after_it_and_the_answer_goes_along(bench: Bench) -> None:
    bench.type("12.5")
    assert "Is it heavier than a tonne?" in bench.type("2000", unit="kg").text
    asked = bench.type("2000", unit="kg", sure="yes")
    assert "Exhibit 1 was weighed before" in asked.text
    assert 'name="sure" value="yes"' in asked.text


@pytest.mark.parametrize(("value", "unit"), [("1000", "kg"), ("1000000", "g"), ("999999999", "mg")])
def test_nobody_is_asked_of_a_tonne_or_less(bench: Bench, value: str, unit: str) -> None:
    assert bench.type(value, unit=unit).status_code == 303


def test_a_weight_that_says_otherwise_is_asked_about(bench: Bench) -> None:
    bench.type("12.5")
    assert bench.type("12.50").status_code == 303, "it says the same"
    asked = bench.type("0.003")
    assert asked.status_code == 409
    assert "Exhibit 1 was weighed before" in asked.text
    assert "12.5\u00a0g gross" in asked.text
    assert bench.type("0.003", way="instead").status_code == 303
    assert [each.value for each in bench.weights()] == ["0.003"]
    assert len(bench.dossier.undone) == 4
    assert bench.type("4", way="besides").status_code == 303
    assert [each.value for each in bench.weights()] == ["0.003", "4"]
    assert bench.type("3", kind="net").status_code == 303, "of another kind"
    for path in ("review?incomplete=yes", "seizure"):
        page = bench.browser.get(f"/screenings/{bench.screening}/{path}").text
        assert ("the weights differ" in page) == path.startswith("review")
    assert "the weights differ" in bench.browser.get(f"/exhibits/{bench.exhibits[0]}").text


def test_a_part_that_outweighs_the_whole_is_asked_about_and_told_to_who_signs_and_on_paper(bench: Bench) -> None:
    bench.type("20.00")
    assert bench.type("20", kind="net").status_code == 303, "a bag that weighs nothing on this scale"
    too_heavy = "the net weight or the bag is above the gross weight"
    for kind, value, unit in (("net", "0.567", "kg"), ("tare", "20.01", "g")):
        asked = bench.type(value, kind=kind, unit=unit)
        assert asked.status_code == 409
        assert too_heavy in asked.text
        assert "20.00\u00a0g gross" in asked.text
        assert f"{value}\u00a0{unit} {kind}" in asked.text
    pages = (f"/screenings/{bench.screening}/review?incomplete=yes", f"/exhibits/{bench.exhibits[0]}")
    assert not any(too_heavy in bench.browser.get(page).text for page in pages)
    assert bench.type("0.567", unit="kg", kind="net", way="besides").status_code == 303
    assert all(too_heavy in bench.browser.get(page).text for page in pages)
    assert too_heavy in prints(bench.post.station, "en").acta(bench.dossier).page
    whole = bench.type("25", way="besides")
    assert whole.status_code == 303
    assert bench.type("0.5", unit="kg", kind="net", occasion="after_sampling").status_code == 303, "another occasion"


def test_a_whole_below_a_part_is_asked_about(bench: Bench) -> None:
    bench.type("30", kind="net")
    asked = bench.type("20")
    assert (asked.status_code, "above the gross weight" in asked.text) == (409, True)
    assert bench.type("20", way="instead").status_code == 303
    assert [(each.kind, each.value) for each in bench.weights()] == [("gross", "20")]


def test_what_a_scale_says_otherwise_is_asked_about_and_still_weighed_on_it(bench: Bench) -> None:
    station = bench.post.station
    colleague = next(each for each in station.operators.list() if each.role == "officer")
    station.casework.weigh(colleague, bench.exhibits[0], ("12.5", "g"))
    _, fields = bench.look()
    asked = bench.take(**fields)
    assert asked.status_code == 409
    assert "nobody else" in asked.text
    assert 'value="instead"' not in asked.text
    assert bench.take(**fields, way="instead").status_code == 303
    assert [each.source for each in bench.weights()] == ["typed", "scale"], "who did not weigh it takes nothing back"


def test_another_scale_is_asked_who_it_is_before_it_weighs(bench: Bench) -> None:
    _, fields = bench.look()
    bench.speech.says[b"I4"] = b'I4 A "B222"'
    answer = bench.take(**fields)
    assert "Another scale answers now" in answer.text
    assert bench.nothing()
    assert bench.take(**bench.look()[1]).status_code == 303
    [weight] = bench.weights()
    assert weight.scale == "Mettler-Toledo MS 220 g B222"


GREW = "it weighs more than on the occasion before"


def opened(bench: Bench, *numbers: str) -> None:
    """Close the first bag with each seal in turn, and open it again."""
    casework, operator = bench.post.station.casework, bench.post.station.operators.list()[0]
    for number in numbers:
        casework.apply_seal(operator, bench.exhibits[0], f"{number}-{bench.screening}", "closed")
        casework.break_seal(operator, bench.exhibits[0], f"{number}-{bench.screening}", "a sample")


def test_matter_that_a_sampling_adds_is_asked_about_and_told_to_who_signs_and_on_paper(bench: Bench) -> None:
    bench.type("100.00")
    opened(bench, "A")
    for value, occasion, before in (("100.01", "before_sampling", ""), ("0.104", "after_sampling", "before sampling")):
        if before:
            assert bench.type("100", occasion="before_sampling").status_code == 303
        asked = bench.type(value, occasion=occasion, unit="kg" if before else "g")
        assert (asked.status_code, GREW in asked.text, "above the gross" in asked.text) == (409, True, False)
        told = "100\u00a0g gross · manual · before sampling" if before else "100.00\u00a0g gross"
        assert told in asked.text
    pages = (f"/screenings/{bench.screening}/review?incomplete=yes", f"/exhibits/{bench.exhibits[0]}")
    assert not any(GREW in bench.browser.get(page).text for page in pages)
    assert bench.type("104", occasion="after_sampling", way="besides").status_code == 303
    assert all(GREW in bench.browser.get(page).text for page in pages)
    papers = prints(bench.post.station, "en")
    assert all(GREW in paper(bench.dossier).page for paper in (papers.acta, papers.custody))


def test_a_weight_of_the_occasion_before_that_comes_later_is_asked_about_too(bench: Bench) -> None:
    opened(bench, "A")
    assert bench.type("104", occasion="after_sampling").status_code == 303
    asked = bench.type("100", occasion="before_sampling")
    assert (asked.status_code, GREW in asked.text) == (409, True)
    assert bench.type("5", kind="tare").status_code == 303
    assert bench.type("6", kind="tare", occasion="after_sampling").status_code == 303, "a bag may be a heavier one"


def test_a_second_sampling_begins_where_the_first_ended(bench: Bench) -> None:
    bench.type("100")
    opened(bench, "A")
    for value, occasion in (("100", "before_sampling"), ("99", "after_sampling")):
        assert bench.type(value, occasion=occasion).status_code == 303
    opened(bench, "B")
    for value, occasion in (("99", "before_sampling"), ("98", "after_sampling")):
        assert bench.type(value, occasion=occasion).status_code == 303, "it is no second weight of the first sampling"
    opened(bench, "C")
    asked = bench.type("99", occasion="before_sampling")
    assert (asked.status_code, GREW in asked.text) == (409, True)
    assert bench.type("99", occasion="before_sampling", way="besides").status_code == 303
    assert [each.value for each in bench.weights()] == ["100", "100", "99", "99", "98", "99"]


@pytest.mark.parametrize(("bag", "most"), [("5", "104"), ("", "109")])
def test_what_a_heavier_bag_adds_is_no_matter(bench: Bench, bag: str, most: str) -> None:
    """Without the bag's own weight before, all of the new one may have come to it."""
    bench.type("100")
    if bag:
        assert bench.type(bag, kind="tare").status_code == 303
    opened(bench, "A")
    assert bench.type("100", occasion="before_sampling").status_code == 303
    assert bench.type("9", kind="tare", occasion="after_sampling").status_code == 303
    asked = bench.type(f"{most}.01", occasion="after_sampling")
    assert (asked.status_code, GREW in asked.text) == (409, True)
    assert bench.type(most, occasion="after_sampling").status_code == 303
    assert GREW not in bench.browser.get(f"/exhibits/{bench.exhibits[0]}").text
    opened(bench, "B")
    assert bench.type(f"{most}.02", occasion="before_sampling").status_code == 409, "the bag is still the same"


def test_before_a_sampling_is_over_no_new_bag_hides_matter(bench: Bench) -> None:
    bench.type("100")
    opened(bench, "A")
    assert bench.type("30", kind="tare", occasion="before_sampling").status_code == 303
    asked = bench.type("130", occasion="before_sampling")
    assert (asked.status_code, GREW in asked.text) == (409, True)
    opened(bench, "B")
    assert bench.type("30", kind="tare", occasion="before_sampling").status_code == 303
    assert bench.type("130", occasion="before_sampling").status_code == 303, "the first sampling may have ended in one"


def test_two_weights_of_one_bag_hide_no_matter(bench: Bench) -> None:
    bench.type("100")
    bench.type("5", kind="tare")
    assert bench.type("9", kind="tare", way="besides").status_code == 303
    opened(bench, "A")
    assert bench.type("103", occasion="before_sampling").status_code == 409
