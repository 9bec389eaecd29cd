"""How the lists of a day stand to a substance, in plain words; what nobody verified says so."""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from babel.lists import format_list

from edge.web import forms
from edge.web.translations import Language
from edge.web.translations import mark as _
from models.schedules import NONE
from sync.contract.listing import ListedPart, ListingPart

AUTHORITIES: Mapping[str, str] = {"UN": _("UN"), "MX": _("Mexico")}
UN_LISTS: Mapping[str, tuple[str, str]] = {
    "SC1961": (_("Convention 1961, Schedule %(list)s"), _("Convention 1961, Schedules %(list)s")),
    "PSC1971": (_("Convention 1971, Schedule %(list)s"), _("Convention 1971, Schedules %(list)s")),
    "1988": (_("Convention 1988, Table %(list)s"), _("Convention 1988, Tables %(list)s")),
}
"""Where a substance is on one of a convention's lists, and where it is on several."""
MEXICO_LISTS: Mapping[str, str] = {
    "LGS": _("General Health Law (LGS)"),
    "LFCPQ": _("Precursor law (LFCPQ)"),
    "controlled chemical": _("Precursor law (LFCPQ)"),
    "watch list": _("under watch, dual use"),
}
"""By what the name of the list has in it."""
_UN_ENTRY = re.compile(r"(SC1961|PSC1971|1988) (?:Table )?([IV]+(?:,[IV]+)*)")


def standings(language: Language, listing: ListingPart, inchikey: str) -> tuple[str, ...]:
    """Return a line for each authority: on which list it has the substance, or that nobody verified it."""
    return tuple(
        f"{_authority(language, each)}: {_said(language, listing, inchikey, each)}" for each in listing.authorities
    )


def each_standing(language: Language, listing: ListingPart, named: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Return a line for each substance, given by name and InChIKey: what every authority says of it."""
    return tuple(f"{name}: {'; '.join(standings(language, listing, inchikey))}" for name, inchikey in named)


def together(language: Language, listing: ListingPart, named: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Return the same in little room: a line for each authority; names stand where it does not say the same of all."""
    return tuple(_together(language, listing, named, authority) for authority in listing.authorities)


def lists(language: Language, listing: ListingPart) -> str:
    """Return which lists these are: version, since when, whether unverified, and of which day if not the clock's."""
    since = forms.whole_day(language, date.fromisoformat(listing.effective))
    said = [language.say("Lists: version %(version)s, in force since %(day)s", version=listing.version, day=since)]
    if not listing.verified:
        said.append(language.say("unverified"))
    if listing.day_by not in (None, "clock"):
        day = forms.whole_day(language, date.fromisoformat(listing.day))
        said.append(language.say("judged by the law of %(day)s: the clock shows an earlier day", day=day))
    return "; ".join(said)


def named(language: Language, part: ListedPart) -> str:
    """Return the name of a list, and that the entry is unverified where it is."""
    if part.list == NONE:
        return language.say("on no list that we know")
    name = _name(language, part.list)
    return name if part.verified else ", ".join([name, language.say("unverified")])


def entry(language: Language, part: ListedPart) -> str:
    """Return whose list it is, and which."""
    return f"{_authority(language, part.authority)}: {named(language, part)}"


def _authority(language: Language, code: str) -> str:
    return language.say(AUTHORITIES[code]) if code in AUTHORITIES else code


def _together(language: Language, listing: ListingPart, named: Sequence[tuple[str, str]], authority: str) -> str:
    names: dict[str, list[str]] = {}
    for name, inchikey in named:
        names.setdefault(_said(language, listing, inchikey, authority), []).append(name)
    several = len(names) > 1
    parts = "; ".join(f"{said} ({', '.join(each)})" if several else said for said, each in names.items())
    return f"{_authority(language, authority)}: {parts}"


def _said(language: Language, listing: ListingPart, inchikey: str, authority: str) -> str:
    own = [each for each in listing.entries if (each.substance, each.authority) == (inchikey, authority)]
    nothing = language.say("on no list that we know") if listing.verified else language.say("list to be verified")
    return " + ".join(dict.fromkeys(named(language, each) for each in own)) or nothing


def _name(language: Language, name: str) -> str:
    """Return a list's name in words; one that only a state knows stands as it wrote it."""
    if found := _UN_ENTRY.match(name):
        convention, schedules = found[1], found[2].split(",")
        several = len(schedules) > 1
        return language.say(UN_LISTS[convention][several], list=format_list(schedules, locale=language.locale))
    known = next((words for part, words in MEXICO_LISTS.items() if part in name), None)
    return language.say(known) if known else name
