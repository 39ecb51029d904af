"""Office files with the same bytes for the same content: their archives carry one fixed time."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

#: The earliest time an archive can hold.
_TIME = (1980, 1, 1, 0, 0, 0)


def write_fixed(office: bytes, path: Path) -> None:
    """Write an office file (an archive) with its parts in their order and without the time of writing."""
    with (
        zipfile.ZipFile(io.BytesIO(office)) as parts,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as fixed,
    ):
        for part in parts.infolist():
            entry = zipfile.ZipInfo(part.filename, _TIME)
            # A picture is packed already.
            packed = part.filename.endswith((".png", ".jpg", ".jpeg"))
            entry.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            fixed.writestr(entry, parts.read(part))
