"""What is not as it should be at the post, gravest first, each with what to do about it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from drivers.family import Role
from edge.station import Station
from edge.views import HealthView
from edge.web import forms, words
from edge.web.translations import Language
from sync.expiry import ends_soon

LOW_BATTERY = 20
LONG_QUEUE = 100
LITTLE_DISK = 500_000_000
FAULTY = ("absent", "not-configured")


@dataclass(frozen=True)
class Trouble:
    """One thing: its code and picture, what it is, what to do, and the screen where that is done."""

    code: str
    picture: str
    title: str
    remedy: str
    href: str


@dataclass(frozen=True)
class Watch:
    """Looks at a station in one language."""

    language: Language
    station: Station

    def troubles(self, health: HealthView, *, practice: bool) -> tuple[Trouble, ...]:
        """Return all that is wrong now; `practice` says that somebody practises at this screen."""
        found = (
            self._battery(),
            self._clock(health),
            self._analyzer(health),
            *self._lost(),
            self._knowledge(health),
            self._unused(),
            self._disk(health),
            self._went_back(),
            self._certificate(health),
            self._queue(health),
            self._silence(),
            self._practice() if practice else None,
        )
        return tuple(each for each in found if each)

    def _battery(self) -> Trouble | None:
        battery = self.station.surroundings.battery()
        if battery is None or battery.charging or battery.percent >= LOW_BATTERY:
            return None
        title = self.language.say("Battery at %(share)s", share=f"{battery.percent}{forms.SPACE}%")
        return Trouble("battery", "battery", title, self.language.say("Plug the charger in now."), "/device")

    def _clock(self, health: HealthView) -> Trouble | None:
        if health.clock == "synchronised":
            return None
        title, text = words.CLOCK[health.clock]
        return Trouble("clock", "clock", self.language.say(title), self.language.say(text), "/device")

    def _analyzer(self, health: HealthView) -> Trouble | None:
        if health.analyzer not in FAULTY:
            return None
        title, text = words.ANALYZER[health.analyzer]
        return Trouble("analyzer", "analyzer", self.language.say(title), self.language.say(text), "/device/ports")

    def _lost(self) -> Iterator[Trouble]:
        pictures: Mapping[Role, str] = {Role.SCALE: "weight", Role.POSITION: "post", Role.READER: "code"}
        for role, port in self.station.ports().items():
            if role in pictures and not port.attached:
                title = self.language.say(
                    "Missing: %(instrument)s", instrument=self.language.say(words.INSTRUMENTS[role])
                )
                remedy = self.language.say("Check its cable, and that it is on.")
                yield Trouble(f"{role}-lost", pictures[role], title, remedy, "/device/ports")

    def _knowledge(self, health: HealthView) -> Trouble | None:
        due = self.station.settings.knowledge_due
        if due is None or health.now.date() <= due:
            return None
        title = self.language.say("The library is out of date")
        remedy = self.language.say("Readings may go on. The technician installs the state's newest library and model.")
        return Trouble("knowledge", "list", title, remedy, "/device")

    def _unused(self) -> Trouble | None:
        if not self.station.left_out:
            return None
        title = self.language.say("Not everything here is in use")
        remedy = self.language.say("Readings go on without it. Tell the technician.")
        return Trouble("unused", "list", title, remedy, "/device/unused")

    def _disk(self, health: HealthView) -> Trouble | None:
        if health.space == "ok" and health.disk_free >= LITTLE_DISK:
            return None
        title = self.language.say("%(size)s free", size=forms.size(health.disk_free))
        remedy = self.language.say("Little room is left. Connect the station so that it can send.")
        return Trouble("disk", "disk", title, remedy, "/sync")

    def _went_back(self) -> Trouble | None:
        loss = self.station.sending.loss()
        if loss is None:
            return None
        title = self.language.say("The centre lost records")
        if not loss.entries:
            title = self.language.say("The centre lost attachments of records")
        return Trouble("centre", "warning", title, self.language.say(words.CENTRE_WENT_BACK), "/sync")

    def _certificate(self, health: HealthView) -> Trouble | None:
        end = self.station.sending.certificate_end()
        if end is None or not ends_soon(end, health.now):
            return None
        if end <= health.now:
            title = self.language.say("The certificate is over")
            return Trouble("certificate", "key", title, self.language.say(words.CERTIFICATE_OVER), "/sync")
        left = (end - health.now).days
        title = self.language.count(
            "The certificate ends in %(number)s day", "The certificate ends in %(number)s days", left
        )
        remedy = self.language.say("Call the technician for a new one. Afterwards nothing can be sent.")
        return Trouble("certificate", "key", title, remedy, "/sync")

    def _queue(self, health: HealthView) -> Trouble | None:
        if health.refused:
            remedy = self.language.say("The national centre does not take a record. See why.")
            return Trouble("queue", "queue", self.language.say("Refused"), remedy, "/sync")
        if health.waiting <= LONG_QUEUE:
            return None
        title = self.language.count("%(number)s record waits", "%(number)s records wait", health.waiting)
        remedy = self.language.say("Check the network cable or the radio. Nothing is lost.")
        return Trouble("queue", "queue", title, remedy, "/sync")

    def _silence(self) -> Trouble | None:
        if not (self.station.panel.now.discreet or self.station.sound.paused):
            return None
        silence = silence_of(self.language, self.station)
        remedy = self.language.say("The next alarm sounds again, unless the station is discreet.")
        return Trouble("sound", "silent", silence, remedy, "/settings")

    def _practice(self) -> Trouble:
        remedy = self.language.say("Nothing of it is evidence. End it before you work.")
        return Trouble("practice", "sample", self.language.say("Practice"), remedy, "/settings")


def silence_of(language: Language, station: Station) -> str:
    """Return why nothing sounds, or nothing."""
    if station.panel.now.discreet:
        return language.say("Sound off: discreet mode")
    if station.sound.paused:
        return language.say("Sound paused")
    return "" if station.sound.able else language.say("No loudspeaker")
