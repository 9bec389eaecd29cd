"""The TPM's own count of wrong PINs: so many, then none for a while, and nobody may take that back."""

import secrets

from edge.errors import ProtectorUnavailable
from edge.protectors.tpm import Tpm, in_memory

ATTEMPTS = 5
RECOVERY_S = 600
LOCKOUT_S = 24 * 3600

_SETUP = ("tpm2_dictionarylockout", "--setup-parameters")
_LIMITS = ("-n", str(ATTEMPTS), "-t", str(RECOVERY_S), "-l", str(LOCKOUT_S))


def guard_attempts(tpm: Tpm) -> None:
    """Let the TPM lock after ATTEMPTS wrong PINs, and give one back every RECOVERY_S; raises ProtectorUnavailable.

    Who has the lockout authorisation takes wrong PINs back. So it becomes a secret that nobody knows; where it is one
    already, of a state that keeps it, the limits that stand must be as strict.
    """
    said = tpm.properties()
    if not said["lockoutAuthSet"]:
        tpm.run(*_SETUP, *_LIMITS)
        with in_memory(secrets.token_hex(16).encode()) as file:
            tpm.run("tpm2_changeauth", "-c", "lockout", f"file:/proc/self/fd/{file}", passed=file)
        return
    attempts, recovery = said["TPM2_PT_MAX_AUTH_FAIL"], said["TPM2_PT_LOCKOUT_INTERVAL"]
    if not 1 <= attempts <= ATTEMPTS or recovery < RECOVERY_S:
        raise ProtectorUnavailable(
            f"the TPM locks after {attempts} wrong PINs and gives one back every {recovery} s; expected at most "
            f"{ATTEMPTS} and at least {RECOVERY_S} s. Its lockout authorisation is set: who has it runs "
            f"{' '.join((*_SETUP, *_LIMITS))} -p IT"
        )
