"""Demo: the sample town through the whole chain."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from renomap.assets import sample
from renomap.model.feedback import Feedback, Silent
from renomap.model.plan import Plan
from renomap.model.project import Project
from renomap.sources.options import ImportOptions
from renomap.steps import warming
from renomap.steps.import_ import import_sources
from renomap.steps.judge import judge_by
from renomap.store import projectfile

#: Presets shown side by side, the last one active.
PRESETS = ("guangzhou", "changsha")


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
    return replace(project, preset="changsha", form=dict(meeting.get("form", {})))


def run_demo(folder: Path, words: Mapping[str, str], feedback: Feedback | None = None) -> Demo:
    """Import, group by two presets, write both meeting packs and the project file into ``folder``."""
    # The window opens the sample, too, and need not wait for what groups and prints.
    from renomap.steps.group import group
    from renomap.steps.handover import pack
    from renomap.steps.options import GroupOptions
    from renomap.steps.plan import make_plan

    feedback = feedback or Silent()
    warming.start()
    project = sample_project(feedback)
    packs, plans = {}, {}
    for preset in PRESETS:
        project = group(project, GroupOptions(preset=preset), feedback).project
        plan = make_plan(project, feedback)
        packs[preset] = folder / f"pack-{preset}"
        pack(plan, packs[preset], words, feedback=feedback)
        plans[preset] = plan
    path = folder / "town.gpkg"
    projectfile.save(project, path)
    return Demo(path, packs, plans)
