"""What a watch that begins now must have seen of a station, to say what one would say that saw all of it."""

import sqlite3

from sync.contract.facts import FactRecord
from sync.contract.ids import StationId
from sync.contract.record import Record
from sync.contract.records import parse_record
from sync.contract.training import TrainingRecord
from sync.vault.watch import LATELY, MEASURED, puts_right

MAY_PUT_RIGHT = f"""
SELECT log_index, record FROM entries
WHERE station = ? AND schema = '{FactRecord.SCHEMA}' AND instr(record, ?) ORDER BY +log_index DESC
"""  # noqa: S608 - from this file
PRACTISED = " OR ".join(f"instr(record, CAST('{schema}' AS BLOB))" for schema in MEASURED)
WATCHED = f"""
WITH own AS NOT MATERIALIZED (SELECT log_index, seq, schema, recorded, record FROM entries WHERE station = :station)
SELECT record FROM own WHERE schema IN ('garita.account/1', 'garita.approval/1')
OR seq IN (SELECT seq FROM screenings WHERE station = :station AND conclusion IN ('alarm', 'caution'))
OR seq IN (SELECT seq FROM own WHERE schema IN {MEASURED} ORDER BY +log_index DESC LIMIT {LATELY})
OR seq IN (
    SELECT seq FROM own WHERE schema = '{TrainingRecord.SCHEMA}' AND ({PRACTISED})
    ORDER BY +log_index DESC LIMIT {LATELY}
)
OR seq IN (SELECT seq FROM own WHERE log_index >= :put_right ORDER BY recorded DESC LIMIT 1)
OR seq IN (SELECT seq FROM own ORDER BY +log_index DESC LIMIT 1)
OR log_index = :put_right
ORDER BY +log_index
"""  # noqa: S608 - from this file
"""Accounts, approvals, all that alarmed, the last readings and those practised, the latest time since the clock was put
right, the last."""


class Watched:
    """Looks it up among the entries, in the database of the cases."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def of(self, station: StationId) -> list[Record]:
        """Return those records of a station, in log order."""
        rows = self._database.execute(WATCHED, {"station": station, "put_right": self._put_right(station)})
        return [parse_record(record) for (record,) in rows]

    def _put_right(self, station: StationId) -> int:
        """Return where in the log the station last put its clock right; -1 where it never did."""
        found = self._database.execute(MAY_PUT_RIGHT, (station, b"clock_put_right"))
        return next((log_index for log_index, record in found if puts_right(parse_record(record))), -1)
