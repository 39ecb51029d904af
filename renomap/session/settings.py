"""Settings of the program: declared once with type and default, kept in an INI file."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, Generic, TypeVar, overload

from PySide6.QtCore import QByteArray, QSettings, QStandardPaths

from renomap.wording.catalogue import LANGUAGES

T = TypeVar("T")
RECENT: Final = 12
#: How the legend of the map stands: as the room allows, or as the user has left it.
AUTOMATIC: Final = "automatic"
OPEN: Final = "open"
FOLDED: Final = "folded"


class Setting(Generic[T]):
    """One setting; reading a value of the wrong type or outside ``choices`` gives the default."""

    def __init__(self, key: str, default: T, choices: tuple[T, ...] = ()) -> None:
        self.key = key
        self.default = default
        self.choices = choices

    @overload
    def __get__(self, owner: None, kind: type[Any]) -> Setting[T]: ...
    @overload
    def __get__(self, owner: Settings, kind: type[Any]) -> T: ...
    def __get__(self, owner: Settings | None, kind: type[Any]) -> Setting[T] | T:
        if owner is None:
            return self
        value = _typed(owner.store.value(self.key, self.default), self.default)
        return self.default if self.choices and value not in self.choices else value

    def __set__(self, owner: Settings, value: T) -> None:
        owner.store.setValue(self.key, value)


class Settings:
    """What the program remembers between two runs; the project's own settings are in its file."""

    language: Setting[str] = Setting("look/language", "", ("", *LANGUAGES))
    geometry: Setting[QByteArray] = Setting("window/geometry", QByteArray())
    layout: Setting[QByteArray] = Setting("window/layout", QByteArray())
    recent: Setting[list[str]] = Setting("files/recent", [])
    _places: Setting[list[str]] = Setting("files/places", [])
    folder: Setting[str] = Setting("files/folder", "")
    meeting_by: Setting[str] = Setting("meeting/by", "")
    export_folder: Setting[str] = Setting("files/export_folder", "")
    paper: Setting[str] = Setting("report/paper", "A3", ("A3", "A4"))
    area_pages: Setting[bool] = Setting("report/area_pages", True)
    tiles_online: Setting[list[str]] = Setting("tiles/online", [])
    views: Setting[str] = Setting("map/views", "{}")
    legend: Setting[str] = Setting("map/legend", AUTOMATIC, (AUTOMATIC, OPEN, FOLDED))
    snapping: Setting[bool] = Setting("draw/snapping", True)
    only_unassigned: Setting[bool] = Setting("draw/only_unassigned", False)
    brush_px: Setting[int] = Setting("draw/brush_px", 24)

    def __init__(self, path: Path | None = None) -> None:
        """Read from ``path``, by default the user's configuration folder."""
        self.store = QSettings(str(path or _default_path()), QSettings.Format.IniFormat)

    @property
    def places(self) -> dict[str, str]:
        """Of which place each recent project is, by its file."""
        pairs = [entry.partition("\t") for entry in self._places]
        return {name: place for name, _, place in pairs}

    def remember_file(self, path: Path, place: str = "") -> None:
        """Put a project first in the list of recent files and its folder where the next dialog begins."""
        name = str(path.resolve())
        places = self.places | ({name: place} if place else {})
        self.recent = [name, *(other for other in self.recent if other != name)][:RECENT]
        self._places = [f"{each}\t{places[each]}" for each in self.recent if each in places]
        self.folder = str(path.resolve().parent)

    def forget_files(self, path: Path | None = None) -> None:
        """Take a project, or all, out of the list of recent files; the files stay."""
        self.recent = [] if path is None else [name for name in self.recent if name != str(path)]


def _typed(value: Any, default: T) -> T:
    """What an INI file says, as the type of the default; the default where it says something else."""
    made: Any = value
    if isinstance(default, bool):
        made = {"true": True, "false": False}.get(str(value).lower())
    elif isinstance(default, list):
        made = [value] if isinstance(value, str) else list(value or ())
    elif isinstance(default, int | float):
        try:
            made = type(default)(value)
        except (TypeError, ValueError):
            made = None
    return made if isinstance(made, type(default)) else default


def _default_path() -> Path:
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppConfigLocation)
    return Path(folder) / "renomap.ini"


def data_folder() -> Path:
    """The user's folder for what the program itself writes: journals of projects that were never saved."""
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation))
