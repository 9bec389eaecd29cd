"""Beyond one machine: whatever befalls the primary, all that was acknowledged is there once, in order; no fork."""

import os
from collections.abc import Iterator
from functools import reduce
from hashlib import sha256
from pathlib import Path

import psycopg
import pytest

from sync.central.postgres import LOG_LOCK
from sync.checkpoint import Checkpoint
from sync.merkle import leaf_hash, node_hash
from tests.cluster import PROGRAMS, Cluster
from tests.network import Network
from tests.robustness.failover import Hosts, Load

pytestmark = [
    pytest.mark.failover,
    pytest.mark.timeout(900),
    pytest.mark.skipif(
        os.geteuid() != 0 or not all(Path(each).exists() for each in PROGRAMS), reason="root, etcd and Patroni"
    ),
]


@pytest.fixture(scope="module")
def network() -> Iterator[Network]:
    made = Network()
    yield made
    made.end()


@pytest.fixture(scope="module")
def cluster(network: Network) -> Iterator[Cluster]:
    made = Cluster(network)
    yield made
    made.end()


@pytest.fixture(scope="module")
def hosts(network: Network, cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosts]:
    made = Hosts(network, cluster, tmp_path_factory.mktemp("hosts"))
    yield made
    made.end()


@pytest.fixture
def primary(cluster: Cluster) -> str:
    cluster.wait_for_all()
    return cluster.wait_for_standby()


@pytest.mark.parametrize("turn", [1, 2])
def test_a_killed_primary(turn: int, cluster: Cluster, hosts: Hosts, primary: str) -> None:
    load = Load(hosts, f"KILLED-{turn}")
    with load.running():
        cluster.members[primary].kill_database()
        assert cluster.wait_for_standby(than=primary) != primary
    cluster.members[primary].start()
    check(load, cluster, hosts)


@pytest.mark.parametrize("turn", [1, 2, 3])
def test_a_primary_that_is_cut_off_with_an_ingest_host(
    turn: int, network: Network, cluster: Cluster, hosts: Hosts, primary: str
) -> None:
    """The island has a primary, and a host that would write to it; nothing that they do there is acknowledged."""
    load = Load(hosts, f"CUT-OFF-{turn}")
    with load.running():
        network.split(cluster.members[primary].host, hosts.hosts[0])
        assert cluster.wait_for_standby(than=primary) != primary
        load.wait_for_more()
        network.split()
    check(load, cluster, hosts)


@pytest.mark.parametrize("how", ["HANGS", "CUT-OFF"])
def test_a_host_that_holds_the_logs_lock(how: str, network: Network, cluster: Cluster, hosts: Hosts) -> None:
    """The database takes the lock back, and the other host writes the log."""
    load = Load(hosts, f"HOLDER-{how}")
    with load.running():
        with hosts.hosts[0].visited():
            holder = psycopg.connect(cluster.address)
        holder.execute("SELECT pg_advisory_xact_lock(%s, %s)", LOG_LOCK)
        if how == "CUT-OFF":
            network.split(hosts.hosts[0])
        load.wait_for_more()
        network.split()
    holder.close()
    check(load, cluster, hosts)


def check(load: Load, cluster: Cluster, hosts: Hosts) -> None:
    """See that each host's database has what was acknowledged, and that every checkpoint seen is of one log."""
    cluster.wait_for_all()
    with cluster.connect() as connection:
        for station, said in load.said.items():
            query = "SELECT envelope FROM envelopes WHERE station = %s ORDER BY seq"
            assert [data for (data,) in connection.execute(query, (station,))] == said
            query = "SELECT digest FROM log WHERE station = %s ORDER BY log_index"
            assert [data for (data,) in connection.execute(query, (station,))] == [sha256(e).digest() for e in said]
        rows = connection.execute("SELECT log_index, digest FROM log ORDER BY log_index").fetchall()
        note = connection.execute("SELECT data FROM log_files WHERE name = 'checkpoint'").fetchone()
    assert note
    assert [index for index, _ in rows] == list(range(len(rows)))
    last = Checkpoint.verify(note[0].decode(), hosts.log)
    seen = {**load.roots, last.size: {last.root}}
    for size, root in enumerate(roots([leaf_hash(digest) for _, digest in rows]), start=1):
        assert seen.pop(size, {root}) == {root}
    assert not seen
    print(f"{sum(map(len, load.said.values()))} acknowledged, longest wait {load.longest_wait:.1f} s")  # noqa: T201 - for docs/reliability.md


def roots(leaves: list[bytes]) -> Iterator[bytes]:
    """Yield the root of each tree of the first leaves (RFC 9162, section 2.1.1)."""
    peaks = list[tuple[int, bytes]]()
    for leaf in leaves:
        width, top = 1, leaf
        while peaks and peaks[-1][0] == width:
            top, width = node_hash(peaks.pop()[1], top), 2 * width
        peaks.append((width, top))
        yield reduce(lambda right, left: node_hash(left[1], right), reversed(peaks[:-1]), top)
