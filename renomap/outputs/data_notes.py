"""Data and method as a reader of paper needs them; the record of the import, a file of its own."""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely

from renomap.deficits.meeting import SURVEY
from renomap.model.note import Note, Severity
from renomap.model.plan import Plan
from renomap.model.repair import MOST_NAMED
from renomap.model.scheme import UNASSIGNED
from renomap.model.standard import REACH, SITE, MeetingValue
from renomap.model.words import sentence
from renomap.outputs.atomic import new_file
from renomap.outputs.findings import meeting_text, neighbourhood_name
from renomap.outputs.geojson import spiked
from renomap.outputs.numbers import M2_PER_HA, Figures, Kind
from renomap.outputs.programme_values import (
    programme_value_text,
    reach_value_text,
    site_value_text,
)
from renomap.wording.names import facility_name

#: Topics of the remarks in the order they are read.
TOPICS: tuple[str, ...] = ("source", "layers", "households", "population", "survey", "supply", "rules")
TOPICS += ("standard", "meeting", "other")
_IMPORT = "sources."
#: Topic of a remark by the beginning of its code; the first that fits.
_TOPIC_OF: Mapping[str, str] = {
    "sources.households": "households",
    "steps.households": "households",
    _IMPORT: "survey",
    "steps.missing": "layers",
    "steps.persons": "population",
    "steps.standard": "standard",
    "steps.meeting": "meeting",
    "steps.": "rules",
    "deficits.": "supply",
}
#: Said here in one sentence of its own, of all of them together.
_TOGETHER = ("steps.missing-", "steps.households-")
#: Hectares that a printed figure shows.
SEEN_HA = 0.005
#: How households are known, in the order they are told.
_FLAGS = ("reported", "derived", "estimated", "approximate", "lower_bound")
#: The bracket of a sentence that says how to decide otherwise.
_OVERRULED = re.compile(r"\s*[（(][^（()）]*\{overrule\}[^（()）]*[）)]")


@dataclass(frozen=True)
class DataNote:
    """One remark on data and method: its topic and its sentence, both in words."""

    topic: str
    text: str


def data_notes(plan: Plan, words: Mapping[str, str]) -> list[DataNote]:
    """What a reader of the plan must know of its data and method, by topic, equal sentences once.

    As of when, from whom, which layers are missing, how households are known, which numbers are not verified
    or were set in a meeting. How files were read is not among it: a remark of the import is told only where
    the catalogue has a sentence for paper, ``outputs.note.<code>``; other remarks have one where their own
    sentence speaks to the user of the program.
    """
    told = [*_source(plan, words), *_layers(plan, words), *_households(plan, words), *_overlaps(plan, words)]
    told += _spikes(plan, words)
    for note in plan.notes:
        on_paper = f"outputs.note.{note.code}" in words
        if note.code.startswith(_TOGETHER) or (note.code.startswith(_IMPORT) and not on_paper):
            continue
        told.append(_told(note.code, _note_text(plan, note, words), words))
    order = {words[f"outputs.topic.{topic}"]: k for k, topic in enumerate(TOPICS)}
    return sorted(dict.fromkeys(told), key=lambda one: order[one.topic])


def write_import_log(plan: Plan, path: Path, words: Mapping[str, str]) -> None:
    """Write all remarks of the import, the gravest first, as text: how files, columns and values were read.

    Raises
    ------
    RenomapError
        Those of ``atomic.new_file``.
    """
    gravity = list(Severity)
    notes = sorted(plan.project.notes, key=lambda note: -gravity.index(note.severity))
    lines = [f"{words['outputs.import-log']} | {plan.stamp}", "", words["outputs.import-log-what"], ""]
    lines += dict.fromkeys(_logged(note, words) for note in notes) or [words["outputs.report.none"]]
    with new_file(path) as draft:
        # Windows' editor needs the byte order mark to read Chinese.
        draft.write_text("\r\n".join(lines) + "\r\n", encoding="utf-8-sig", errors="replace", newline="")


def _logged(note: Note, words: Mapping[str, str]) -> str:
    text = _plain(note, words)
    if note.confidence is not None:
        percent = Figures(words).number(100 * note.confidence)
        text += sentence(words, "outputs.confidence", {"percent": percent})
    return f"[{words[f'outputs.severity.{note.severity}']}] {' '.join(text.split())}"


def _told(code: str, text: str, words: Mapping[str, str]) -> DataNote:
    topic = next((topic for start, topic in _TOPIC_OF.items() if code.startswith(start)), "other")
    return DataNote(words[f"outputs.topic.{topic}"], text)


def _source(plan: Plan, words: Mapping[str, str]) -> Iterator[DataNote]:
    form = plan.project.form
    keys = ("data_date", "date", "data_source")
    params = {key: form.get(key) or words["outputs.not-given"] for key in keys}
    yield DataNote(words["outputs.topic.source"], sentence(words, "outputs.note.source", params))


def _layers(plan: Plan, words: Mapping[str, str]) -> Iterator[DataNote]:
    """One sentence for all layers that are missing."""
    code = "steps.missing-"
    missing = [note.code.removeprefix(code) for note in plan.notes if note.code.startswith(code)]
    if missing:
        names = words["outputs.join"].join(words[f"maps.missing.{role}"] for role in dict.fromkeys(missing))
        yield _told(code, sentence(words, "outputs.note.layers", {"layers": names}), words)


def _households(plan: Plan, words: Mapping[str, str]) -> Iterator[DataNote]:
    """Of how many neighbourhoods households are known, and how."""
    flags = plan.neighbourhoods["households_flag"].value_counts()
    figures = Figures(words)
    counts = {flag: int(flags.get(flag, 0)) for flag in (*_FLAGS, "unknown")}
    kinds = [f"{figures.coded('outputs.flag', flag)} {counts[flag]}" for flag in _FLAGS if counts[flag]]
    params = {
        "of": figures.number(len(plan.neighbourhoods)),
        "known": figures.number(sum(counts[flag] for flag in _FLAGS)),
        "kinds": words["outputs.join"].join(kinds) or words["outputs.no"],
        "unknown": figures.number(counts["unknown"]),
    }
    text = sentence(words, "outputs.note.households", params)
    if counts["unknown"]:
        text += sentence(words, "outputs.note.households-unknown", params)
    yield _told("steps.households", text, words)


def _overlaps(plan: Plan, words: Mapping[str, str]) -> Iterator[DataNote]:
    """Where members lie over each other: their land is there once in an area, but once in each of two."""
    rows = plan.neighbourhoods[plan.neighbourhoods["area_id"] != UNASSIGNED]
    shapes, areas = np.asarray(rows.geometry.values), rows["area_id"].to_numpy()
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    one, other = one[one < other], other[one < other]
    land = shapely.area(shapely.intersection(shapes[one], shapes[other])) / M2_PER_HA
    within = float(land[areas[one] == areas[other]].sum())
    between = float(land.sum()) - within
    figures = Figures(words)
    for code, hectares in (("overlap-within", within), ("overlap-between", between)):
        if hectares >= SEEN_HA:
            params = {"hectares": figures.number(hectares, Kind.HA)}
            yield DataNote(words["outputs.topic.survey"], sentence(words, f"outputs.note.{code}", params))


def _spikes(plan: Plan, words: Mapping[str, str]) -> Iterator[DataNote]:
    """Whose outline has a spike that files in degrees cannot hold."""
    rows = plan.neighbourhoods
    lost = spiked(rows.geometry) if rows.crs is not None else np.zeros(len(rows), dtype=bool)
    if lost.any():
        whose = rows["name"][lost][:MOST_NAMED]
        names = [neighbourhood_name(fid, name, words) for fid, name in whose.items()]
        params = {"count": int(lost.sum()), "names": names}
        yield DataNote(words["outputs.topic.survey"], sentence(words, "outputs.note.spikes", params))


def _note_text(plan: Plan, note: Note, words: Mapping[str, str]) -> str:
    facility = plan.standard.facility(str(note.params.get("facility", "")))
    if note.code == "steps.meeting-value" and facility is not None:
        value = MeetingValue(facility.key, *(str(note.params[name]) for name in ("key", "value", "by", "at")))
        return facility_name(facility, words) + words["outputs.colon"] + meeting_text(facility, value, words)
    if note.code == "steps.meeting-value" and note.params.get("facility") == SURVEY:
        return sentence(words, "outputs.note.survey-residents", note.params)
    if note.code == "steps.meeting-value" and (
        plan.programme or note.params.get("facility") in (SITE, REACH)
    ):
        params = (str(note.params[name]) for name in ("facility", "key", "value", "by", "at"))
        value = MeetingValue(*params)
        if value.facility == REACH:
            return reach_value_text(value, words)
        if plan.programme is None:
            return site_value_text(value, words)
        return programme_value_text(value, plan.programme.rules, words)
    code = f"outputs.note.{note.code}"
    return sentence(words, code, note.params) if code in words else _plain(note, words)


def _plain(note: Note, words: Mapping[str, str]) -> str:
    """The remark's own sentence without the option of the command line that decides otherwise."""
    printed = {note.code: _OVERRULED.sub("", words.get(note.code, note.code))}
    return sentence(ChainMap(printed, dict(words)), note.code, note.params)
