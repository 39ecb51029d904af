"""The web map: one HTML file that any browser shows without a network."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from renomap.assets import resource
from renomap.cartography.symbols import tokens
from renomap.model.plan import Plan
from renomap.outputs.atomic import new_file
from renomap.outputs.webmap_content import web_content

_POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"
_IMAGE = re.compile(r"url\((images/[^)]+\.png)\)")

#: Where scripts, styles and data go, filled in after folium has written the page, in one pass, because its
#: elements read every text as a template: a name such as ``{{ x }}`` would be computed.
_PLACE = re.compile(r"@@renomap-([a-z]+)@@")
_HEADER = """<meta http-equiv="Content-Security-Policy" content="@@renomap-policy@@">
<title>@@renomap-title@@</title>
<link rel="icon" href="data:,">
<style>@@renomap-style@@</style>
<script>@@renomap-leaflet@@</script>
"""
_BODY = '<script type="application/json" id="plan-data">@@renomap-data@@</script>'
_SCRIPT = """@@renomap-code@@
showPlan({map}, JSON.parse(document.getElementById("plan-data").textContent));
"""


def write_html(plan: Plan, path: Path, words: Mapping[str, str]) -> None:
    """Write the web map.

    Leaflet, styles and images stand in the file; a content security policy forbids every request. Names are
    data, never markup. A click shows an area's numbers; colours by area or by the deficit of a facility, in
    the classes of the printed maps. Shapes are simplified until the page is below 5 MB.

    Raises
    ------
    RenomapError
        Those of ``atomic.new_file``.
    """
    page = _page(plan, words)
    with new_file(path) as draft:
        draft.write_text(page, encoding="utf-8")


def _page(plan: Plan, words: Mapping[str, str]) -> str:
    parts = {
        "policy": _POLICY,
        "title": escape(str(plan.project.form.get("title") or words["outputs.report.untitled"])),
        "style": _style(),
        "leaflet": _code("leaflet.js"),
        "code": _code("map.js"),
        "data": web_content(plan, words),
    }
    return _PLACE.sub(lambda match: parts[match[1]], _skeleton())


def _skeleton() -> str:
    """The page as folium writes it, with places for everything that is ours and nothing from the network."""
    import folium
    from branca.element import Element

    page = folium.Map(location=[0.0, 0.0], zoom_start=2, tiles=None, prefer_canvas=True, max_zoom=20)
    page.default_js = page.default_css = []
    page._id = "renomap"  # not random: the same plan gives the same file
    figure: Any = page.get_root()
    figure.header.add_child(Element(_HEADER), name="contents")
    figure.html.add_child(Element(_BODY), name="contents")
    figure.render()  # writes the map's own script first
    figure.script.add_child(Element(_SCRIPT.replace("{map}", page.get_name())), name="contents")
    return str(figure.render())


def _code(name: str) -> str:
    """A script without the address of its source map, which a browser's tools would ask for."""
    text = resource(f"webmap/{name}").read_text(encoding="utf-8")
    return re.sub(r"//# sourceMappingURL=.*", "", text)


def _style() -> str:
    """The tokens as variables, Leaflet's style with its images inside, then ours."""

    def inlined(match: re.Match[str]) -> str:
        data = base64.b64encode(resource(f"webmap/{match[1]}").read_bytes()).decode()
        return f"url(data:image/png;base64,{data})"

    sheets = [resource(f"webmap/{name}").read_text(encoding="utf-8") for name in ("leaflet.css", "map.css")]
    variables = "".join(f"--{name}:{colour};" for name, colour in tokens().items() if len(colour) == 7)
    return f":root{{{variables}}}\n" + _IMAGE.sub(inlined, "\n".join(sheets)).replace(
        "behavior: url(#default#VML);", ""
    )
