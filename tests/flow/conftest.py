"""The whole product in a folder of its own, every program real; each test says which programs run."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy.demo import OFFICER, Demo
from deploy.officer import Officer
from tests.flow.parts import SignIn, StartDemo
from tests.ports import kept_port


@dataclass(frozen=True)
class Provisioned:
    """What is provisioned once, as it is before any program ran: copied to `root`, which it names, for each test."""

    root: Path
    ports: tuple[int, int]
    kept: Path

    def lay_down(self) -> Path:
        shutil.rmtree(self.root, ignore_errors=True)
        shutil.copytree(self.kept, self.root, symlinks=True)
        return self.root


@pytest.fixture(scope="session")
def provisioned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provisioned]:
    folder = tmp_path_factory.mktemp("demo")
    with kept_port() as centre, kept_port() as station:
        made = Provisioned(folder / "state", (centre, station), folder / "kept")
        with Demo(made.root, ports=made.ports):
            made.root.rename(made.kept)
        yield made


@pytest.fixture
def open_demo(provisioned: Provisioned) -> Iterator[StartDemo]:
    with ExitStack() as stack:
        yield lambda *plays: stack.enter_context(
            Demo(provisioned.lay_down(), plays, duration=0.6, ports=provisioned.ports)
        )


@pytest.fixture
def sign_in() -> Iterator[SignIn]:
    with ExitStack() as stack:

        def officer(demo: Demo) -> Officer:
            signed_in = Officer(demo.address, OFFICER, demo.pin)
            stack.callback(signed_in.close)
            return signed_in

        yield officer
