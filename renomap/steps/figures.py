"""What a run tells scripts: figures of a grouping and of deficits, labels in input order."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from renomap.ground.gaps import count_pieces
from renomap.grouping import verify
from renomap.model.plan import Plan
from renomap.model.problem import Violation
from renomap.model.project import Project
from renomap.model.scheme import UNASSIGNED, count_sizes
from renomap.model.standard import Facility, State
from renomap.model.waiting import NO_SHAPE, waiting
from renomap.outputs.atomic import new_file
from renomap.outputs.findings import facility_total
from renomap.steps.frames import neighbourhood_frame
from renomap.steps.group import Grouping

#: Remarks of the import that count the rows it left out.
LEFT_OUT = ("sources.no-shape", "sources.coordinates-wild", "sources.repeated")


def group_figures(done: Grouping) -> dict[str, Any]:
    """What ``renomap group --json`` prints, but for the seconds.

    ``areas`` counts those that keep the bounds on sizes, as K does, ``single`` ones of a neighbourhood
    included; ``undersized``, ``oversized`` and ``to_check`` ones come on top.
    """
    result, links = done.result, done.work.links
    assignment = done.scheme.assignment
    outside = assignment == UNASSIGNED
    excluded = int((outside & ~done.scope.joins).sum())
    assigned = int((~outside).sum())
    sizes = count_sizes(done.scheme.areas["size_flag"])
    return {
        "areas": sizes.fitting,
        "single": sizes.single,
        "assigned": assigned,
        "scattered": len(assignment) - assigned - excluded,
        "undersized": sizes.undersized,
        "oversized": sizes.oversized,
        "to_check": sizes.to_check,
        "excluded": excluded,
        "violations": len(_violations(done)),
        "objective": result.objective,
        "terms": dict(result.terms),
        "bound": result.bound,
        "gap": result.gap,
        "proof": result.proof,
        "links": len(links),
        "pieces": sum(count_pieces(links)),  # one neighbourhood that nothing reaches is a piece, too
        "scheme": done.scheme.key,
    }


def _violations(done: Grouping) -> tuple[Violation, ...]:
    """Rules the plan breaks, found again by the checker; areas of other sizes are declared, not broken."""
    flagged = {item.label for item in done.result.undersized}
    return verify.violations(done.problem, done.result.labels, flagged=flagged)


def write_labels(project: Project, path: Path, *, rows_of_source: bool = False) -> None:
    """CSV ``row,fid,area``: one row per input feature in input order, area empty where there is none.

    ``rows_of_source``: the input was a source file, where ``fid`` is the row + 1; rows that held nothing to
    group have an empty ``fid``. Otherwise the rows are those of the project.

    Raises
    ------
    RenomapError
        Those of ``outputs.atomic.new_file``.
    """
    scheme = project.scheme
    fids = [int(fid) for fid in neighbourhood_frame(project).index]
    known = set(fids)
    wanted = range(1, _rows_of_source(project) + 1) if rows_of_source else fids
    area = scheme.assignment.to_dict() if scheme is not None else {}
    with new_file(path) as draft, draft.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["row", "fid", "area"])
        for row, fid in enumerate(wanted):
            out.writerow([row, fid if fid in known else "", area.get(fid, UNASSIGNED) or ""])


def _rows_of_source(project: Project) -> int:
    """Rows the survey had before some were left out or had to wait; the last may be one of these."""
    layer = project.neighbourhoods
    assert layer is not None  # what has been grouped has neighbourhoods
    left_out = sum(
        int(note.params["count"])
        for note in project.notes
        if note.code in LEFT_OUT and note.layer == layer.title
    )
    later = waiting(project)
    shapeless = int((later["reason"] == NO_SHAPE).sum()) if "reason" in later else 0
    return max(int(layer.frame.index.max()), len(layer.frame) + left_out + shapeless)


def deficit_figures(plan: Plan) -> dict[str, Any]:
    """What ``renomap deficits --json`` prints: sums over areas by facility, with the states they stand on.

    ``deficit`` is the sum over the ``known`` areas that have one number, ``deficit_low`` and ``deficit_high``
    those over all that have a range; None where no area has any.
    """
    return {
        "standard": plan.standard.key,
        "areas": len(plan.areas),
        "stamp": plan.stamp,
        "facilities": [_facility_figures(plan, item) for item in plan.standard.facilities],
    }


def _facility_figures(plan: Plan, item: Facility) -> dict[str, Any]:
    total = facility_total(plan, item)
    states = plan.areas[f"{item.key}_state"].value_counts()
    return {
        "key": item.key,
        "zh": item.zh,
        "en": item.en,
        "unit": item.unit,
        "deficit": total.deficit,
        "deficit_low": total.deficit_low,
        "deficit_high": total.deficit_high,
        "known": total.known,
        "states": {state.value: int(states[state.value]) for state in State if state.value in states},
        "status": item.status.value,
    }
