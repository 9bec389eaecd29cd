"""The configuration of a database cluster: on each member etcd, Patroni and PostgreSQL with a synchronous standby.

Nothing of it is our own consensus: etcd elects, Patroni promotes, PostgreSQL replicates.
"""

import re
from collections.abc import Iterable, Mapping
from importlib.resources import files
from ipaddress import ip_address
from pathlib import Path
from string import Template

from sync.errors import UnusableSettings

LEAST_MEMBERS = 3
CLIENT_PORT, PEER_PORT = 2379, 2380
NAME = re.compile("[a-z0-9-]{1,32}")
POSTGRES = Path("/usr/lib/postgresql/15/bin")


def read_members(words: Iterable[str]) -> dict[str, str]:
    """Return the members that NAME=ADDRESS words name.

    Raises UnusableSettings for what is no name or address, and for fewer than three or an even number of members: half
    of them could not outvote the other half.
    """
    members = dict[str, str]()
    for word in words:
        name, _, host = word.partition("=")
        if not NAME.fullmatch(name):
            raise UnusableSettings(f"{word!r}: a member's name has small letters, digits and dashes only")
        try:
            members[name] = str(ip_address(host))
        except ValueError as error:
            raise UnusableSettings(f"{word!r}: {error}; an address, so that no name service is needed") from error
    if len(members) < LEAST_MEMBERS or len(members) % 2 == 0:
        raise UnusableSettings(f"{len(members)} members: name three or five, each as NAME=ADDRESS")
    return members


def cluster_files(
    member: str, members: Mapping[str, str], data: Path, tls: Path, postgres: Path = POSTGRES
) -> dict[str, str]:
    """Return etcd.yml and patroni.yml for one of the members; raises UnusableSettings where it is none of them.

    `tls` has PEM files of an authority for the cluster alone: member, postgres and replicator, with their keys.
    """
    if member not in members:
        raise UnusableSettings(f"{member} is none of the members {', '.join(members)}")
    values = {
        "member": member,
        "host": members[member],
        "peers": ",".join(f"{name}=https://{host}:{PEER_PORT}" for name, host in members.items()),
        "etcd": ",".join(f"{host}:{CLIENT_PORT}" for host in members.values()),
        "data": data.absolute(),
        "tls": tls.absolute(),
        "bin": postgres,
    }
    return {name: _filled(name, values) for name in ("etcd.yml", "patroni.yml")}


def _filled(name: str, values: Mapping[str, object]) -> str:
    template = (files("sync.central") / f"{name}.template").read_text(encoding="utf-8")
    return Template(template).substitute(values)
