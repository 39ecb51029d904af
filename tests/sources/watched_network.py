"""Runs in a network namespace of its own, where every address is this machine: who tries to reach anybody?

``python watched_network.py FOLDER`` imports each file of a folder; with an address in place of the folder it
is opened as GDAL does by itself, to show that the watch sees it. Prints one JSON object: ``reached`` (ports
that were tried), ``came`` (file: ``read`` or the code of the refusal).
"""

from __future__ import annotations

import contextlib
import json
import selectors
import socket
import subprocess
import sys
import threading
from pathlib import Path

#: Of the web, and of names that have to be looked up.
TCP, UDP = (80, 443, 8080), (53,)
ROUTES = (
    ("link", "set", "lo", "up"),
    ("route", "add", "local", "default", "dev", "lo"),
    ("-6", "route", "add", "local", "default", "dev", "lo"),
)


def watched() -> list[int]:
    """The ports that are tried from now on; every address leads here."""
    for words in ROUTES:
        subprocess.run(["ip", *words], check="-6" not in words, capture_output=True)
    reached: list[int] = []
    choose = selectors.DefaultSelector()
    for kind, ports in ((socket.SOCK_STREAM, TCP), (socket.SOCK_DGRAM, UDP)):
        for port in ports:
            door = socket.socket(socket.AF_INET, kind)
            door.bind(("0.0.0.0", port))
            if kind == socket.SOCK_STREAM:
                door.listen()
            choose.register(door, selectors.EVENT_READ, port)

    def watch() -> None:
        while True:
            for key, _ in choose.select():
                reached.append(key.data)
                door = key.fileobj
                assert isinstance(door, socket.socket)
                if key.data in UDP:
                    door.recvfrom(4096)
                else:
                    with contextlib.suppress(OSError):
                        door.accept()[0].close()

    threading.Thread(target=watch, daemon=True).start()
    return reached


def opened(address: str) -> dict[str, str]:
    import pyogrio

    try:
        pyogrio.read_info(address)
    except Exception as fault:
        return {address: type(fault).__name__}
    return {address: "read"}


def imported(folder: Path) -> dict[str, str]:
    from renomap.errors import RenomapError
    from renomap.sources.options import ImportOptions
    from renomap.steps.import_ import import_sources

    came = {}
    for path in sorted(folder.iterdir()):
        try:
            import_sources([path], ImportOptions(near=(112.9, 28.2)))
        except RenomapError as told:
            came[path.name] = told.code
        else:
            came[path.name] = "read"
    return came


if __name__ == "__main__":
    tried = watched()
    subject = sys.argv[1]
    outcome = opened(subject) if "://" in subject else imported(Path(subject))
    print(json.dumps({"reached": tried, "came": outcome}))
