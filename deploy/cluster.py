"""Certificates of a database cluster: an authority for it alone, whose certificates are the roles' only credentials."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

from deploy.certificates import issue_client, issue_member, make_authority, write_certificate
from deploy.errors import AlreadyProvisioned

ROLES = ("postgres", "replicator")
CENTRE = "garita"


def write_cluster_certificates(folder: Path, hosts: Mapping[str, str], now: dt.datetime) -> None:
    """Write a folder for each member of `hosts` (name to IP address), one for the centres, and the authority beside.

    The authority's key goes into a safe: whoever has it can become any role. Raises AlreadyProvisioned for a folder
    with anything in it: members of two authorities refuse each other.
    """
    if folder.exists() and any(folder.iterdir()):
        raise AlreadyProvisioned(
            f"{folder} holds files already, and nothing was changed: give a new folder; one that was cut short, as by a"
            " full disk, remove whole"
        )
    authority = make_authority("Garita database cluster", now)
    authority.write(folder, "authority")
    for name, host in hosts.items():
        issue_member(authority, host, now).write(folder / name, "member")
        for role in ROLES:
            issue_client(authority, role, now).write(folder / name, role)
        write_certificate(authority.certificate, folder / name / "authority.crt")
    issue_client(authority, CENTRE, now).write(folder / CENTRE, CENTRE)
    write_certificate(authority.certificate, folder / CENTRE / "authority.crt")
