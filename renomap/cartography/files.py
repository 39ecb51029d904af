"""Pictures and PDF pages to draw on; the file is complete or not there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from renomap.cartography.few_colours import in_few_colours
from renomap.cartography.fonts import ensure_application
from renomap.cartography.qt import QtCore, QtGui
from renomap.errors import RenomapError
from renomap.store.drafts import draft_name, sweep

#: Fine enough that rounding to the writer's whole units moves nothing anyone can see (0.02 mm).
PDF_DPI = 1200
#: Of Qt's scale for PNG: a third quicker to write than the usual and a twelfth larger.
PNG_QUALITY = 60
#: Of zlib for pictures of few colours: half the time of the usual and a sixth larger.
FEW_LEVEL = 3
MOST_PIXELS = 200_000_000


@contextmanager
def picture(
    size_px: tuple[int, int], dpi: float, path: Path, *, grey: bool = False, few: bool = False
) -> Iterator[QtGui.QPainter]:
    """A painter on a new white picture, written as PNG to ``path`` when the block ends without an error.

    With ``few`` as ``save_few_colours`` writes it.

    Raises
    ------
    RenomapError
        ``maps.too-large``, ``maps.no-folder``, ``maps.not-writable``.
    """
    _check_folder(path)
    image = white_image(size_px, dpi)
    painter = QtGui.QPainter(image)
    try:
        yield painter
    finally:
        painter.end()
    with complete_file(path) as draft:
        if few:
            save_few_colours(image, draft)
            return
        # By way of memory: what the disk then refuses has a reason, and the library prints nothing.
        coded = QtCore.QBuffer()
        coded.open(QtCore.QIODevice.OpenModeFlag.WriteOnly)
        writer = QtGui.QImageWriter(coded, b"png")
        if grey:
            image = image.convertToFormat(QtGui.QImage.Format.Format_Grayscale8)
        writer.setQuality(PNG_QUALITY)
        if not writer.write(image):
            raise RenomapError("maps.not-writable", path=str(path), reason=writer.errorString())
        draft.write_bytes(coded.data().data())


def save_few_colours(image: QtGui.QImage, path: Path, *, grey: bool = False) -> None:
    """Write a picture as PNG of 256 colours: a map loses nothing to the eye and shrinks to a third."""
    from PIL import Image

    width, height, rows = image.width(), image.height(), image.bytesPerLine()
    dots = image.dotsPerMeterX() * 0.0254
    if grey:
        full = Image.frombuffer("RGB", (width, height), bytes(image.constBits()), "raw", "BGRX", rows, 1)
        full.convert("L").save(path, "PNG", dpi=(dots, dots))
        return
    pixels = np.frombuffer(image.constBits(), dtype="<u4").reshape(height, rows // 4)[:, :width]
    places, palette = in_few_colours(pixels)
    few = Image.fromarray(places)
    few.putpalette(palette.tobytes())
    few.save(path, "PNG", dpi=(dots, dots), compress_level=FEW_LEVEL)


def white_image(size_px: tuple[int, int], dpi: float) -> QtGui.QImage:
    """A white picture; raises RenomapError ``maps.too-large`` where it would not fit into memory."""
    ensure_application()
    width, height = int(size_px[0]), int(size_px[1])
    image = QtGui.QImage()
    if width > 0 and height > 0 and width * height <= MOST_PIXELS:
        image = QtGui.QImage(width, height, QtGui.QImage.Format.Format_RGB32)
    if image.isNull():
        raise RenomapError("maps.too-large", width=width, height=height)
    image.setDotsPerMeterX(round(dpi / 0.0254))
    image.setDotsPerMeterY(round(dpi / 0.0254))
    image.fill(QtGui.QColor("#ffffff"))
    return image


@contextmanager
def pdf_page(
    size_mm: tuple[float, float], path: Path, title: str, *, grey: bool = False
) -> Iterator[QtGui.QPainter]:
    """A painter on a one-page PDF of ``PDF_DPI``, written to ``path`` when the block ends without an error.

    Raises
    ------
    RenomapError
        ``maps.no-folder``, ``maps.not-writable``.
    """
    ensure_application()
    with complete_file(path) as draft:
        writer = QtGui.QPdfWriter(str(draft))
        writer.setResolution(PDF_DPI)
        writer.setCreator("renomap")
        writer.setTitle(title)
        if grey:
            writer.setColorModel(QtGui.QPdfWriter.ColorModel.Grayscale)
        exact = QtGui.QPageSize.SizeMatchPolicy.ExactMatch
        size = QtGui.QPageSize(QtCore.QSizeF(*size_mm), QtGui.QPageSize.Unit.Millimeter, "", exact)
        writer.setPageSize(size)
        writer.setPageMargins(QtCore.QMarginsF(0.0, 0.0, 0.0, 0.0))
        painter = QtGui.QPainter()
        if not painter.begin(writer):
            raise RenomapError("maps.not-writable", path=str(path), reason=draft.name)
        try:
            yield painter
        finally:
            painter.end()


@contextmanager
def complete_file(path: Path) -> Iterator[Path]:
    """A file name beside ``path`` that replaces it when the block ends without an error.

    Raises
    ------
    RenomapError
        ``maps.no-folder``, ``maps.not-writable``.
    """
    _check_folder(path)
    try:
        sweep(path.absolute().parent)
        draft = path.absolute().with_name(draft_name(path.suffix))
        draft.touch()  # what cannot be written is known before anything is drawn
        try:
            yield draft
            os.replace(draft, path)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        reason = error.strerror or str(error)
        raise RenomapError("maps.not-writable", path=str(path), reason=reason) from error


def _check_folder(path: Path) -> None:
    folder = path.absolute().parent
    if not folder.is_dir():
        raise RenomapError("maps.no-folder", folder=str(folder))
