"""Scans and single currents, measured often enough that damage on the line shows."""

from collections.abc import Callable, Iterator

import numpy as np

from drivers.errors import BadFrame, DriverError, InstrumentFault, NoResponse
from drivers.instrument import Progress
from drivers.srs_rga import frames
from drivers.srs_rga.frames import OVERLOAD, Currents
from drivers.srs_rga.head import Head
from drivers.srs_rga.link import TRIES, Link
from drivers.srs_rga.scans import SCANS, SINGLES, Agreed, Disagreement, Scan, agree

PROGRESS_EVERY_S = 0.5
MOST_NEGATIVE = -100_000
"""In 1e-16 A: noise and offset of a zeroed detector do not reach as far below zero."""


class Measuring:
    """Measurements over one link."""

    def __init__(self, link: Link, head: Head) -> None:
        self._link = link
        self._head = head

    def prepare(self, scan: Scan) -> None:
        """Set the scan up, and hear from the instrument that it is going to send as many points as are expected."""
        for setting, value in scan.settings:
            self._head.set(setting, value)
        points = self._link.twice(scan.count_query, frames.number)
        if points != scan.points:
            raise BadFrame(
                self._link.port, f"the scan has {scan.points} points, but the instrument is going to send {points:g}"
            )

    def scan(self, scan: Scan, stopped: Callable[[], bool]) -> Iterator[Progress | Agreed]:
        """Scan until as many good scans as are needed have come, and give what they agree on, the total's point last.

        Ends without it when `stopped()` turns true; the scan then still runs.
        """
        measured: list[Currents] = []
        error: DriverError | None = None
        for _ in range(SCANS + TRIES):
            try:
                yield from self._once(scan, measured, stopped)
            except (BadFrame, NoResponse) as problem:
                error = problem
                self._link.resync()
            if stopped():
                return
            if len(measured) == SCANS:
                yield self._together(measured)
                return
        raise error or BadFrame(self._link.port, "nothing was tried")

    def single(self, name: str, parameter: str) -> Agreed:
        """Measure one current several times."""
        measured: list[Currents] = []
        error: DriverError | None = None
        for _ in range(SINGLES + TRIES):
            try:
                measured.append(np.concatenate(list(self._link.stream(name, parameter, 1))))
            except (BadFrame, NoResponse) as problem:
                error = problem
                self._link.resync()
            if len(measured) == SINGLES:
                return self._together(measured)
        raise error or BadFrame(self._link.port, "nothing was tried")

    def _once(self, scan: Scan, measured: list[Currents], stopped: Callable[[], bool]) -> Iterator[Progress]:
        pieces: list[Currents] = []
        told = self._link.now
        for piece in self._link.stream(scan.kind.value, "1", scan.points + 1):
            if stopped():
                return
            pieces.append(piece)
            if self._link.now - told >= PROGRESS_EVERY_S:
                told = self._link.now
                yield self._progress(scan, len(measured), sum(map(len, pieces)))
        measured.append(np.concatenate(pieces))
        yield self._progress(scan, len(measured), 0)

    @staticmethod
    def _progress(scan: Scan, scans: int, points: int) -> Progress:
        share = (scans + points / (scan.points + 1)) / SCANS
        return Progress(100 * share, f"scan {min(scans + 1, SCANS)} of {SCANS}")

    def _together(self, measured: list[Currents]) -> Agreed:
        try:
            agreed = agree(measured)
        except Disagreement as error:
            self._link.counts.outvoted += error.points
            raise BadFrame(
                self._link.port, f"{error}: the gas changes faster than it is measured, or the line is disturbed"
            ) from error
        self._link.counts.outvoted += agreed.outvoted
        if np.abs(agreed.currents).max() >= OVERLOAD:
            raise InstrumentFault(
                self._link.port,
                "beyond-range",
                "an ion current is beyond the range; lower emission or multiplier voltage",
            )
        if agreed.currents.min() < MOST_NEGATIVE:
            raise InstrumentFault(
                self._link.port, "negative", "an ion current is far below zero; zero the detector and measure again"
            )
        return agreed
