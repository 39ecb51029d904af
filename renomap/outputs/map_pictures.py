"""Maps as picture files for documents that are edited further."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from renomap.cartography.style import Style
from renomap.model.feedback import Feedback
from renomap.model.mapview import MM_PER_INCH
from renomap.model.plan import Plan


def draw_pictures(
    plan: Plan,
    folder: Path,
    wanted: Iterable[tuple[str, int | None]],
    words: Mapping[str, str],
    *,
    size_mm: tuple[float, float],
    style: Style,
    feedback: Feedback,
) -> dict[tuple[str, int | None], Path]:
    """Draw each map (theme, area) once into the folder.

    Parameters
    ----------
    size_mm : tuple of float
        Width and height on the page; the lettering is in points at that size.
    style : Style
        What stands around each map; its dots per inch are those at that size.

    Returns
    -------
    dict
        The file of each map.

    Raises
    ------
    RenomapError
        Those of ``cartography.sheet.save_map_png``; ``check`` of the feedback is called before every map.
    """
    from renomap.cartography import sheet

    folder.mkdir(exist_ok=True)
    once = list(dict.fromkeys(wanted))
    drawn: dict[tuple[str, int | None], Path] = {}
    width, height = (round(side / MM_PER_INCH * style.dpi) for side in size_mm)
    for k, (theme, area) in enumerate(once):
        feedback.check()
        feedback.progress(k / len(once), "outputs.progress-maps")
        path = folder / f"{k:04d}.png"
        sheet.save_map_png(
            plan,
            path,
            theme,
            words,
            size_px=(width, height),
            area=area,
            style=style,
        )
        _pack(path, style.dpi)
        drawn[theme, area] = path
    return drawn


def _pack(path: Path, dpi: float) -> None:
    """Keep 256 colours: a map of plain colours loses nothing to the eye and shrinks to a quarter."""
    from PIL import Image

    with Image.open(path) as full:
        few = full.convert("RGB").quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.save(path, "PNG", optimize=False, dpi=(dpi, dpi))
