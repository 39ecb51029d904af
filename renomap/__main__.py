"""The entry: ``renomap COMMAND ...`` works without a screen, ``renomap [FILE]`` opens the window.

Order of start-up. First the language is chosen, so that even the first error is a sentence the user can
read. If the first word is a command, the command line is parsed and run; no Qt is loaded unless the command
draws a map. Otherwise the window starts: only QtWidgets is imported before it is shown, the slow libraries
(geometry, tables, kernels) load behind it. The world's faults (``RenomapError``) end in one sentence on
standard error and exit code 2; anything else is a bug and keeps its traceback.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from itertools import pairwise
from pathlib import Path
from typing import TextIO

from renomap.errors import RenomapError
from renomap.session.language import system_language
from renomap.wording.catalogue import LANGUAGES, error_sentence, words

#: One of these says where a window can be shown on Linux; without any, Qt would end the process.
SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run renomap; returns the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    language = _language(given) or system_language()
    _have_streams()
    try:
        if _wants_window(given):
            return _window(given, language)
        try:
            return _commands(given, language)
        finally:
            sys.stdout.flush()  # what cannot be told is found out here, not when the interpreter ends
    except BrokenPipeError:
        # Whoever read the output has read enough (`| head`); the results are saved before they are told.
        _silence()
        return 0
    except RenomapError as error:
        _tell(error_sentence(words(language), error))
        return 2
    except KeyboardInterrupt:
        _tell(words(language)["job.cancelled"])
        return 130
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise
        # The disk of the temporary files, or the one standard output is sent to; results have their own say.
        _silence()
        _tell(words(language)["commands.disk-full"])
        return 2


def _have_streams() -> None:
    """Put the null device where a standard stream was closed.

    Else the next file that is opened takes its number, and what a library prints goes into a project.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest free number, which is this one
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115


def _tell(sentence: str) -> None:
    """Say why it ends, if there is anybody to be told."""
    try:
        print(sentence, file=sys.stderr, flush=True)
    except OSError:
        _silence(sys.stderr)


def _silence(stream: TextIO | None = None) -> None:
    """Send what is still to be printed nowhere, or the interpreter would stumble over it when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), (stream or sys.stdout).fileno())


def _language(given: Sequence[str]) -> str | None:
    for name, value in pairwise(given):
        if name == "--lang" and value in LANGUAGES:
            return value
    return next((item[7:] for item in given if item[7:] in LANGUAGES and item.startswith("--lang=")), None)


def _wants_window(given: Sequence[str]) -> bool:
    from renomap.commands.parser import COMMANDS

    return not given or (given[0] not in COMMANDS and not given[0].startswith("-"))


def _window(given: Sequence[str], language: str) -> int:
    from renomap.commands.places import place

    path = place(given[0]) if given else None
    if path is not None and not path.exists():
        raise RenomapError("commands.file-missing", path=str(path))
    if sys.platform.startswith("linux") and not any(os.environ.get(name) for name in SCREENS):
        raise RenomapError("commands.no-screen")
    # The first import says in one sentence which system libraries are missing, if any are.
    from renomap.cartography import qt  # noqa: F401
    from renomap.desktop.app import run

    return run(path, language)


def _commands(given: Sequence[str], language: str) -> int:
    from renomap.commands.parser import make_parser

    _own_output()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    parsed = make_parser().parse_args(given)
    parsed.lang = language
    # Loaded when there is something to do: the version and the help are answered by then.
    from renomap.commands.run import run_command

    with _ended_politely():
        return run_command(parsed, words(language))


def _own_output() -> None:
    """Keep standard output for what renomap says.

    A library in C may print past Python, and whoever reads the JSON of a command would stumble over it.
    """
    console = sys.stdout
    if not isinstance(console, TextIOWrapper) or console is not sys.__stdout__:
        return  # there is none, or somebody listens in Python already
    console.flush()
    sys.stdout = os.fdopen(os.dup(1), "w", buffering=1 if console.isatty() else -1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


@contextmanager
def _ended_politely() -> Iterator[None]:
    """Let a request to end (`kill`, `timeout`, logging off) tidy up as Ctrl+C does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


if __name__ == "__main__":
    sys.exit(main())
