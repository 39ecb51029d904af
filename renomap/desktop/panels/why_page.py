"""The page that says why: moves with what they change, rules that forbid others, bounds that bind."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from renomap.desktop.look import FAINT, LINE, SELECTION
from renomap.desktop.panels import prose
from renomap.model.plan import Plan
from renomap.outputs.findings import neighbourhood_name, reason_text
from renomap.outputs.numbers import Figures, Kind, missing
from renomap.session.speech import Speech

if TYPE_CHECKING:  # the search's libraries are slow to import and not needed before somebody asks why
    from renomap.grouping.explain import Binding
    from renomap.steps.why import Broken, Proposal, WhyArea, WhyUnit

#: Link that carries out a proposal, by its number.
MOVE: Final = "move:"
#: Link that leads back to the properties.
BACK: Final = "back:"
#: Changes of a term smaller than this are not told (points of a hundred).
_NOTHING: Final = 0.05
_GOOD, _BAD = "#2f855a", "#c2410c"


def why_page(plan: Plan, why: WhyUnit | WhyArea, say: Speech) -> str:
    """Why a neighbourhood is in its area, or what holds an area as it is."""
    from renomap.steps.why import WhyUnit

    return _unit(plan, why, say) if isinstance(why, WhyUnit) else _area(plan, why, say)


def proposals(why: WhyUnit | WhyArea) -> tuple[Proposal, ...]:
    """What the page proposes, in the order of its links."""
    from renomap.steps.why import WhyUnit

    return why.proposals if isinstance(why, WhyUnit) else why.swaps


def _unit(plan: Plan, why: WhyUnit, say: Speech) -> str:
    kind = f"{say('window.facts.kind-neighbourhood')} · {say('window.facts.why')}"
    parts = [prose.title(_name(plan, why.fid, say), kind)]
    row = plan.neighbourhoods.loc[why.fid]
    if not why.takes_part:
        told = say("why.no-part", reason=reason_text(row, say.words))
        return "".join([*parts, prose.paragraph(told), _footnote(say)])
    if why.area:
        parts.append(prose.paragraph(say("why.in-area", area=_area_name(plan, why.area))))
    else:
        parts.append(prose.paragraph(say("why.in-none")))
        parts.append(prose.paragraph(reason_text(row, say.words)))
    legal = [item for item in why.proposals if not item.broken]
    others = [item for item in why.proposals if item.broken]
    beside = [item for item in why.proposals if item.beside]
    if not beside:
        parts.append(prose.paragraph(say("why.no-neighbours")))
    elif not legal:
        parts.append(prose.paragraph(say("why.none-legal")))
    elif all(item.total < 0 for item in legal):
        parts.append(prose.paragraph(say("why.best-here")))
    if legal:
        parts.append(prose.heading(say("why.legal")))
        parts += [_proposal(plan, why, item, say) for item in legal]
    if others:
        parts.append(prose.heading(say("why.forbidden")))
        parts += [_proposal(plan, why, item, say) for item in others]
    return "".join([*parts, _footnote(say)])


def _area(plan: Plan, why: WhyArea, say: Speech) -> str:
    kind = f"{say('window.facts.kind-area')} · {say('window.facts.why')}"
    parts = [prose.title(_area_name(plan, why.area), kind), prose.heading(say("why.bounds"))]
    parts.append(prose.facts([_binding(item, say) for item in why.bindings]))
    parts.append(prose.heading(say("why.neighbours")))
    if why.isolated and why.barriers:
        names = say("outputs.join").join(why.barriers)
        parts.append(prose.paragraph(say("why.isolated-by", barriers=names)))
    elif why.isolated:
        parts.append(prose.paragraph(say("why.isolated")))
    if why.barred:
        names = say("outputs.join").join(_name(plan, fid, say) for fid in why.barred)
        parts.append(prose.paragraph(say("why.barred", names=names)))
    if not why.isolated:
        parts.append(prose.paragraph(say("why.swaps" if why.swaps else "why.no-swaps")))
    parts += [_proposal(plan, why, item, say) for item in why.swaps]
    return "".join([*parts, _footnote(say)])


def _footnote(say: Speech) -> str:
    back = f"<p style='margin:10px 0 0 0'>{prose.link(BACK, '‹ ' + say('why.back'))}</p>"
    return f"<p style='margin:10px 0 0 0;font-size:8.5pt'>{prose.faint(say('why.footnote'))}</p>{back}"


def _proposal(plan: Plan, why: WhyUnit | WhyArea, item: Proposal, say: Speech) -> str:
    number = proposals(why).index(item)
    head = escape(_told(plan, why, item, say))
    if item.broken:
        reasons = "".join(
            f"<p style='margin:1px 0 1px 10px;color:{SELECTION}'>{escape(_broken(plan, one, say))}</p>"
            for one in item.broken
        )
        return f"<p style='margin:5px 0 0 0'>{head}</p>{reasons}"
    colour = _GOOD if item.total > 0 else _BAD if item.total < 0 else FAINT
    score = f"<b style='color:{colour}'>{escape(_points(item.total))}</b>"
    terms = say("outputs.join").join(
        f"{say(f'grouping.term.{term}')} {_points(change)}"
        for term, change in item.change.items()
        if abs(100 * change) >= _NOTHING
    )
    take = prose.link(f"{MOVE}{number}", say("why.take"))
    detail = f"<p style='margin:1px 0 1px 10px'>{prose.faint(terms)}</p>" if terms else ""
    return f"<p style='margin:5px 0 0 0;border-top:1px solid {LINE}'>{head} {score} &nbsp;{take}</p>{detail}"


def _told(plan: Plan, why: WhyUnit | WhyArea, item: Proposal, say: Speech) -> str:
    """A proposal in words: where one goes, or who changes place with whom."""
    from renomap.steps.why import WhyUnit

    if isinstance(why, WhyUnit):
        group = [_name(plan, fid, say) for fid in item.moves if fid != why.fid]
        told = say("why.move", area=_area_name(plan, item.beside)) if item.beside else say("why.own-area")
        return told + (say("why.with", names=say("outputs.join").join(group)) if group else "")
    going = [_name(plan, fid, say) for fid, to in item.moves.items() if to != why.area]
    coming = [_name(plan, fid, say) for fid, to in item.moves.items() if to == why.area]
    join = say("outputs.join").join
    return say("why.swap", area=_area_name(plan, item.beside), going=join(going), coming=join(coming))


def _broken(plan: Plan, item: Broken, say: Speech) -> str:
    figures = Figures(say.words)
    params = dict(item.params)
    for name, value in params.items():
        if isinstance(value, int | float):
            kind = Kind.HA if params.get("capacity") == "area_ha" else Kind.COUNT
            params[name] = figures.number(value, kind)
    if "capacity" in params:
        params["capacity"] = say(f"grouping.capacity.{params['capacity']}")
    area = _area_name(plan, item.area) if item.area in plan.areas.index else ""
    told = say(f"grouping.rule.{item.rule}", **params)
    return say("why.broken", area=area, rule=told) if area else told


def _binding(item: Binding, say: Speech) -> tuple[str, str]:
    figures = Figures(say.words)
    kind = Kind.HA if item.name == "area_ha" else Kind.COUNT
    name = say("why.walk") if item.name == "walk" else say(f"grouping.capacity.{item.name}")
    numbers = {key: figures.number(getattr(item, key), kind) for key in ("value", "limit", "slack")}
    code = "why.bound-broken" if item.slack < 0 else f"why.bound-{item.side}"
    return name, escape(say(code, **numbers))


def _points(change: float) -> str:
    points = 100 * change
    return "±0" if abs(points) < _NOTHING else f"{points:+.1f}".replace("-", "−")


def _area_name(plan: Plan, area: int) -> str:
    return str(plan.areas.at[area, "name"]) if area in plan.areas.index else str(area)


def _name(plan: Plan, fid: int, say: Speech) -> str:
    name = plan.neighbourhoods.at[fid, "name"]
    return neighbourhood_name(fid, None if missing(name) else name, say.words)
