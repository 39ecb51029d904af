"""Comparing: the open scheme beside another, and what is taken over from there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from renomap.desktop.desk import Desk
from renomap.model.change import ChangeSet
from renomap.model.feedback import Feedback
from renomap.model.scheme import UNASSIGNED
from renomap.session.comparing import FILE, Source

if TYPE_CHECKING:
    from renomap.steps.adopting import Adoption


def compare(desk: Desk) -> None:
    """Compare with another scheme of the project, or ask for another file; or leave the comparison."""
    comparing = desk.session.comparing
    if comparing.source is not None:
        comparing.stop()
        return
    sources = comparing.sources(desk.session.speech.words)
    if sources:
        comparing.start(sources[0])
    else:
        compare_file(desk)


def compare_is_on(desk: Desk) -> bool:
    """Whether a comparison is shown."""
    return desk.session.comparing.source is not None


def compare_file(desk: Desk) -> None:
    """Ask for another project file and compare with its scheme."""
    say, settings = desk.session.speech, desk.session.settings
    kinds = f"{say('window.files.project')} (*.gpkg)"
    name, _ = QFileDialog.getOpenFileName(desk.window, say("window.compare.file"), settings.folder, kinds)
    if name:
        settings.folder = str(Path(name).parent)
        desk.session.comparing.start(Source(FILE, name))


def adopt_area(desk: Desk, area: int) -> None:
    """Take an area over from the other side; one undo step."""
    before = _outside(desk)
    if not _adopt(desk, lambda adoption: adoption.area(area)):
        return
    adoption, left = desk.session.comparing.adoption, _outside(desk) - before
    if left > 0 and adoption is not None:
        name = str(adoption.theirs.areas.at[area, "name"])
        desk.status.tell(desk.session.speech("window.compare.adopted", name=name, count=left), warning=True)


def _outside(desk: Desk) -> int:
    """How many neighbourhoods are in no area."""
    scheme = desk.project.scheme
    return 0 if scheme is None else int((scheme.assignment == UNASSIGNED).sum())


def adopt_neighbourhood(desk: Desk, fid: int) -> None:
    """Put a neighbourhood where the other side has it; one undo step."""
    _adopt(desk, lambda adoption: adoption.neighbourhood(fid))


def _adopt(desk: Desk, make: Callable[[Adoption], ChangeSet]) -> bool:
    """Apply what is made of the comparison; False where it is still that of an earlier state."""
    adoption = desk.session.comparing.adoption
    if adoption is None or adoption.ours.project is not desk.session.document.project:
        desk.status.tell(desk.session.speech("window.compare.waits"), warning=True)
        return False
    desk.change(lambda: make(adoption))
    return True


def export(desk: Desk) -> None:
    """Write the comparison as a workbook."""
    adoption, say, settings = desk.session.comparing.adoption, desk.session.speech, desk.session.settings
    if adoption is None:
        return
    start = Path(settings.folder) / f"{say('window.compare.name')}.xlsx"
    name, _ = QFileDialog.getSaveFileName(
        desk.window, say("window.compare.export"), str(start), f"{say('window.compare.book')} (*.xlsx)"
    )
    if not name:
        return
    path, words = Path(name), say.words

    def write(_: Feedback) -> Path:
        from renomap.outputs.comparison_tables import write_xlsx

        write_xlsx(adoption.found, path, words, adoption.theirs)
        return path

    def told(written: Path) -> None:
        desk.status.tell(say("window.saved-to", path=str(written)))

    desk.session.runner.start("job.export", write, told, failed=desk.show_fault)
