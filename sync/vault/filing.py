"""How an opened record is filed, with the alerts that it gives. The drill files everything again to compare."""

from sync.contract.casework import VoidRecord
from sync.contract.ids import StationId
from sync.contract.record import Record
from sync.envelope import Envelope
from sync.vault.cases import Cases
from sync.vault.voids import misnamed
from sync.vault.watch import Watch


class Filing:
    """Files records into `cases`, the oldest of each station first, in the caller's transaction."""

    def __init__(self, cases: Cases) -> None:
        self._cases = cases
        self._watches: dict[StationId, Watch] = {}

    def file(self, log_index: int, envelope: Envelope, record: Record, data: bytes, opened: str) -> None:
        """File what an envelope had in it; `data` are the record's bytes, `opened` when that was."""
        station, seq = envelope.header.station, envelope.header.seq
        watch = self._watch(station)
        self._cases.add(log_index, envelope, record, data, opened)
        wrong = misnamed(record, self._cases.digest)
        for alert in [*([wrong] if wrong else []), *watch.look(record)]:
            self._cases.alerts.add(station, seq, alert)
        if isinstance(record, VoidRecord):
            self._cases.voids.judge(station, seq)

    def _watch(self, station: StationId) -> Watch:
        """Return the watch over a station; a new one first sees what was filed before."""
        if station not in self._watches:
            self._watches[station] = Watch()
            for record in self._cases.watched.of(station):
                self._watches[station].look(record)
        return self._watches[station]
