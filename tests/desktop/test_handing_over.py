"""What leaves the window: exports, the preview of the report, the printer, the clipboard."""

from __future__ import annotations

import json
from pathlib import Path

import pypdfium2
import pytest
from desk import Desk, town
from PySide6.QtGui import QGuiApplication, QImage, QImageReader
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QDialog

from renomap.desktop.dialogs.export import ExportDialog
from renomap.desktop.dialogs.page import PageDialog
from renomap.desktop.dialogs.pdfpages import PdfPages
from renomap.desktop.dialogs.preview import PrintPreview
from renomap.desktop.dialogs.printing import prepared, print_pages
from renomap.model.page import Page, page_of, with_page
from renomap.outputs.formats import FORMATS, format_named
from renomap.outputs.notice_sheet import NoticesResult


def export(desk: Desk, kind: str, path: Path) -> ExportDialog:
    dialog = ExportDialog(desk.session, desk.session.planner.plan, kind, "areas", desk.window)
    dialog.show()
    dialog.file.set_path(path)
    dialog.dpi.setCurrentIndex(0)
    dialog.run()
    desk.until(lambda: not desk.session.runner.jobs)
    return dialog


@pytest.mark.parametrize("kind", [each.code for each in FORMATS if each.code != "notices"])
def test_every_kind_is_written_and_told(desk: Desk, tmp_path: Path, kind: str) -> None:
    desk.open(town())
    ending = format_named(kind).ending
    path = tmp_path / f"老旧 小区{ending}"
    dialog = export(desk, kind, path)
    assert path.stat().st_size > 300
    assert path.name in dialog.written.told.text()
    assert dialog.written.open_folder.isVisible()
    assert desk.session.settings.export_folder == str(tmp_path)
    if ending == ".geojson":
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        assert len(features) == (12 if kind == "neighbourhoods" else 2)
    if kind == "picture":
        size = QImageReader(str(path)).size()
        assert (size.width(), size.height()) == (2480, 1754)  # A3 across, 150 to the inch
    dialog.reject()


def test_notices_that_lack_something_are_told_in_the_dialog(desk: Desk, tmp_path: Path) -> None:
    desk.open(town())
    path = tmp_path / "公示.pdf"
    dialog = export(desk, "notices", path)
    assert not path.exists()
    assert "项目" in dialog.written.told.text(), "without a project there is nothing to give notice of"
    dialog._on_written(path, NoticesResult(1, ("甲缺：监督电话", "乙缺：公示期", "丙缺：内容")))
    assert "另有 3 张未出：甲缺：监督电话；乙缺：公示期" in dialog.written.told.text()
    dialog.reject()


def test_an_ending_that_is_left_out_is_added(desk: Desk, tmp_path: Path) -> None:
    desk.open(town())
    dialog = export(desk, "tables", tmp_path / "表")
    assert (tmp_path / "表.xlsx").is_file()
    assert "替换" in dialog._hint.text()
    dialog.reject()


def test_what_the_disk_refuses_is_told_in_the_dialog(desk: Desk, tmp_path: Path) -> None:
    desk.open(town())
    dialog = export(desk, "areas", tmp_path / "gone" / "a.geojson")
    assert "gone" in dialog.written.told.text()
    assert not dialog.written.open_folder.isVisible()
    assert dialog.export_button.isEnabled()
    dialog.reject()


def test_page_and_title_block_are_one_step_of_the_project(desk: Desk) -> None:
    desk.open(town())
    dialog = PageDialog(desk.session, desk.session.document.project, desk.window)
    dialog.fields["author"].setText("区规划院")
    dialog.fields["number"].setText("改-03")
    dialog.mark.setCurrentText("送审稿")
    dialog.sheet.setCurrentText("A1")
    dialog.scale.setCurrentText("1：2,000")
    dialog.grey.setChecked(True)
    dialog.accept()
    project = desk.session.document.project
    assert project is not None
    assert project.form == {"author": "区规划院", "number": "改-03", "mark": "送审稿"}
    assert page_of(project) == Page(sheet="A1", scale=2000, grey=True)
    assert desk.session.document.undo_stack.count() == 1
    desk.session.document.undo_stack.undo()
    assert desk.session.document.project.form == {}
    assert page_of(desk.session.document.project) == Page()
    desk.settle()


def test_accepting_without_a_change_is_no_step(desk: Desk) -> None:
    desk.open(town())
    PageDialog(desk.session, desk.session.document.project, desk.window).accept()
    assert desk.session.document.undo_stack.count() == 0


def test_a_page_that_another_program_wrote_wrong_is_the_usual_one() -> None:
    project = with_page(town(), Page(report="A4", scale=500))
    odd = {"report": "B5", "sheet": 7, "scale": True, "grey": "yes", "upright": True}
    assert page_of(project) == Page(report="A4", scale=500)
    spoilt = type(project)(**{**vars(project), "meta": {"page": odd}})
    assert page_of(spoilt) == Page(upright=True)


@pytest.fixture
def preview(desk: Desk) -> PrintPreview:
    desk.open(town())
    shown = PrintPreview(desk.session, desk.session.planner.plan, "areas", desk.window)
    shown.show()
    desk.until(lambda: shown.pages is not None and not desk.session.runner.jobs)
    return shown


def test_the_preview_is_the_report_itself(desk: Desk, preview: PrintPreview, tmp_path: Path) -> None:
    from renomap.steps.handover import report

    pages = preview.pages
    assert pages is not None
    path = tmp_path / "report.pdf"
    made = report(desk.session.planner.plan, path, desk.session.speech.words)
    assert len(pages) == made.pages == preview.thumbs.count()
    assert preview.number.maximum() == made.pages
    assert [tuple(round(side) for side in size) for size in pages.sizes_mm] == [(420, 297)] * made.pages
    text = pypdfium2.PdfDocument(pages.data)[1].get_textpage().get_text_bounded()
    assert "西片区" in text
    preview.number.setValue(2)
    desk.until(lambda: not desk.session.runner.jobs)
    assert preview.thumbs.currentRow() == 1
    assert not preview.shown.pixmap().isNull()
    preview.save_to(tmp_path / "saved.pdf")
    assert (tmp_path / "saved.pdf").read_bytes() == pages.data
    preview.reject()


def test_the_map_by_itself_follows_the_page_settings(desk: Desk, preview: PrintPreview) -> None:
    document = desk.session.document
    after = with_page(document.project, Page(sheet="A2", upright=True, scale=2000))
    document.apply_project(after, "change.page")
    desk.settle()
    preview.what.setCurrentIndex(1)
    preview.what.activated.emit(1)
    desk.until(lambda: not desk.session.runner.jobs and len(preview.pages or "") == 1)
    assert [round(side) for side in preview.pages.sizes_mm[0]] == [420, 594]
    preview.reject()


def test_a_scale_that_does_not_fit_is_told(desk: Desk, preview: PrintPreview) -> None:
    document = desk.session.document
    document.apply_project(with_page(document.project, Page(sheet="A4", scale=500)), "change.page")
    desk.settle()
    preview.what.setCurrentIndex(1)
    preview.what.activated.emit(1)
    desk.until(lambda: not desk.session.runner.jobs)
    assert "1:500" in preview._told.text()
    preview.reject()


def test_stopping_the_preview_makes_nothing(desk: Desk) -> None:
    desk.open(town())
    shown = PrintPreview(desk.session, desk.session.planner.plan, "areas", desk.window)
    shown.show()
    shown._stop.click()
    desk.until(lambda: not desk.session.runner.jobs)
    assert shown.pages is None
    assert not shown.print_button.isEnabled()
    shown.reject()


def printer_to(path: Path) -> QPrinter:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(path))
    printer.setResolution(150)
    return printer


def test_the_printer_gets_every_page_in_its_size(desk: Desk, preview: PrintPreview, tmp_path: Path) -> None:
    pages = preview.pages
    assert pages is not None
    printer = printer_to(tmp_path / "paper.pdf")
    prepared(printer, pages)
    preview.print_to(printer)
    desk.until(lambda: not desk.session.runner.jobs)
    assert str(len(pages)) in preview._told.text()
    paper = PdfPages(tmp_path / "paper.pdf")
    assert len(paper) == len(pages)
    for size, printed in zip(pages.sizes_mm, paper.sizes_mm, strict=True):
        assert printed == pytest.approx(size, abs=0.5)
    wanted, got = pages.picture(0, 24, grey=True), paper.picture(0, 24, grey=True)
    assert difference(wanted, got) < 6
    preview.reject()


def test_a_range_on_smaller_paper_is_reduced_and_said(preview: PrintPreview, tmp_path: Path) -> None:
    from PySide6.QtGui import QPageSize

    pages = preview.pages
    assert pages is not None
    printer = printer_to(tmp_path / "small.pdf")
    prepared(printer, pages)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    printer.setFromTo(2, 3)
    printed = print_pages(pages, printer, grey=True)
    assert printed.pages == 2
    assert printed.share == pytest.approx(210 / 297, abs=0.003)
    assert not printed.keeps_scale
    paper = PdfPages(tmp_path / "small.pdf")
    assert [round(side) for side in paper.sizes_mm[1]] == [297, 210]
    got = paper.picture(1, 20 * 297 / 210, grey=True)
    # The cover has a map as that page has; the page of the table is another one.
    right, wrong = (difference(pages.picture(page, 20, grey=True), got) for page in (2, 1))
    assert right < wrong / 2
    preview.reject()


def difference(one: QImage, other: QImage) -> float:
    """Mean difference of two grey pictures, 0..255."""
    other = other.scaled(one.size())
    spots = [(x, y) for x in range(0, one.width(), 3) for y in range(0, one.height(), 3)]
    gaps = [abs(one.pixelColor(*at).lightness() - other.pixelColor(*at).lightness()) for at in spots]
    return sum(gaps) / len(gaps)


def test_closing_while_printing_prints_to_the_end(desk: Desk, preview: PrintPreview, tmp_path: Path) -> None:
    printer = printer_to(tmp_path / "late.pdf")
    prepared(printer, preview.pages)
    count = len(preview.pages)
    ended: list[int] = []
    preview.finished.connect(ended.append)
    preview.print_to(printer)
    preview.reject()
    assert ended == []
    desk.until(lambda: bool(ended) and not desk.session.runner.jobs)
    assert len(PdfPages(tmp_path / "late.pdf")) == count


def test_the_map_is_copied_as_it_is_seen(desk: Desk) -> None:
    desk.open(town())
    QGuiApplication.clipboard().clear()
    desk.window.actions_.by_code["copy-map"].trigger()
    desk.until(lambda: not desk.session.runner.jobs)
    image = QGuiApplication.clipboard().image()
    assert (image.width(), image.height()) == (2400, 1350)
    colours = {image.pixelColor(x, y).name() for x in range(0, 2400, 20) for y in range(0, 1350, 20)}
    assert len(colours) > 4


def test_the_menu_shows_each_dialog(desk: Desk) -> None:
    desk.open(town())
    for code, kind in (("export", ExportDialog), ("page", PageDialog), ("preview", PrintPreview)):
        desk.window.actions_.by_code[code].trigger()
        shown = [each for each in desk.window.findChildren(QDialog) if isinstance(each, kind)]
        assert len(shown) == 1
        shown[0].reject()
    desk.until(lambda: not desk.session.runner.jobs)
