"""A program that lights a filament and then measures until it is ended: the tests end it by signals.

Its arguments are the port and how it holds on: `main` measures in the main thread, `thread` in a worker,
`idle` only sleeps with the filament lit, `exit` ends by itself.
"""

import signal
import sys
import threading
import time

from drivers.registry import open_gas_analyzer
from drivers.srs_rga.filament import end_on_signals
from drivers.transcript import Transcript


def main() -> None:
    port, way = sys.argv[1:]
    signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests may have it ignored
    end_on_signals()
    instrument = open_gas_analyzer(f"srs-rga:{port}", Transcript(), time.monotonic_ns)
    instrument.light(1.0, "test program")

    def measure() -> None:
        while True:
            list(instrument.measure(1, 50, profile=True, stopped=lambda: False))

    print("lit", flush=True)  # noqa: T201 - tells the test
    if way == "main":
        measure()
    if way == "thread":
        threading.Thread(target=measure, daemon=True).start()
    if way != "exit":
        time.sleep(60)


if __name__ == "__main__":
    main()
