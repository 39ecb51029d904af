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
        #: The sentence where somebody has looked it up, as the library's front door does.
        self.sentence: str | None = None

    def __str__(self) -> str:
        """The sentence if it is known, else code and parameters, for logs."""
        if self.sentence is not None:
            return self.sentence
        inner = ", ".join(f"{key}={value}" for key, value in self.params.items())
        return f"{self.code}({inner})"


class Cancelled(RenomapError):
    """The user stopped a job; nothing has been changed."""

    def __init__(self) -> None:
        super().__init__("job.cancelled")
