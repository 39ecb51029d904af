"""How a long job reports and is stopped, without knowing who listens."""

from __future__ import annotations

from typing import Any, Protocol


class Feedback(Protocol):
    """Progress out, cancel in. Call ``check`` at least every 100 ms of work."""

    def progress(self, fraction: float, code: str) -> None:
        """Say how far the job is (0..1) and what it is doing (a code of the catalogue)."""

    def check(self) -> None:
        """Raise ``Cancelled`` if the user wants the job to stop."""

    def partial(self, value: Any) -> None:
        """Offer an intermediate result, such as the best labels so far."""


class Silent:
    """Feedback that nobody listens to."""

    def progress(self, fraction: float, code: str) -> None:
        """Do nothing."""

    def check(self) -> None:
        """Do nothing."""

    def partial(self, value: Any) -> None:
        """Do nothing."""


class Part:
    """Feedback for a part of a job: its 0..1 is the stretch of the whole from ``start`` to ``end``."""

    def __init__(self, whole: Feedback, start: float, end: float) -> None:
        self._whole, self._start, self._end = whole, start, end

    def progress(self, fraction: float, code: str) -> None:
        """Say how far the whole is."""
        self._whole.progress(self._start + fraction * (self._end - self._start), code)

    def check(self) -> None:
        """Raise ``Cancelled`` if the user wants the whole to stop."""
        self._whole.check()

    def partial(self, value: Any) -> None:
        """Pass on an intermediate result."""
        self._whole.partial(value)
