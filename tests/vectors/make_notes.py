"""Make tests/vectors/note: signed notes, good ones, and bad ones each with one fault."""

from base64 import b64encode

from log_of_eleven import LOG, ORIGIN, OTHER, hash_of
from vector_files import Case, write_folder

from sync.merkle import root

DASH = "\N{EM DASH}"


def note_cases() -> list[Case]:
    """Return notes to read under the test log's key."""
    text = f"{ORIGIN}\n11\n{b64encode(root(11, hash_of)).decode()}\n"
    good = LOG.sign(text)
    line, other = good.removeprefix(text + "\n"), OTHER.sign(text).removeprefix(text + "\n")
    body = line.split(" ")[2].strip()
    bad_line = line.replace(body, b64encode(LOG.verifier.key_id + bytes(64)).decode())
    stray = line.replace(body, body[:-3] + chr(ord(body[-3]) + 1) + "==")
    renamed = f"{DASH} {OTHER.verifier.name} {body}\n"
    stranger = line.replace(body, b64encode(bytes(68)).decode())
    short = line.replace(body, b64encode(LOG.verifier.key_id + bytes(63)).decode())
    bare = line.replace(body, b64encode(LOG.verifier.key_id).decode())

    def case(name: str, expect: str, why: str, note: str | bytes) -> Case:
        return Case(name, expect, why, note if isinstance(note, bytes) else note.encode())

    return [
        case("good", "verifies", "one signature", good),
        case("good-with-a-cosignature", "verifies", "an unknown key's line is ignored", good + other),
        case("good-cosignature-first", "verifies", "the order of lines is free", f"{text}\n{other}{line}"),
        case("good-same-name-another-key", "verifies", "name alone is no match", good + stranger),
        case("good-twice", "verifies", "both lines verify", good + line),
        case("good-empty-lines-in-the-text", "verifies", "the last empty line separates", LOG.sign("a\n\nb\n\n")),
        case("signed-by-another-log", "BadSignature", "no line of the pinned key", f"{text}\n{other}"),
        case("another-logs-name-over-this-key", "BadSignature", "key id matches, name does not", f"{text}\n{renamed}"),
        case("text-changed", "BadSignature", "12 instead of 11", good.replace("\n11\n", "\n12\n")),
        case("signature-of-zeros", "BadSignature", "does not verify", f"{text}\n{bad_line}"),
        case("one-of-two-does-not-verify", "BadSignature", "a known key's line must verify", good + bad_line),
        case("signature-short", "BadSignature", "63 bytes", f"{text}\n{short}"),
        case("empty-file", "Malformed", "nothing", ""),
        case("no-signature", "Malformed", "text alone", text),
        case("no-empty-line", "Malformed", "text and signature run together", text + line),
        case("empty-line-at-the-end", "Malformed", "nothing behind the last empty line", good + "\n"),
        case("no-newline-at-the-end", "Malformed", "cut by one", good[:-1]),
        case("hyphen-for-the-dash", "Malformed", "U+002D", good.replace(DASH, "-")),
        case("two-spaces", "Malformed", "a part too many", good.replace(f"{DASH} ", f"{DASH}  ")),
        case("no-name", "Malformed", "dash, space, base64", good.replace(f"{DASH} {ORIGIN}", DASH)),
        case(
            "plus-in-the-name", "Malformed", "key names have no plus", good.replace(f"{DASH} garita", f"{DASH} gar+ita")
        ),
        case("not-base64", "Malformed", "a stray character", good.replace(body, body[:-4] + "?" + body[-3:])),
        case("base64-with-stray-bits", "Malformed", "a second spelling", f"{text}\n{stray}"),
        case("base64-without-padding", "Malformed", "a second spelling", good.replace(body, body.rstrip("="))),
        case("key-id-alone", "Malformed", "no signature behind it", f"{text}\n{bare}"),
        case("carriage-return", "Malformed", "a control character", good.replace("\n11\n", "\r\n11\n")),
        case("tab-for-the-space", "Malformed", "a control character", good.replace(f"{ORIGIN} ", f"{ORIGIN}\t")),
        case("not-utf-8", "Malformed", "bytes that are no text", good.encode().replace(b"\n11\n", b"\n\xff\n")),
        case("65-signatures", "Malformed", "more than are read", good + other * 64),
        case("text-line-among-the-signatures", "Malformed", "a line that is none", good + "hello\n"),
    ]


if __name__ == "__main__":
    write_folder("note", ".note", note_cases())
