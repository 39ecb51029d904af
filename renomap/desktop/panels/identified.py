"""The page of what lies at a point: every feature with its values and where they come from."""

from __future__ import annotations

from html import escape
from typing import Any

import numpy as np

from renomap.desktop.look import ACCENT, FAINT, LINE, WARNING
from renomap.desktop.panels import prose
from renomap.model.roles import Role
from renomap.outputs.findings import neighbourhood_name
from renomap.outputs.numbers import Figures, Kind
from renomap.session.speech import Speech
from renomap.steps.identify import FeatureAtPoint, ReadValue

#: Values that are codes of the program: the catalogue has words for them.
_CODED = {
    "households_flag": "outputs.flag",
    "renovation": "window.value.renovation",
    "heritage": "window.value.heritage",
    "origin": "window.origin",
    "property_mgmt": "window.value.property_mgmt",
    "use": "window.use",
}


def identified_page(found: tuple[FeatureAtPoint, ...], say: Speech) -> str:
    """All features, each with its layer and file, its known values, and how they were read."""
    if not found:
        return prose.paragraph(say("window.identify.none"), FAINT)
    told = say("window.identify.count", count=len(found))
    parts = [prose.title(say("window.identify.title"), told)]
    return "".join([*parts, *(_feature(item, say) for item in found)])


def _feature(item: FeatureAtPoint, say: Speech) -> str:
    role = say(f"window.role.{item.role}")
    drawn = any(value.field == "origin" and value.value == "drawn" for value in item.values)
    source = say("window.identify.drawn-here") if drawn else item.source or "—"
    origin = say("window.identify.from", layer=item.title, source=source)
    name = item.name or f"#{item.fid}"
    if item.role is Role.NEIGHBOURHOODS:
        name = neighbourhood_name(item.fid, item.name, say.words)
    head = (
        f"<p style='margin:10px 0 0 0;border-top:1px solid {LINE}'>"
        f"<b>{escape(name)}</b> <span style='color:{ACCENT}'>{escape(role)}</span></p>"
        f"<p style='margin:0 0 2px 0'>{prose.faint(origin)}</p>"
    )
    own = [value for value in item.values if value.is_canonical and value.field != "name"]
    came = [value for value in item.values if not value.is_canonical]
    page = head + prose.facts([(_label(value, say), _value(value, say)) for value in own])
    if came:
        page += f"<p style='margin:4px 0 0 0'>{prose.faint(say('window.identify.as-it-came'))}</p>"
        page += prose.facts([(value.field, _value(value, say)) for value in came])
    return page


def _label(value: ReadValue, say: Speech) -> str:
    return say.words.get(f"field.{value.field}", value.field)


def _value(value: ReadValue, say: Speech) -> str:
    figures = Figures(say.words)
    text = escape(_plain(value, figures))
    if value.raw is None:
        return text
    method = say.words.get(f"window.reading.{value.method}", str(value.method))
    flag = say.words.get(f"outputs.flag.{value.flag}") or say.words.get(f"window.flag.{value.flag}", "")
    said = say("window.identify.reading", raw=value.raw, method=method, flag=flag)
    return f"{text}<br><span style='color:{WARNING}'>{escape(said)}</span>"


def _plain(value: ReadValue, figures: Figures) -> str:
    data: Any = value.value
    if value.field in _CODED:
        return figures.coded(_CODED[value.field], data)
    if isinstance(data, bool | np.bool_):
        return figures.coded("window.yes-no", "yes" if data else "no")
    if not isinstance(data, int | float):
        return figures.text(data)
    if value.field.startswith("year"):
        return figures.number(data, Kind.YEAR)
    return figures.number(data) if float(data).is_integer() else f"{data:,.6g}"
