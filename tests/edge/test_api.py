"""The JSON side through a real server: who may ask, one shape for every error, and a stream that goes on."""

import json
from collections.abc import Iterator

import httpx
import pytest
from fastapi.routing import APIRoute

from edge.api.routes import router
from edge.app import create_app
from edge.feed import FINAL_ID
from edge.guard import HEADERS
from edge.station import Station
from edge.subject_records import Told
from edge.views import OperatorView
from sync.contract.records import PRESUMPTIVE
from tests.edge.bench import PIN, Bench, PutOnPty, serve

OPEN_TO_ALL = {"/api/health", "/api/operators", "/api/sign-in"}
ROUTES = [(method, route.path) for route in router.routes if isinstance(route, APIRoute) for method in route.methods]


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, object]:
    """Check that the answer is problem details, and return it."""
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["code"] == code
    assert body["status"] == status
    assert body["type"] == f"urn:garita:problem:{code}"
    assert body["detail"]
    return body


def stream(client: httpx.Client, reading: str, after: int = 0) -> Iterator[tuple[int, str, dict[str, object]]]:
    """Yield the id, kind and data of each event."""
    event: dict[str, str] = {}
    with client.stream("GET", f"/api/readings/{reading}/events", headers={"Last-Event-ID": str(after)}) as answer:
        for line in answer.iter_lines():
            name, _, value = line.partition(": ")
            if line:
                event[name] = value
            elif "id" in event:
                yield int(event["id"]), event["event"], json.loads(event["data"])
                event = {}


def start(client: httpx.Client) -> str:
    answer = client.post("/api/readings", json={"subject_kind": "vehicle"})
    assert answer.status_code == 202
    return answer.json()["reading"]


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_an_anonymous_request_gets_nothing(browser: httpx.Client, method: str, path: str) -> None:
    answer = browser.request(method, path.replace("{reading}", "r-1"), json={})
    if path in OPEN_TO_ALL:
        assert answer.status_code != 401
    else:
        problem(answer, 401, "not-signed-in")


def test_a_made_up_token_gets_nothing(browser: httpx.Client) -> None:
    problem(browser.get("/api/session", headers={"Cookie": "garita_session=made-up"}), 401, "not-signed-in")


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(browser: httpx.Client, officer: OperatorView) -> None:
    answer = browser.post("/api/sign-in", json={"operator": officer.id, "pin": PIN})
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert browser.get("/api/session").json() == {
        "id": officer.id,
        "name": "Ana Ruiz",
        "role": "officer",
        "training": False,
    }


def test_sign_out_ends_the_session(signed_in: httpx.Client) -> None:
    token = signed_in.cookies["garita_session"]
    assert signed_in.post("/api/sign-out").status_code == 204
    problem(signed_in.get("/api/sync", headers={"Cookie": f"garita_session={token}"}), 401, "not-signed-in")


def test_wrong_pins_say_what_is_left_and_then_how_long(browser: httpx.Client, officer: OperatorView) -> None:
    wrong = {"operator": officer.id, "pin": "000001"}
    for left in (4, 3, 2, 1):
        assert problem(browser.post("/api/sign-in", json=wrong), 403, "wrong-pin")["attempts_left"] == left
    assert problem(browser.post("/api/sign-in", json=wrong), 429, "locked")["seconds"] == 60


def test_a_reading_from_start_to_record(signed_in: httpx.Client) -> None:
    reading = start(signed_in)
    events = list(stream(signed_in, reading))
    assert [event[0] for event in events] == [*range(1, len(events)), FINAL_ID]
    assert events[-1][1:] == ("finished", {"state": "done"})
    body = signed_in.get(f"/api/readings/{reading}").json()
    assert body["state"] == "done"
    assert body["record"]["presumptive"] == PRESUMPTIVE
    assert body["record"]["subject_kind"] == "vehicle"
    assert body["record"]["readings"][0]["identification"]["hits"][0]["name"] == "Cocaine"
    assert signed_in.get("/api/readings").json() == [body]
    assert signed_in.get("/api/sync").json()["waiting"] == 6


@pytest.mark.parametrize(("sample", "hazard"), [("Cocaine", None), ("Fentanyl", "H1-ULTRA")])
def test_nothing_of_the_result_is_told_before_the_officer_said_what_they_see(
    bench: Bench, put_on_pty: PutOnPty, sample: str, hazard: str | None
) -> None:
    station = bench.open(analyzer=put_on_pty(sample))
    officer = station.operators.enrol("Ana Ruiz", "officer", PIN)
    screening = station.screenings.open(officer, "vehicle")
    station.subjects.tell(officer, screening, Told("land", "routine", ()))
    reading = station.screenings.start(officer, screening=screening)
    headers = {"Sec-Fetch-Site": "same-origin"}
    with serve(create_app(station)) as origin, httpx.Client(base_url=origin, headers=headers) as client:
        client.post("/api/sign-in", json={"operator": officer.id, "pin": PIN})
        told = [data for _, _, data in stream(client, reading)]
        early = client.get(f"/api/readings/{reading}").json()
        assert client.get("/api/readings").json() == [early]
        station.subjects.saw(officer, reading, "powder")
        late = client.get(f"/api/readings/{reading}").json()
    assert (early["state"], early["early"], early["record"], early["hazard_to_life"]) == ("done", True, None, hazard)
    assert sample not in json.dumps([told, early])
    assert late["record"]["readings"][0]["identification"]["hits"][0]["name"] == sample


def test_a_dropped_stream_goes_on_where_it_was_and_measures_once(signed_in: httpx.Client, a_station: Station) -> None:
    reading = start(signed_in)
    events = stream(signed_in, reading)
    first, second = next(events), next(events)
    events.close()
    rest = list(stream(signed_in, reading, after=second[0]))
    assert [event[0] for event in (first, second)] == [1, 2]
    assert rest[0][0] == 3
    assert rest[-1][1] == "finished"
    assert len(a_station.screenings.recent()) == 1


def test_after_the_last_event_the_browser_is_told_not_to_come_back(signed_in: httpx.Client) -> None:
    reading = start(signed_in)
    [*_, last] = stream(signed_in, reading)
    again = signed_in.get(f"/api/readings/{reading}/events", headers={"Last-Event-ID": str(last[0])})
    assert again.status_code == 204


def test_two_taps_start_one_reading(bench: Bench, put_on_pty: PutOnPty) -> None:
    station = bench.open(analyzer=put_on_pty("Cocaine", duration=30))
    operator = station.operators.enrol("Ana Ruiz", "officer", PIN)
    headers = {"Sec-Fetch-Site": "same-origin"}
    with serve(create_app(station)) as origin, httpx.Client(base_url=origin, headers=headers) as client:
        client.post("/api/sign-in", json={"operator": operator.id, "pin": PIN})
        reading = start(client)
        problem(client.post("/api/readings", json={}), 409, "busy")
        assert client.post(f"/api/readings/{reading}/stop").status_code == 204
        assert list(stream(client, reading))[-1][2] == {"state": "stopped"}


@pytest.mark.parametrize(
    ("method", "path", "json", "status", "code"),
    [
        pytest.param("GET", "/api/nothing", None, 404, "not-found", id="no-such-route"),
        pytest.param("PUT", "/api/readings", {}, 405, "method-not-allowed", id="wrong-method"),
        pytest.param("POST", "/api/readings", {"subject_kind": "moon"}, 422, "bad-request", id="unknown-subject"),
        pytest.param("POST", "/api/readings", {"kind": "vehicle"}, 422, "bad-request", id="unknown-field"),
        pytest.param("GET", "/api/readings?limit=1000", None, 422, "bad-request", id="too-many"),
        pytest.param("GET", "/api/readings/r-none", None, 404, "unknown-reading", id="unknown-reading"),
        pytest.param("GET", "/api/readings/r-none/events", None, 404, "unknown-reading", id="unknown-stream"),
        pytest.param("POST", "/api/readings/r-none/stop", None, 404, "unknown-reading", id="unknown-stop"),
        pytest.param(
            "POST", "/api/sign-in", {"operator": "op-x", "pin": "1"}, 404, "unknown-operator", id="unknown-operator"
        ),
    ],
)
def test_every_error_has_one_shape(
    signed_in: httpx.Client, method: str, path: str, json: dict[str, str] | None, status: int, code: str
) -> None:
    problem(signed_in.request(method, path, json=json), status, code)


def test_where_sealing_is_impossible_the_action_fails_and_says_so(signed_in: httpx.Client, a_station: Station) -> None:
    sealer = a_station._recorder.sealer
    object.__setattr__(sealer, "recipients", sealer.recipients[:1])
    problem(signed_in.post("/api/readings", json={}), 503, "sealing-failed")
    assert a_station.screenings.recent() == []


def test_a_fault_of_ours_tells_no_insides_and_is_guarded(bench: Bench) -> None:
    app = create_app(bench.open())

    @app.get("/api/broken")
    def broken() -> None:
        raise RuntimeError("the insides")

    with serve(app) as origin:
        answer = httpx.get(f"{origin}/api/broken")
    assert "insides" not in str(problem(answer, 500, "internal-error"))
    assert answer.headers["content-security-policy"] == HEADERS["Content-Security-Policy"]


def test_health_says_what_a_screen_must_show(browser: httpx.Client) -> None:
    health = browser.get("/api/health").json()
    assert health["demo_key"] is True
    assert health["analyzer"] == "connected"
    assert health["waiting"] == 2
    assert len(health["library"]) == 64
