"""The guard: loopback names, changes from our own pages, headers on every answer."""

import httpx
import pytest

from edge.guard import HEADERS


@pytest.mark.parametrize("path", ["/api/health", "/api/nothing", "/api/sync", "/"])
def test_every_answer_carries_the_headers(browser: httpx.Client, path: str) -> None:
    answer = browser.get(path)
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert answer.headers["cache-control"] == "no-store"


def test_the_policy_has_no_inline_and_no_eval() -> None:
    assert "unsafe" not in HEADERS["Content-Security-Policy"]


@pytest.mark.parametrize("host", ["garita.example", "127.0.0.1.garita.example", "", "[::2]"])
def test_other_names_are_refused(browser: httpx.Client, host: str) -> None:
    answer = browser.get("/api/health", headers={"Host": host})
    assert answer.status_code == 400
    assert answer.json()["code"] == "wrong-host"


@pytest.mark.parametrize("host", ["127.0.0.1:8460", "localhost", "[::1]:8460"])
def test_loopback_names_are_answered(browser: httpx.Client, host: str) -> None:
    assert browser.get("/api/health", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Sec-Fetch-Site": "cross-site"}, id="another-site"),
        pytest.param({"Sec-Fetch-Site": "same-site"}, id="another-port"),
        pytest.param({"Sec-Fetch-Site": "none"}, id="no-page"),
        pytest.param({"Sec-Fetch-Site": "", "Origin": "http://127.0.0.1"}, id="empty"),
    ],
)
def test_a_change_from_elsewhere_is_refused(browser: httpx.Client, headers: dict[str, str]) -> None:
    answer = browser.post("/api/sign-in", json={}, headers=headers)
    assert answer.status_code == 403
    assert answer.json()["code"] == "cross-origin"


def test_without_the_browsers_word_the_origin_decides(browser: httpx.Client) -> None:
    del browser.headers["Sec-Fetch-Site"]
    origin = str(browser.base_url).rstrip("/")
    assert browser.post("/api/sign-in", json={}, headers={"Origin": origin}).status_code == 422
    for other in ({"Origin": "http://127.0.0.1:1"}, {"Origin": "null"}, {}):
        assert browser.post("/api/sign-in", json={}, headers=other).status_code == 403
