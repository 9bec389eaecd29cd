"""Which daily check of the analyzer is due, and whether readings conclude anything before it."""

from edge.checking import CHECKS, Standing, stands
from edge.clock import format_wall
from edge.station import Station
from edge.views import HealthView
from sync.contract.records import Check


def due_check(checks: Standing, health: HealthView) -> Check | None:
    """Return the check that must be measured next, None where both stand."""
    now = format_wall(health.now)
    return next((check for check in CHECKS if not stands(checks.get(check), now)), None)


def is_unchecked(station: Station) -> bool:
    """Tell whether a reading made now concludes nothing, because the daily check is missing."""
    return station.settings.daily_check and due_check(station.screenings.checks(), station.health()) is not None
