"""What every test stands on: property tests judge what comes out, never how long a busy machine took."""

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("garita", deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("garita")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the longest files begin first, so that no process ends minutes after the other: browsers, then whole ways."""
    longest = ("browser", "flow")
    items.sort(key=lambda item: next((n for n, mark in enumerate(longest) if item.get_closest_marker(mark)), 9))
