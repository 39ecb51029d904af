"""How kernels are compiled: without the interpreter's lock, and kept on disk wherever there is a place.

Numba is slow to import (about half a second), so modules of kernels, the only ones that import this module,
are imported inside the functions that call them.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

from renomap.compiled.cache import cache_folder, edition

F = TypeVar("F", bound=Callable[..., Any])


_FOLDER = cache_folder()
if _FOLDER is not None:
    os.environ["NUMBA_CACHE_DIR"] = str(_FOLDER)  # read by Numba when it is imported

# Measured: level 1 compiles the search in 32 s instead of 38 and runs it as fast to within 5 %; level 0 runs
# eight times slower. Whoever has set a level keeps it.
os.environ.setdefault("NUMBA_OPT", "1")
# For any processor of its kind, so that kernels can be handed on; measured no slower than for this one.
os.environ.setdefault("NUMBA_CPU_NAME", "generic")

import numba  # noqa: E402
from numba.core import caching  # noqa: E402

if _FOLDER is not None:
    vars(numba.config)["CACHE_DIR"] = str(_FOLDER)  # in case somebody imported Numba before us


class _ByEdition(caching._CacheLocator):
    """Tells Numba where a kernel of ours is kept: by edition and module, whatever folder it lies in.

    Numba's own locators go by the path of the source, so a program that is moved, or copied with its kernels
    to another machine, would compile all of them again.
    """

    def __init__(self, function: Any, file: str) -> None:
        self._py_file = file  # named by Numba in its warnings
        self._line = function.__code__.co_firstlineno
        self._room = Path(file).parents[1].name

    def get_cache_path(self) -> str:
        return str(Path(str(_FOLDER)) / self._room)

    def get_source_stamp(self) -> str:
        return edition()

    def get_disambiguator(self) -> str:
        return str(self._line)

    @classmethod
    def from_function(cls, function: Any, file: str) -> _ByEdition | None:
        ours = _FOLDER is not None and Path(file).is_relative_to(Path(__file__).parents[1])
        return cls(function, file) if ours else None


caching.CacheImpl._locator_classes.insert(0, _ByEdition)


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
