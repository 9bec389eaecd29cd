"""What can go wrong on the technician's side."""


class DeployError(Exception):
    """Root of every error that deploy/ raises on purpose.

    DeployError
     ├─ AlreadyProvisioned   the technician: the folder holds another station; nothing was overwritten
     ├─ NotIssued            the technician: of another authority, or an authority's own; or the clock is wrong
     ├─ Revoked              the technician: a certificate of a key that was taken back, and no list to go on from
     ├─ ProcessFailed        a program that was started ended, or never answered; its last words are in the message
     └─ DrillFailed          the demonstration ran and a row was not as it must be
    """


class AlreadyProvisioned(DeployError):
    """The folder already holds keys; they are never overwritten."""


class NotIssued(DeployError):
    """A certificate, or a list, that this authority did not issue, or that is an authority itself; or a wrong clock."""


class Revoked(DeployError):
    """A certificate whose key was revoked; it is not renewed."""


class ProcessFailed(DeployError):
    """A program ended or did not get ready in time."""


class DrillFailed(DeployError):
    """Something that must be true was not."""
