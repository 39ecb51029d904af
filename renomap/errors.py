"""The world's faults, named by code; anything else that is raised is a bug of ours."""

from __future__ import annotations

from typing import Any


class RenomapError(Exception):
    """Something the user can understand and mend: a file, a value, a rule that cannot be met.

    Parameters
    ----------
    code : str
        Key of a sentence in ``resources/i18n/<language>/``, such as ``"import.file-missing"``.
    **params
        Values for the placeholders of that sentence. Plain text and numbers only.
    """

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        """Code and parameters, for logs; the user sees the sentence of the catalogue."""
        inner = ", ".join(f"{key}={value}" for key, value in self.params.items())
        return f"{self.code}({inner})"


class Cancelled(RenomapError):
    """The user stopped a job; nothing has been changed."""

    def __init__(self) -> None:
        super().__init__("job.cancelled")
