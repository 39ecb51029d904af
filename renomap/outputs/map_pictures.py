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
        Those of ``cartography.sheet.map_image``; ``check`` of the feedback is called before every map.
    """
    from renomap.cartography import sheet
    from renomap.cartography.files import save_few_colours

    folder.mkdir(exist_ok=True)
    once = list(dict.fromkeys(wanted))
    drawn: dict[tuple[str, int | None], Path] = {}
    width, height = (round(side / MM_PER_INCH * style.dpi) for side in size_mm)
    for k, (theme, area) in enumerate(once):
        feedback.check()
        feedback.progress(k / len(once), "outputs.progress-maps")
        path = folder / f"{k:04d}.png"
        image = sheet.map_image(plan, theme, words, (width, height), area=area, style=style)
        save_few_colours(image, path, grey=style.grey)
        drawn[theme, area] = path
    return drawn
