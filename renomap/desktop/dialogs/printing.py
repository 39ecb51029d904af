"""Printing: the pages of a finished PDF on a real printer, at the size they were laid out for."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QMarginsF, QRectF, QSizeF
from PySide6.QtGui import QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter

from renomap.desktop.dialogs.pdfpages import PdfPages
from renomap.errors import RenomapError
from renomap.model.feedback import Feedback, Silent
from renomap.model.mapview import MM_PER_INCH

#: Finer pictures of an A3 page take more than 100 MB each and no eye sees the difference in a map.
MOST_DPI = 300.0
#: A page within this share of its size counts as printed in its size.
_SAME_SIZE = 0.01


@dataclass(frozen=True)
class Printed:
    """What was sent to the printer: number of pages, and the smallest share of its size a page was given."""

    pages: int
    share: float

    @property
    def keeps_scale(self) -> bool:
        """Whether lengths on paper are those that the maps state."""
        return abs(self.share - 1.0) <= _SAME_SIZE


def prepared(printer: QPrinter, pages: PdfPages) -> None:
    """Give the printer the paper of the first page and full pages, before its dialog is shown."""
    printer.setPageLayout(_layout(pages.sizes_mm[0]))
    printer.setFullPage(True)
    printer.setFromTo(1, len(pages))


def print_pages(
    pages: PdfPages, printer: QPrinter, *, grey: bool = False, feedback: Feedback | None = None
) -> Printed:
    """Print the range that the printer was told, each page turned as it is laid out.

    A page larger than the printer's paper is made smaller, never cut; ``Printed.share`` tells.

    Raises
    ------
    RenomapError
        ``window.print-failed`` where the printer takes nothing.
    """
    feedback = feedback or Silent()
    first, last = printer.fromPage() or 1, printer.toPage() or len(pages)
    chosen = range(max(first, 1) - 1, min(last, len(pages)))
    paper_mm = printer.pageLayout().pageSize().size(QPageSize.Unit.Millimeter)
    copies = 1 if printer.supportsMultipleCopies() else max(printer.copyCount(), 1)
    painter, share, done = QPainter(), 1.0, 0
    try:
        for page in (page for _ in range(copies) for page in chosen):
            feedback.check()
            feedback.progress(done / (len(chosen) * copies), "window.print-progress")
            size_mm = pages.sizes_mm[page]
            _turn(printer, size_mm, paper_mm)
            started = printer.newPage() if painter.isActive() else painter.begin(printer)
            if not started:
                raise RenomapError("window.print-failed", printer=printer.printerName())
            share = min(share, _draw(painter, printer, pages, page, grey))
            done += 1
    except BaseException:
        printer.abort()
        raise
    finally:
        painter.end()
    return Printed(done, share)


def _turn(printer: QPrinter, size_mm: tuple[float, float], paper: QSizeF) -> None:
    """Turn the paper that was chosen to the page's side."""
    lying = size_mm[0] > size_mm[1]
    turned = paper.width() > paper.height()
    orientation = QPageLayout.Orientation
    printer.setPageOrientation(orientation.Landscape if lying != turned else orientation.Portrait)


def _draw(painter: QPainter, printer: QPrinter, pages: PdfPages, page: int, grey: bool) -> float:
    """Draw a page in the middle of the paper; the share of its size that it got."""
    dpi = float(printer.resolution())
    paper = QRectF(printer.pageLayout().fullRectPixels(printer.resolution()))
    wide, high = (side / MM_PER_INCH * dpi for side in pages.sizes_mm[page])
    share = min(paper.width() / wide, paper.height() / high)
    share = 1.0 if abs(share - 1.0) <= _SAME_SIZE or share > 1.0 else share
    image = pages.picture(page, min(dpi, MOST_DPI) * min(share, 1.0), grey=grey)
    at = QRectF(0.0, 0.0, wide * share, high * share)
    at.moveCenter(paper.center())
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(at, image)
    return share


def _layout(size_mm: tuple[float, float]) -> QPageLayout:
    upright = QSizeF(min(size_mm), max(size_mm))
    fuzzy = QPageSize.SizeMatchPolicy.FuzzyMatch
    size = QPageSize(upright, QPageSize.Unit.Millimeter, "", fuzzy)
    lying = size_mm[0] > size_mm[1]
    turn = QPageLayout.Orientation.Landscape if lying else QPageLayout.Orientation.Portrait
    return QPageLayout(size, turn, QMarginsF(0, 0, 0, 0), QPageLayout.Unit.Millimeter)
