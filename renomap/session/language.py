"""The language of the system; knows no Qt until nothing else tells, so that the command line needs none."""

from __future__ import annotations

import locale
import os
from collections.abc import Mapping


def system_language(environment: Mapping[str, str] | None = None) -> str:
    """``zh`` where the system speaks Chinese, else ``en``."""
    env = os.environ if environment is None else environment
    for name in ("RENOMAP_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = env.get(name, "")
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    try:
        spoken = locale.getlocale()[0] or ""
    except ValueError:
        spoken = ""
    if spoken:
        return "zh" if spoken.lower().startswith(("zh", "chinese")) else "en"
    from PySide6.QtCore import QLocale  # macOS tells a program that is not started from a terminal only so

    return "zh" if "".join(QLocale.system().uiLanguages()[:1]).startswith("zh") else "en"
