"""A record in plain words, Spanish or English. Fields without a word here are shown under their own name."""

# pyright: basic
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

MONTHS = {
    "es": ["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"],
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
}
WORDS = {
    "yes": ("sí", "yes"), "no": ("no", "no"), "nobody": ("nadie con sesión iniciada", "nobody signed in"),
    "bytes": ("{} bytes, SHA-256 {}", "{} bytes, SHA-256 {}"),
    "record": ("Acta {schema} de la estación {station}", "Record {schema} of station {station}"),
    "made": ("hecha el {when} por {who}, con {software}", "made on {when} by {who}, with {software}"),
    "synchronised": ("reloj sincronizado", "clock synchronised"),
    "unsynchronised": ("reloj sin sincronizar", "clock not synchronised"),
    "turned_back": ("RELOJ ATRASADO: hora no fiable", "CLOCK TURNED BACK: time not reliable"),
    "conclusion": ("conclusión presuntiva", "presumptive conclusion"), "alarm": ("alarma", "alarm"),
    "caution": ("precaución", "caution"), "no_alarm": ("sin alarma", "no alarm"),
    "inconclusive": ("no concluyente", "inconclusive"), "fault": ("fallo", "fault"),
    "presumptive": ("advertencia", "note"), "subject_kind": ("objeto del examen", "subject"),
    "screening": ("examen", "screening"), "readings": ("lecturas", "readings"), "reading": ("lectura", "reading"),
    "started": ("comienzo", "started"), "ended": ("fin", "ended"), "outcome": ("desenlace", "outcome"),
    "measured": ("medida", "measured"), "stopped": ("detenida", "stopped"), "failed": ("fallida", "failed"),
    "problem": ("problema", "problem"), "instrument": ("instrumento", "instrument"), "maker": ("fabricante", "maker"),
    "model": ("modelo", "model"), "serial_number": ("número de serie", "serial number"),
    "spectra": ("espectros", "spectra"), "transcript": ("bytes de la sesión en serie", "bytes of the serial session"),
    "identification": ("identificación presuntiva", "presumptive identification"), "reasons": ("motivos", "reasons"),
    "hits": ("sustancias propuestas", "substances offered"), "name": ("nombre", "name"),
    "probability": ("probabilidad", "probability"), "score": ("puntuación", "score"),
    "isomers": ("isómeros indistinguibles", "isomers that cannot be told apart"),
    "families": ("familias", "families"), "family": ("familia", "family"), "unknown": ("desconocida", "unknown"),
    "library": ("biblioteca de espectros (SHA-256)", "spectra library (SHA-256)"),
    "bundle": ("modelo (SHA-256)", "model (SHA-256)"), "event": ("suceso", "event"), "detail": ("detalle", "detail"),
}  # fmt: skip
ABOVE = {"schema", "station", "operator", "recorded", "software"}


def word(key: str, language: str) -> str:
    """Return the word of a key, or the key itself."""
    return WORDS.get(key, (key, key))[0 if language == "es" else 1]


def when(value: dict[str, Any], language: str) -> str:
    """Return a moment with the month in letters, and how far it can be trusted."""
    wall = value["wall"]
    month = MONTHS[language][int(wall[5:7]) - 1]
    return plain(f"{int(wall[8:10])} {month} {wall[:4]} {wall[11:19]} UTC ({word(value['trust'], language)})")


def describe(record: dict[str, Any], language: str) -> Iterator[str]:
    """Yield the lines that tell what a record says."""
    yield word("record", language).format(schema=plain(record["schema"]), station=plain(record["station"]))
    moment, who = when(record["recorded"], language), plain(record["operator"] or word("nobody", language))
    yield "  " + word("made", language).format(when=moment, who=who, software=plain(record["software"]))
    yield from _lines({key: value for key, value in record.items() if key not in ABOVE}, language, 1)


def _lines(value: dict[str, Any], language: str, depth: int) -> Iterator[str]:
    for key, item in value.items():
        start = f"{'  ' * depth}{plain(word(key, language))}:"
        if isinstance(item, dict) and "wall" not in item:
            yield start
            yield from _lines(item, language, depth + 1)
        elif isinstance(item, list) and any(isinstance(each, dict) for each in item):
            for number, each in enumerate(item, start=1):
                yield f"{start} {number}"
                yield from _lines(each, language, depth + 1)
        else:
            yield f"{start} {_plain(item, language)}"


def _plain(value: Any, language: str) -> str:  # noqa: ANN401 - any CBOR value
    if isinstance(value, dict):
        return when(value, language)
    if isinstance(value, bytes):
        several = word("bytes", language).format(len(value), sha256(value).hexdigest())
        return value.hex() if len(value) == 32 else several
    if isinstance(value, list):
        return ", ".join(_plain(each, language) for each in value) or "-"
    if isinstance(value, bool):
        return word("yes" if value else "no", language)
    shown = "-" if value is None else word(value, language) if isinstance(value, str) else str(value)
    return plain(shown)


def plain(value: object) -> str:
    """Return a value as one line that cannot play tricks on a screen."""
    return "".join(each if each.isprintable() else repr(each)[1:-1] for each in str(value))
