"""Which log and which witnesses a receipt must be of here: what the state once laid stays, also where it is taken away.

The policy is a line in the settings, which whoever writes the disk can take out; then the centre's own word would
release entries. So the station remembers the policy in its database: witnesses leave it by `garita keys policy` alone.
"""

from hashlib import sha256

from sqlmodel import Session

from edge.keys import read_log_policy, read_policy_file
from edge.left_out import LeftOut, Why
from edge.recorder import Recorder
from edge.records import fact
from edge.settings import Settings
from edge.tables import KeptPolicy
from sync.policy import NONE, Policy

GONE = "the settings name no witnesses any more; the policy that was in use here (SHA-256 %s) stays in force"


def in_force(session: Session, settings: Settings) -> Policy:
    """Return what makes a new receipt believed; raises UnusableKeyFile."""
    kept = _kept(session)
    return Policy.from_bytes(kept) if kept and _taken_away(settings, kept) else read_log_policy(settings)


def admit(session: Session, recorder: Recorder, settings: Settings) -> list[LeftOut]:
    """Remember the policy that lies here, and put a change of it on record; return that it was taken away, if it was.

    Raises UnusableKeyFile.
    """
    kept, laid = _kept(session), read_policy_file(settings)
    if kept and _taken_away(settings, kept):
        detail = GONE % sha256(kept).hexdigest()
        recorder.record(session, fact(recorder.header(), "policy_changed", detail, was=_name(kept), now=""))
        return [LeftOut("witnesses", Why.MISSING, detail)]
    if laid and laid != kept:
        quorum = Policy.from_bytes(laid).quorum
        detail = f"the policy of log and witnesses is another one than before; its quorum is {quorum}"
        recorder.record(session, fact(recorder.header(), "policy_changed", detail, was=_name(kept), now=_name(laid)))
        keep(session, laid)
    return []


def keep(session: Session, policy: bytes) -> None:
    """Let a policy be in force from now on."""
    session.merge(KeptPolicy(policy=policy))


def _taken_away(settings: Settings, kept: bytes) -> bool:
    return Policy.from_bytes(kept).quorum != NONE and read_log_policy(settings).quorum == NONE


def _kept(session: Session) -> bytes:
    row = session.get(KeptPolicy, 1)
    return row.policy if row else b""


def _name(policy: bytes) -> str:
    return sha256(policy).hexdigest() if policy else ""
