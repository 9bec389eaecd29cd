"""What every test stands on: property tests judge what comes out, never how long a busy machine took."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import models  # noqa: F401 - before numpy: it says there how many threads arithmetic has, at a station and here
from tests.soft_token import SOFTHSM, look_again, make_token

settings.register_profile("garita", deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("garita")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the longest files begin first, so that no process ends minutes after the other: browsers, then whole ways."""
    longest = ("browser", "flow")
    items.sort(key=lambda item: next((n for n, mark in enumerate(longest) if item.get_closest_marker(mark)), 9))


@pytest.fixture
def softhsm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the module of a PKCS#11 token of our own, labelled garita, with the PIN 271828; it has no other."""
    if not SOFTHSM.exists():
        pytest.skip("Debian's package softhsm2 is not installed")
    for name, value in make_token(tmp_path).items():
        monkeypatch.setenv(name, value)
    look_again()
    return SOFTHSM
