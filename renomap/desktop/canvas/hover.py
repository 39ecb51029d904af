"""The tag beside the pointer: name, households and the three deficits of what is under it."""

from __future__ import annotations

from html import escape

from renomap.cartography.linkage import LINKS
from renomap.desktop.canvas.linktips import REACH_PX, LinkIndex, link_text
from renomap.desktop.canvas.mapcanvas import MapCanvas
from renomap.desktop.canvas.surface import Pointer
from renomap.desktop.canvas.tag import PointerTag
from renomap.desktop.look import FAINT
from renomap.desktop.naming import FIRST_FACILITIES, short_lack
from renomap.model.plan import Plan
from renomap.outputs.findings import neighbourhood_name
from renomap.outputs.numbers import Figures
from renomap.session.session import Session
from renomap.wording.deficits import lack_unit


class HoverTag(PointerTag):
    """Appears when the pointer rests."""

    def __init__(self, session: Session, canvas: MapCanvas) -> None:
        super().__init__(canvas)
        self._session = session
        self._links = LinkIndex(None)
        self._links_of: Plan | None = None
        canvas.rested.connect(self._on_rested)
        canvas.pointed.connect(self._on_pointed)
        canvas.view_changed.connect(self.hide)

    def _on_pointed(self, pointer: Pointer | None) -> None:
        if self.isVisible():
            self.hide()
            self._canvas.overlay.clear("hover")

    def _on_rested(self, pointer: Pointer | None) -> None:
        plan = self._session.planner.plan
        if plan is not None and pointer is not None and self._on_link(plan, pointer):
            return
        fid = None if pointer is None else self._canvas.index.at(pointer.x, pointer.y)
        if plan is None or pointer is None or fid is None:
            self.hide()
            return
        self._show(pointer, self._told(fid))
        self._canvas.overlay.show(
            "hover", [plan.neighbourhoods.geometry.loc[fid]], stroke="#b0333f4b", width=1.6, level=2
        )

    def _show(self, pointer: Pointer, text: str) -> None:
        """Show a text beside the pointer."""
        self.text.setText(text)
        self.adjustSize()
        self.put_beside(pointer)
        self.show()
        self.raise_()

    def _on_link(self, plan: Plan, pointer: Pointer) -> bool:
        """Speak of the link under the pointer, if links are shown and there is one."""
        if not self._session.shown.has(LINKS):
            return False
        if self._links_of is not plan:
            self._links, self._links_of = LinkIndex(plan), plan
        pair = self._links.at(pointer.x, pointer.y, REACH_PX * self._canvas.view.resolution)
        if pair is None:
            return False
        self._show(pointer, link_text(plan, pair, self._session.speech))
        self._canvas.overlay.show("hover", [pair.line], stroke="#e0d9480f", width=3.0, level=2)
        return True

    def _told(self, fid: int) -> str:
        plan, say = self._session.planner.plan, self._session.speech
        assert plan is not None
        row, figures = plan.neighbourhoods.loc[fid], Figures(say.words)
        area = int(row["area_id"])
        where = (
            plan.areas.loc[area, "name"]
            if area in plan.areas.index
            else figures.coded("outputs.fate", row["fate"])
        )
        lines = [f"<b>{escape(neighbourhood_name(fid, row['name'], say.words))}</b>", escape(str(where))]
        lines.append(escape(say("window.hover.households", households=figures.number(row["households"]))))
        for facility in plan.standard.facilities[:FIRST_FACILITIES]:
            lack = figures.number(row.get(f"{facility.key}_deficit"))
            name, unit = short_lack(facility, say, "window.hover.deficit"), lack_unit(facility, say.words)
            lines.append(
                f"{escape(name)} <b>{escape(lack)}</b> <span style='color:{FAINT}'>{escape(unit)}</span>"
            )
        return "<br>".join(lines)
