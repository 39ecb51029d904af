"""What is known of what is chosen: an area or a neighbourhood, with its deficits and where they come from."""

from __future__ import annotations

from html import escape
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTextBrowser, QVBoxLayout, QWidget

from renomap.desktop.look import ACCENT, FAINT, LINE, WARNING
from renomap.desktop.naming import short_name
from renomap.model.plan import Plan
from renomap.model.standard import State
from renomap.outputs import findings
from renomap.outputs.numbers import Figures, Kind
from renomap.session.session import Session

_STATE_COLOURS = {State.SHORT: "#c2410c", State.MET: "#2f855a", State.UNKNOWN: WARNING}


class FactsPanel(QWidget):
    """Properties as a page of text that can be selected and copied."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.page = QTextBrowser(openLinks=False)
        self.page.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.page.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.page.document().setDocumentMargin(10)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.page)
        session.planner.planned.connect(lambda _: self._show())
        session.document.selected.connect(self._show)
        session.speech.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        say = self._session.speech
        self.page.setAccessibleName(say("window.dock.facts"))
        plan, selection = self._session.planner.plan, self._session.document.selection
        at = self.page.verticalScrollBar().value()
        fids = [fid for fid in selection.fids if plan is not None and fid in plan.neighbourhoods.index]
        if plan is not None and len(fids) == 1:
            html = self._neighbourhood(plan, fids[0])
        elif plan is not None and fids:
            html = self._several(plan, fids)
        elif plan is not None and selection.area is not None and selection.area in plan.areas.index:
            html = self._area(plan, selection.area)
        else:
            html = f"<p style='color:{FAINT}'>{escape(say('window.facts.empty'))}</p>"
        self.page.setHtml(html)
        self.page.verticalScrollBar().setValue(at)

    def _area(self, plan: Plan, area: int) -> str:
        say, row = self._session.speech, plan.areas.loc[area]
        figures = Figures(say.words)
        facts = [
            ("window.facts.neighbourhoods", figures.number(row["neighbourhoods"])),
            (
                "window.facts.households",
                figures.partial(row["households"], row["households_known"], row["neighbourhoods"]),
            ),
            ("window.facts.population", figures.number(row["population"])),
            ("window.facts.buildings", figures.number(row["buildings"])),
            ("window.facts.area", f"{figures.number(row['area_ha'], Kind.HA)} ha"),
            ("window.facts.years", figures.years(row["year_min"], row["year_max"])),
            ("window.facts.street", figures.text(row["street"])),
        ]
        sides = [
            say(f"window.facts.{side}", name=row.get(side) or say("outputs.undetermined"))
            for side in ("east", "south", "west", "north")
        ]
        gains = findings.pooling_sentences(plan, area, say.words)
        parts = [_title(str(row["name"]), say("window.facts.kind-area")), _table(facts, say)]
        parts.append(self._deficits(plan, area))
        if gains:
            parts.append(_heading(say("window.facts.pooling")))
            parts.extend(f"<p style='margin:2px 0'>{escape(text)}</p>" for text in gains)
        parts.append(_heading(say("window.facts.sides")))
        parts.append(f"<p style='margin:2px 0'>{escape(say('outputs.join').join(sides))}</p>")
        return "".join(parts)

    def _deficits(self, plan: Plan, area: int) -> str:
        say = self._session.speech
        figures = Figures(say.words)
        rows = []
        for line in findings.facility_lines(plan, area):
            name, unit = (
                short_name(line.facility, say),
                findings.unit_name(line.facility, say.words),
            )
            state = State(line.state) if line.state else State.UNKNOWN
            lack = figures.deficit(line.deficit_low, line.deficit_high, line.deficit, state)
            told = figures.state(state) if lack == "—" else f"{lack} {unit}"
            basis = say(f"status.{line.facility.status}")
            rows.append(
                f"<tr><td style='padding:3px 8px 3px 0'>{escape(name)}</td>"
                f"<td align=right style='padding:3px 8px;color:{_STATE_COLOURS.get(state, FAINT)}'>"
                f"{escape(told)}</td><td style='color:{FAINT};padding:3px 0'>{escape(basis)}</td></tr>"
            )
        heading = _heading(say("window.facts.deficits", standard=findings.titled(plan.standard, say.words)))
        return f"{heading}<table width='100%' cellspacing=0>{''.join(rows)}</table>"

    def _neighbourhood(self, plan: Plan, fid: int) -> str:
        say, row = self._session.speech, plan.neighbourhoods.loc[fid]
        figures = Figures(say.words)
        area = int(row["area_id"])
        belongs = (
            str(plan.areas.loc[area, "name"])
            if area in plan.areas.index
            else figures.coded("outputs.fate", row["fate"])
        )
        flag = figures.coded("outputs.flag", row["households_flag"])
        facts = [
            ("window.facts.belongs", belongs),
            ("window.facts.households", f"{figures.number(row['households'])} ({flag})"),
            ("window.facts.years", figures.years(row["year_min"], row["year_max"])),
            ("window.facts.buildings", figures.number(row["buildings"])),
            ("window.facts.stairwells", figures.number(row["stairwells"])),
            ("window.facts.eligibility", figures.coded("outputs.eligibility", row["eligibility"])),
            ("window.facts.street", figures.text(row["street"])),
            ("window.facts.community", figures.text(row["community"])),
        ]
        rows = []
        for facility in plan.standard.facilities:
            need, supply, lack = (row.get(f"{facility.key}_{name}") for name in ("need", "supply", "deficit"))
            numbers = "".join(
                f"<td align=right style='padding:3px 6px'>{escape(figures.number(value))}</td>"
                for value in (need, supply, lack)
            )
            name = short_name(facility, say)
            unit = findings.unit_name(facility, say.words)
            rows.append(
                f"<tr><td style='padding:3px 0'>{escape(name)}"
                f" <span style='color:{FAINT}'>{escape(unit)}</span></td>{numbers}</tr>"
            )
        names = (escape(say(f"window.facts.{name}")) for name in ("need", "supply", "deficit"))
        head = "".join(f"<td align=right style='color:{FAINT};padding:3px 6px'>{name}</td>" for name in names)
        table = f"<table width='100%' cellspacing=0><tr><td></td>{head}</tr>{''.join(rows)}</table>"
        title = _title(figures.text(row["name"]), say("window.facts.kind-neighbourhood"))
        return title + _table(facts, say) + _heading(say("window.facts.own-deficits")) + table

    def _several(self, plan: Plan, fids: list[int]) -> str:
        say = self._session.speech
        figures, rows = Figures(say.words), plan.neighbourhoods.loc[fids]
        known = int(rows["households"].notna().sum())
        total = rows["households"].sum(min_count=1)
        facts = [
            ("window.facts.neighbourhoods", figures.number(len(rows))),
            ("window.facts.households", figures.partial(total, known, len(rows))),
        ]
        names = say("outputs.join").join(figures.text(name) for name in rows["name"])
        title = _title(say("window.facts.several", count=len(rows)), say("window.facts.kind-neighbourhood"))
        return f"{title}{_table(facts, say)}<p>{escape(names)}</p>"


def _title(name: str, kind: str) -> str:
    return (
        f"<p style='margin:0;color:{FAINT}'>{escape(kind)}</p>"
        f"<p style='margin:0 0 8px 0;font-size:13pt;font-weight:bold'>{escape(name)}</p>"
    )


def _heading(text: str) -> str:
    return f"<p style='margin:12px 0 4px 0;font-weight:bold;color:{ACCENT}'>{escape(text)}</p>"


def _table(facts: list[tuple[str, str]], say: Any) -> str:
    rows = "".join(
        f"<tr><td style='color:{FAINT};padding:2px 12px 2px 0;border-color:{LINE}'>{escape(say(code))}</td>"
        f"<td style='padding:2px 0'>{escape(value)}</td></tr>"
        for code, value in facts
    )
    return f"<table cellspacing=0>{rows}</table>"
