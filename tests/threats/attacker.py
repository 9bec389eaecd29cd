"""What attackers have: the disk, the database with its key, the station's own key, or a token of their own."""

import json
from typing import Any

from edge.desk import Act
from edge.station import Station
from edge.views import OperatorView, Role
from sync.chain import Head
from sync.contract.record import Record
from sync.envelope import Envelope
from sync.journal import JournalEntry, Sealer, head
from sync.keys import StationKey
from tests.edge.authenticator import Authenticator, client
from tests.edge.bench import PIN, Bench


class Person:
    """Somebody with a PIN and a token of their own."""

    def __init__(self, station: Station, name: str, role: Role) -> None:
        self.station = station
        self.view: OperatorView = station.operators.enrol(name, role, PIN)
        self.token = Authenticator()
        options = station.tokens.new_options(self.view, bytes(32))
        answer = client(self.token).make_credential(options["publicKey"])
        station.accounts.provision_token(self.view.id, station.tokens.read_new(bytes(32), json.dumps(dict(answer))))

    def touch(self, act: Act) -> bool:
        """Let the token sign an act, as the screen would."""
        return self.station.desk.touch(act, self.view, self.answer(self.station.desk.options(act, self.view)))

    def answer(self, options: Any) -> str:
        """Return what the token answers."""
        return json.dumps(dict(client(self.token).get_assertion(options["publicKey"]).get_response(0)))


class Attacker:
    """Somebody with root: no trigger and no program of ours stands in the way."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench

    def disk(self) -> bytes:
        """Return every byte in the station's folder but the demonstration's key, as an image of the disk has them."""
        files = [file for file in self.bench.data.rglob("*") if file.is_file() and file.name != "database.key"]
        return b"\0".join(file.read_bytes() for file in files)

    def sql(self, *statements: str) -> list[Any]:
        """Run statements on the database with its key in hand, and return the last one's rows."""
        database = self.bench.database()
        with database.session() as session:
            results = [session.connection().exec_driver_sql(each) for each in statements]
            rows = list(results[-1]) if results[-1].returns_rows else []
            session.commit()
        database.close()
        return rows

    def envelopes(self) -> list[bytes]:
        """Return the journal as it is stored."""
        return [row[0] for row in self.sql("SELECT envelope FROM journal ORDER BY seq")]

    def forge(self, record: Record, key: StationKey, station: Station) -> Envelope:
        """Return a record as the journal's next entry, signed by `key`."""
        sealer = station._recorder.sealer
        return Sealer(sealer.station, key, sealer.recipients).seal_after(self.head(), record.to_bytes())

    def append(self, envelope: Envelope) -> None:
        """Put an entry into the journal behind the station's back."""
        database = self.bench.database()
        with database.write() as session:
            header = envelope.header
            session.add(JournalEntry(seq=header.seq, prev=header.prev, digest=envelope.digest, envelope=envelope.data))
        database.close()

    def head(self) -> Head:
        """Return where the journal ends."""
        database = self.bench.database()
        with database.read() as session:
            last = head(session)
        database.close()
        assert last
        return last
