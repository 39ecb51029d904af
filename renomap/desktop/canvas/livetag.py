"""The tag at the cursor while a stroke is on its way: what the areas concerned win and lose."""

from __future__ import annotations

from html import escape
from math import isfinite

from PySide6.QtCore import Signal

from renomap.desktop.canvas.mapcanvas import MapCanvas
from renomap.desktop.canvas.previewer import Preview
from renomap.desktop.canvas.tag import PointerTag
from renomap.desktop.canvas.tool import Measured
from renomap.desktop.look import FAINT, SELECTION
from renomap.desktop.naming import short_name
from renomap.model.standard import State
from renomap.outputs.numbers import M2_PER_HA, Figures, Kind
from renomap.session.session import Session
from renomap.session.speech import Speech
from renomap.session.stroke_context import FacilityFlow, Flow, StrokeContext
from renomap.wording.deficits import lack_unit
from renomap.wording.names import unit_name

#: Areas that the tag speaks of; a long list would cover the map.
MOST_AREAS = 4
#: Longer sentences go on in a second line, pixels: the ground that is being drawn on stays in sight.
MOST_PX = 390
_TOGETHER = "\u00a0"  # a name, its number and its unit are not torn apart
_GOOD, _BAD = "#2f855a", "#c2410c"


class LiveTag(PointerTag):
    """Follows the pointer; a line for each area, then what would break. ``described`` tells others."""

    described = Signal(str)

    def __init__(self, session: Session, canvas: MapCanvas) -> None:
        super().__init__(canvas)
        self._session = session
        self._foreseen: list[str] = []
        self._measured: list[str] = []
        canvas.previewed.connect(self._on_previewed)
        canvas.preview_moved.connect(self.put_beside)
        canvas.measured.connect(self._on_measured)

    def _on_previewed(self, preview: Preview | None) -> None:
        self._foreseen = [] if preview is None else self._lines(preview)
        self.described.emit("<br>".join(self._foreseen))
        self._show()

    def _on_measured(self, measured: Measured | None) -> None:
        self._measured = [] if measured is None else measured_lines(measured, self._session.speech)
        self._show()

    def _show(self) -> None:
        lines = [*self._measured, *self._foreseen]
        if not lines:
            self.hide()
            return
        self.text.setText("<br>".join(lines))
        self.text.setWordWrap(False)
        wide = self.text.sizeHint().width()
        self.text.setWordWrap(wide > MOST_PX)
        # Qt's own hint of a label that wraps is for another width, and the last line would be cut
        wide = min(wide, MOST_PX)
        wraps = self.text.hasHeightForWidth()
        self.text.setFixedSize(
            wide, self.text.heightForWidth(wide) if wraps else self.text.sizeHint().height()
        )
        self.adjustSize()
        self.show()
        self.raise_()

    def _lines(self, preview: Preview) -> list[str]:
        warnings = [_warned(text) for text in preview.warnings(self._session.speech)]
        if preview.effect is None or not preview.effect.fids:
            return warnings
        flows = preview.context.flows(preview.effect, preview.after)
        lines = [self._area(preview.context, flow) for flow in flows[:MOST_AREAS]]
        if len(flows) > MOST_AREAS:
            lines.append(_faint(self._session.speech("window.live.more", count=len(flows) - MOST_AREAS)))
        return lines + warnings

    def _area(self, context: StrokeContext, flow: Flow) -> str:
        say = self._session.speech
        figures = Figures(say.words)
        name = context.rules.names.get(flow.area) or say("window.live.new-area")
        households = say("window.live.households", change=_signed(flow.households, figures))
        hectares = say("window.live.hectares", change=_signed(flow.area_ha, figures, Kind.HA))
        lines = [f"<b>{escape(name)}</b> {escape(households)} {_faint(hectares)}"]
        if flow.emptied:  # it lacks nothing any more, which is not unknown
            return "<br>".join([*lines, _faint(say("window.live.emptied"))])
        lacks = [self._lack(context, item, figures) for item in flow.facilities]
        lines.append(f" {_TOGETHER}".join(lacks))
        return "<br>".join(lines)

    def _lack(self, context: StrokeContext, item: FacilityFlow, figures: Figures) -> str:
        say, facility = self._session.speech, context.plan.standard.facility(item.key)
        assert facility is not None
        name, unit = short_name(facility, say), unit_name(facility, say.words)
        if item.state in (State.NOT_SET, State.BELOW_TRIGGER):
            return f"{escape(name)}{_TOGETHER}{_faint(figures.state(item.state))}"
        value = figures.deficit(item.low, item.high, item.after, item.state)
        is_unknown = value == say("outputs.unknown")
        if (to_add := say.words.get(f"window.short-lack.{facility.key}")) is not None:
            name, unit = to_add, lack_unit(facility, say.words)
        code = "window.live.lack" if to_add is None else "window.live.to-add"
        lack = say("window.live.lack-unknown" if is_unknown else code, value=value, unit=unit)
        told = escape(f"{name} {lack}".replace(" ", _TOGETHER))
        if item.after is None or item.before is None:
            return told
        change = item.after - item.before
        colour = FAINT if round(change) == 0 else _BAD if change > 0 else _GOOD
        return f"{told}{_TOGETHER}<span style='color:{colour}'>({escape(_signed(change, figures))})</span>"


def measured_lines(measured: Measured, say: Speech, *, plain: bool = False) -> list[str]:
    """Length, last stretch and surface in words, rich text or ``plain``; short ones to the decimetre."""
    length = say("window.sketch.length", length=_metres(measured.length_m))
    if measured.last_m is not None and abs(measured.last_m - measured.length_m) > 0.05:
        last = say("window.sketch.last", length=_metres(measured.last_m))
        length += " " + (last if plain else _faint(last))
    if measured.area_m2 is None or not isfinite(measured.area_m2):
        return [length]
    figures = Figures(say.words)
    hectares = figures.number(measured.area_m2 / M2_PER_HA, Kind.HA)
    return [length, say("window.sketch.area", area=hectares, m2=figures.number(measured.area_m2, Kind.M2))]


def _metres(metres: float) -> str:
    return f"{metres:,.1f}" if metres < 1000 else f"{metres:,.0f}"


def _warned(text: str) -> str:
    return f"<span style='color:{SELECTION}'>⚠ {escape(text)}</span>"


def _faint(text: str) -> str:
    return f"<span style='color:{FAINT}'>{escape(text)}</span>"


def _signed(value: float, figures: Figures, kind: Kind = Kind.COUNT) -> str:
    if abs(value) < 1e-9:
        return "±0"
    return ("+" if value > 0 else "−") + figures.number(abs(value), kind)
