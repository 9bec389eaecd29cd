"""What the makers of vectors share: the test-only keys, and one way to write a folder of named cases."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
KEYS = {
    name: bytes.fromhex(text)
    for name, text in json.loads((HERE / "keys" / "test-only-keys.json").read_text(encoding="utf-8")).items()
    if name != "warning"
}


@dataclass(frozen=True)
class Case:
    """One vector: a file whose name tells its fault, and what must come of it (an outcome or an error's name)."""

    name: str
    expect: str
    why: str
    data: bytes


def write_folder(folder: str, suffix: str, cases: Sequence[Case]) -> None:
    """Write the cases and their index; files of earlier cases go."""
    target = HERE / folder
    target.mkdir(exist_ok=True)
    for old in target.glob(f"*{suffix}"):
        old.unlink()
    names = [case.name for case in cases]
    if len(set(names)) != len(names):
        raise SystemExit(f"{folder}: two cases of one name")
    for case in cases:
        (target / f"{case.name}{suffix}").write_bytes(case.data)
    index = [{"file": f"{case.name}{suffix}", "expect": case.expect, "why": case.why} for case in cases]
    (target / "index.json").write_text(json.dumps(index, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
