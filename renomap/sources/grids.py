"""The sheets of a table file, whatever its ending says it is."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from dataclasses import replace

from renomap.errors import RenomapError
from renomap.model.feedback import Feedback
from renomap.model.note import Note, Severity
from renomap.sources.containers import DataSet, DataSetKind
from renomap.sources.content import Content, content_of
from renomap.sources.grid import CellGrid
from renomap.sources.oldbook import old_grids
from renomap.sources.pagetable import page_grids
from renomap.sources.texttable import text_grid
from renomap.sources.workbook import workbook_grids


def grids(data_set: DataSet, encoding: str, feedback: Feedback) -> Generator[CellGrid, None, None]:
    """The sheets of a workbook, or the one of a table of text; close it to close the file.

    Parameters
    ----------
    data_set : DataSet
        Of kind WORKBOOK or TABLE; the bytes of the file decide how it is read.
    encoding : str
        For texts; ``auto`` detects.
    feedback : Feedback
        Told how far the rows are, asked for cancellation every few hundred of them.

    Raises
    ------
    RenomapError
        ``sources.workbook-damaged``, ``sources.workbook-locked``, ``sources.text-damaged``,
        ``sources.archive-too-large``, ``sources.table-too-long``.
    """
    content = content_of(data_set.path)
    if content is Content.LOCKED:
        raise RenomapError("sources.workbook-locked", name=data_set.name)
    if content is Content.OTHER:
        code = "sources.text-damaged" if data_set.kind is DataSetKind.TABLE else "sources.workbook-damaged"
        raise RenomapError(code, name=data_set.name)
    notes = _told(data_set, content)
    for grid in _of_content(data_set, content, encoding, feedback):
        yield replace(grid, notes=notes)
        notes = ()


def _of_content(data_set: DataSet, content: Content, encoding: str, feedback: Feedback) -> Iterable[CellGrid]:
    if content is Content.WORKBOOK:
        return workbook_grids(data_set.path, data_set.name, feedback)
    if content is Content.BINARY:
        return old_grids(data_set.path, data_set.name, feedback)
    if content is Content.PAGE:
        return page_grids(data_set, encoding, feedback)
    return [text_grid(data_set, encoding, feedback)]


def _told(data_set: DataSet, content: Content) -> tuple[Note, ...]:
    """The remark that a file is not what its ending says."""
    is_text = content in (Content.TEXT, Content.PAGE)
    if is_text == (data_set.kind is DataSetKind.TABLE) and content is not Content.PAGE:
        return ()
    params = {"name": data_set.name, "content": f"sources.content-{content.value}"}
    return (Note("sources.content-other", params, Severity.INFO),)
