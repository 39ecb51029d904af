"""Who works here: the name under which the system knows the user."""

from __future__ import annotations

import getpass


def user_name() -> str:
    """The system's name of the user; empty where it has none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # no name for this user id
        return ""
