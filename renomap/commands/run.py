"""The commands: each reads its arguments, calls steps and says what came out."""

from __future__ import annotations

import argparse
import shlex
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from renomap.commands.parser import BOUND_OPTIONS
from renomap.commands.places import require_file, require_folder, same_file
from renomap.commands.screen import Bar, note_json, say_json, say_notes
from renomap.commands.values import number, pairs, whole_number
from renomap.errors import RenomapError
from renomap.model.words import sentence

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from renomap.model.note import Note
    from renomap.model.page import Page
    from renomap.model.plan import Plan
    from renomap.steps.group import Grouping
    from renomap.steps.options import GroupOptions

Words = Mapping[str, str]


def run_command(arguments: argparse.Namespace, words: Words) -> int:
    """Carry out one parsed command line; returns the exit code."""
    bar = Bar(words)
    try:
        return _COMMANDS[arguments.command](arguments, words, bar)
    finally:
        bar.done()


def _import(arguments: argparse.Namespace, words: Words, bar: Bar) -> int:
    from renomap.commands.importing import import_options, programme_tables
    from renomap.commands.writing import writing
    from renomap.steps.import_ import import_sources, update_project
    from renomap.steps.import_table import import_table
    from renomap.store import projectfile
    from renomap.store.user import user_name

    tables = programme_tables(arguments)
    sources = () if arguments.update or not arguments.sources else arguments.sources
    require_file(arguments.output, sources, endings=(projectfile.ENDING,))
    options = import_options(arguments)
    notes: tuple[Note, ...]
    changes: pd.DataFrame | None = None
    with writing(arguments.output, update=arguments.update or not arguments.sources) as held:
        if not arguments.sources:
            project = projectfile.open_project(arguments.output)
            notes = ()
        elif arguments.update:
            before = projectfile.open_project(arguments.output)
            updated = update_project(before, arguments.sources, options, bar)
            project, notes, changes = updated.project, updated.notes, updated.changes
        else:
            project = import_sources(arguments.sources, options, bar)
            notes = project.notes
        for path, sheet, table in tables:
            taken = import_table(project, path, sheet, table, options, by=user_name() or "-", feedback=bar)
            project, notes = taken.project, (*notes, *taken.notes)
        projectfile.save(project, arguments.output, expected=held)
    bar.done()
    layers: list[dict[str, Any]] = [
        {"key": item.key, "title": item.title, "role": item.role.value, "rows": len(item.frame)}
        for item in project.layers
    ]
    if arguments.json:
        told = {"project": arguments.output, "crs": project.crs, "layers": layers}
        if changes is not None:
            told["changes"] = changes.to_dict("records")
        say_json(told | {"notes": [note_json(note, words) for note in notes]})
        return 0
    print(sentence(words, "commands.imported", {"path": str(arguments.output), "crs": project.crs}))
    for item in layers:
        print(f"  {item['title']}: {words.get('role.' + item['role'], item['role'])}, {item['rows']}")
    say_notes(notes, words)
    return 0


def _check(arguments: argparse.Namespace, words: Words, bar: Bar) -> int:
    from renomap.steps.check import check, has_errors
    from renomap.steps.import_ import open_or_import

    notes = check(open_or_import(arguments.source, bar))
    bar.done()
    if arguments.json:
        say_json({"errors": has_errors(notes), "notes": [note_json(note, words) for note in notes]})
    else:
        print(sentence(words, "commands.checked", {"count": len(notes)}))
        say_notes(notes, words)
    return 1 if has_errors(notes) else 0


def _group(arguments: argparse.Namespace, words: Words, bar: Bar) -> int:
    from renomap.commands.writing import writing
    from renomap.steps.figures import group_figures, write_labels
    from renomap.steps.group import group
    from renomap.steps.import_ import open_or_import
    from renomap.store import projectfile

    is_project = projectfile.is_project(arguments.source)
    survey = () if is_project else (arguments.source,)
    require_file(arguments.output, survey, endings=(projectfile.ENDING,))
    if arguments.labels is not None:
        require_file(arguments.labels, (arguments.source, arguments.output))
    options = _group_options(arguments)
    started = time.perf_counter()
    with writing(arguments.output, update=same_file(arguments.source, arguments.output)) as held:
        done = group(open_or_import(arguments.source, bar), options, bar)
        figures = group_figures(done) | {"seconds": time.perf_counter() - started}
        projectfile.save(done.project, arguments.output, expected=held)
    if arguments.labels is not None:
        write_labels(done.project, arguments.labels, rows_of_source=not is_project)
    bar.done()
    if arguments.json:
        say_json(figures)
    else:
        _say_grouped(done, figures, arguments.output, words)
    return 0


def _group_options(arguments: argparse.Namespace) -> GroupOptions:
    from renomap.steps.options import GroupOptions

    given = {key: getattr(arguments, option[2:].replace("-", "_")) for option, key in BOUND_OPTIONS}
    return GroupOptions(
        preset=arguments.preset,
        areas=_count(arguments.areas),
        bounds={key: value for key, value in given.items() if value is not None},
        gap_m=arguments.gap,
        within=arguments.within,
        weights=_numbers(arguments.weight, "--weight"),
        targets=_numbers(arguments.target, "--target"),
        seed=arguments.seed,
        time_limit=arguments.time_limit,
        title=arguments.title,
        only=arguments.only,
        fids=tuple(whole_number(text, "--fids") for text in _listed(arguments.fids)),
        warm=arguments.warm,
    )


def _numbers(texts: Sequence[str], option: str) -> dict[str, float]:
    """The numbers of an option that is given as ``NAME=NUMBER``, any number of times."""
    return {name: number(value, option) for name, value in pairs(texts, option).items()}


def _say_grouped(done: Grouping, figures: Mapping[str, Any], output: Path, words: Words) -> None:
    from renomap.outputs.findings import proof_text, sizes_text

    told = {
        **figures,
        "sizes": sizes_text(done.scheme.areas["size_flag"], words),
        "path": str(output),
        "seconds": f"{figures['seconds']:.1f}",
    }
    print(sentence(words, "commands.grouped", told))
    print(proof_text(done.result, words))
    say_notes(done.work.within.notes, words)


def _deficits(arguments: argparse.Namespace, words: Words, bar: Bar) -> int:
    from renomap.commands.writing import writing
    from renomap.steps.figures import deficit_figures
    from renomap.steps.handover import export
    from renomap.steps.judge import judge_by
    from renomap.steps.plan import make_plan
    from renomap.store import projectfile
    from renomap.store.user import user_name

    if arguments.output is not None:
        require_file(arguments.output, (arguments.project,))
        if arguments.output.suffix.lower() not in (".xlsx", ".csv"):
            raise RenomapError("commands.deficits-ending", path=str(arguments.output))
    changes = bool(arguments.standard or arguments.set)
    with writing(arguments.project, update=True) if changes else nullcontext() as held:
        before = projectfile.open_project(arguments.project)
        project = judge_by(before, arguments.standard, arguments.set, by=user_name() or "-")
        if project.scheme is None:
            raise RenomapError("commands.no-scheme", path=str(arguments.project))
        plan = make_plan(project, bar)
        if arguments.output is not None:
            export(plan, arguments.output, words, feedback=bar)
        if project != before:
            projectfile.save(project, arguments.project, expected=held)
    bar.done()
    if arguments.json:
        say_json(deficit_figures(plan))
    else:
        _say_deficits(plan, words)
    return 0


def _say_deficits(plan: Plan, words: Words) -> None:
    from renomap.outputs.findings import facility_total, sizes_text, total_text
    from renomap.outputs.numbers import Figures
    from renomap.steps.figures import deficit_figures
    from renomap.wording.names import facility_name, titled

    told = deficit_figures(plan)
    counted = {"areas": told["areas"], "sizes": sizes_text(plan.areas["size_flag"], words)}
    print(sentence(words, "commands.deficits", {"standard": titled(plan.standard, words), **counted}))
    for item, line in zip(plan.standard.facilities, told["facilities"], strict=True):
        params = {
            "facility": facility_name(item, words),
            "deficit": total_text(facility_total(plan, item), Figures(words)),
            "states": [f"{words['state.' + state]} {count}" for state, count in line["states"].items()],
        }
        print(sentence(words, "commands.deficits-line", params))


def _export(arguments: argparse.Namespace, words: Words, bar: Bar) -> int:
    from renomap.steps.handover import export, require_export

    require_file(arguments.output, (arguments.project,))
    require_export(arguments.output, arguments.layer)
    plan = _plan(arguments, words, bar)
    export(
        plan, arguments.output, words,
        layer=arguments.layer, contents=tuple(_listed(arguments.contents)), feedback=bar,
    )  # fmt: skip
    return _written(arguments, words, bar, {"stamp": plan.stamp, "path": arguments.output})


def _page(arguments: argparse.Namespace) -> Page:
    """What ``report`` and ``pack`` are asked to print on."""
    from renomap.model.page import Page

    return Page(
        report=arguments.paper,
        area_pages=not arguments.no_area_pages,
        grey=arguments.grey,
        figures=tuple(_listed(arguments.figures)),
        public=getattr(arguments, "public", False),
    )


def _report(arguments: argparse.Namespace, words: Words, bar: Bar) -> int:
    from renomap.steps.handover import report

    require_file(arguments.output, (arguments.project,), endings=(".pdf",))
    if arguments.pages != "areas":
        return _single_sheets(arguments, words, bar)
    plan = _plan(arguments, words, bar)
    made = report(plan, arguments.output, words, _page(arguments), feedback=bar)
    figures = {
        "stamp": plan.stamp,
        "path": arguments.output,
        "pages": made.pages,
        "area_pages": made.area_pages,
    }
    return _written(arguments, words, bar, figures)


def _single_sheets(arguments: argparse.Namespace, words: Words, bar: Bar) -> int:
    from renomap.commands.programme import target_named
    from renomap.steps.handover import sheets

    of = None if arguments.of is None else target_named(arguments.of)
    key = None if of is None else of.area or -of.fid
    plan = _plan(arguments, words, bar)
    page = _page(arguments)
    pages, lacking = sheets(plan, arguments.output, words, page, pages=arguments.pages, key=key, feedback=bar)
    figures = {"stamp": plan.stamp, "path": arguments.output, "pages": pages, "lacking": lacking}
    code = _written(arguments, words, bar, figures)
    for phrase in lacking if not arguments.json else ():
        print(phrase)
    return code


def _pack(arguments: argparse.Namespace, words: Words, bar: Bar) -> int:
    from renomap.steps.handover import pack

    require_folder(arguments.output)
    plan = _plan(arguments, words, bar)
    made = pack(plan, arguments.output, words, _page(arguments), feedback=bar)
    figures = {"stamp": plan.stamp, "path": arguments.output, "files": made.files, "kept": made.kept}
    code = _written(arguments, words, bar, figures)
    for path in made.kept if not arguments.json else ():
        print(sentence(words, "commands.pack-kept", {"path": str(path)}))
    if made.lacks and not arguments.json:
        print(words[made.lacks])
    return code


def _demo(arguments: argparse.Namespace, words: Words, bar: Bar) -> int:
    from renomap.outputs.findings import sizes_text
    from renomap.steps.demo import PRESETS, run_demo

    started = time.perf_counter()
    require_folder(arguments.out)
    try:
        arguments.out.mkdir(exist_ok=True)
    except OSError as error:
        raise RenomapError("commands.folder-unwritable", folder=str(arguments.out)) from error
    presets = (arguments.preset,) if arguments.preset else PRESETS
    demo = run_demo(arguments.out, words, bar, presets)
    bar.done()
    if arguments.json:
        say_json(
            {
                "project": demo.project_file,
                "packs": demo.packs,
                "areas": {preset: len(plan.areas) for preset, plan in demo.plans.items()},
                "seconds": time.perf_counter() - started,
            }
        )
        return 0
    for preset, folder in demo.packs.items():
        plan = demo.plans[preset]
        told = {
            "preset": preset,
            "areas": len(plan.areas),
            "sizes": sizes_text(plan.areas["size_flag"], words),
            "folder": str(folder.resolve()),
            "neighbourhoods": plan.totals["assigned"],
        }
        print(sentence(words, "commands.demo-pack", told))
    # works from a checkout, an installed wheel and any folder alike
    command = shlex.join([sys.executable, "-m", "renomap", str(demo.project_file.resolve())])
    print(sentence(words, "commands.demo-window", {"command": command}))
    return 0


def _compare(arguments: argparse.Namespace, words: Words, bar: Bar) -> int:
    from renomap.commands.comparing import comparison_json, plan_of, say_comparison
    from renomap.outputs.comparison_tables import write_xlsx
    from renomap.steps.compare import compare

    if arguments.output is not None:
        require_file(arguments.output, (arguments.project,), endings=(".xlsx",))
    sides = [plan_of(arguments.project, named, bar, words) for named in (arguments.one, arguments.two)]
    found = compare(*sides)
    if arguments.output is not None:
        write_xlsx(found, arguments.output, words, sides[1])
    bar.done()
    if arguments.json:
        say_json(comparison_json(found))
    else:
        say_comparison(found, words, sides[1])
    return 0


def _progress(arguments: argparse.Namespace, words: Words, bar: Bar) -> int:
    from renomap.commands.progress import run_progress

    return run_progress(arguments, words, bar)


def _rebuild(arguments: argparse.Namespace, words: Words, bar: Bar) -> int:
    from renomap.commands.rebuilding import run_rebuild

    return run_rebuild(arguments, words, bar)


def _programme(arguments: argparse.Namespace, words: Words, bar: Bar) -> int:
    from renomap.commands.programme import run_programme

    return run_programme(arguments, words, bar)


def _record(arguments: argparse.Namespace, words: Words, bar: Bar) -> int:
    from renomap.commands.programme import run_record

    return run_record(arguments, words, bar)


def _plan_moves(arguments: argparse.Namespace, words: Words, bar: Bar) -> int:
    from renomap.commands.programme import run_plan

    return run_plan(arguments, words, bar)


def _phase(arguments: argparse.Namespace, words: Words, bar: Bar) -> int:
    from renomap.commands.phasing import run_phase

    return run_phase(arguments, words, bar)


def _sites(arguments: argparse.Namespace, words: Words, bar: Bar) -> int:
    from renomap.commands.siting import run_sites

    return run_sites(arguments, words, bar)


def _plan(arguments: argparse.Namespace, words: Words, bar: Bar) -> Plan:
    from renomap.commands.comparing import plan_of, with_active
    from renomap.steps.compare import beside
    from renomap.steps.plan import make_plan
    from renomap.store import projectfile

    project = projectfile.open_project(arguments.project)
    wanted, other = getattr(arguments, "scheme", None), getattr(arguments, "beside", None)
    plan = make_plan(project if wanted is None else with_active(project, wanted), bar)
    return plan if other is None else beside(plan, plan_of(arguments.project, other, bar, words))


def _written(arguments: argparse.Namespace, words: Words, bar: Bar, figures: Mapping[str, Any]) -> int:
    bar.done()
    if arguments.json:
        say_json(figures)
    else:
        print(sentence(words, "commands.written", {"path": str(arguments.output), "stamp": figures["stamp"]}))
    return 0


def _listed(text: str | None) -> list[str]:
    return [part.strip() for part in (text or "").split(",") if part.strip()]


def _count(text: str) -> int | str:
    if text in ("auto", "most", "fewest"):
        return text
    if text.isdecimal() and int(text) > 0:
        return int(text)
    raise RenomapError("commands.no-count", text=text)


_COMMANDS: Mapping[str, Callable[[argparse.Namespace, Words, Bar], int]] = {
    "import": _import,
    "check": _check,
    "group": _group,
    "deficits": _deficits,
    "export": _export,
    "report": _report,
    "pack": _pack,
    "compare": _compare,
    "demo": _demo,
    "programme": _programme,
    "progress": _progress,
    "rebuild": _rebuild,
    "record": _record,
    "plan": _plan_moves,
    "phase": _phase,
    "sites": _sites,
}
