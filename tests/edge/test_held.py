"""An instrument that stays open, and the thread that attends to it: nothing ends that thread but its end."""

import time
from pathlib import Path

import pytest

from drivers.code_reader.driver import CodeReader
from drivers.code_reader.simulator import VirtualReader
from drivers.errors import BadFrame, PortLost, PortUnavailable
from drivers.opening import open_code_reader
from drivers.pty import serve_pty
from drivers.window import Window
from edge.held import Attending, Held
from edge.instrument_port import InstrumentPort
from tests.edge.bench import noise
from tests.waiting import wait_until


def reader() -> VirtualReader:
    return VirtualReader([], noise())


def test_a_fault_of_ours_while_attending_is_told_and_the_thread_goes_on() -> None:
    seen: list[CodeReader] = []

    def attend(instrument: CodeReader, _: Window) -> None:
        seen.append(instrument)
        if len(seen) == 1:
            raise ZeroDivisionError
        time.sleep(0.01)

    with serve_pty(reader()) as port:
        attending = Attending(Held(InstrumentPort(f"code-reader:{port.path}", open_code_reader)), attend, retry_s=0.2)
        attending.start()
        wait_until(lambda: isinstance(attending.problem, BadFrame) or len(seen) > 1)
        wait_until(lambda: attending.problem is None and len(seen) > 2)
        attending.close()
    assert seen[0] is not seen[1]
    assert seen[1] is seen[2]


def test_the_next_user_finds_it_open_and_after_a_turn_of_the_cable_opened_anew(tmp_path: Path) -> None:
    link = tmp_path / "reader"
    plugged = serve_pty(reader(), link)
    port = InstrumentPort(f"code-reader:{link}", open_code_reader)
    held = Held(port)
    port.start()
    with held.use() as (first, _):
        pass
    with held.use() as (second, _):
        assert second is first
    plugged.close()
    wait_until(lambda: not port.health.attached)
    with pytest.raises(PortUnavailable), held.use():
        pass
    with serve_pty(reader(), link):
        wait_until(lambda: port.health.attached)
        with held.use() as (third, _):
            assert third is not first
        held.close()
        port.close()


class Stuck:
    """An instrument that does not close as it should, as after its cable was torn out."""

    def close(self) -> None:
        raise PortLost("reader", "it is gone")


def test_one_that_cannot_be_closed_is_let_go_of(tmp_path: Path) -> None:
    def opener(*_: object, **__: object) -> Stuck:
        return Stuck()

    held = Held(InstrumentPort(f"code-reader:{tmp_path / 'reader'}", opener))
    with pytest.raises(PortLost), held.use() as (first, _):
        raise PortLost("reader", "the cable was pulled")
    with held.use() as (second, _):
        assert second is not first
