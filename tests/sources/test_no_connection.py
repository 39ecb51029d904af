"""No import reaches for anybody: tried where every address, of any library, leads to a watched door."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from test_damaged import KINDS
from test_offline import ENDINGS, virtual, with_remote_schema

SCRIPT = Path(__file__).with_name("watched_network.py")
#: Addresses for documentation (RFC 5737) and a name: nobody's, so that nothing is reached if the watch fails.
HOSTS = ("http://198.51.100.7", "https://198.51.100.8", "http://127.0.0.1:8080", "http://example.invalid")


def apart(subject: str) -> dict[str, Any]:
    """What the script tells from a network namespace of its own; skips where none can be made."""
    if shutil.which("unshare") is None or shutil.which("ip") is None:
        pytest.skip("no network namespace: unshare or ip is not installed")
    may = subprocess.run(
        ["unshare", "-rn", "ip", "link", "set", "lo", "up"], capture_output=True, check=False
    )
    if may.returncode:
        pytest.skip("no network namespace: this machine allows none")
    command = ["unshare", "-rn", sys.executable, "-W", "ignore", str(SCRIPT), subject]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def test_the_watch_sees_what_gdal_fetches_by_itself() -> None:
    assert 80 in apart("/vsicurl/http://198.51.100.7/a.geojson")["reached"]


def test_no_import_reaches_for_anybody(tmp_path: Path) -> None:
    folder, other = tmp_path / "sources", tmp_path / "made"
    folder.mkdir()
    for kind, make in KINDS.items():
        (other / kind).mkdir(parents=True)
        make(other / kind)
        for part in (other / kind).iterdir():
            shutil.copy(part, folder / f"sound_{kind}{part.suffix}")
    for nth, host in enumerate(HOSTS):
        for ending in ENDINGS if nth == 0 else ENDINGS[:1]:
            (folder / f"virtual{nth}.{ending}").write_text(virtual(f"/vsicurl/{host}/a.json"), "utf-8")
        for name, text in remote(host).items():
            (folder / f"{nth}_{name}").write_text(text, "utf-8")
    told = apart(str(folder))
    assert told["reached"] == []
    came = told["came"]
    assert {came[f"sound_{kind}.{kind}"] for kind in KINDS} == {"read"}
    assert {code for name, code in came.items() if name.startswith("virtual")} == {"sources.points-elsewhere"}
    assert len(came) >= len(KINDS) + len(ENDINGS) + 6 * len(HOSTS)


def remote(host: str) -> dict[str, str]:
    """Texts that ask for something at a host, by the name of their file."""
    kml = '<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>{}</Document></kml>'
    entity = f'<!DOCTYPE kml [<!ENTITY x SYSTEM "{host}/x">]>'
    link = f"<NetworkLink><Link><href>{host}/n.kml</href></Link></NetworkLink>"
    return {
        "service.gml": f"<OGRWFSDataSource><URL>{host}/wfs?service=WFS</URL></OGRWFSDataSource>",
        "schema.gml": with_remote_schema(host),
        "address.json": f"{host}/FeatureServer/0/query?f=json",
        "link.kml": kml.format(link),
        "entity.kml": kml.format("<name>&x;</name>").replace("<kml ", entity + "<kml ", 1),
        "table.csv": f'name,WKT\n甲,"{host}/a.geojson"\n',
    }
