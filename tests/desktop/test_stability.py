"""Qt's binding does not wear Python out: 6.12.0 aborted after some thousands of calls that return nothing."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen
image = QImage(16, 16, QImage.Format.Format_ARGB32_Premultiplied)
painter = QPainter(image)
path, pen = QPainterPath(), QPen(QColor("#123456"))
path.addRect(2, 2, 8, 8)
for _ in range(10_000):
    pen.setWidthF(1.5)
    painter.setPen(pen)
    painter.setBrush(QColor("#654321"))
    painter.drawPath(path)
    painter.resetTransform()
painter.end()
print("well")
"""


def test_fifty_thousand_calls_end_well() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, "well"), done.stderr
