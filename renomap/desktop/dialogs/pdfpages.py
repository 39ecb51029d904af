"""Pages of a PDF as pictures, for the preview and for the printer."""

from __future__ import annotations

import threading
from pathlib import Path

from PySide6.QtGui import QImage

from renomap.model.mapview import MM_PER_INCH

_PT_PER_INCH = 72.0
#: PDFium keeps global state: one thread at a time, whatever the document.
_ONE_AT_A_TIME = threading.Lock()


class PdfPages:
    """The pages of one file, kept in memory, so that the file may go. Any thread may ask."""

    def __init__(self, path: Path) -> None:
        import pypdfium2

        #: The file as it was made, to be saved elsewhere.
        self.data = path.read_bytes()
        self._closed = False
        with _ONE_AT_A_TIME:
            self._document = pypdfium2.PdfDocument(self.data)
            sizes = [self._document.get_page_size(at) for at in range(len(self._document))]
        #: Width and height of each page in mm.
        self.sizes_mm = tuple(
            (w / _PT_PER_INCH * MM_PER_INCH, h / _PT_PER_INCH * MM_PER_INCH) for w, h in sizes
        )

    def __len__(self) -> int:
        """Number of pages."""
        return len(self.sizes_mm)

    def picture(self, page: int, dpi: float, *, grey: bool = False) -> QImage:
        """A page (from 0) as a picture of ``dpi``.

        Raises IndexError where there is no such page, ValueError after ``close``.
        """
        if not 0 <= page < len(self):
            raise IndexError(page)
        with _ONE_AT_A_TIME:
            if self._closed:
                raise ValueError("the pages were closed")
            shown = self._document[page]
            bitmap = shown.render(scale=dpi / _PT_PER_INCH, grayscale=grey, prefer_bgrx=not grey)
            kind = QImage.Format.Format_Grayscale8 if grey else QImage.Format.Format_RGB32
            image = QImage(bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, kind).copy()
            bitmap.close()
            shown.close()
        image.setDotsPerMeterX(round(dpi / 0.0254))
        image.setDotsPerMeterY(round(dpi / 0.0254))
        return image

    def close(self) -> None:
        """Let go of the memory."""
        with _ONE_AT_A_TIME:
            self._closed = True
            self._document.close()
