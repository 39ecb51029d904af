"""A project: layers, schemes and what they are judged by. One file, one save."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from renomap.model.layer import Layer
from renomap.model.note import Note
from renomap.model.programme import Programme
from renomap.model.roles import Role
from renomap.model.scheme import Scheme
from renomap.model.standard import MeetingValue
from renomap.model.version import Version

#: Entries of the title block, as printed plans have them; all texts, empty = not given.
FORM_FIELDS: tuple[str, ...] = (
    "title",
    "author",  # 编制单位
    "client",  # 委托单位
    "date",  # 编制日期
    "data_date",  # 数据时点
    "data_source",  # 数据来源
    "number",  # 图号
    "mark",  # 内部资料 / 征求意见稿 / 审图号
)


@dataclass(frozen=True)
class Project:
    """Everything that is saved. A value; every change makes a new one (see ``model.change``).

    ``crs`` is a string that pyproj understands ('EPSG:4547' or WKT) of a projected system in metres.
    ``preset`` and ``standard`` are keys of shipped tables or the text of the user's own table.
    ``notes`` is what the imports guessed and repaired; ``programme`` what is carried out, empty at first;
    ``versions`` are former states of schemes, the oldest first.
    """

    crs: str
    layers: tuple[Layer, ...] = ()
    schemes: tuple[Scheme, ...] = ()
    active: str | None = None
    preset: str = "national"
    standard: str = "national"
    meeting: tuple[MeetingValue, ...] = ()
    form: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    meta: Mapping[str, Any] = field(default_factory=dict)
    programme: Programme = field(default_factory=Programme)
    versions: tuple[Version, ...] = ()

    def layers_of(self, role: Role) -> tuple[Layer, ...]:
        """All layers of a role, in project order."""
        return tuple(layer for layer in self.layers if layer.role == role)

    def layer(self, key: str) -> Layer | None:
        """The layer of that key or title, or None."""
        by_key = next((item for item in self.layers if item.key == key), None)
        return by_key or next((item for item in self.layers if item.title == key), None)

    @property
    def neighbourhoods(self) -> Layer | None:
        """The layer of neighbourhoods, or None before the first import. A project has at most one."""
        return next(iter(self.layers_of(Role.NEIGHBOURHOODS)), None)

    @property
    def scheme(self) -> Scheme | None:
        """The active scheme, or None."""
        return next((item for item in self.schemes if item.key == self.active), None)

    def with_layer(self, layer: Layer) -> Project:
        """The project with that layer added, or put in place of the one with its key."""
        if any(item.key == layer.key for item in self.layers):
            layers = tuple(layer if item.key == layer.key else item for item in self.layers)
        else:
            layers = (*self.layers, layer)
        return replace(self, layers=layers)

    def with_scheme(self, scheme: Scheme, *, active: bool = True) -> Project:
        """The project with that scheme added, or put in place of the one with its key."""
        if any(item.key == scheme.key for item in self.schemes):
            schemes = tuple(scheme if item.key == scheme.key else item for item in self.schemes)
        else:
            schemes = (*self.schemes, scheme)
        return replace(self, schemes=schemes, active=scheme.key if active else self.active)
