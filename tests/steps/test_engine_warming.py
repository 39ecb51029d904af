"""After warming nobody waits for a compiler: every kernel of the search is loaded, and no other is made."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent

#: In a process of its own, where nothing has been compiled or loaded by other tests.
SCRIPT = """
import importlib, pathlib
import numpy as np
from numba.core.dispatcher import Dispatcher
import renomap.grouping as room
from engine_cases import FULL_WEIGHTS, plane
from renomap.errors import RenomapError
from renomap.grouping import search
from renomap.steps import warming
from renomap.model.problem import AUTO, FEWEST, MOST

def loaded():
    found = {}
    for path in sorted(pathlib.Path(room.__file__).parent.glob("kernels/*.py")):
        module = importlib.import_module(f"renomap.grouping.kernels.{path.stem}")
        for name, item in vars(module).items():
            called = isinstance(item, Dispatcher) and "no_cpython_wrapper" not in item.targetoptions
            if called and item.py_func.__module__ == module.__name__:
                found[f"{path.stem}.{name}"] = len(item.signatures)
    return found

warming.warm([warming.SEARCH])
before = loaded()
cold = [name for name, signatures in before.items() if signatures == 0]
assert len(before) > 20, before
assert not cold, f"not loaded by warming: {cold}"
for n in (12, 90, 300):
    for count in (AUTO, MOST, FEWEST, n // 8):
        for given in (
            {"lower": 300.0, "upper": 4000.0, "weights": FULL_WEIGHTS, "walk_max": 500.0},
            {"lower": 900.0, "upper": 1500.0, "weights": {"similarity": 0.5, "compactness": 0.5}},
            {"lower": 300.0, "upper": np.inf, "weights": {"similarity": 1.0}},
        ):
            try:
                search.solve(plane(n, n, count=count, **given), effort=0.02)
            except RenomapError:
                pass
after = loaded()
assert after == before, {name: after[name] for name in after if after[name] != before[name]}
"""


@pytest.mark.long
def test_no_kernel_is_compiled_after_warming() -> None:
    places = os.pathsep.join([str(HERE.parent / "grouping"), str(HERE.parents[1])])
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env={**os.environ, "PYTHONPATH": places},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
