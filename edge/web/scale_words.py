"""The name that a scale gives itself, told so that its capacity is no second weight."""

import re

from edge.web import forms
from edge.web.translations import Language

_CAPACITY = re.compile(r"(.*?),? (\d+(?:[.,]\d+)?) ?(mg|g|kg|t|ct|lb|oz)(?: (\S+))?")
"""MT-SICS puts the capacity behind the model (I2); then comes the serial number, where it is told."""


def scale_words(language: Language, told: str) -> str:
    """Return a scale's own words, with its capacity and its serial number named as such."""
    match = _CAPACITY.fullmatch(told)
    if match is None:
        return language.say("Scale: %(name)s", name=told)
    name, load, unit, serial = match.groups()
    most = language.say("max. %(load)s", load=f"{load}{forms.SPACE}{unit}")
    number = language.say("serial no. %(number)s", number=serial) if serial else ""
    return ", ".join(filter(None, [language.say("Scale: %(name)s", name=name), most, number]))
