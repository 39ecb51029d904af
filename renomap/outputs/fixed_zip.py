"""Office files with the same bytes for the same content: their archives carry one fixed time."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

#: The earliest time an archive can hold.
_TIME = (1980, 1, 1, 0, 0, 0)
_WRITTEN = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_PACKED = (".png", ".jpg", ".jpeg", ".xlsx")


def write_fixed(office: bytes, path: Path) -> None:
    """Write an office file (an archive) with its parts in their order and without the time of writing.

    A workbook within it (the numbers of a chart) is treated so too, and loses the time in its properties.
    """
    path.write_bytes(_fixed(office, inner=False))


def _fixed(office: bytes, *, inner: bool) -> bytes:
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(office)) as parts,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as fixed,
    ):
        for part in parts.infolist():
            content = parts.read(part)
            if part.filename.endswith(".xlsx"):
                content = _fixed(content, inner=True)
            elif inner and part.filename == "docProps/core.xml":
                content = _WRITTEN.sub(b"1980-01-01T00:00:00Z", content)
            entry = zipfile.ZipInfo(part.filename, _TIME)
            packed = part.filename.endswith(_PACKED)
            entry.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            fixed.writestr(entry, content)
    return written.getvalue()
