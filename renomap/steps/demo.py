"""Demo: the sample town through the whole chain."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from renomap.assets import sample
from renomap.model.feedback import Feedback, Silent
from renomap.model.plan import Plan
from renomap.model.project import Project
from renomap.sources.options import ImportOptions
from renomap.steps import warming
from renomap.steps.import_ import import_sources
from renomap.steps.import_table import import_table
from renomap.steps.judge import judge_by
from renomap.store import projectfile

#: Presets shown side by side, the last one active.
PRESETS = ("guangzhou", "changsha")
#: Sheets of the sample's workbook of projects: what is known of neighbourhoods, and, once there are areas,
#: of projects.
OF_NEIGHBOURHOODS = {
    "项目库台账": "history",
    "意愿征询": "surveys",
    "需求点单": "demands",
    "体检问题": "problems",
    "改造内容": "works",
    "长效管理": "upkeep",
}
OF_PROJECTS = {
    "项目": "projects",
    "前期工作": "events",
    "投资匡算": "estimates",
    "资金筹措": "funds",
    "运营收支": "operations",
}
BY = "示例"


@dataclass(frozen=True)
class Demo:
    """Where the demo's results are."""

    project_file: Path
    packs: Mapping[str, Path]
    plans: Mapping[str, Plan]


def sample_project(feedback: Feedback | None = None) -> Project:
    """The sample town, imported with its inventory and the parking value of its meeting."""
    options = ImportOptions(inventory=sample("inventory.xlsx"))
    project = import_sources([sample("town.gpkg")], options, feedback)
    meeting = tomllib.loads(sample("meeting.toml").read_text(encoding="utf-8"))
    project = judge_by(project, "changsha", meeting["set"], by=meeting["by"])
    project = replace(project, preset="changsha", form=dict(meeting.get("form", {})))
    return _with_tables(project, OF_NEIGHBOURHOODS)


def with_projects(project: Project) -> Project:
    """The grouped sample town with the projects of its areas: steps taken, money, estimates, income."""
    return _with_tables(project, OF_PROJECTS)


def _with_tables(project: Project, sheets: Mapping[str, str]) -> Project:
    for sheet, table in sheets.items():
        project = import_table(project, sample("programme.xlsx"), sheet, table, by=BY).project
    return project


def run_demo(
    folder: Path,
    words: Mapping[str, str],
    feedback: Feedback | None = None,
    presets: Sequence[str] = PRESETS,
) -> Demo:
    """Import, group by each preset, write a meeting pack for each and the project file into ``folder``."""
    # The window opens the sample, too, and need not wait for what groups and prints.
    from renomap.steps.group import group
    from renomap.steps.handover import pack
    from renomap.steps.options import GroupOptions
    from renomap.steps.plan import make_plan

    feedback = feedback or Silent()
    warming.start()
    project = sample_project(feedback)
    packs, plans = {}, {}
    for preset in presets:
        project = group(project, GroupOptions(preset=preset), feedback).project
        if preset == PRESETS[-1]:  # the steps of its projects are those of this city
            project = with_projects(project)
        plan = make_plan(project, feedback)
        packs[preset] = folder / f"pack-{preset}"
        pack(plan, packs[preset], words, feedback=feedback)
        plans[preset] = plan
    path = folder / "town.gpkg"
    projectfile.save(project, path)
    return Demo(path, packs, plans)
