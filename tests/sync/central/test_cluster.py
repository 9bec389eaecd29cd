"""The shipped configuration of a database cluster; what it does when hosts die: tests/robustness/test_failover.py."""

import sys
from pathlib import Path

import pytest

from sync.central import cli
from sync.central.cluster import cluster_files, read_members
from sync.errors import UnusableSettings

WORDS = ["pg1=192.0.2.1", "pg2=192.0.2.2", "pg3=192.0.2.3"]


def test_each_member_gets_its_own_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    members = [word for member in WORDS for word in ("--member", member)]
    words = ["cluster", "pg2", *members, "--data", "/srv/db", "--tls", "/etc/garita/tls", "--out", tmp_path / "etc"]
    monkeypatch.setattr(sys, "argv", ["garita-central", *map(str, words)])
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert end.value.code == 0
    etcd, patroni = ((tmp_path / "etc" / name).read_text() for name in ("etcd.yml", "patroni.yml"))
    assert "initial-cluster: pg1=https://192.0.2.1:2380,pg2=https://192.0.2.2:2380,pg3=https://192.0.2.3:2380" in etcd
    assert "listen-client-urls: https://192.0.2.2:2379" in etcd
    assert "hosts: 192.0.2.1:2379,192.0.2.2:2379,192.0.2.3:2379" in patroni
    assert "synchronous_mode_strict: true" in patroni
    assert "$" not in etcd + patroni


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (WORDS[:2], "2 members: name three or five"),
        ([*WORDS, "pg4=192.0.2.4"], "4 members: name three or five"),
        ([*WORDS[:2], WORDS[1]], "2 members: name three or five"),
        ([*WORDS[:2], "pg3"], "'' does not appear to be an IPv4 or IPv6 address"),
        ([*WORDS[:2], "pg3=db.example.mx"], "'db.example.mx' does not appear to be an IPv4 or IPv6 address"),
        ([*WORDS[:2], "pg3=192.0.2.3\nname: pg1"], "does not appear to be"),
        ([*WORDS[:2], "pg3\nx: y=192.0.2.3"], "a member's name has small letters"),
    ],
)
def test_what_makes_no_cluster(words: list[str], complaint: str) -> None:
    with pytest.raises(UnusableSettings, match=complaint):
        read_members(words)


def test_a_host_that_is_no_member() -> None:
    with pytest.raises(UnusableSettings, match="pg9 is none of the members pg1, pg2, pg3"):
        cluster_files("pg9", read_members(WORDS), Path("/srv/db"), Path("/etc/garita/tls"))
