"""Check a court bundle of Garita, offline, with the standard library and `cryptography` alone. See README.md."""

# pyright: basic
import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
import checks
import corrections
import policy
import strict_cbor
import words
from checks import Entry

SEALED, MOST, MOST_LOGS = "application/vnd.garita.sealed", 1024 * 1024 * 1024, 100
PARTS = {"format", "export", "log", "stations", "entries", "heads", "attachments"}
START, COMPARED = b"\xa7\x63log", ("policy", "pinned-key", "quorum")


class Report:
    """What is printed, and how many times each was."""

    def __init__(self, language: str, say: Callable[[str], None]) -> None:
        self.language, self.say, self.room, self.told, self.receipts = language, say, MOST, Counter(), {}

    def tell(self, key: str, *values: object) -> None:
        """Print a text in the reader's language."""
        self.told[key] += 1
        self.say(words.word(key, self.language, words.SENTENCES).format(*map(words.plain, values)))

    def attempt(self, where: str, check: Callable[..., Any], *arguments: object) -> Any:  # noqa: ANN401 - a check's finding
        """Return what a check found, or None after telling its fault, or what differs from what the reader gave."""
        try:
            return check(*arguments)
        except checks.Fault as fault:
            code, *detail = fault.args
        except (TypeError, KeyError, ValueError, IndexError, AttributeError) as error:
            code, detail = "form", [f"bytes that do not follow the format ({type(error).__name__}: {error})"]
        self.tell(next((each for each in (where, code) if each in COMPARED), "fault"), code, where, *detail)
        return None


def read(data: bytes) -> dict[str, Any]:
    """Return the bundle's parts: docs/formats/court.md."""
    checks.need(data.startswith(START), "bundle", "these bytes do not begin as a court bundle does")
    bundle = checks.fields(checks.decode(data, "bundle", "cut or no bundle, fetch it anew"), PARTS, "bundle", "bundle")
    checks.need(bundle["format"] == "garita.court/1", "bundle", f"format {bundle['format']!r} is not known")
    persons = bundle["export"]["persons"]
    apart = isinstance(persons, list) and 2 <= len(set(persons)) == len(persons) <= 8
    checks.need(apart and bundle["entries"] != [], "bundle", "no entry, or not two to eight different persons")
    checks.need(bundle["log"].count("\n") < MOST_LOGS, "bundle", f"more than {MOST_LOGS} keys of the log")
    cards, keys = ({each[name]: each for each in bundle["stations"]} for name in ("station", "public_key"))
    apart = len(cards) == len(keys) == len(bundle["stations"])
    checks.need(apart, "bundle", "a station stands there twice, or the key of one as that of another")
    return bundle | {"log": bundle["log"].split("\n"), "cards": cards}


def fingerprint(card: dict[str, Any]) -> str:
    """Return what stands for a station and its keys: SHA-256 of its card."""
    card = checks.fields(card, {"format", "station", "public_key", "head_key"}, "bundle", "card")
    checks.need(card["format"] == "garita.station-card/1", "bundle", "a card of another format")
    return sha256(strict_cbor.encode(card)).hexdigest()


def check_entry(report: Report, part: dict[str, Any], before: Entry | None, bundle: dict[str, Any]) -> tuple[Any, Any]:
    """Check one entry and print what it is; return it and its record."""
    checks.fields(part, {"envelope", "receipt", "key"}, "bundle", "entry")
    entry = report.attempt("envelope", checks.check_envelope, part["envelope"], bundle["cards"])
    if entry is None:
        return None, None
    name = f"{entry.station}/{entry.seq}"
    report.tell("entry", name)
    linked = report.attempt(name, checks.check_chain, entry, before, bundle["cards"][entry.station])
    report.tell("follows" if linked else "gap") if linked is not None else None
    if part["receipt"] is None:
        report.tell("unlogged")
        report.told["bare"] += part["key"] is not None
    elif place := report.attempt(name, checks.check_receipt, part["receipt"], entry, bundle["log"], report.receipts):
        report.tell("logged", *place)
        seen = report.attempt(name, policy.check, bundle["policy"], part["receipt"].partition("\n\n")[2])
        report.tell("seen", ", ".join(seen)) if seen else None
    if part["key"] is None:
        report.tell("sealed")
        return entry, None
    record = report.attempt(name, checks.check_content, entry, part["key"])
    report.room -= sum(128 + (len(each) if isinstance(each, bytes | str) else 0) for each in checks.values(record))
    checks.need(report.room > 0, "bundle", "what its records say takes more than 1 GiB of memory")
    for line in words.describe(record, report.language) if record else ():
        report.say(f"  {line}")
    return entry, record


def check(data: bytes, language: str, pins: list[str], say: Callable[[str], None], trust: bytes) -> int:
    """Check a bundle under a policy, print what it holds, and return how much is wrong or differs."""
    report = Report(language, say)
    rules = report.attempt("policy", policy.read, trust) or policy.read(policy.NONE)
    report.attempt("bundle", lambda: check_all(report, read(data) | {"policy": rules}, pins))
    faults, others = report.told["fault"], sum(report.told[each] for each in COMPARED)
    report.tell("bad" if faults else "other", faults or others) if faults or others else None
    return faults + others


def check_all(report: Report, bundle: dict[str, Any], pins: list[str]) -> None:
    """Check everything in a bundle, and print it."""
    report.tell("export", bundle["export"]["time"], ", ".join(bundle["export"]["persons"]), bundle["export"]["reason"])
    report.tell("log", " ".join(bundle["log"]))
    for card in bundle["stations"]:
        report.tell("station", card["station"], fingerprint(card))
    given = (pin.strip() if "+" in pin else "".join(filter(str.isalnum, pin)).lower() for pin in pins)
    known = {*bundle["policy"]["logs"], *given}
    here = {*bundle["log"] * bool(known), *[*map(fingerprint, bundle["stations"])] * bool(pins)}
    differ = (", ".join(sorted(each)) or "-" for each in (here - known, known - here))
    report.attempt("bundle", checks.need, here <= known, "pinned-key", *differ)
    entries, records, before = [], {}, None
    for part in bundle["entries"]:
        before, record = check_entry(report, part, before, bundle)
        entries += [before] * bool(before)
        records |= {before.digest: record} if record else {}
    last, places = {e.station: e.seq for e in entries}, {(e.station, e.seq): e.digest for e in entries}
    names = {digest: place for place, digest in places.items()}
    found = [report.attempt("head", checks.check_head, head, bundle["cards"], places) for head in bundle["heads"]]
    heads = sorted(filter(None, found), key=lambda head: (head["station"], head["seq"]))
    for head in heads:
        report.tell("head", head["seq"], head["time"])
    tell_attachments(report, records, len(records) < len(entries), bundle)
    tell_history(report, [each for each in entries if each.digest in records], records, (places, names))
    if not any(report.told[each] for each in ("fault", *COMPARED)):
        verdict = "unpinned" if not pins else "unproven" if report.told["bare"] else "good"
        report.tell(verdict, len(entries), len(records), report.told["bare"])
        ends = {head["station"]: max(0, head["seq"] - last.get(head["station"], 0)) for head in heads}
        missing = report.told["unlogged"], sum(last.values()) - len(entries), sum(ends.values()), report.told["missing"]
        if any(absent := (*missing, report.told["absent"], len(bundle["stations"]) - len(ends))):
            report.tell("open", *absent)


def tell_attachments(report: Report, records: dict[bytes, Any], sealed: bool, bundle: dict[str, Any]) -> None:
    """Check and print attachments, which ones are named and not in the bundle, and what became of each exhibit."""
    inside, here = [each for record in records.values() for each in checks.values(record)], set()
    shown, parts = {each for each in inside if isinstance(each, bytes)}, [*filter(checks.is_attachment, inside)]
    said = {part["sealed"]: SEALED for part in parts} | {part["digest"]: part["media"] for part in parts}
    for attachment in bundle["attachments"]:
        digest, media = sha256(attachment["data"]).digest(), attachment["media_type"]
        known = said[digest] == media if digest in said else digest in shown or (sealed and media == SEALED)
        report.attempt("attachment", checks.need, known, "attachment", f"no record names {digest.hex()} as {media}")
        report.tell("locked" if media == SEALED else "attachment", len(attachment["data"]), media) if known else None
        here.add(digest)
    for part in (each for each in parts if not here & {each["digest"], each["sealed"]}):
        report.tell("missing", part["name"], part["size"])


def tell_history(report: Report, entries: list[Entry], records: dict[bytes, Any], known: tuple[Any, Any]) -> None:
    """Check what records say of earlier ones, and print what became of each exhibit, with what was said of it later."""
    later, steps, named = defaultdict(list), [], defaultdict(list)
    for entry in entries:
        own, name = (entry.station, entry.seq, entry.digest), f"{entry.station}/{entry.seq}"
        record = records[entry.digest]
        if found := report.attempt(name, corrections.check, entry, record, records, (*known, named)):
            place, sentence, behind = found
            later[place].append((own, words.correction(name, record, sentence, behind, report.language)))
        else:
            steps += [(own, line) for line in words.custody(name, record, report.language)]
    report.tell("chain_of_custody") if steps else None
    for own, line in steps:
        report.say(line)
        waiting = [*later[own]]
        for place, told in waiting:
            report.say(f"    {told}")
            waiting += later[place]
    for told in (each for pairs in later.values() for _, each in pairs):
        report.say(f"\n{told}")
    for station, seq in sorted({*named} - {*known[1].values()}):
        report.tell("absent", f"{station}/{seq}", ", ".join(dict.fromkeys(named[station, seq])))


def main() -> int:
    """Return 0 where everything holds, 1 where something does not."""
    sys.stdout.reconfigure(errors="backslashreplace")  # pyright: ignore[reportAttributeAccessIssue]
    parser = argparse.ArgumentParser(prog="garita-verify", description=__doc__)
    parser.add_argument("bundle", type=Path, help="the court bundle")
    parser.add_argument("--language", choices=["es", "en"], default="es")
    parser.add_argument("--policy", type=Path, metavar="FILE", help="the state's policy: log and witnesses")
    parser.add_argument("--pin", action="append", default=[], metavar="KEY", help="a key known from elsewhere")
    arguments = parser.parse_args()
    try:
        if arguments.bundle.stat().st_size > MOST:
            parser.exit(1, f"garita-verify: {arguments.bundle} has more than 1 GiB; a court bundle has at most that\n")
        trust = arguments.policy.read_bytes() if arguments.policy else policy.NONE
        return 1 if check(arguments.bundle.read_bytes(), arguments.language, arguments.pin, print, trust) else 0
    except (OSError, MemoryError) as error:
        parser.exit(1, f"garita-verify: {str(error) or 'there is not enough memory for this file'}\n")


if __name__ == "__main__":
    sys.exit(main())
