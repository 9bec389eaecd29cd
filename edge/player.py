"""The program that plays a sound, one at a time: ALSA's aplay, or whatever takes a WAV file from its standard input."""

import logging
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from threading import Event

LOG = logging.getLogger(__name__)
CARDS = Path("/proc/asound/cards")
APLAY = Path("/usr/bin/aplay")
LOOK_S = 0.05
LONGEST_S = 30

Play = Callable[[bytes, Event], None]


def player(program: Path | None, cards: Path = CARDS) -> Play | None:
    """Return what plays through `program`, or through aplay where there is a sound card; None where nothing can."""
    if program:
        return Player(program).play
    has_card = cards.exists() and "[" in cards.read_text("utf-8", errors="replace")
    return Player(APLAY).play if has_card and APLAY.exists() else None


class Player:
    """Plays through one program."""

    def __init__(self, program: Path) -> None:
        self._program = program

    def play(self, sound: bytes, stop: Event) -> None:
        """Play a WAV file to its end, or until `stop` is set. A player that fails is logged: nobody waits for sound."""
        with tempfile.TemporaryFile() as file:
            file.write(sound)
            file.seek(0)
            try:
                self._run(file.fileno(), stop)
            except OSError:
                LOG.exception("%s: no sound could be played", self._program)

    def _run(self, file: int, stop: Event) -> None:
        quiet = subprocess.DEVNULL
        with subprocess.Popen([self._program, "-q", "-"], stdin=file, stdout=quiet, stderr=quiet) as process:  # noqa: S603 - a program of the settings
            for _ in range(round(LONGEST_S / LOOK_S)):
                if process.poll() is not None:
                    return
                if stop.wait(LOOK_S):
                    break
            process.kill()
