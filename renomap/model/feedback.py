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
