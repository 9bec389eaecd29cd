"""What an instrument says of a fault of its own decides which remedy the officer is told."""

import pytest

from drivers.errors import InstrumentFault
from drivers.instrument import Analyzer, InstrumentIdentity
from edge.acquisition import Acquisition
from edge.views import Interruption


class Faulty(Analyzer):
    """An analyzer that tells a fault of its own when it is asked who it is."""

    port = "/dev/ttyGARITA"

    def __init__(self, code: str) -> None:
        self.code = code

    def identify(self) -> InstrumentIdentity:
        raise InstrumentFault(self.port, self.code, "its own words")

    def close(self) -> None:
        pass


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("overload", Interruption.OVERLOAD),
        ("battery-low", Interruption.BATTERY_LOW),
        ("too-hot", Interruption.TOO_HOT),
        ("no-sample", Interruption.NO_SAMPLE),
        ("pump-fault", Interruption.INSTRUMENT_FAULT),
        ("acme-99", Interruption.INSTRUMENT_FAULT),
    ],
)
def test_a_fault_that_the_officer_mends_is_told_apart(code: str, expected: Interruption) -> None:
    acquisition = Acquisition(lambda _: Faulty(code), (20,), 1, lambda: 0, lambda: False, lambda _: None)
    outcome = acquisition.run()
    assert outcome.interruption is expected
    assert outcome.problem == f"/dev/ttyGARITA: its own words (instrument code {code})"
