"""The meeting pack: all outputs of one run in one folder, under one version stamp."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Final

from renomap.errors import RenomapError
from renomap.model.comparison import Comparison
from renomap.model.feedback import Feedback, Part, Silent
from renomap.model.page import USUAL_PAGE, Page
from renomap.model.plan import Plan
from renomap.model.words import sentence
from renomap.outputs import report
from renomap.outputs.atomic import new_folder
from renomap.outputs.data_notes import write_import_log
from renomap.outputs.formats import FORMATS, Order, format_named
from renomap.outputs.report_content import content

SLIDES, IMPORT_LOG, README, INDEX = "slides", "import-log.txt", "README.txt", "pack.json"
#: Says that there is neither a page nor a picture of each area.
NO_AREA_PAGES: Final = "outputs.pack.no-area-pages"
#: Dots per inch of maps in the editable report of a pack: sharp on paper, drawn in half the time of 300.
PICTURE_DPI: Final = 200.0
#: The formats of a pack, the report first.
IN_PACK = tuple(each for each in FORMATS if each.in_pack)
#: Mark of a folder that a former run made and that may be replaced.
_MAKER = "renomap"


@dataclass(frozen=True)
class Pack:
    """What was written: ``files``, the report first, the index last, and ``kept``.

    ``kept`` are the files of the former pack that somebody has changed since, under their new names;
    ``lacks`` is a code of the catalogue for what the pack was asked to do without, '' where that is nothing.
    """

    files: tuple[Path, ...]
    kept: tuple[Path, ...]
    lacks: str = ""


def write_pack(
    plan: Plan,
    folder: Path,
    words: Mapping[str, str],
    page: Page = USUAL_PAGE,
    *,
    comparison: Comparison | None = None,
    feedback: Feedback | None = None,
) -> Pack:
    """Write report, proposal, tables, web map, GeoPackage, GeoJSON, with area pages a slide (16:9) per area,
    and the record of the import.

    The folder appears complete or not at all. A former pack is replaced; what others put into it stays, and
    so do files of it that they have changed, under a name with the time in it.

    Parameters
    ----------
    plan : Plan
        Source of every number in every file.
    folder : Path
        The pack's folder; its parent must exist.
    page : Page
        As in ``report.write_pdf``; without area pages there is no ``slides`` folder either, and
        the README says so.
    comparison : Comparison, optional
        With another scheme, for the slides.

    Returns
    -------
    Pack

    Raises
    ------
    RenomapError
        ``outputs.no-areas``, those of ``atomic.new_folder`` and of ``report.write_pdf``.
    """
    feedback = feedback or Silent()
    if not len(plan.areas):
        raise RenomapError("outputs.no-areas")
    folder = Path(folder)
    with new_folder(folder, _own_files) as draft:
        most = 0.6 if page.area_pages else 0.8
        path = draft / format_named("report").in_pack
        said = content(plan, words, area_pages=page.area_pages)
        made = report.write_pdf(plan, path, words, page, said=said, feedback=Part(feedback, 0.0, most))
        rest = Order(plan, draft, words, page, comparison=comparison, dpi=PICTURE_DPI, said=said)
        _write_rest(rest, Part(feedback, most, most + 0.15))
        if page.area_pages:
            _write_slides(plan, draft / SLIDES, words, Part(feedback, most + 0.15, 1.0))
        names = {name: about for name, about in _contents(words).items() if (draft / name).exists()}
        lacks = "" if page.area_pages else NO_AREA_PAGES
        _write_readme(plan, draft, words, names, lacks)
        files = [path.relative_to(draft).as_posix() for path in _files(draft, names)]
        index = {
            "maker": _MAKER,
            "stamp": plan.stamp,
            "pages": made.pages,
            "area_pages": {str(area): pages for area, pages in made.area_pages.items()},
            "files": {name: _digest(draft / name) for name in files},
        }
        text = json.dumps(index, ensure_ascii=False, indent=1)
        (draft / INDEX).write_text(text + "\n", encoding="utf-8", newline="\n")
        kept = _keep_changed(folder, draft)
    written = tuple(folder / name for name in (*files, INDEX))
    return Pack(written, tuple(folder / name for name in kept), lacks)


def _keep_changed(folder: Path, draft: Path) -> list[str]:
    """Copy what somebody has changed of the former pack into the new one, under names of their own."""
    stamp = f"{dt.datetime.now():%Y%m%d-%H%M%S}"
    kept = []
    for name, digest in (_former_files(folder) or {}).items():
        file = folder / name
        if not file.is_file() or _digest(file) == digest:
            continue
        place = PurePosixPath(name)
        other = str(place.with_name(f"{place.stem}.{stamp}{place.suffix}"))
        (draft / other).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(file, draft / other)
        kept.append(other)
    return kept


def _write_rest(order: Order, feedback: Feedback) -> None:
    """Every format but the report into the folder ``order.path``."""
    rest = [each for each in IN_PACK if each.code != "report"]
    for k, each in enumerate(rest):
        feedback.check()
        feedback.progress(k / len(rest), "outputs.progress-data")
        part = Part(feedback, k / len(rest), (k + 1) / len(rest))
        each.write(replace(order, path=order.path / each.in_pack, feedback=part))
    write_import_log(order.plan, order.path / IMPORT_LOG, order.words)


def _write_slides(plan: Plan, folder: Path, words: Mapping[str, str], feedback: Feedback) -> None:
    from renomap.cartography.slide import save_slide_png

    folder.mkdir()
    digits = max(2, len(str(max(plan.areas.index))))
    for k, area in enumerate(plan.areas.index):
        feedback.check()
        feedback.progress(k / len(plan.areas), "outputs.progress-slides")
        save_slide_png(plan, folder / f"area-{int(str(area)):0{digits}d}.png", words, area=int(str(area)))


def _contents(words: Mapping[str, str]) -> dict[str, str]:
    """What a pack may hold, by file name, and what is said of each."""
    formats = {each.in_pack: each.about(words) for each in IN_PACK}
    return {
        **formats,
        SLIDES: words["outputs.pack.slides"],
        IMPORT_LOG: words["outputs.pack.import-log"],
    }


def _write_readme(
    plan: Plan, draft: Path, words: Mapping[str, str], names: Mapping[str, str], lacks: str
) -> None:
    title = plan.project.form.get("title") or words["outputs.report.untitled"]
    lines = [
        f"{title} | {words['outputs.pack.title']}",
        "",
        sentence(words, "outputs.pack.same", {"stamp": plan.stamp}),
        "",
        *(f"{name:<24}{about}" for name, about in names.items()),
        *(("", words[lacks]) if lacks else ()),
    ]
    # Windows' editor needs the byte order mark to read Chinese.
    (draft / README).write_text("\r\n".join(lines) + "\r\n", encoding="utf-8-sig", newline="")


def _files(draft: Path, names: Iterable[str]) -> list[Path]:
    found: list[Path] = []
    for name in names:
        place = draft / name
        found += sorted(place.iterdir()) if place.is_dir() else [place]
    return [*found, draft / README]


def _digest(file: Path) -> str:
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _own_files(folder: Path) -> set[str] | None:
    """Names of the files a former run wrote, None if the folder is no pack of ours."""
    files = _former_files(folder)
    return None if files is None else {*files, INDEX}


def _former_files(folder: Path) -> dict[str, str] | None:
    """Names and digests of the files a former run wrote, None if the folder is no pack of ours."""
    try:
        index = json.loads((folder / INDEX).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if (
        not isinstance(index, dict)
        or index.get("maker") != _MAKER
        or not isinstance(index.get("files"), dict)
    ):
        return None
    return {str(name): str(digest) for name, digest in index["files"].items()}
