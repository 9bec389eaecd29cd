"""A record in plain words, Spanish or English. Fields without a word here are shown under their own name."""

# pyright: basic
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

SPANISH, ENGLISH = "ene feb mar abr may jun jul ago sep oct nov dic", "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
MONTHS = {"es": SPANISH.split(), "en": ENGLISH.split()}
WORDS = {
    "yes": ("sí", "yes"), "no": ("no", "no"), "nobody": ("nadie con sesión iniciada", "nobody signed in"),
    "alarm": ("alarma", "alarm"), "ended": ("fin", "ended"), "caution": ("precaución", "caution"),
    "record": ("Acta {schema} de la estación {station}", "Record {schema} of station {station}"),
    "made": ("hecha el {when} por {who}, con {software}", "made on {when} by {who}, with {software}"),
    "synchronised": ("reloj sincronizado", "clock synchronised"), "no_alarm": ("sin alarma", "no alarm"),
    "unsynchronised": ("reloj sin sincronizar", "clock not synchronised"), "fault": ("fallo", "fault"),
    "turned_back": ("RELOJ ATRASADO: hora no fiable", "CLOCK TURNED BACK: time not reliable"),
    "conclusion": ("conclusión presuntiva", "presumptive conclusion"), "presumptive": ("advertencia", "note"),
    "inconclusive": ("no concluyente", "inconclusive"), "subject_kind": ("objeto del examen", "subject"),
    "screening": ("examen", "screening"), "name": ("nombre", "name"), "readings": ("lecturas", "readings"),
    "reading": ("lectura", "reading"), "started": ("comienzo", "started"), "outcome": ("desenlace", "outcome"),
    "measured": ("medida", "measured"), "stopped": ("detenida", "stopped"), "failed": ("fallida", "failed"),
    "problem": ("problema", "problem"), "instrument": ("instrumento", "instrument"), "maker": ("fabricante", "maker"),
    "model": ("modelo", "model"), "spectra": ("espectros", "spectra"), "reasons": ("motivos", "reasons"),
    "serial_number": ("número de serie", "serial number"), "kind": ("clase", "kind"), "score": ("puntuación", "score"),
    "transcript": ("bytes de la sesión en serie", "bytes of the serial session"), "families": ("familias", "families"),
    "identification": ("identificación presuntiva", "presumptive identification"), "family": ("familia", "family"),
    "hits": ("sustancias propuestas", "substances offered"), "probability": ("probabilidad", "probability"),
    "isomers": ("isómeros indistinguibles", "isomers that cannot be told apart"), "unknown": ("desconocida", "unknown"),
    "bundle": ("modelo (SHA-256)", "model (SHA-256)"), "event": ("suceso", "event"), "detail": ("detalle", "detail"),
    "library": ("biblioteca de espectros (SHA-256)", "spectra library (SHA-256)"), "exhibit": ("indicio", "exhibit"),
    "number": ("número", "number"), "description": ("descripción", "description"), "value": ("peso", "weight"),
    "unit": ("unidad", "unit"), "photo": ("fotografía", "photograph"), "caption": ("pie", "caption"),
    "attachments": ("anexos", "attachments"), "action": ("acción", "action"), "seal_number": ("sello", "seal"),
    "applied": ("sello puesto", "seal applied"), "broken": ("sello roto", "seal broken"), "seq": ("entrada", "entry"),
    "giver": ("entrega", "given by"), "receiver": ("recibe", "received by"), "reason": ("motivo", "reason"),
    "accepted_by": ("aceptado por", "accepted by"), "concerns": ("se refiere a", "concerns"), "tare": ("tara", "tare"),
    "changes": ("cambios", "changes"), "persons": ("personas", "persons"), "forms": ("formas", "forms"),
    "custody": ("\nCadena de custodia", "\nChain of custody"), "stereoisomers": ("estereoisómeros", "stereoisomers"),
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


def custody(record: dict[str, Any], language: str) -> Iterator[str]:
    """Yield the line of an exhibit's history that a record adds, if it adds one."""
    if "exhibit" in record:
        told = {key: item for key, item in record.items() if item and key not in ABOVE | {"exhibit", "photo"}}
        said = ", ".join(f"{word(key, language)} {_plain(item, language)}" for key, item in told.items())
        yield f"  {when(record['recorded'], language)} {word('exhibit', language)} {plain(record['exhibit'])}: {said}"


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
        return value.hex() if len(value) == 32 else f"{len(value)} bytes, SHA-256 {sha256(value).hexdigest()}"
    if isinstance(value, list):
        return ", ".join(_plain(each, language) for each in value) or "-"
    if isinstance(value, bool):
        return word("yes" if value else "no", language)
    return plain("-" if value is None else word(value, language) if isinstance(value, str) else value)


def plain(value: object) -> str:
    """Return a value as one line that cannot play tricks on a screen."""
    return "".join(each if each.isprintable() else repr(each)[1:-1] for each in str(value))
