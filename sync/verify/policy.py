"""Which log is believed, and which witnesses must have cosigned its checkpoints: a tlog-policy (c2sp.org)."""

# pyright: basic
from datetime import UTC, datetime
from typing import Any

from checks import need, signed, verify

NONE = b"quorum none"
YEAR_10000 = 253_402_300_800


def read(data: bytes) -> dict[str, Any]:
    """Return a policy: the logs' keys, the witnesses' keys and the groups (threshold, members) by name, the quorum."""
    logs, witnesses, groups, quorum = [], {}, {"none": (0, [])}, ""
    for line in data.decode().split("\n"):
        known = {*witnesses, *groups}
        match line.split():
            case ["log", vkey, *_]:
                logs.append(vkey)
            case ["witness", name, vkey, *_] if name not in known and vkey not in witnesses.values():
                witnesses[name] = vkey
            case ["group", name, threshold, *members] if name not in known and len({*members} & known) == len(members):
                groups[name] = (int({"any": 1, "all": len(members)}.get(threshold, threshold)), members)
            case ["quorum", name] if name in known:
                quorum = name
            case [first, *_]:
                need(first.startswith("#"), "policy", f"not a line's form, or a name twice or not above: {line[:80]}")
    need(bool(quorum), "policy", "no quorum")
    for kind, vkey in [*((1, each) for each in logs), *((4, each) for each in witnesses.values())]:
        signed("", vkey, kind, "policy")
    return {"logs": logs, "witnesses": witnesses, "groups": groups, "quorum": quorum}


def check(policy: dict[str, Any], note: str) -> list[str]:
    """Return who cosigned a checkpoint (c2sp.org/tlog-cosignature), and when, where they are enough."""
    seen = dict[str, str]()
    for name, vkey in policy["witnesses"].items():
        text, _, key, mine = signed(note, vkey, 4, "witnesses")
        times = [int.from_bytes(each[:8], "big") for each in mine]
        for time, each in zip(times, mine, strict=True):
            message = f"cosignature/v1\ntime {time}\n{text}".encode()
            verify(key, each[8:], message, f"the cosignature of {name}", "witnesses")
        need(max(times, default=0) < YEAR_10000, "witnesses", f"the cosignature of {name} has a time that is none")
        seen |= {name: f"{name} ({datetime.fromtimestamp(min(times), UTC):%Y-%m-%d %H:%M:%S} UTC)"} if times else {}
    names = {line.split(" ")[1] for line in note.rpartition("\n\n")[2].splitlines() if line.startswith("— ")}
    told = (", ".join(sorted(each)) or "-" for each in (names, seen))
    need(_met(policy["groups"], policy["quorum"], seen), "quorum", *told, policy["quorum"])
    return [*seen.values()]


def _met(groups: dict[str, Any], name: str, seen: dict[str, str]) -> bool:
    count, members = groups.get(name, (1, []))
    return name in seen or sum(_met(groups, each, seen) for each in members) >= count
