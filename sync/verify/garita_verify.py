"""Check a court bundle of Garita, offline, with the standard library and `cryptography` alone. See README.md."""

# pyright: basic
import argparse
import sys
from collections import Counter
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import checks
import words
from checks import Entry, Fault

SEALED = "application/vnd.garita.sealed"
PARTS = {"format", "export", "log", "stations", "entries", "heads", "attachments"}
TEXTS = {
    "fault": ("FALLO [{}] {}: {}", "FAULT [{}] {}: {}"),
    "exported": ("Exportado: {time}, por {persons}. Motivo: {reason}", "Exported: {time}, by {persons}. Why: {reason}"),
    "log": ("Clave del registro nacional: {}", "Key of the national log: {}"),
    "station": ("Clave de la estación {}: {}", "Key of station {}: {}"),
    "compare": ("Compare estas claves con las que publica el Estado.", "Compare these with what the state publishes."),
    "entry": ("\n{}: firma válida", "\n{}: signature valid"),
    "follows": ("  sigue a la anterior sin hueco", "  follows the one before without a gap"),
    "gap": ("  la anterior no está en este archivo", "  the one before it is not in this file"),
    "logged": ("  en el registro nacional, lugar {} de {}", "  in the national log, place {} of {}"),
    "unlogged": ("  sin recibo del registro nacional", "  without a receipt of the national log"),
    "sealed": ("  contenido sellado, no revelado", "  content sealed, not disclosed"),
    "head": ("\nCabeza firmada: entrada {seq}, {time}", "\nSigned head: entry {seq}, {time}"),
    "missing": ("  anexo que no está en este archivo: {}, {} bytes", "  attachment not in this file: {}, {} bytes"),
    "attachment": ("Anexo nombrado en un acta: {} bytes, {}", "Attachment named in a record: {} bytes, {}"),
    "locked": ("Anexo sellado, no revelado: {} bytes", "Attachment sealed, not disclosed: {} bytes"),
    "good": ("\nTODO CORRECTO: {} entradas, {} reveladas.", "\nALL GOOD: {} entries, {} disclosed."),
    "unpinned": ("\nSIN FALLOS, PERO LAS CLAVES NO SE COMPARARON (--pin): {} entradas, {} reveladas.",
                 "\nNO FAULTS, BUT THE KEYS WERE NOT COMPARED (--pin): {} entries, {} disclosed."),
    "open": ("No consta aquí: {} recibos, {} entradas anteriores, {} anexos, {} cabezas firmadas.",
             "Not in this file: {} receipts, {} entries before others, {} attachments, {} signed heads."),
    "bad": ("\n{} FALLOS: no confíe en este archivo.", "\n{} FAULTS: do not rely on this file."),
}  # fmt: skip


class Report:
    """What is printed, and how many faults there were."""

    def __init__(self, language: str, say: Callable[[str], None]) -> None:
        self.language, self.say, self.faults, self.told = language, say, 0, Counter()

    def tell(self, key: str, *values: object, **named: object) -> None:
        """Print a text in the reader's language."""
        self.told[key] += 1
        text = TEXTS[key][0 if self.language == "es" else 1]
        self.say(text.format(*map(words.plain, values), **{name: words.plain(value) for name, value in named.items()}))

    def attempt(self, where: str, check: Callable[..., Any], *arguments: object) -> Any:  # noqa: ANN401 - a check's finding
        """Return what a check found, or None after telling its fault."""
        try:
            return check(*arguments)
        except Fault as fault:
            code, detail = fault.code, str(fault)
        except (TypeError, KeyError, ValueError, IndexError, AttributeError) as error:
            code, detail = "form", f"bytes that do not follow the format ({type(error).__name__}: {error})"
        self.faults += 1
        self.tell("fault", code, where, detail)
        return None


def read(data: bytes) -> dict[str, Any]:
    """Return the bundle's parts: docs/formats/court.md."""
    bundle = checks.fields(checks.decode(data, "bundle", "bundle"), PARTS, "bundle", "bundle")
    checks.need(bundle["format"] == "garita.court/1", "bundle", f"format {bundle['format']!r} is not known")
    persons = bundle["export"]["persons"]
    apart = isinstance(persons, list) and 2 <= len(set(persons)) == len(persons) <= 8
    checks.need(apart and bundle["entries"] != [], "bundle", "no entry, or not two to eight different persons")
    return bundle


def check_pins(bundle: dict[str, Any], pins: list[str]) -> None:
    """Every key of the bundle must be among those that the reader knows from elsewhere."""
    strange = {*bundle["log"].split("\n"), *map(fingerprint, bundle["stations"])} - set(pins)
    checks.need(not strange, "pinned-key", f"not among the keys given: {', '.join(sorted(strange))}")


def fingerprint(card: dict[str, Any]) -> str:
    """Return what stands for both keys of a station: SHA-256 over them."""
    card = checks.fields(card, {"format", "station", "public_key", "head_key"}, "bundle", "card")
    checks.need(card["format"] == "garita.station-card/1", "bundle", "a card of another format")
    return sha256(card["public_key"] + card["head_key"]).hexdigest()


def check_entry(report: Report, part: dict[str, Any], before: Entry | None, bundle: dict[str, Any]) -> tuple[Any, Any]:
    """Check one entry and print what it is; return it and its record."""
    cards = {card["station"]: card for card in bundle["stations"]}
    checks.fields(part, {"envelope", "receipt", "key"}, "bundle", "entry")
    entry = report.attempt("envelope", checks.check_envelope, part["envelope"], cards)
    if entry is None:
        return None, None
    name = f"{entry.station}/{entry.seq}"
    report.tell("entry", name)
    linked = report.attempt(name, checks.check_chain, entry, before, cards[entry.station])
    if linked is not None:
        report.tell("follows" if linked else "gap")
    if part["receipt"] is None:
        report.tell("unlogged")
    elif place := report.attempt(name, checks.check_receipt, part["receipt"], entry.digest, bundle["log"].split("\n")):
        report.tell("logged", *place)
    if part["key"] is None:
        report.tell("sealed")
        return entry, None
    record = report.attempt(name, checks.check_content, entry, part["key"])
    for line in (record and report.attempt(name, list, words.describe(record, report.language))) or ():
        report.say(f"  {line}")
    return entry, record


def check_attachment(attachment: dict[str, Any], shown: list[Any], sealed: bool) -> tuple[int, str]:
    """Let an attachment belong to a disclosed record that names its SHA-256, or to an entry that is `sealed`."""
    digest, media = sha256(attachment["data"]).digest(), attachment["media_type"]
    checks.need((sealed and media == SEALED) or digest in shown, "attachment", f"no record names {digest.hex()}")
    return len(attachment["data"]), media


def check_end(data: bytes, bundle: dict[str, Any], entries: list[Entry]) -> dict[str, Any]:
    """Compare a signed head with the entry that the bundle has at its place."""
    head = checks.check_head(data, {card["station"]: card for card in bundle["stations"]})
    mine = [each for each in entries if (each.station, each.seq) == (head["station"], head["seq"])]
    checks.need(all(each.digest == head["digest"] for each in mine), "head", "another entry stands at its place")
    return head


def check(data: bytes, language: str, pins: list[str], say: Callable[[str], None]) -> int:
    """Check a bundle, print what it holds, and return the number of faults."""
    report = Report(language, say)
    report.attempt("bundle", lambda: check_all(report, read(data), pins))
    if report.faults:
        report.tell("bad", report.faults)
    return report.faults


def check_all(report: Report, bundle: dict[str, Any], pins: list[str]) -> None:
    """Check everything in a bundle, and print it."""
    report.tell("exported", **bundle["export"] | {"persons": ", ".join(bundle["export"]["persons"])})
    report.tell("log", bundle["log"].replace("\n", " "))
    for card in bundle["stations"]:
        report.tell("station", card["station"], fingerprint(card))
    report.attempt("bundle", check_pins, bundle, pins) if pins else report.tell("compare")
    entries, records, before, ended = [], [], None, set()
    for part in bundle["entries"]:
        before, record = check_entry(report, part, before, bundle)
        entries, records = entries + [before] * bool(before), records + [record] * bool(record)
    for head in bundle["heads"]:
        if said := report.attempt("head", check_end, head, bundle, entries):
            report.tell("head", **said)
            ended.add(said["station"])
    shown = [each for record in records for each in checks.values(record)]
    for attachment in bundle["attachments"]:
        if found := report.attempt("attachment", check_attachment, attachment, shown, len(records) < len(entries)):
            report.tell("locked" if found[1] == SEALED else "attachment", *found)
    tell_rest(report, records, shown, bundle)
    if not report.faults:
        report.tell("good" if pins else "unpinned", len(entries), len(records))
        absent = [*(report.told[each] for each in ("unlogged", "gap", "missing")), len(bundle["stations"]) - len(ended)]
        if any(absent):
            report.tell("open", *absent)


def tell_rest(report: Report, records: list[Any], shown: list[Any], bundle: dict[str, Any]) -> None:
    """Print which attachments are named and not in the bundle, and what became of each exhibit."""
    here = {sha256(each["data"]).digest() for each in bundle["attachments"]}
    for part in (each for each in shown if isinstance(each, dict) and "sealed" in each):
        if not here & {part["digest"], part["sealed"]}:
            report.tell("missing", part["name"], part["size"])
    if steps := [line for record in records for line in words.custody(record, report.language)]:
        report.say("\n".join([words.word("custody", report.language), *steps]))


def main() -> int:
    """Return 0 where everything holds, 1 where something does not."""
    parser = argparse.ArgumentParser(prog="garita-verify", description=__doc__)
    parser.add_argument("bundle", type=Path, help="the court bundle")
    parser.add_argument("--language", choices=["es", "en"], default="es")
    parser.add_argument("--pin", action="append", default=[], metavar="KEY", help="a key known from elsewhere")
    arguments = parser.parse_args()
    try:
        return 1 if check(arguments.bundle.read_bytes(), arguments.language, arguments.pin, print) else 0
    except OSError as error:
        parser.exit(1, f"garita-verify: {error}\n")


if __name__ == "__main__":
    sys.exit(main())
