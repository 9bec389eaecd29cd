"""The station's voice: it sounds by itself, so that an alarm is heard also when the browser has died."""

from threading import Event, Lock, Thread

from edge.player import Play
from edge.preferences import Panel
from edge.tones import BURSTS, Burst, render
from sync.contract.records import Conclusion


class Sound:
    """Plays what a reading came to; nothing in discreet mode. `play` is None where nothing can be heard.

    An alarm comes again until it is acknowledged; then sound is paused, and every screen says so, until the next alarm.
    """

    def __init__(self, play: Play | None, panel: Panel) -> None:
        self._play = play
        self._panel = panel
        self._lock = Lock()
        self._stop = Event()
        self._ringing = False
        self._paused = False
        self._thread: Thread | None = None

    @property
    def ringing(self) -> bool:
        """Whether an alarm waits to be acknowledged."""
        return self._ringing

    @property
    def paused(self) -> bool:
        """Whether an alarm was acknowledged, and none came since."""
        return self._paused

    @property
    def able(self) -> bool:
        """Whether this station can be heard."""
        return self._play is not None

    def tell(self, conclusion: Conclusion) -> None:
        """Play what `conclusion` sounds like, instead of whatever sounds now."""
        with self._lock:
            self._end()
            if self._play is None or self._panel.now.discreet:
                return
            burst, volume = BURSTS[conclusion], self._panel.now.volume
            self._ringing = burst.gap is not None
            self._paused = self._paused and not self._ringing
            self._stop = Event()
            arguments = (self._play, burst, render(burst, volume), self._stop)
            self._thread = Thread(target=_sound, args=arguments, name="sound", daemon=True)
            self._thread.start()

    def pause(self) -> None:
        """Acknowledge the alarm that sounds."""
        with self._lock:
            self._paused = self._paused or self._ringing
            self._end()

    def close(self) -> None:
        """Fall silent."""
        with self._lock:
            self._end()

    def _end(self) -> None:
        self._ringing = False
        self._stop.set()
        if self._thread:
            self._thread.join()


def _sound(play: Play, burst: Burst, sound: bytes, stop: Event) -> None:
    play(sound, stop)
    while burst.gap is not None and not stop.wait(burst.gap):
        play(sound, stop)
