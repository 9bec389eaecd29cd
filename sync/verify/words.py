"""A record in plain words, Spanish or English, by words.toml. What has no word there is shown as it is."""

# pyright: basic
import json
import re
import tomllib
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

SENTENCES, SUBJECTS, WORDS = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8")).values()
WALL = re.compile("([0-9]{4})-(0[1-9]|1[0-2])-([0-9]{2})T([0-9]{2}:[0-9]{2}:[0-9]{2})")
ABOVE = ("schema", "station", "recorded", "operator", "software")
MOST_READ, CONTROLS = 512, str.maketrans("\ufffd", "\0", "\x02\x03\x04\t\r\n\x1d\x1e")


def word(key: str, language: str, table: dict[str, Any] = WORDS) -> str:
    """Return the word of a key, or the key itself."""
    return table.get(key, (key, key))[0 if language == "es" else 1]


def when(value: Any, language: str) -> str:  # noqa: ANN401 - any CBOR value
    """Return a moment with the month in letters, and how far it can be trusted; nothing where it is no moment."""
    wall, trust = (value.get("wall"), value.get("trust")) if isinstance(value, dict) else (None, None)
    if not (isinstance(wall, str) and isinstance(trust, str) and (parts := WALL.match(wall))):
        return ""
    year, month, day, time = parts.groups()
    month = word("months", language, SENTENCES).split()[int(month) - 1]
    return plain(f"{int(day)} {month} {year} {time} UTC ({word(trust, language)})")


def describe(record: dict[str, Any], language: str) -> Iterator[str]:
    """Yield the lines that tell what a record says, whatever it is: to tell it is no check."""
    schema, station, moment, who, software = (_plain(record.get(name), language) for name in ABOVE)
    who = word("nobody", language) if record.get("operator") is None else who
    yield word("record_of", language, SENTENCES).format(schema=schema, station=station)
    yield "  " + word("made_on", language, SENTENCES).format(when=moment, who=who, software=software)
    yield from _lines({key: value for key, value in record.items() if key not in ABOVE}, language, 1)


def custody(name: str, record: dict[str, Any], language: str) -> Iterator[str]:
    """Yield the line of an exhibit's history that the record of entry `name` adds, if it adds one."""
    if "exhibit" in record:
        kind = plain(word(str(record.get("schema")).partition("/")[0].removeprefix("garita."), language))
        kept = {key: item for key, item in record.items() if item and key not in (*ABOVE, "exhibit")}
        kept |= {at: one["digest"] for at, one in kept.items() if isinstance(one, dict) and {"digest", "key"} <= {*one}}
        moment, exhibit = (_plain(record.get(key), language) for key in ("recorded", "exhibit"))
        yield f"  {plain(name)} {moment} {kind}, {word('exhibit', language)} {exhibit}: {_pairs(kept, language)}"


def correction(name: str, record: dict[str, Any], sentence: str, behind: str, language: str) -> str:
    """Return what the record of entry `name` says of an earlier one, and who stand behind it."""
    told = {part: _plain(record.get(part), language) for part in ("operator", "reason", "changes")}
    told |= {"seq": plain(record["concerns"]["seq"]), "name": plain(name), "more": word(behind, language, SENTENCES)}
    return word(sentence, language, SENTENCES).format(**told)


def _lines(value: dict[str, Any], language: str, depth: int) -> Iterator[str]:
    for key, item in value.items():
        start = f"{'  ' * depth}{plain(word(key, language))}:"
        if isinstance(item, dict) and not when(item, language):
            yield start
            yield from _lines(item, language, depth + 1)
        elif isinstance(item, list) and item and all(isinstance(each, dict) for each in item):
            for number, each in enumerate(item, start=1):
                yield f"{start} {number}"
                yield from _lines(each, language, depth + 1)
        else:
            yield f"{start} {_plain(item, language, SUBJECTS if key == 'subject' else ())}"


def _plain(value: Any, language: str, subjects: Any = ()) -> str:  # noqa: ANN401 - any CBOR value
    if isinstance(value, dict):
        return when(value, language) or f"({_pairs(value, language)})"
    if isinstance(value, bytes):
        digest = value.hex() if len(value) == 32 else f"{len(value)} bytes, SHA-256 {sha256(value).hexdigest()}"
        return f"{_quoted(value)}{digest}"
    if isinstance(value, list):
        return ", ".join(_plain(each, language) for each in value) or "-"
    if isinstance(value, bool):
        return word("yes" if value else "no", language)
    for form in subjects if isinstance(value, str) else ():
        if found := re.fullmatch(form, value):
            return plain(word(form, language, subjects).format(*(word(part, language) for part in found.groups())))
    return plain("-" if value is None else word(value, language) if isinstance(value, str) else value)


def _quoted(value: bytes) -> str:
    """Return what short bytes spell, as codes and lines of a scale do, in quotes; of others nothing."""
    text = value.decode(errors="replace") if len(value) <= MOST_READ else ""
    return f"{json.dumps(text, ensure_ascii=False)}, " if text and text.translate(CONTROLS).isprintable() else ""


def _pairs(value: dict[str, Any], language: str) -> str:
    return ", ".join(f"{plain(word(key, language))} {_plain(item, language)}" for key, item in value.items())


def plain(value: object) -> str:
    """Return a value as one line that cannot play tricks on a screen."""
    return "".join(each if each.isprintable() else repr(each)[1:-1] for each in str(value))
