"""Names that fit: facilities by one word where there is no room for more, and themes of the map."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from renomap.cartography.programme_themes import WINDOW_THEMES
from renomap.model.plan import Plan
from renomap.model.project import Project
from renomap.model.standard import Facility
from renomap.session.speech import Speech
from renomap.wording.names import facility_name

#: Facilities that are named where there is no room for all: the first of the standard.
FIRST_FACILITIES: Final = 3
#: A coordinate system without a code of an authority is written out, which fits nowhere.
LONGEST_CODE: Final = 15


def short_name(facility: Facility, speech: Speech) -> str:
    """One word for a facility of ours; the full name of one that the user's own standard adds."""
    code = f"window.short.{facility.key}"
    return speech(code) if code in speech.words else facility_name(facility, speech.words)


def lack_title(facility: Facility, speech: Speech, code: str) -> str:
    """What a facility lacks as a title, ``code`` with its name; elevators to be added are no deficit."""
    called = speech.words.get(f"wording.lack.{facility.key}")
    return called or speech(code, facility=short_name(facility, speech))


def short_lack(facility: Facility, speech: Speech, code: str) -> str:
    """The same in a few words."""
    called = speech.words.get(f"window.short-lack.{facility.key}")
    return called or speech(code, facility=short_name(facility, speech))


def crs_text(project: Project, speech: Speech) -> str:
    """The code of a project's coordinate system, or that it is one of the planner's own."""
    return project.crs if len(project.crs) <= LONGEST_CODE else speech("window.own-crs")


def in_the_window(params: Mapping[str, Any], overrule: str) -> dict[str, Any]:
    """Parameters of a remark that say by ``overrule`` what to do in a window, not at a command line."""
    return {**params, **({"overrule": overrule} if "overrule" in params else {})}


def theme_names(plan: Plan | None, speech: Speech) -> list[tuple[str, str]]:
    """Code and name of every theme that a map of the plan can have."""
    names = [("areas", speech("window.theme.areas"))]
    for facility in () if plan is None else plan.standard.facilities:
        names.append((f"deficit:{facility.key}", short_lack(facility, speech, "window.theme.deficit")))
    codes = ["year", "eligibility"]
    if plan is not None and plan.programme is not None:
        codes += WINDOW_THEMES
    return [*names, *((code, speech(f"window.theme.{code}")) for code in codes)]
