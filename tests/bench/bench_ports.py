"""Sixteen ports at full line rate: every frame is read, checked and kept in a transcript. Measures what it costs.

    .venv/bin/python -m tests.bench.bench_ports --seconds 60 [--out TABLE.md]

The ports are pseudo-terminals served by another program, so that only the reading is measured. Exit status 1 where a
frame was lost, more than a quarter of one core was used, or the memory grew.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from drivers.errors import BadFrame
from drivers.ports.health import HealthTransport, PortHealth, PortMeter
from drivers.ports.listening import Listening
from drivers.rotation import Rotation
from drivers.transcript import RecordingTransport
from drivers.transport import SerialTransport, Transport
from tests.bench.streams import STREAMS, Stream

LINE_RATE = 11_520
"""Bytes per second at 115,200 baud, 8N1."""
WARM_UP_S = 10
MOST_OF_A_CORE = 0.25
MOST_GROWTH_MIB = 16
"""Transcripts rotate at 256 KiB for each port, each at its own time: so the memory breathes, but does not grow."""
KEPT = 4


@dataclass
class Ear:
    """Reads one port and sees that no number is left out."""

    stream: Stream
    path: str
    folder: Path
    meter: PortMeter = field(init=False)
    expected: int = 0
    skipped: int = 0
    longest_gap_s: float = 0.0

    def __post_init__(self) -> None:
        self.meter = PortMeter(self.path)
        self._start_ns = time.monotonic_ns()
        self._last = 0.0
        self._rotation = Rotation(self.folder / Path(self.path).name, f"{self.stream.name}:{self.path}", kept=KEPT)

    def listening(self) -> Listening:
        return Listening(self._open, self.stream.framing, self._hear, self.meter)

    def _open(self) -> Transport:
        healthy = HealthTransport(SerialTransport(self.path), self.meter, time.monotonic_ns)
        return RecordingTransport(healthy, self._rotation, time.monotonic_ns, self._start_ns)

    def _hear(self, frame: bytes) -> None:
        now = time.monotonic()
        self.longest_gap_s = max(self.longest_gap_s, now - (self._last or now))
        self._last = now
        number = self.stream.number(frame)
        if number != self.expected:
            self.skipped += 1
            self.expected = number + 1
            raise BadFrame(self.path, f"frame {number} came out of turn")
        self.expected += 1


@dataclass(frozen=True)
class Sample:
    """What the reading program had used at a moment."""

    at: float
    cpu_s: float
    memory_mib: float

    @classmethod
    def now(cls) -> "Sample":
        usage = resource.getrusage(resource.RUSAGE_SELF)
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        memory = pages * os.sysconf("SC_PAGE_SIZE") / 2**20
        return cls(time.monotonic(), usage.ru_utime + usage.ru_stime, memory)


def run(ports: int, seconds: float) -> tuple[str, bool]:
    """Return the table of a run of so many seconds, and whether everything was as it must be."""
    command = [sys.executable, "-m", "tests.bench.sending", str(ports), str(LINE_RATE)]
    with (
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as sender,  # noqa: S603 - ours
        tempfile.TemporaryDirectory() as folder,
    ):
        assert sender.stdin is not None
        assert sender.stdout is not None
        streams = {stream.name: stream for stream in STREAMS}
        ears = [Ear(streams[name], path, Path(folder)) for name, path in json.loads(sender.stdout.readline())]
        listening = [ear.listening().start() for ear in ears]
        sender.stdin.write("begin\n")
        sender.stdin.flush()
        samples = _samples(seconds)
        sender.stdin.write("end\n")
        sender.stdin.flush()
        sent: list[tuple[int, int, int]] = json.loads(sender.stdout.readline())
        time.sleep(1)
        for each in listening:
            each.close()
        sender.stdin.close()
    return _judged(ears, sent, samples)


def _samples(seconds: float) -> list[Sample]:
    end = time.monotonic() + seconds
    time.sleep(min(WARM_UP_S, seconds / 2))
    samples = [Sample.now()]
    while (left := end - time.monotonic()) > 0:
        time.sleep(min(left, max(10.0, seconds / 12)))
        samples.append(Sample.now())
    return samples


def _judged(ears: list[Ear], sent: list[tuple[int, int, int]], samples: list[Sample]) -> tuple[str, bool]:
    first, last = samples[0], samples[-1]
    core = (last.cpu_s - first.cpu_s) / (last.at - first.at)
    half = samples[len(samples) // 2 :]
    growth = max(sample.memory_mib for sample in half) - max(sample.memory_mib for sample in samples[: len(half)])
    lost = sum(frames for frames, _, _ in sent) - sum(ear.meter.health.frames for ear in ears)
    damaged = sum(ear.meter.health.checksum_failures for ear in ears)
    rows = [
        ("seconds", f"{last.at - first.at:.0f} after a warm-up"),
        ("ports", f"{len(ears)}: {', '.join(sorted({ear.stream.name for ear in ears}))}"),
        ("frames sent, lost, damaged", f"{sum(frames for frames, _, _ in sent):,}, {lost}, {damaged}"),
        ("bytes read", f"{sum(_health(ear).bytes_read for ear in ears):,}"),
        ("rate for each port", f"{LINE_RATE:,} B/s (115,200 baud)"),
        ("longest wait between two frames", f"{max(ear.longest_gap_s for ear in ears):.3f} s"),
        ("worst backlog of a sender", f"{max(backlog for _, _, backlog in sent):,} bytes"),
        ("of one core", f"{core:.1%} (at most {MOST_OF_A_CORE:.0%})"),
        ("memory in MiB, over time", " ".join(f"{sample.memory_mib:.0f}" for sample in samples)),
        ("threads", str(threading.active_count() + len(ears))),
        ("load of the machine", " ".join(f"{load:.1f}" for load in os.getloadavg())),
    ]
    well = lost == 0 and damaged == 0 and core <= MOST_OF_A_CORE and growth <= MOST_GROWTH_MIB
    table = "\n".join(["| measured | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)])
    return f"{table}\n", well


def _health(ear: Ear) -> PortHealth:
    return ear.meter.health


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", type=float, default=60)
    options.add_argument("--ports", type=int, default=16)
    options.add_argument("--out", type=Path)
    chosen = options.parse_args()
    table, well = run(chosen.ports, chosen.seconds)
    if chosen.out:
        chosen.out.write_text(table)
    print(table, "as it must be" if well else "NOT as it must be", sep="\n")  # noqa: T201 - a command
    sys.exit(0 if well else 1)


if __name__ == "__main__":
    main()
