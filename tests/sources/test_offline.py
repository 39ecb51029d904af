"""Opening a file fetches nothing and reads no other file, whatever the file says and however it is named."""

from __future__ import annotations

import http.server
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from renomap.errors import RenomapError
from renomap.steps.import_ import import_sources

ENDINGS = (
    "kml",
    "gml",
    "tab",
    "mif",
    "fgb",
    "sqlite",
    "gpkg",
    "json",
    "geojson",
    "topojson",
    "osm",
    "dxf",
    "shp",
)
SQUARE = "112.9 28.2 112.91 28.2 112.91 28.21 112.9 28.2"


@pytest.fixture
def asked() -> Iterator[tuple[str, list[str]]]:
    """A server on this machine and the paths it was asked for."""
    paths: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_response(404)
            self.end_headers()

        do_HEAD = do_GET

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", paths
    server.shutdown()
    server.server_close()
    thread.join()


def virtual(source: str) -> str:
    return (
        '<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource relativeToVRT="0">'
        f"{source}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"
    )


def with_remote_schema(url: str) -> str:
    ask = "DescribeFeatureType?SERVICE=WFS&amp;VERSION=1.1.0&amp;REQUEST=DescribeFeatureType&amp;TYPENAME=a"
    return (
        '<?xml version="1.0"?><wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs"'
        ' xmlns:gml="http://www.opengis.net/gml" xmlns:x="http://x"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        f' xsi:schemaLocation="http://x {url}/{ask}"><gml:featureMember><x:a><x:name>n</x:name><x:geom>'
        '<gml:Polygon srsName="EPSG:4326"><gml:exterior><gml:LinearRing>'
        f"<gml:posList>{SQUARE}</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>"
        "</x:geom></x:a></gml:featureMember></wfs:FeatureCollection>"
    )


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_virtual_layer_is_refused_under_any_ending(
    tmp_path: Path, asked: tuple[str, list[str]], ending: str
) -> None:
    url, paths = asked
    file = tmp_path / f"a.{ending}"
    file.write_text(virtual(f"/vsicurl/{url}/a.geojson"), encoding="utf-8")
    with pytest.raises(RenomapError) as caught:
        import_sources([file])
    assert caught.value.code == "sources.points-elsewhere"
    assert paths == []


def test_a_virtual_layer_does_not_read_another_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    ring = SQUARE.replace(" 28.2 ", " 28.2,", 1)
    secret.write_text(f'name,WKT\n秘密,"POLYGON(({ring}))"\n', encoding="utf-8")
    (tmp_path / "a.kml").write_text(virtual(str(secret)), encoding="utf-8")
    with pytest.raises(RenomapError, match=r"points-elsewhere"):
        import_sources([tmp_path / "a.kml"])


@pytest.mark.parametrize("how", ["service", "schema", "address", "link", "pipeline"])
def test_nothing_is_fetched(tmp_path: Path, asked: tuple[str, list[str]], how: str) -> None:
    url, paths = asked
    name, text = {
        "service": ("a.gml", f"<OGRWFSDataSource><URL>{url}/wfs?service=WFS</URL></OGRWFSDataSource>"),
        "schema": ("a.gml", with_remote_schema(url)),
        "address": ("a.json", f"{url}/FeatureServer/0/query?f=json"),
        "link": (
            "a.kml",
            '<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><NetworkLink><Link>'
            f"<href>{url}/n.kml</href></Link></NetworkLink></Document></kml>",
        ),
        "pipeline": (
            "a.json",
            '{"type": "gdal_streamed_alg", "command_line":'
            f' "gdal vector pipeline ! read /vsicurl/{url}/g.json ! write --of stream a"}}',
        ),
    }[how]
    (tmp_path / name).write_text(text, encoding="utf-8")
    if how == "schema":  # what such a file itself holds is read
        assert len(import_sources([tmp_path / name]).layers) == 1
    else:
        with pytest.raises(RenomapError):
            import_sources([tmp_path / name])
    assert paths == []


def test_drivers_of_other_sources_are_not_loaded() -> None:
    """In a process of its own: here another test may have loaded the library first."""
    script = "import renomap, pyogrio; print(*pyogrio.list_drivers(), sep='\\n')"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    drivers = set(done.stdout.splitlines())
    assert "GPKG" in drivers
    assert not {"OGR_VRT", "WFS", "HTTP", "OAPIF", "CSW", "Carto", "GDALG"} & drivers
    assert done.stderr == ""
