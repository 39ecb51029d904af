"""The table of actions: menu, icon, keys, reason and, of a tool, its maker, of all that the window can do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from renomap.desktop.canvas.tool import Tool
from renomap.desktop.desk import Desk
from renomap.desktop.reasons import (
    Reason,
    always,
    needs_area,
    needs_areas,
    needs_drawn,
    needs_drawn_area,
    needs_edit,
    needs_loaded,
    needs_open_layer,
    needs_override,
    needs_own_project,
    needs_plan,
    needs_problems,
    needs_project,
    needs_redo,
    needs_scheme,
    needs_selection,
    needs_shown_area,
    needs_subject,
    needs_two_areas,
    needs_undo,
    needs_view_after,
    needs_view_before,
)
from renomap.desktop.tools import (
    identify,
    linking,
    measure,
    missing,
    paint,
    pick,
    select,
    side,
    sketch,
    vertex,
)
from renomap.desktop.verbs import (
    analysis,
    areas,
    comparing,
    data,
    edit,
    file,
    help,
    lookup,
    phasing,
    programme,
    report,
    siting,
    versions,
    view,
    window,
)

MENUS: tuple[str, ...] = (
    "file",
    "edit",
    "view",
    "data",
    "areas",
    "programme",
    "analysis",
    "report",
    "window",
    "help",
)


#: Makes a tool of this code.
Maker = Callable[[Desk, str], Tool]
#: What can be done to schemes, as the bar of schemes offers it.
SCHEME_ACTIONS: tuple[str, ...] = (
    "new-scheme",
    "copy-scheme",
    "rename-scheme",
    "delete-scheme",
    "compare",
)


#: What can be done to the areas that are chosen, as the menu of the list offers it.
AREA_ACTIONS: tuple[str, ...] = ("zoom-area", "rename", "lock", "merge", "derive", "why", "dissolve")


@dataclass(frozen=True)
class Row:
    """One action: its words are ``window.action.<code>``, ``does`` carries it out."""

    code: str
    menu: str
    does: Callable[[Desk], None]
    icon: str = ""
    keys: str = ""  # several ways are parted by ' | ', the first is shown
    reason: Reason = always
    bar: str = ""  # '' = not in the toolbar, 'icon', or 'text' = icon with its words
    line: bool = False  # a line above it
    is_on: Callable[[Desk], bool] | None = None  # whether it is on, of one that can be on or off
    preview: Callable[[Desk], None] | None = None  # shows what it would do while the pointer rests on it
    makes: Maker | None = None  # the tool that it gives the left button to


def tool(
    code: str,
    menu: str,
    makes: Maker,
    icon: str = "",
    keys: str = "",
    reason: Reason = always,
    bar: str = "",
    line: bool = False,
) -> Row:
    """The action that gives the left button to the tool of this code; it is on while the tool has it."""
    return Row(
        code,
        menu,
        partial(Desk.use_tool, code=code),
        icon,
        keys,
        reason,
        bar,
        line,
        is_on=partial(Desk.has_tool, code=code),
        makes=makes,
    )


def make_tools(desk: Desk) -> dict[str, Tool]:
    """Every tool by its code, which is that of its action."""
    return {row.code: row.makes(desk, row.code) for row in ROWS if row.makes is not None}


ROWS: tuple[Row, ...] = (
    Row("open", "file", file.open, "folder-open-outline", "Ctrl+O", bar="icon"),
    Row("sample", "file", file.sample, "map-search-outline"),
    Row("save", "file", file.save, "content-save-outline", "Ctrl+S", needs_project, "icon", line=True),
    Row("save-as", "file", file.save_as, "content-save-move-outline", "Ctrl+Shift+S", needs_project),
    Row("keep-version", "file", versions.keep, "bookmark-plus-outline", "Ctrl+B", needs_scheme, line=True),
    Row("versions", "file", versions.show, "history", "", needs_project),
    Row("export", "file", file.export, "export-variant", "Ctrl+E", needs_plan, line=True),
    Row("page", "file", file.page, "file-cog-outline", "Ctrl+Shift+P", needs_own_project),
    Row("preview", "file", file.preview, "printer-eye", "Ctrl+P", needs_areas, "icon"),
    Row("close", "file", file.close, "close", "Ctrl+W", needs_project, line=True),
    Row("quit", "file", file.quit, "exit-to-app", "Ctrl+Q"),
    Row("undo", "edit", edit.undo, "undo", "Ctrl+Z", needs_undo, "icon"),
    Row("redo", "edit", edit.redo, "redo", "Ctrl+Y | Ctrl+Shift+Z", needs_redo, "icon"),
    Row("lookup", "edit", lookup.lookup, "magnify", "Ctrl+K", line=True),
    Row("select-all", "edit", edit.select_all, "select-all", "Ctrl+A", needs_plan, line=True),
    Row("select-none", "edit", edit.select_none, "select-off", "Ctrl+Shift+A", needs_selection),
    Row("copy-map", "edit", edit.copy_map, "content-copy", "Ctrl+Shift+C", needs_plan, line=True),
    Row("snapping", "edit", edit.snapping, "magnet", "S", needs_plan, line=True, is_on=edit.snapping_is_on),
    Row("zoom-all", "view", view.zoom_all, "fit-to-page-outline", "Ctrl+Shift+F", needs_plan, "icon"),
    Row("zoom-selection", "view", view.zoom_selection, "magnify-scan", "Ctrl+J", needs_selection),
    Row("zoom-area", "view", view.zoom_area, "map-search", "Z", needs_shown_area),
    Row("zoom-in", "view", view.zoom_in, "magnify-plus-outline", "Ctrl++", needs_plan),
    Row("zoom-out", "view", view.zoom_out, "magnify-minus-outline", "Ctrl+-", needs_plan),
    Row("view-back", "view", view.view_back, "arrow-left", "Alt+Left", needs_view_before, line=True),
    Row("view-forward", "view", view.view_forward, "arrow-right", "Alt+Right", needs_view_after),
    Row(
        "links",
        "view",
        view.links,
        "graph-outline",
        "Ctrl+L",
        needs_plan,
        "icon",
        line=True,
        is_on=view.links_is_on,
    ),
    Row("blocks", "view", view.blocks, "wall", "", needs_plan, is_on=view.blocks_is_on),
    Row("chinese", "view", view.chinese, line=True, is_on=view.chinese_is_on),
    Row("english", "view", view.english, is_on=view.english_is_on),
    Row("group", "areas", areas.group, "vector-polygon", "Ctrl+G", needs_loaded, "text"),
    Row("new-scheme", "areas", areas.new_scheme, "file-plus-outline", "", needs_edit),
    Row("copy-scheme", "areas", areas.copy_scheme, "content-duplicate", "Ctrl+D", needs_scheme),
    Row("rename-scheme", "areas", areas.rename_scheme, "rename-outline", "", needs_scheme),
    Row("delete-scheme", "areas", areas.delete_scheme, "trash-can-outline", "", needs_scheme),
    tool("select", "areas", select.arrow, "cursor-default-outline", "V", needs_plan, "icon", line=True),
    tool("select-lasso", "areas", select.lasso, "selection-ellipse", "Shift+V", needs_plan),
    tool("paint", "areas", paint.brush, "brush-outline", "B", needs_scheme, "icon"),
    tool("paint-rectangle", "areas", paint.rectangle, "rectangle-outline", "R", needs_scheme, "icon"),
    tool("paint-lasso", "areas", paint.lasso, "lasso", "L", needs_scheme, "icon"),
    tool("erase", "areas", paint.eraser, "eraser", "E", needs_scheme, "icon"),
    tool("pick", "areas", pick.pick, "eyedropper", "I", needs_scheme, "icon"),
    tool("draw", "areas", sketch.drawing, "shape-polygon-plus", "D", needs_scheme, "icon"),
    tool("reshape", "areas", sketch.reshaping, "vector-curve", "G", needs_area, "icon"),
    tool("trace", "areas", sketch.tracing, "vector-polyline", "T", needs_area),
    tool("along-road", "areas", side.roadside, "road-variant", "", needs_area),
    tool("straighten", "areas", side.straightening, "vector-line", "", needs_area),
    tool("rederive", "areas", side.rederiving, "backup-restore", "", needs_drawn_area),
    tool("split", "areas", sketch.splitting, "content-cut", "X", needs_area, "icon"),
    tool("vertex", "areas", vertex.vertices, "vector-polyline-edit", "A", needs_scheme, "icon"),
    Row("derive", "areas", areas.derive, "vector-polygon-variant", "", needs_drawn_area),
    Row(
        "only-unassigned",
        "areas",
        areas.only_unassigned,
        "circle-off-outline",
        "U",
        needs_scheme,
        is_on=areas.only_unassigned_is_on,
    ),
    Row("next-area", "areas", areas.next_area, "arrow-down-bold-outline", "PgDown", needs_areas, line=True),
    Row("last-area", "areas", areas.last_area, "arrow-up-bold-outline", "PgUp", needs_areas),
    Row("lock", "areas", areas.lock, "lock-outline", "K", needs_area, line=True),
    Row("rename", "areas", areas.rename, "pencil-outline", "F2", needs_area),
    Row("merge", "areas", areas.merge, "set-merge", "M", needs_two_areas, preview=areas.merge_preview),
    Row(
        "dissolve",
        "areas",
        areas.dissolve,
        "delete-outline",
        "Del",
        needs_area,
        preview=areas.dissolve_preview,
    ),
    tool("link", "areas", linking.linking, "link-variant", "", needs_scheme, line=True),
    tool("cut", "areas", linking.linking, "link-variant-off", "", needs_scheme),
    Row("unlink", "areas", areas.unlink, "link-off", "", needs_override),
    Row("import-data", "data", data.import_data, "database-import-outline", "Ctrl+I", needs_own_project),
    Row("import-report", "data", data.import_report, "clipboard-text-outline", "", needs_project),
    Row("completeness", "data", data.completeness, "clipboard-check-outline", "", needs_plan),
    Row("add-underlay", "data", data.add_underlay, "image-plus-outline", "", needs_edit),
    Row("add-tiles", "data", data.add_tiles, "cloud-download-outline", "", needs_edit),
    Row("table", "data", data.table, "table", "F6", needs_plan, "icon", line=True),
    Row(
        "unlock-neighbourhoods",
        "data",
        data.unlock_neighbourhoods,
        "lock-open-outline",
        "",
        needs_edit,
        line=True,
        is_on=data.unlock_neighbourhoods_is_on,
    ),
    tool("missing", "data", missing.missing, "home-plus-outline", "", needs_open_layer),
    Row("remove-missing", "data", data.remove_missing, "home-remove-outline", "", needs_drawn),
    Row("programme-gates", "programme", programme.gates, "clipboard-check-outline", "F7", needs_plan),
    Row("programme-works", "programme", programme.works, "hammer-wrench", "", needs_plan),
    Row("programme-money", "programme", programme.money, "cash-multiple", "", needs_plan),
    Row("programme-acceptance", "programme", programme.acceptance, "certificate-outline", "", needs_plan),
    Row("programme-years", "programme", phasing.years, "calendar-range", "Shift+F7", needs_plan),
    Row("programme-sites", "programme", siting.sites, "home-switch-outline", "", needs_plan),
    Row(
        "programme-import",
        "programme",
        programme.import_programme,
        "table-arrow-down",
        "",
        needs_edit,
        line=True,
    ),
    Row("programme-propose", "programme", programme.propose_works, "auto-fix", "", needs_edit),
    tool(
        "identify",
        "analysis",
        identify.identifying,
        "information-variant",
        "Ctrl+Shift+I",
        needs_plan,
        "icon",
    ),
    tool("measure", "analysis", measure.length, "ruler", "Ctrl+Shift+M", needs_plan, "icon"),
    tool("measure-area", "analysis", measure.area, "ruler-square", "Ctrl+Shift+J", needs_plan),
    Row("why", "analysis", analysis.why, "help-circle-outline", "W", needs_subject, line=True),
    Row(
        "compare",
        "analysis",
        comparing.compare,
        "compare",
        "F9",
        needs_areas,
        line=True,
        is_on=comparing.compare_is_on,
    ),
    Row("compare-file", "analysis", comparing.compare_file, "file-compare", "", needs_areas),
    Row("standard", "analysis", analysis.standard, "scale-balance", "", needs_own_project, line=True),
    Row(
        "next-problem",
        "analysis",
        analysis.next_problem,
        "skip-next-outline",
        "F8",
        needs_problems,
        line=True,
    ),
    Row(
        "last-problem", "analysis", analysis.last_problem, "skip-previous-outline", "Shift+F8", needs_problems
    ),
    Row("pack", "report", report.pack, "briefcase-outline", "Ctrl+Shift+E", needs_areas, "text"),
    Row("report-pdf", "report", report.report_pdf, "file-document-outline", "", needs_areas, line=True),
    Row("export-map", "report", report.export_map, "map-outline", "", needs_plan),
    Row("export-tables", "report", report.export_tables, "table", "", needs_plan),
    Row("export-web", "report", report.export_web, "web", "", needs_plan),
    Row("meeting", "window", window.meeting, "presentation", "F11", needs_plan),
    Row("reset-layout", "window", window.reset_layout, "dock-window"),
    Row("keys", "help", help.keys, "keyboard-outline", "F1"),
    Row("diagnosis", "help", help.diagnosis, "clipboard-pulse-outline"),
    Row("about", "help", help.about, "information-outline"),
)
