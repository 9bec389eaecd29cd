"""From sentences to a position that may be believed, or the reason why not. No I/O; time is passed in."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from drivers.nmea.fix import Doubt, Fix, NoFix, distance, rollovers
from drivers.nmea.frames import Sentence
from drivers.nmea.sentences import Content, Gga, Gsa, Place, Quality, Rmc, Zda

STALE_AFTER_S = 5.0
FASTEST_M_S = 120.0
_ECHO_S = 10.0
_DRIFT = 1e-3
"""How much a counter and a receiver may differ: far more than any clock does."""
_NS = 1_000_000_000
_A_DAY = timedelta(days=1)
_ROUNDING = 1e-9
_NOT_MEASURED = frozenset({Quality.ESTIMATED, Quality.MANUAL, Quality.SIMULATOR})
_FEWEST = 3
"""Satellites that a position needs at least."""
_WORST_HDOP = 20.0
_STILL_A_PLACE = frozenset({Doubt.ONE_SENTENCE, Doubt.NO_DATE})
_DOUBTED_MODES = {"E": Doubt.ESTIMATED, "M": Doubt.MANUAL, "S": Doubt.SIMULATOR}


@dataclass
class _Moment:
    """The sentences of one UTC time. `source` is who told the satellites, else who told the place."""

    utc: time | None = None
    gga: Gga | None = None
    rmc: Rmc | None = None
    source: str = ""
    raw: tuple[bytes, ...] = ()


class Tracker:
    """Joins GGA and RMC of one moment into a fix: both must say that there is one, and the same place.

    `floor` is the date of this build: no true date lies before it. `today` is the station's own date.
    """

    def __init__(self, port: str, floor: date, today: Callable[[], date]) -> None:
        self._port = port
        self._floor = floor
        self._today = today
        self._moment = _Moment()
        self._fix: Fix | None = None
        self._lost = "no position has come yet"
        self._lost_at: time | None = None
        self._anchor: Fix | None = None
        self._heard_ns: int | None = None
        self._tells_place = False
        self._dimensions: dict[str, tuple[int, int]] = {}
        self._day: date | None = None

    def take(self, sentence: Sentence, content: Content | None, now_ns: int) -> None:
        """Take one good sentence, at `now_ns` of the monotonic clock; `content` is None for a kind that is not read."""
        self._heard_ns = now_ns if self._heard_ns is None else self._heard_ns
        match content:
            case Gsa():
                self._take_dimensions(sentence.talker, content, now_ns)
            case Zda():
                self._day = content.at.date() if content.at else None
            case Gga() | Rmc():
                self._tells_place = True
                self._take_position(sentence, content, now_ns)
            case None:
                pass

    def fix(self, now_ns: int) -> Fix:
        """Return the last fix. Raises NoFix where there is none, or it is older than 5 s."""
        if self._heard_ns is None:
            raise NoFix(self._port, "silent", "no sentence has come; check cable, power and line speed")
        if not self._tells_place and now_ns - self._heard_ns > STALE_AFTER_S * _NS:
            raise NoFix(self._port, "untold", "sentences come, but neither GGA nor RMC; set the receiver to send them")
        if self._fix is None:
            raise NoFix(self._port, "no-fix", f"{self._lost}; the antenna must see the sky")
        age = self._fix.age(now_ns)
        if age > STALE_AFTER_S:
            raise NoFix(self._port, "stale", f"the last new position is {age:.0f} s old; check the receiver")
        return self._fix

    def _take_dimensions(self, talker: str, content: Gsa, now_ns: int) -> None:
        """Take what one system of satellites says; a receiver of several says it for each."""
        self._dimensions[talker + content.system] = content.dimensions, now_ns
        if self._most_dimensions(now_ns) == 1:
            self._lose("GSA says that there is no fix", self._moment.utc)

    def _most_dimensions(self, now_ns: int) -> int | None:
        told = [told for told, at_ns in self._dimensions.values() if now_ns - at_ns <= STALE_AFTER_S * _NS]
        return max(told, default=None)

    def _take_position(self, sentence: Sentence, content: Gga | Rmc, now_ns: int) -> None:
        if not _holds(content):
            self._lose(f"{sentence.kind} says that there is no fix", content.utc)
        elif content.utc != self._lost_at:
            self._take_held(sentence, content, now_ns)

    def _take_held(self, sentence: Sentence, content: Gga | Rmc, now_ns: int) -> None:
        if self._moment.utc != content.utc:
            self._moment = _Moment(content.utc)
        moment = self._moment
        new = (moment.gga if isinstance(content, Gga) else moment.rmc) is None
        if not new:
            return  # the same moment told again: a frozen receiver makes nothing younger
        if isinstance(content, Gga):
            moment.gga, moment.source = content, sentence.talker
        else:
            moment.rmc, moment.source = content, moment.source or sentence.talker
        moment.raw = (*moment.raw, sentence.raw)
        self._join(moment, now_ns)

    def _lose(self, why: str, at: time | None) -> None:
        self._fix = None
        self._lost = why
        self._lost_at = at
        self._moment = _Moment()

    def _join(self, moment: _Moment, now_ns: int) -> None:
        places = [content.place for content in (moment.gga, moment.rmc) if content and content.place]
        if len(places) > 1 and not _agree(*places):
            self._lose("GGA and RMC tell two places for one moment", moment.utc)
            return
        fix = _joined(moment, places[0], now_ns)
        before = self._fix
        if before is not None and (_told_again(before, fix) or _says_less(before, fix)):
            return
        leap = _leap(self._anchor, fix) if self._anchor else set[Doubt]()
        doubts = fix.doubts | self._doubts_of_date(fix) | leap
        self._fix = replace(fix, dimensions=self._most_dimensions(now_ns), doubts=doubts)
        if doubts <= _STILL_A_PLACE:
            self._anchor = self._fix

    def _doubts_of_date(self, fix: Fix) -> set[Doubt]:
        if fix.at is None:
            return {Doubt.NO_DATE}
        doubts: set[Doubt] = set()
        day = fix.at.date()
        if self._day and abs(self._day - day) > _A_DAY:
            doubts.add(Doubt.DATES_DIFFER)
        if day < self._floor:
            doubts.add(Doubt.BEFORE_BUILD)
        if rollovers(day, self._today()):
            doubts.add(Doubt.WEEK_ROLLOVER)
        if abs(day - self._today()) > _A_DAY:
            doubts.add(Doubt.STATION_DATE)
        return doubts


def _told_again(before: Fix, fix: Fix) -> bool:
    """Tell whether `fix` is of an earlier moment or, with no more sentences, of the same one."""
    if before.at is None or fix.at is None:
        return False
    back = (before.at - fix.at).total_seconds()
    return 0 < back <= _ECHO_S or (back == 0 and len(fix.raw) <= len(before.raw))


def _says_less(before: Fix, fix: Fix) -> bool:
    return Doubt.ONE_SENTENCE in fix.doubts - before.doubts and before.age(fix.received_ns) <= STALE_AFTER_S / 2


def _leap(anchor: Fix, fix: Fix) -> set[Doubt]:
    """Doubt what could not have come to be since the last fix that nothing spoke against, however long that lasts."""
    seconds = (fix.received_ns - anchor.received_ns) / _NS
    metres = distance(Place(anchor.latitude, anchor.longitude), Place(fix.latitude, fix.longitude))
    told = (fix.at - anchor.at).total_seconds() if fix.at and anchor.at else seconds
    leaps = metres > FASTEST_M_S * max(seconds, 1.0) or abs(told - seconds) > _ECHO_S + seconds * _DRIFT
    return {Doubt.JUMP} if leaps else set()


def _holds(content: Gga | Rmc) -> bool:
    if content.place is None or content.utc is None:
        return False
    return content.quality is not Quality.NONE if isinstance(content, Gga) else content.valid and content.mode != "N"


def _agree(one: Place, other: Place) -> bool:
    """Tell whether two places are the same but for the digits that one of them leaves out."""
    apart = max(abs(one.latitude - other.latitude), abs(one.longitude - other.longitude))
    return apart <= (0 if one.step == other.step else max(one.step, other.step)) + _ROUNDING


def _is_weak(place: Place, gga: Gga | None) -> bool:
    """Tell whether a receiver claims a place that it cannot have measured well, or that stands for no place."""
    few = gga is not None and gga.satellites is not None and gga.satellites < _FEWEST
    wide = gga is not None and gga.hdop is not None and gga.hdop >= _WORST_HDOP
    return few or wide or (place.latitude, place.longitude) == (0, 0)


def _joined(moment: _Moment, place: Place, now_ns: int) -> Fix:
    gga, rmc = moment.gga, moment.rmc
    at = datetime.combine(rmc.day, moment.utc, UTC) if rmc and rmc.day and moment.utc else None
    doubts = {_DOUBTED_MODES[rmc.mode]} if rmc and rmc.mode in _DOUBTED_MODES else set[Doubt]()
    if gga and gga.quality in _NOT_MEASURED:
        doubts.add(Doubt(gga.quality.name.lower()))
    if gga is None or rmc is None:
        doubts.add(Doubt.ONE_SENTENCE)
    if _is_weak(place, gga):
        doubts.add(Doubt.WEAK)
    return Fix(
        latitude=place.latitude,
        longitude=place.longitude,
        at=at,
        quality=gga.quality if gga else None,
        source=moment.source,
        raw=moment.raw,
        received_ns=now_ns,
        doubts=frozenset(doubts),
        altitude=gga.altitude if gga else None,
        speed=rmc.speed if rmc else None,
        satellites=gga.satellites if gga else None,
        hdop=gga.hdop if gga else None,
    )
