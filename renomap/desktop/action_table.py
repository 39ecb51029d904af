"""The table of actions: menu, icon, keys and reason of everything that the window can do."""

from __future__ import annotations

from dataclasses import dataclass

from renomap.desktop.reasons import (
    Reason,
    always,
    needs_area,
    needs_areas,
    needs_drawn,
    needs_drawn_area,
    needs_edit,
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

MENUS: tuple[str, ...] = ("file", "edit", "view", "data", "areas", "analysis", "report", "window", "help")


#: What can be done to schemes, as the bar of schemes offers it.
SCHEME_ACTIONS: tuple[str, ...] = ("new-scheme", "copy-scheme", "rename-scheme", "delete-scheme")


@dataclass(frozen=True)
class Row:
    """One action: its words are ``window.action.<code>``, what it does is in the verbs of its menu."""

    code: str
    menu: str
    icon: str = ""
    keys: str = ""  # several ways are parted by ' | ', the first is shown
    reason: Reason = always
    bar: str = ""  # '' = not in the toolbar, 'icon', or 'text' = icon with its words
    line: bool = False  # a line above it
    choice: bool = False  # it can be on or off; its verbs say whether it is


ROWS: tuple[Row, ...] = (
    Row("open", "file", "folder-open-outline", "Ctrl+O", bar="icon"),
    Row("sample", "file", "map-search-outline"),
    Row("save", "file", "content-save-outline", "Ctrl+S", needs_project, "icon", line=True),
    Row("save-as", "file", "content-save-move-outline", "Ctrl+Shift+S", needs_project),
    Row("export", "file", "export-variant", "Ctrl+E", needs_plan, line=True),
    Row("page", "file", "file-cog-outline", "Ctrl+Shift+P", needs_own_project),
    Row("preview", "file", "printer-eye", "Ctrl+P", needs_areas, "icon"),
    Row("close", "file", "close", "Ctrl+W", needs_project, line=True),
    Row("quit", "file", "exit-to-app", "Ctrl+Q"),
    Row("undo", "edit", "undo", "Ctrl+Z", needs_undo, "icon"),
    Row("redo", "edit", "redo", "Ctrl+Y | Ctrl+Shift+Z", needs_redo, "icon"),
    Row("select-all", "edit", "select-all", "Ctrl+A", needs_plan, line=True),
    Row("select-none", "edit", "select-off", "Ctrl+Shift+A", needs_selection),
    Row("copy-map", "edit", "content-copy", "Ctrl+Shift+C", needs_plan, line=True),
    Row("snapping", "edit", "magnet", "S", needs_plan, line=True, choice=True),
    Row("zoom-all", "view", "fit-to-page-outline", "Ctrl+Shift+F", needs_plan, "icon"),
    Row("zoom-selection", "view", "magnify-scan", "Ctrl+J", needs_selection),
    Row("zoom-area", "view", "map-search", "Z", needs_shown_area),
    Row("zoom-in", "view", "magnify-plus-outline", "Ctrl++", needs_plan),
    Row("zoom-out", "view", "magnify-minus-outline", "Ctrl+-", needs_plan),
    Row("view-back", "view", "arrow-left", "Alt+Left", needs_view_before, line=True),
    Row("view-forward", "view", "arrow-right", "Alt+Right", needs_view_after),
    Row("links", "view", "graph-outline", "Ctrl+L", needs_plan, "icon", line=True, choice=True),
    Row("blocks", "view", "wall", "", needs_plan, choice=True),
    Row("chinese", "view", choice=True, line=True),
    Row("english", "view", choice=True),
    Row("group", "areas", "vector-polygon", "Ctrl+G", needs_edit, "text"),
    Row("new-scheme", "areas", "file-plus-outline", "", needs_edit),
    Row("copy-scheme", "areas", "content-duplicate", "Ctrl+D", needs_scheme),
    Row("rename-scheme", "areas", "rename-outline", "", needs_scheme),
    Row("delete-scheme", "areas", "trash-can-outline", "", needs_scheme),
    Row("select", "areas", "cursor-default-outline", "V", needs_plan, "icon", line=True, choice=True),
    Row("select-lasso", "areas", "selection-ellipse", "Shift+V", needs_plan, choice=True),
    Row("paint", "areas", "brush-outline", "B", needs_scheme, "icon", choice=True),
    Row("paint-rectangle", "areas", "rectangle-outline", "R", needs_scheme, "icon", choice=True),
    Row("paint-lasso", "areas", "lasso", "L", needs_scheme, "icon", choice=True),
    Row("erase", "areas", "eraser", "E", needs_scheme, "icon", choice=True),
    Row("pick", "areas", "eyedropper", "I", needs_scheme, "icon", choice=True),
    Row("draw", "areas", "shape-polygon-plus", "D", needs_scheme, "icon", choice=True),
    Row("reshape", "areas", "vector-curve", "G", needs_area, "icon", choice=True),
    Row("split", "areas", "content-cut", "X", needs_area, "icon", choice=True),
    Row("vertex", "areas", "vector-polyline-edit", "A", needs_scheme, "icon", choice=True),
    Row("derive", "areas", "vector-polygon-variant", "", needs_drawn_area),
    Row("only-unassigned", "areas", "circle-off-outline", "U", needs_scheme, choice=True),
    Row("next-area", "areas", "arrow-down-bold-outline", "PgDown", needs_areas, line=True),
    Row("last-area", "areas", "arrow-up-bold-outline", "PgUp", needs_areas),
    Row("lock", "areas", "lock-outline", "K", needs_area, line=True),
    Row("rename", "areas", "pencil-outline", "F2", needs_area),
    Row("merge", "areas", "set-merge", "M", needs_two_areas),
    Row("dissolve", "areas", "delete-outline", "Del", needs_area),
    Row("link", "areas", "link-variant", "", needs_scheme, line=True, choice=True),
    Row("cut", "areas", "link-variant-off", "", needs_scheme, choice=True),
    Row("unlink", "areas", "link-off", "", needs_override),
    Row("import-data", "data", "database-import-outline", "Ctrl+I", needs_own_project),
    Row("import-report", "data", "clipboard-text-outline", "", needs_project),
    Row("add-underlay", "data", "image-plus-outline", "", needs_edit),
    Row("add-tiles", "data", "cloud-download-outline", "", needs_edit),
    Row("table", "data", "table", "F6", needs_plan, "icon", line=True),
    Row("unlock-neighbourhoods", "data", "lock-open-outline", "", needs_edit, line=True, choice=True),
    Row("missing", "data", "home-plus-outline", "", needs_open_layer, choice=True),
    Row("remove-missing", "data", "home-remove-outline", "", needs_drawn),
    Row("identify", "analysis", "information-variant", "Ctrl+Shift+I", needs_plan, "icon", choice=True),
    Row("measure", "analysis", "ruler", "Ctrl+Shift+M", needs_plan, "icon", choice=True),
    Row("measure-area", "analysis", "ruler-square", "Ctrl+Shift+J", needs_plan, choice=True),
    Row("why", "analysis", "help-circle-outline", "W", needs_subject, line=True),
    Row("standard", "analysis", "scale-balance", "", needs_own_project),
    Row("next-problem", "analysis", "skip-next-outline", "F8", needs_problems, line=True),
    Row("last-problem", "analysis", "skip-previous-outline", "Shift+F8", needs_problems),
    Row("pack", "report", "briefcase-outline", "Ctrl+Shift+E", needs_areas, "text"),
    Row("report-pdf", "report", "file-document-outline", "", needs_areas, line=True),
    Row("export-map", "report", "map-outline", "", needs_plan),
    Row("export-tables", "report", "table", "", needs_plan),
    Row("export-web", "report", "web", "", needs_plan),
    Row("meeting", "window", "presentation", "F11", needs_plan),
    Row("reset-layout", "window", "dock-window"),
    Row("keys", "help", "keyboard-outline", "F1"),
    Row("about", "help", "information-outline"),
)
