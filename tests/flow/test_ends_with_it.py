"""What the demonstration started ends with it, also where it is killed and can ask nobody to end."""

import os
import subprocess
import sys
from pathlib import Path

from tests.waiting import wait_until

PARENT = """
import sys, time
from pathlib import Path
from deploy.processes import Program
print(Program("child", ["python", "-c", "import time; print('up'); time.sleep(600)"], Path(sys.argv[1]), {}).pid)
time.sleep(600)
"""


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_program_ends_with_the_demonstration_that_is_killed(tmp_path: Path) -> None:
    log = tmp_path / "log"
    command = [sys.executable, "-u", "-c", PARENT, str(log)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:  # noqa: S603 - our own program
        assert parent.stdout
        child = int(parent.stdout.readline())
        try:
            wait_until(lambda: "up" in log.read_text())
            parent.kill()
            parent.wait()
            wait_until(lambda: not runs(child))
        finally:
            if runs(child):
                os.kill(child, 9)
