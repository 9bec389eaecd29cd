"""An officer who taps by HTTP: the same requests that the touchscreen makes."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

import httpx

from deploy.errors import DrillFailed

T = TypeVar("T")

POLL_SECONDS = 0.1


class Officer:
    """Signed in at one station; takes readings and waits for what comes of them."""

    def __init__(self, address: str, name: str, pin: str) -> None:
        self._http = httpx.Client(base_url=address, headers={"Origin": address}, timeout=30, trust_env=False)
        try:
            self._sign_in(name, pin)
        except DrillFailed:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the connection."""
        self._http.close()

    def start_reading(self) -> str:
        """Start a reading and return its id."""
        return str(self._post("/api/readings", {}).json()["reading"])

    def reading(self, reading: str) -> dict[str, Any]:
        """Return a reading as it stands."""
        return self._get(f"/api/readings/{reading}")

    def finished(self, reading: str, seconds: float) -> dict[str, Any]:
        """Return a reading once its record is sealed."""
        return wait_for(f"the record of {reading}", seconds, lambda: _when(self.reading(reading), "record"))

    def receipted(self, reading: str, seconds: float) -> dict[str, Any]:
        """Return a reading once the centre's receipt for it was verified by the station."""
        return wait_for(f"the receipt of {reading}", seconds, lambda: _when(self.reading(reading), "receipt"))

    def analyzer_connected(self) -> bool:
        """Tell whether the station sees its analyzer's port."""
        return self._get("/api/health")["analyzer"] == "connected"

    def sync(self) -> dict[str, Any]:
        """Return the state of the outbox."""
        return self._get("/api/sync")

    def _sign_in(self, name: str, pin: str) -> None:
        people = self._get("/api/operators")
        found = [person["id"] for person in people if person["name"] == name]
        if not found:
            raise DrillFailed(f"{name} is not enrolled; there are {', '.join(person['name'] for person in people)}")
        self._post("/api/sign-in", {"operator": found[0], "pin": pin})

    def _get(self, path: str) -> Any:  # noqa: ANN401 - JSON
        answer = self._http.get(path)
        if not answer.is_success:
            raise DrillFailed(f"GET {path}: {answer.status_code} {answer.text[:300]}")
        return answer.json()

    def _post(self, path: str, body: dict[str, Any]) -> httpx.Response:
        answer = self._http.post(path, json=body)
        if not answer.is_success:
            raise DrillFailed(f"POST {path}: {answer.status_code} {answer.text[:300]}")
        return answer


def wait_for(what: str, seconds: float, look: Callable[[], T | None]) -> T:
    """Return what `look` finds; raises DrillFailed when it found nothing for so long."""
    deadline = time.monotonic() + seconds
    while (found := look()) is None:
        if time.monotonic() > deadline:
            raise DrillFailed(f"{what} did not come within {seconds:.0f} s")
        time.sleep(POLL_SECONDS)
    return found


def _when(view: dict[str, Any], field: str) -> dict[str, Any] | None:
    return view if view[field] is not None else None
