"""Every file that a plan is handed over as: one row a format, read by command line, dialog, pack and help."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from renomap.model.comparison import Comparison
from renomap.model.feedback import Feedback, Silent
from renomap.model.page import USUAL_PAGE, Page
from renomap.model.plan import Plan
from renomap.model.words import sentence
from renomap.outputs import (
    dxf,
    geojson,
    geopackage,
    kml,
    map_sheet,
    neighbourhood_sheets,
    notice_sheet,
    report,
    shapefile,
    tables,
    webmap,
)

#: What a planner may choose of a file; the dialog has a row for each.
ASKS: Final = ("language", "theme", "area", "paper", "sheet", "scale", "dpi", "area-pages", "public")


@dataclass(frozen=True)
class Order:
    """One file to be written.

    Parameters
    ----------
    plan : Plan
        Source of every number.
    path : Path
        The file; it is complete or not there.
    words : Mapping
        Catalogue of the file's language.
    page : Page
        Paper, scale and colours of what is printed.
    theme, area
        What a map shows: a theme, and the area it is cut to (None: all).
    dpi : float
        Dots per inch of a picture.
    comparison : Comparison or None
        Of the plan with another scheme, for the slides.
    contents : tuple of str
        Chapters of a Word file in the order wanted; empty for all.
    said : Mapping or None
        What ``report_content.content`` gives of the plan and page, where several papers share it.
    """

    plan: Plan
    path: Path
    words: Mapping[str, str]
    page: Page = USUAL_PAGE
    theme: str = "areas"
    area: int | None = None
    dpi: float = 300.0
    comparison: Comparison | None = None
    contents: tuple[str, ...] = ()
    said: Mapping[str, Any] | None = None
    feedback: Feedback = field(default_factory=Silent)


@dataclass(frozen=True)
class Format:
    """A way to hand a plan over.

    Parameters
    ----------
    code : str
        Its key; ``outputs.format.CODE`` names it, ``outputs.format.about-CODE`` says what is in it.
    kind : str
        What people call such files; in lower case the ending.
    write : callable
        Writes the file of an order.
    asks : tuple of str
        What a planner may choose, of ``ASKS``.
    layer : str
        The layer it holds where two formats share an ending; empty where it has no such choice.
    in_pack : str
        Its name in the meeting pack; empty where it is not in there.
    icon : str
        Its sign in the window.
    """

    code: str
    kind: str
    write: Callable[[Order], object]
    asks: tuple[str, ...] = ()
    layer: str = ""
    in_pack: str = ""
    icon: str = "file-outline"

    @property
    def ending(self) -> str:
        """Ending of its files, with the dot, lower case."""
        return f".{self.kind.lower()}"

    def name(self, words: Mapping[str, str]) -> str:
        """What it is called, without the kind of file."""
        return words[f"outputs.format.{self.code}"]

    def file_name(self, words: Mapping[str, str]) -> str:
        """A name for its file, without blanks, with the ending."""
        return self.name(words).lower().replace(" ", "-") + self.ending

    def title(self, words: Mapping[str, str]) -> str:
        """What it is called, with the kind of file."""
        return sentence(words, "outputs.format-title", {"name": self.name(words), "kind": self.kind})

    def about(self, words: Mapping[str, str]) -> str:
        """What is in it."""
        return words[f"outputs.format.about-{self.code}"]


def _write_report(order: Order) -> None:
    report.write_pdf(
        order.plan, order.path, order.words, order.page, said=order.said, feedback=order.feedback
    )


def _write_proposal(order: Order) -> None:
    # Not needed by most runs.
    from renomap.outputs.word_report import write_docx

    write_docx(
        order.plan,
        order.path,
        order.words,
        order.page,
        dpi=order.dpi,
        chosen=order.contents,
        said=order.said,
        feedback=order.feedback,
    )


def _write_slides(order: Order) -> None:
    # Not needed by most runs.
    from renomap.outputs.slides_file import write_pptx

    write_pptx(
        order.plan,
        order.path,
        order.words,
        order.page,
        comparison=order.comparison,
        said=order.said,
        feedback=order.feedback,
    )


def _write_neighbourhood_sheets(order: Order) -> None:
    neighbourhood_sheets.write_pdf(
        order.plan, order.path, order.words, order.page, key=order.area, feedback=order.feedback
    )


def _write_notices(order: Order) -> object:
    return notice_sheet.write_pdf(
        order.plan, order.path, order.words, order.page, key=order.area, feedback=order.feedback
    )


FORMATS: Final[tuple[Format, ...]] = (
    Format(
        "report", "PDF", _write_report,
        ("language", "paper", "area-pages"), in_pack="report.pdf", icon="file-document-outline",
    ),
    Format(
        "proposal", "DOCX",
        _write_proposal, ("language", "area-pages"), in_pack="proposal.docx", icon="file-word-outline",
    ),
    Format(
        "slides", "PPTX",
        _write_slides, ("language", "area-pages"), in_pack="slides.pptx", icon="presentation",
    ),
    Format(
        "sheets", "PDF", _write_neighbourhood_sheets,
        ("language", "area", "paper", "public"), icon="home-city-outline",
    ),
    Format(
        "notices", "PDF", _write_notices, ("language", "area", "paper"), icon="bulletin-board",
    ),
    Format(
        "map", "PDF",
        lambda o: map_sheet.write_pdf(o.plan, o.path, o.words, o.page, o.theme, o.area, o.feedback),
        ("language", "theme", "area", "sheet", "scale"), icon="map-outline",
    ),
    Format(
        "picture", "PNG",
        lambda o: map_sheet.write_png(o.plan, o.path, o.words, o.page, o.theme, o.area, o.dpi, o.feedback),
        ("language", "theme", "area", "sheet", "scale", "dpi"), icon="image-outline",
    ),
    Format(
        "web", "HTML", lambda o: webmap.write_html(o.plan, o.path, o.words),
        ("language",), in_pack="map.html", icon="web",
    ),
    Format(
        "tables", "XLSX", lambda o: tables.write_xlsx(o.plan, o.path, o.words),
        ("language",), in_pack="tables.xlsx", icon="table",
    ),
    Format(
        "deficits", "CSV", lambda o: tables.write_deficits_csv(o.plan, o.path, o.words),
        ("language",), layer="areas", icon="table-large",
    ),
    Format(
        "list", "CSV", lambda o: tables.write_neighbourhoods_csv(o.plan, o.path, o.words),
        ("language",), layer="neighbourhoods", icon="table-large",
    ),
    Format(
        "areas", "GeoJSON", lambda o: geojson.write_areas(o.plan, o.path),
        layer="areas", in_pack="areas.geojson", icon="vector-polygon",
    ),
    Format(
        "members", "GeoJSON", lambda o: geojson.write_members(o.plan, o.path),
        layer="members", in_pack="members.geojson", icon="vector-polygon-variant",
    ),
    Format(
        "neighbourhoods", "GeoJSON", lambda o: geojson.write_neighbourhoods(o.plan, o.path),
        layer="neighbourhoods", in_pack="neighbourhoods.geojson", icon="home-group",
    ),
    Format(
        "package", "GPKG", lambda o: geopackage.write(o.plan, o.path),
        in_pack="plan.gpkg", icon="layers-outline",
    ),
    Format(
        "drawing", "DXF", lambda o: dxf.write(o.plan, o.path, o.words),
        ("language",), in_pack="plan.dxf", icon="ruler-square",
    ),
    Format(
        "areas-shape", "SHP", lambda o: shapefile.write(o.plan, o.path, o.words, "areas"),
        ("language",), layer="areas", icon="vector-polygon",
    ),
    Format(
        "members-shape", "SHP", lambda o: shapefile.write(o.plan, o.path, o.words, "members"),
        ("language",), layer="members", icon="vector-polygon-variant",
    ),
    Format(
        "neighbourhoods-shape", "SHP", lambda o: shapefile.write(o.plan, o.path, o.words, "neighbourhoods"),
        ("language",), layer="neighbourhoods", icon="home-group",
    ),
    Format(
        "globe", "KML", lambda o: kml.write(o.plan, o.path, o.words),
        ("language",), icon="earth",
    ),
)  # fmt: skip
LAYERS: Final = tuple(dict.fromkeys(each.layer for each in FORMATS if each.layer))


def endings() -> tuple[str, ...]:
    """Endings that can be written, each once, in the order of the formats."""
    return tuple(dict.fromkeys(each.ending for each in FORMATS))


def format_named(code: str) -> Format:
    """The format with that key.

    Raises
    ------
    KeyError
        There is none, a fault of the program.
    """
    return {each.code: each for each in FORMATS}[code]


def format_of(ending: str, layer: str = "areas") -> Format | None:
    """The first format of an ending (any case), of that layer where it has a choice of layers.

    >>> format_of(".csv", "neighbourhoods").code, format_of(".PDF").code, format_of(".doc")
    ('list', 'report', None)
    """
    fitting = (each for each in FORMATS if each.ending == ending.lower() and each.layer in ("", layer))
    return next(fitting, None)
