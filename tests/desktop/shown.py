"""The window as a process of its own: on a real screen (Xvfb) or without one, ended as a crash ends it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SIZE = "1366x768x24"


@contextmanager
def screen() -> Iterator[dict[str, str]]:
    """A screen of its own; gives the environment that shows windows on it."""
    reader, writer = os.pipe()
    command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", SIZE, "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[writer], stderr=subprocess.DEVNULL)
    os.close(writer)
    try:
        with os.fdopen(reader) as said:
            number = said.readline().strip()
        yield {"DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
    finally:
        server.terminate()
        server.wait()


def has_screen() -> bool:
    """Whether a screen can be made here."""
    return shutil.which("Xvfb") is not None


def start(
    script: str, *arguments: object, environment: dict[str, str] | None = None
) -> subprocess.Popen[str]:
    """A script of this folder with a window of its own."""
    root = str(HERE.parents[1])
    return subprocess.Popen(
        [sys.executable, str(HERE / script), *map(str, arguments)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": root, "QT_QPA_PLATFORM": "offscreen"} | (environment or {}),
    )


def kill(process: subprocess.Popen[str]) -> None:
    """End it without a warning, as a power cut or the system's memory guard does."""
    process.send_signal(signal.SIGKILL)  # does nothing where it has ended already
    process.wait()
    if process.stdout is not None:
        process.stdout.close()


def said(process: subprocess.Popen[str]) -> dict[str, Any]:
    """The next object that it prints, past any line of a library; fails where it ended without one."""
    assert process.stdout is not None
    line = next((line for line in process.stdout if line.startswith("{")), None)
    assert line, f"the window ended with {process.wait()}"
    found: dict[str, Any] = json.loads(line)
    return found
