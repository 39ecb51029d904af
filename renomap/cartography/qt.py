"""Qt's painting classes, or one plain sentence where the system lacks the libraries they stand on.

The only module of this room that imports Qt: where its system libraries are missing, every module that
paints fails at import with a ``RenomapError`` that the command line can show.
"""

from __future__ import annotations

from renomap.errors import RenomapError

#: What a bare Debian or Ubuntu lacks for drawing without a screen.
SYSTEM_PACKAGES = "libegl1 libgl1 libxkbcommon0 libfontconfig1 libdbus-1-3"

try:
    from PySide6 import QtCore, QtGui
except ImportError as error:
    raise RenomapError(
        "maps.qt-missing", command=f"sudo apt-get install -y {SYSTEM_PACKAGES}", detail=str(error)
    ) from error

__all__ = ["SYSTEM_PACKAGES", "QtCore", "QtGui"]
