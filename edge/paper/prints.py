"""What can be printed of a screening, made from the station's records."""

from collections.abc import Sequence
from dataclasses import dataclass

from edge.dossier import Dossier
from edge.paper.acta import acta
from edge.paper.drawing import Drawing
from edge.paper.press import Enclosure, Order
from edge.paper.proof import facts
from edge.paper.telling import Teller
from edge.station import Station
from edge.views import HealthView
from edge.web.results import Reader
from edge.web.translations import Language
from sync.contract.casework import PhotoRecord, VoidRecord
from sync.contract.ids import StationId


@dataclass(frozen=True)
class Prints:
    """Makes orders for the press, in one language."""

    station: Station
    drawing: Drawing
    reader: Reader

    @property
    def language(self) -> Language:
        """The language of the paper."""
        return self.reader.language

    def acta(self, dossier: Dossier, bundle: bytes | None = None) -> Order:
        """Return the record, with the sealed court bundle that two persons let leave, or else with its facts."""
        health = self.station.health()
        drawn = acta(self._teller(dossier), self.reader, health, dossier)
        pictures = self._pictures(dossier)
        page = self._page("acta.html", health, dossier, drawn.code, pictures, acta=drawn)
        return Order(page=page, pictures=pictures, enclosures=[self._enclosure(health, dossier, bundle)])

    def _page(
        self,
        template: str,
        health: HealthView,
        dossier: Dossier,
        code: str,
        pictures: dict[str, bytes],
        **values: object,
    ) -> str:
        author, warning = f"{health.station} · {health.post}", self._warning(health, dossier)
        return self.drawing.page(self.language, template, author, warning, code, pictures, **values)

    def _warning(self, health: HealthView, dossier: Dossier) -> str:
        if dossier.training:
            return self.language.say("PRACTICE: no evidence")
        demo = health.demo_key or self.station.settings.demo
        return self.language.say("DEMONSTRATION: no evidence") if demo else ""

    def _teller(self, dossier: Dossier) -> Teller:
        names = {str(each.operator.id): each.operator for each in self.station.accounts.everybody()}
        return Teller(self.language, names, {each.concerns.seq: each for each in dossier.of(VoidRecord)})

    def _pictures(self, dossier: Dossier) -> dict[str, bytes]:
        taken = ((seq, self.station.casework.picture(each)) for seq, each in _photos(dossier))
        return {f"photo-{seq}": data for seq, data in taken if data}

    def _enclosure(self, health: HealthView, dossier: Dossier, bundle: bytes | None) -> Enclosure:
        name = f"{health.station}-{dossier.screening}"
        if bundle:
            about = self.language.say("The sealed entries of this record, for a court")
            return Enclosure(name=f"{name}.court", about=about, relation="Data", data=bundle)
        about = self.language.say("What this record says, and the digests of its sealed entries")
        data = facts(StationId(health.station), dossier)
        return Enclosure(name=f"{name}.json", about=about, relation="Data", data=data)


def _photos(dossier: Dossier) -> Sequence[tuple[int, PhotoRecord]]:
    return [(seq, record) for seq, record in dossier.records if isinstance(record, PhotoRecord)]
