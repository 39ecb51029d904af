"""The solver of linear programs, where it is installed; it prints nothing."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

_lock = threading.Lock()
_greeted = threading.Event()


@cache
def solver() -> Any | None:
    """The library HiGHS, or None.

    It is a dependency; whoever takes the engine alone into a notebook may lack it. Then pieces beyond a dozen
    nodes are searched, and nothing is proven of them.
    """
    try:
        import highspy
    except ImportError:
        return None
    return highspy


def new_program(**options: Any) -> Any:
    """An empty linear program, solved by one thread without presolve, that prints nothing.

    Parameters
    ----------
    options
        Further options of HiGHS by their names, such as ``mip_rel_gap=0.0``.

    Returns
    -------
    highspy.Highs

    Raises
    ------
    RuntimeError
        The library is not installed: ask ``solver`` first.
    """
    library = solver()
    if library is None:
        raise RuntimeError("highspy is not installed")
    with _lock:
        if _greeted.is_set():
            made = library.Highs()
        else:
            with _without_output():
                made = library.Highs()
            _greeted.set()
    for name, chosen in {"output_flag": False, "threads": 1, "presolve": "off", **options}.items():
        made.setOptionValue(name, chosen)
    return made


@contextmanager
def _without_output() -> Iterator[None]:
    """Nothing reaches standard output of the process meanwhile.

    HiGHS 1.16 writes its version and licence there when the first program of a process is made, before an
    option can be set, from C and past ``sys.stdout``. It flushes what it writes.
    """
    if sys.stdout is not None:
        sys.stdout.flush()
    try:
        console = os.dup(1)
    except OSError:  # a program without a console: nobody reads
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        yield
    finally:
        os.dup2(console, 1)
        os.close(console)
        os.close(nowhere)
