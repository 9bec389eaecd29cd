"""Ask outside witnesses to cosign a checkpoint (c2sp.org/tlog-witness), until the state's policy is met."""

import logging
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from time import monotonic

import httpx

from sync.asking import AddCheckpoint, log_name
from sync.central.refusals import explain
from sync.checkpoint import Checkpoint, parse_decimal
from sync.errors import BadSignature, Malformed
from sync.merkle import HashOf, consistency_path
from sync.policy import Policy, Witness

LOG = logging.getLogger(__name__)

OK, CONFLICT = 200, 409
TIMEOUT_SECONDS = 10.0
PATIENCE_SECONDS = 2.0
MOST_OPEN = 4
"""Questions that one witness may leave open; then it is asked no more until it answered one, or its time is over."""


class Witnesses:
    """The witnesses of a policy that have an address; `http` is for them alone.

    Whoever did not answer last time within `patience` seconds is asked on, and not waited for until it does.
    """

    def __init__(self, policy: Policy, http: httpx.Client, patience: float = PATIENCE_SECONDS) -> None:
        self._policy, self._http, self.patience = policy, http, patience
        self._silent = set[str]()
        self._asked = [each for each in policy.witnesses.values() if each.url]
        self._seen = dict.fromkeys(policy.witnesses, 0)
        self._threads = ThreadPoolExecutor(max(MOST_OPEN * len(self._asked), 1), "witness")
        self._open: dict[str, list[Future[str]]] = {each.name: [] for each in self._asked}

    def close(self) -> None:
        """Ask nobody any more."""
        self._threads.shutdown(cancel_futures=True)
        self._http.close()

    def enough(self, note: str) -> bool:
        """Tell whether the cosignatures under a checkpoint meet the policy."""
        try:
            self._policy.verify(note)
        except (Malformed, BadSignature):
            return False
        return True

    def cosign(self, checkpoint: Checkpoint, note: str, hashes: HashOf) -> str:
        """Return the note with cosignatures under it: those that came until the policy was met, or all that came.

        A silent witness costs `patience` once, and no thread that another one needs; one that refuses is named in the
        program's log.
        """
        signed, asked = self._policy.cosigners(note), dict[Future[str], str]()
        for witness in self._asked:
            if witness.name not in signed and self._has_room(witness):
                answer = self._threads.submit(self._ask, witness, checkpoint, note, hashes)
                self._open[witness.name].append(answer)
                if witness.name not in self._silent:
                    asked[answer] = witness.name
        cosigned = note
        try:
            for answer in as_completed(asked, timeout=self.patience):
                cosigned += answer.result()
                if self.enough(cosigned):
                    break
        except TimeoutError:
            self._silent.update(name for answer, name in asked.items() if not answer.done())
        return cosigned

    def _has_room(self, witness: Witness) -> bool:
        still = [each for each in self._open[witness.name] if not each.done()]
        self._open[witness.name] = still
        return len(still) < MOST_OPEN

    def _ask(self, witness: Witness, checkpoint: Checkpoint, note: str, hashes: HashOf) -> str:
        """Return one witness's signature line, or nothing."""
        begin = monotonic()
        try:
            line = self._own_line(witness, checkpoint, note, self._answer(witness, checkpoint, note, hashes))
        except (httpx.HTTPError, httpx.InvalidURL, Malformed, BadSignature) as error:
            LOG.warning("witness %s did not cosign %d entries: %s", witness.name, checkpoint.size, error)
            line = ""
        (self._silent.discard if line and monotonic() - begin < self.patience else self._silent.add)(witness.name)
        return line

    def _answer(self, witness: Witness, checkpoint: Checkpoint, note: str, hashes: HashOf) -> str:
        """Return what the witness answers if it cosigns; raises BadSignature with what its refusal means."""
        status, answer = self._post(witness, checkpoint, note, hashes)
        if status == CONFLICT and answer.strip().isdecimal():
            self._seen[witness.name] = parse_decimal(answer.strip())
            status, answer = self._post(witness, checkpoint, note, hashes)
        if status != OK:
            raise BadSignature(self._reason(witness, checkpoint, hashes, f"it answered {status}: {answer[:400]}"))
        return answer

    def _post(self, witness: Witness, checkpoint: Checkpoint, note: str, hashes: HashOf) -> tuple[int, str]:
        old = self._seen[witness.name]
        if old > checkpoint.size:
            said = f"it says to have seen {old} entries"
            raise BadSignature(self._reason(witness, checkpoint, hashes, said))
        path = consistency_path(old, checkpoint.size, hashes) if old else ()
        body = AddCheckpoint(old, tuple(path), note).to_bytes()
        response = self._http.post(f"{witness.url}/add-checkpoint", content=body)
        return response.status_code, response.text

    def _reason(self, witness: Witness, checkpoint: Checkpoint, hashes: HashOf, said: str) -> str:
        """Return what the witness said, and what the checkpoint that it cosigned last says of this log."""
        try:
            shown = self._http.get(f"{witness.url}/checkpoint/{log_name(checkpoint.origin)}").raise_for_status().text
            seen = Policy(self._policy.logs).verify(shown)
        except (httpx.HTTPError, Malformed, BadSignature):
            return f"{said.strip()}; it shows no checkpoint of this log, so nothing more can be said"
        return f"{said.strip()}; {explain(seen, checkpoint, hashes)}"

    def _own_line(self, witness: Witness, checkpoint: Checkpoint, note: str, answer: str) -> str:
        """Return the line of the answer that is this witness's own; raises BadSignature."""
        self._seen[witness.name] = checkpoint.size
        for line in answer.splitlines(keepends=True):
            if line.startswith(f"\N{EM DASH} {witness.key.name} "):
                witness.key.verify(note + line)
                return line
        raise BadSignature("its answer has no line of its key")
