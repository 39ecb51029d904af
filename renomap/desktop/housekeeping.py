"""Housekeeping: garbage is collected while the user pauses, so that no stroke waits for it."""

from __future__ import annotations

import gc
import time
from typing import Final

from PySide6.QtCore import QObject, QTimer

#: How often the window looks whether there is something to clear away (milliseconds).
_ROUND_MS: Final = 1000
#: The user pauses who has done nothing for so long (seconds).
_REST_S: Final = 2.0
#: New objects that are worth a collection while the user pauses, and while they work.
_SOME, _MANY = 1_000, 20_000
#: Everything is looked through after so many looks at what is new.
_LOOKS: Final = 10


class Housekeeper(QObject):
    """Takes over from Python's collector while the application runs; ``stop`` hands back.

    Looking through all objects of 100,000 buildings takes 50 ms (measured), and Python would do it in the
    middle of a stroke, or in a worker's thread, where Qt's objects must not be deleted. Here it is done on
    the window's thread: what is new every second, everything only while the user pauses.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._last = time.monotonic()
        self._looks = 0
        self._timer = QTimer(self, interval=_ROUND_MS)
        self._timer.timeout.connect(self.tidy)
        self._was_on = gc.isenabled()
        gc.disable()
        self._timer.start()

    def stop(self) -> None:
        """Let Python collect by itself again."""
        self._timer.stop()
        if self._was_on:
            gc.enable()

    def hand_moved(self) -> None:
        """The hand is at work."""
        self._last = time.monotonic()

    def tidy(self) -> None:
        """One round: all objects if it is time and the user pauses, else the new ones if they are many."""
        rests = time.monotonic() - self._last >= _REST_S
        if gc.get_count()[0] < (_SOME if rests else _MANY):
            return
        if rests and self._looks >= _LOOKS:
            gc.collect()
            self._looks = 0
        else:
            gc.collect(0)
            self._looks += 1
