"""What can be printed of a screening, made from the station's records."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from edge.dossier import Dossier
from edge.paper.acta import acta
from edge.paper.annex import annex
from edge.paper.custody import custody
from edge.paper.drawing import Drawing
from edge.paper.label import Label, bag_label
from edge.paper.press import Enclosure, Order
from edge.paper.proof import facts
from edge.paper.slip import Slip, slip
from edge.paper.story import Story
from edge.paper.teller import Teller
from edge.paper.telling import pictures_of
from edge.station import Station
from edge.views import HealthView
from edge.web.comparing import Whole, concluded, parts_of
from edge.web.consent_words import answered
from edge.web.lacking_words import lacked
from edge.web.reader import Reader
from edge.web.record_words import said
from edge.web.translations import Language
from sync.contract.ids import Seq, StationId


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
        health = self._health(dossier)
        drawn = acta(self._teller(dossier), self.reader, health, dossier, self._whole(dossier))
        pictures = self._pictures(dossier)
        page = self._page("acta.html", health, dossier, drawn.code, pictures, acta=drawn)
        return Order(page=page, pictures=pictures, enclosures=[self._enclosure(health, dossier, bundle)])

    def custody(self, dossier: Dossier) -> Order:
        """Return the custody form."""
        health = self._health(dossier)
        form = custody(self._teller(dossier), health, dossier, self._whole(dossier))
        return _order(self._page("custody.html", health, dossier, form.code, form=form))

    def annex(self, dossier: Dossier) -> Order:
        """Return the rows for the police report."""
        health = self._health(dossier)
        rows = annex(self._teller(dossier), self.reader, health, dossier, self._whole(dossier))
        return _order(self._page("annex.html", health, dossier, rows.code, annex=rows))

    def slip(self, dossier: Dossier) -> Order:
        """Return the slip for who was searched, in every language; raises NotPrinted."""
        made = self.slip_of(dossier)
        return _order(self._page("slip.html", self._health(dossier), dossier, made.code, slip=made))

    def slip_of(self, dossier: Dossier) -> Slip:
        """Return what the slip says, for whatever prints it; raises NotPrinted."""
        return slip(self.drawing.languages.values(), self._health(dossier), dossier)

    def label(self, dossier: Dossier, exhibit: str) -> Order:
        """Return the bag label as a page; raises BadCasework."""
        made = self.label_of(dossier, exhibit)
        return _order(self._page("label.html", self._health(dossier), dossier, made.code, label=made))

    def label_of(self, dossier: Dossier, exhibit: str) -> Label:
        """Return what the bag label says, for whatever prints it; raises BadCasework."""
        health = self._health(dossier)
        return bag_label(self._teller(dossier), health, dossier, exhibit, self._warning(health, dossier))

    def story(self, told: Story) -> Order:
        """Return the story of a shift."""
        health = self.station.health()
        warning = self._demo_warning(health)
        return _order(self.drawing.page(self.language, "story.html", _author(health), warning, story=told))

    def _health(self, dossier: Dossier) -> HealthView:
        """Return the station under the post's name of the screening's first entry."""
        health, first = self.station.health(), min(dossier.proofs, default=None)
        return replace(health, post=self.station.post_at(first)) if first else health

    def _page(
        self,
        template: str,
        health: HealthView,
        dossier: Dossier,
        code: str,
        pictures: Collection[str] = (),
        **values: object,
    ) -> str:
        author, warning = _author(health), self._warning(health, dossier)
        return self.drawing.page(self.language, template, author, warning, code, pictures, **values)

    def _warning(self, health: HealthView, dossier: Dossier) -> str:
        if dossier.training:
            return self.language.say("PRACTICE: no evidence")
        return self._demo_warning(health)

    def _demo_warning(self, health: HealthView) -> str:
        demo = health.demo_key or self.station.settings.demo
        return self.language.say("DEMONSTRATION: no evidence") if demo else ""

    def _teller(self, dossier: Dossier) -> Teller:
        names = {str(each.operator.id): each.operator for each in self.station.accounts.everybody()}
        numbers = {each.id: each.number for each in dossier.exhibits}
        told, answers, reviewed = self._said(dossier), answered(self.language, dossier), dossier.reviewed
        return Teller(
            self.language,
            names,
            dossier.voids,
            told,
            dict([*dossier.entries, *dossier.undone]),
            dossier.amendments,
            reviewed,
            numbers,
            answers,
            dossier.unsigned,
            self.station.observations.files(dossier),
            dossier.sampled,
            lacked(self.language, dossier),
        )

    def _said(self, dossier: Dossier) -> dict[Seq, str]:
        entries = [*dossier.records, *dossier.undone]
        told = {seq: ": ".join(filter(None, said(self.language, record))) for seq, record in entries}
        return told | {each.seq: part.said for each, part in parts_of(self.reader, dossier) if each.seq}

    def _whole(self, dossier: Dossier) -> Whole:
        return concluded(self.station, self.reader, dossier)

    def _pictures(self, dossier: Dossier) -> dict[str, bytes]:
        named = [pictures_of(*each) for each in (*dossier.records, *dossier.undone)]
        taken = {name: self.station.casework.picture(part) for parts in named for name, part in parts.items()}
        return {name: data for name, data in taken.items() if data}

    def _enclosure(self, health: HealthView, dossier: Dossier, bundle: bytes | None) -> Enclosure:
        name = f"{health.station}-{dossier.screening}"
        if bundle:
            about = self.language.say("The sealed entries of this record, for a court")
            return Enclosure(name=f"{name}.court", about=about, relation="Data", data=bundle)
        about = self.language.say("What this record says, and the digests of its sealed entries")
        data = facts(StationId(health.station), dossier)
        return Enclosure(name=f"{name}.json", about=about, relation="Data", data=data)


Paper = Literal["acta", "custody", "annex", "slip"]
PAPERS: Mapping[Paper, Callable[[Prints, Dossier], Order]] = {
    "acta": Prints.acta,
    "custody": Prints.custody,
    "annex": Prints.annex,
    "slip": Prints.slip,
}


def _author(health: HealthView) -> str:
    return f"{health.station} · {health.post}"


def _order(page: str) -> Order:
    return Order(page=page, pictures={}, enclosures=[])
