"""The whole product in a folder of its own, every program real; each test says which programs run."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from deploy.demo import OFFICER, Demo
from deploy.officer import Officer
from tests.flow.parts import SignIn, StartDemo
from tests.ports import kept_port


@pytest.fixture
def open_demo(tmp_path: Path) -> Iterator[StartDemo]:
    with ExitStack() as stack:
        ports = stack.enter_context(kept_port()), stack.enter_context(kept_port())
        yield lambda *plays: stack.enter_context(Demo(tmp_path / "state", plays, duration=0.6, ports=ports))


@pytest.fixture
def sign_in() -> Iterator[SignIn]:
    with ExitStack() as stack:

        def officer(demo: Demo) -> Officer:
            signed_in = Officer(demo.address, OFFICER, demo.pin)
            stack.callback(signed_in.close)
            return signed_in

        yield officer
