"""What is said of a programme: sentences on what somebody should look at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from renomap.model.programme_view import ProgrammeFinding, ProgrammeView
from renomap.model.words import sentence
from renomap.wording.names import titled

Words = Mapping[str, str]
#: Neighbourhoods that are named; of more their number is told.
_NAMED: Final = 3


def finding_text(one: ProgrammeFinding, words: Words) -> str:
    """The sentence of a finding; gates and items by their names."""
    params: dict[str, Any] = {}
    for name, value in (one.params or {}).items():
        if name == "lacks":
            params[name] = [f"programme.projects.{column}" for column in value]
        elif isinstance(value, tuple | list):
            params[name] = [_named(each, words) for each in value]
        else:
            params[name] = value if isinstance(value, int | float) else _named(value, words)
    return sentence(words, f"programme.finding.{one.kind}", params)


def finding_line(one: ProgrammeFinding, view: ProgrammeView, names: Mapping[int, str], words: Words) -> str:
    """The sentence of a finding behind the project and the first neighbourhoods that it is about.

    ``names``: fid -> name.
    """
    project = view.projects["name"].get(one.key) if one.key > 0 else None
    fids = one.fids or ((-one.key,) if one.key < 0 else ())
    who = [str(names.get(fid) or fid) for fid in fids[:_NAMED]]
    members = words["outputs.join"].join(who)
    if len(fids) > _NAMED:
        members += sentence(words, "outputs.programme.and-more", {"count": len(fids)})
    told = finding_text(one, words)
    parts = [str(part) for part in (project, members) if part]
    if not parts:
        return told
    of = words["programme.finding-join"].join(parts)
    return sentence(words, "programme.finding-of", {"of": of, "text": told})


def _named(item: Any, words: Words) -> str:
    return item if isinstance(item, str) else titled(item, words)
