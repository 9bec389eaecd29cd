"""What disclosed entries name and a reader does not see: entries that stay sealed, and such as are not there at all.

A file of another instrument is one: the entry that attaches it to a case names the one in which it was received.
"""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from sync.contract.named import named_in
from sync.contract.record import Record


class Named(NamedTuple):
    """Entries, as STATION/SEQ: in the bundle and `sealed` there, and `absent` from it."""

    sealed: list[str]
    absent: list[str]

    @classmethod
    def of(cls, records: Iterable[Record], inside: Collection[str], disclosed: Collection[str]) -> "Named":
        """Return what records name of their journals, where `inside` the bundle not all is `disclosed`."""
        places = sorted({(record.station, seq) for record in records for seq in named_in(record)})
        unseen = [name for name in (f"{station}/{seq}" for station, seq in places) if name not in disclosed]
        return cls([name for name in unseen if name in inside], [name for name in unseen if name not in inside])

    def lines(self) -> list[str]:
        """Say it, in a line for each kind that there is."""
        sealed, absent = ", ".join(self.sealed), ", ".join(self.absent)
        return [
            *([f"named by what is disclosed, and NOT disclosed; ask for them too: {sealed}"] if sealed else []),
            *([f"named by what is disclosed, and NOT in the bundle: {absent}"] if absent else []),
        ]
