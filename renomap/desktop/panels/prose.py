"""Prose: titles, headings, tables and links of the pages of properties, as rich text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from renomap.desktop.look import ACCENT, FAINT, GROUND


def title(name: str, kind: str) -> str:
    """What the page is about, and what that is."""
    return (
        f"<p style='margin:0;color:{FAINT}'>{escape(kind)}</p>"
        f"<p style='margin:0 0 8px 0;font-size:x-large;font-weight:bold'>{escape(name)}</p>"
    )


def heading(text: str) -> str:
    """A heading within the page."""
    return f"<p style='margin:12px 0 4px 0;font-weight:bold;color:{ACCENT}'>{escape(text)}</p>"


def paragraph(text: str, colour: str = "") -> str:
    """A sentence of its own."""
    style = f"margin:2px 0;color:{colour}" if colour else "margin:2px 0"
    return f"<p style='{style}'>{escape(text)}</p>"


def faint(text: str) -> str:
    """A remark."""
    return f"<span style='color:{FAINT}'>{escape(text)}</span>"


def link(target: str, text: str, colour: str = ACCENT) -> str:
    """Words that do something when they are clicked."""
    style = f"color:{colour};text-decoration:none"
    return f"<a href='{escape(target, quote=True)}' style='{style}'>{escape(text)}</a>"


def facts(rows: Sequence[tuple[str, str]]) -> str:
    """Labels and values side by side; the values are rich text already."""
    lines = (
        f"<tr><td style='color:{FAINT};padding:2px 12px 2px 0'>{escape(label)}</td>"
        f"<td style='padding:2px 0'>{value}</td></tr>"
        for label, value in rows
    )
    return f"<table cellspacing=0>{''.join(lines)}</table>"


def unfolded(sentences: Iterable[str], columns: int) -> str:
    """A row below a number: how it came about."""
    lines = "".join(f"<p style='margin:1px 0'>{escape(text)}</p>" for text in sentences)
    style = f"background:{GROUND};padding:4px 8px;font-size:8.5pt"
    return f"<tr><td colspan={columns} style='{style}'>{lines}</td></tr>"
