"""The report of an import: what was read and what was guessed, with how to overrule each guess."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from renomap.desktop.look import FAINT, SELECTION, WARNING
from renomap.desktop.naming import in_the_window
from renomap.model.note import Note, Severity
from renomap.model.project import Project
from renomap.session.speech import Speech

_COLOURS = {Severity.ERROR: SELECTION, Severity.WARNING: WARNING}
_ORDER = (Severity.ERROR, Severity.WARNING, Severity.GUESS, Severity.INFO)
_CELL = "padding:2px 18px 2px 0"


class ImportReport(QDialog):
    """Layers with their rows, then remarks: errors first, guesses with their confidence."""

    def __init__(self, project: Project, speech: Speech, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(speech("window.import.title"))
        self.resize(700, 480)
        self.page = QTextBrowser()
        self.page.setAccessibleName(speech("window.import.title"))
        self.page.document().setDocumentMargin(12)
        notes = describe_notes(project.notes, speech, overrule=speech("window.problems.overrule"))
        self.page.setHtml(describe_layers(project, speech) + notes)
        buttons = QDialogButtonBox()
        copy = buttons.addButton(speech("window.fault.copy"), QDialogButtonBox.ButtonRole.ActionRole)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.page.toPlainText()))
        close = buttons.addButton(speech("window.close"), QDialogButtonBox.ButtonRole.AcceptRole)
        close.setDefault(True)
        buttons.accepted.connect(self.accept)
        layout = QVBoxLayout(self)
        layout.addWidget(self.page)
        layout.addWidget(buttons)


def describe_layers(project: Project, say: Speech) -> str:
    """The coordinate system and the layers of a project, as HTML."""
    rows = "".join(
        f"<tr><td style='{_CELL}'>{escape(layer.title)}</td>"
        f"<td style='{_CELL}'>{escape(say(f'window.role.{layer.role}'))}</td>"
        f"<td align=right style='{_CELL}'>{len(layer.frame):,}</td>"
        f"<td style='color:{FAINT}'>{escape(layer.source)}</td></tr>"
        for layer in project.layers
    )
    heads = (escape(say(f"window.import.{name}")) for name in ("layer", "role", "rows", "source"))
    head = "".join(f"<td style='color:{FAINT};{_CELL}'>{name}</td>" for name in heads)
    told = say("window.import.crs", crs=project.crs)
    return f"<p>{escape(told)}</p><table cellspacing=0><tr>{head}</tr>{rows}</table>"


def describe_notes(notes: Sequence[Note], say: Speech, *, overrule: str) -> str:
    """Remarks as HTML, errors first; ``overrule`` is said instead of the command line's options."""
    parts = []
    for severity in _ORDER:
        chosen = [note for note in notes if note.severity is severity]
        if chosen:
            heading = escape(say(f"window.severity.{severity}"))
            parts.append(f"<h4 style='margin:14px 0 4px 0'>{heading}</h4>")
            parts.extend(_note(note, say, overrule) for note in chosen)
    return "".join(parts)


def _note(note: Note, say: Speech, overrule: str) -> str:
    colour = _COLOURS.get(note.severity)
    style = f"margin:3px 0;color:{colour}" if colour else "margin:3px 0"
    sure = ""
    if note.confidence is not None:
        text = say("window.import.sure", percent=round(100 * note.confidence))
        sure = f" <span style='color:{FAINT}'>{escape(text)}</span>"
    return f"<p style='{style}'>{escape(say(note.code, **in_the_window(note.params, overrule)))}{sure}</p>"
