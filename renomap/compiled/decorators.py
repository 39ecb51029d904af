"""How kernels are compiled: without the interpreter's lock, and kept on disk wherever there is a place.

Numba is slow to import (about half a second), so modules of kernels, the only ones that import this module,
are imported inside the functions that call them.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar, cast

from renomap.compiled.cache import cache_folder

F = TypeVar("F", bound=Callable[..., Any])


_FOLDER = cache_folder()
if _FOLDER is not None:
    os.environ["NUMBA_CACHE_DIR"] = str(_FOLDER)  # read by Numba when it is imported

# Measured: level 1 compiles the search in 32 s instead of 38 and runs it as fast to within 5 %; level 0 runs
# eight times slower. Whoever has set a level keeps it.
os.environ.setdefault("NUMBA_OPT", "1")

import numba  # noqa: E402

if _FOLDER is not None:
    vars(numba.config)["CACHE_DIR"] = str(_FOLDER)  # in case somebody imported Numba before us


def compiled(function: F) -> F:
    """Compile a kernel on its first call, ``nogil``, and keep it on disk where that is possible."""
    return cast(F, numba.njit(nogil=True, cache=_FOLDER is not None)(function))


def inner(function: F) -> F:
    """Compile a function that only kernels call: no door for Python, no file of its own."""
    njit: Any = numba.njit  # its types do not know the two options
    return cast(F, njit(nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)(function))


def inlined(function: F) -> F:
    """Compile a function into its callers.

    For parts of a hot kernel: every array handed to a function costs two atomic counts of references.
    """
    njit: Any = numba.njit
    options = {"nogil": True, "no_cpython_wrapper": True, "no_cfunc_wrapper": True, "inline": "always"}
    return cast(F, njit(**options)(function))
