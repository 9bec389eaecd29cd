"""Make tests/vectors/receipt: tlog-proofs of one entry, good ones, and bad ones each with one fault."""

from base64 import b64encode
from collections.abc import Callable

from log_of_eleven import LOG, ORIGIN, OTHER, flip, hash_of
from vector_files import Case, write_folder

from sync.checkpoint import Checkpoint
from sync.merkle import EMPTY_ROOT, inclusion_path, root
from sync.receipts import write_proof


def receipt_cases() -> list[Case]:
    """Return receipts to verify for "envelope 6"."""
    path = inclusion_path(6, 11, hash_of)
    checkpoint = Checkpoint(ORIGIN, 11, root(11, hash_of))
    signed = checkpoint.sign(LOG)
    good = write_proof(6, path, signed)
    lines = [b64encode(each).decode() for each in path]

    def checkpointed(change: Callable[[str], str]) -> str:
        return write_proof(6, path, LOG.sign(change(checkpoint.to_text())))

    def case(name: str, expect: str, why: str, text: str) -> Case:
        return Case(name, expect, why, text.encode())

    extra = good.replace("index", "extra aGVsbG8=\nindex", 1)
    stray = lines[0][:-2] + chr(ord(lines[0][-2]) + 1) + "="
    short_root = write_proof(6, path, LOG.sign(f"{ORIGIN}\n11\n{b64encode(bytes(31)).decode()}\n"))
    cosigned = good + OTHER.sign(checkpoint.to_text()).split("\n\n")[1]
    form, check, inclusion = "the receipt's form", "the receipt's checkpoint", "the receipt's inclusion"
    return [
        case("good", "verifies", "index 6 of 11", good),
        case("good-with-extra", "verifies", "extra data is read past", extra),
        case("good-with-a-cosignature", "verifies", "an unknown key's line is ignored", cosigned),
        case("empty-file", form, "nothing", ""),
        case("another-version", form, "v2", good.replace("@v1", "@v2")),
        case("no-index", form, "the line is missing", good.replace("index 6\n", "")),
        case(
            "index-after-the-path",
            form,
            "lines out of order",
            good.replace(f"index 6\n{lines[0]}", f"{lines[0]}\nindex 6"),
        ),
        case("index-with-a-leading-zero", form, "06", good.replace("index 6", "index 06")),
        case("index-negative", form, "-6", good.replace("index 6", "index -6")),
        case("index-in-other-digits", form, "Arabic-Indic", good.replace("index 6", "index \u0666")),
        case("index-of-64-bits", form, "2**63", good.replace("index 6", f"index {2**63}")),
        case("index-of-1000-digits", form, "never converted", good.replace("index 6", "index " + "9" * 1000)),
        case("extra-empty", form, "nothing after extra", good.replace("index", "extra \nindex", 1)),
        case("extra-not-base64", form, "a stray character", extra.replace("aGVsbG8=", "hello!")),
        case("extra-twice", form, "one at most", extra.replace("index", "extra aGVsbG8=\nindex", 1)),
        case("extra-after-the-index", form, "lines out of order", good.replace("index 6", "index 6\nextra aGVsbG8=")),
        case("hash-of-31-bytes", form, "short", good.replace(lines[0], b64encode(path[0][1:]).decode())),
        case("hash-not-base64", form, "a stray character", good.replace(lines[0], "?" + lines[0][1:])),
        case("hash-with-stray-bits", form, "a second spelling", good.replace(lines[0], stray)),
        case("64-hashes", form, "no tree is so tall", write_proof(6, path * 16, signed)),
        case("no-checkpoint", form, "no empty line, nothing behind it", good.split("\n\n")[0] + "\n"),
        case("carriage-returns", form, "another line end", good.replace("\n", "\r\n")),
        case("empty-checkpoint", check, "nothing behind the empty line", write_proof(6, path, "")),
        case("checkpoint-unsigned", check, "text alone", write_proof(6, path, checkpoint.to_text())),
        case("checkpoint-cut", check, "no newline at the end", good[:-1]),
        case(
            "checkpoint-by-another-key",
            check,
            "another log's key",
            write_proof(6, path, OTHER.sign(checkpoint.to_text())),
        ),
        case(
            "checkpoint-of-another-log",
            check,
            "this key, another origin",
            checkpointed(lambda text: text.replace(ORIGIN, OTHER.verifier.name)),
        ),
        case("checkpoint-with-an-extension", check, "a fourth line", checkpointed(lambda text: text + "more\n")),
        case(
            "checkpoint-of-two-lines",
            check,
            "no root",
            checkpointed(lambda text: "\n".join(text.split("\n")[:2]) + "\n"),
        ),
        case("checkpoint-with-another-size", check, "12, not signed again", good.replace("\n11\n", "\n12\n")),
        case(
            "checkpoint-size-with-a-leading-zero",
            check,
            "011, signed",
            checkpointed(lambda text: text.replace("\n11\n", "\n011\n")),
        ),
        case("checkpoint-root-of-31-bytes", check, "short, signed", short_root),
        case("another-index", inclusion, "7", good.replace("index 6", "index 7")),
        case("index-at-the-size", inclusion, "11", good.replace("index 6", "index 11")),
        case("empty-path", inclusion, "no hash", write_proof(6, [], signed)),
        case("path-too-short", inclusion, "a hash is missing", write_proof(6, path[:-1], signed)),
        case("path-too-long", inclusion, "a hash too many", write_proof(6, [*path, path[0]], signed)),
        case("path-with-a-flipped-bit", inclusion, "one bit", write_proof(6, [flip(path[0]), *path[1:]], signed)),
        case(
            "another-entry",
            inclusion,
            "a true receipt of envelope 7",
            write_proof(7, inclusion_path(7, 11, hash_of), signed),
        ),
        case("empty-log", inclusion, "size 0", write_proof(0, [], Checkpoint(ORIGIN, 0, EMPTY_ROOT).sign(LOG))),
    ]


if __name__ == "__main__":
    write_folder("receipt", ".tlog-proof", receipt_cases())
