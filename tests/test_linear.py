"""The solver is silent, from the first program of a process on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np

from renomap.linear import new_program, solver

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = """
print("before")
from renomap.linear import new_program
new_program(); new_program()
print("after", flush=True)
"""


def test_a_process_prints_only_its_own_words() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], cwd=ROOT, capture_output=True, check=True)
    assert done.stdout.decode().split() == ["before", "after"]
    assert done.stderr == b""


def test_without_a_console_it_works_too() -> None:
    script = "import os; os.close(1); from renomap.linear import new_program; new_program()"
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == 0


def test_a_program_of_one_row_is_solved() -> None:
    """The least 3 x + 2 y with x + y >= 4 and y <= 1 is 3 * 3 + 2 * 1."""
    library = solver()
    assert library is not None
    program = new_program(mip_rel_gap=0.0)
    program.addRow(4.0, library.kHighsInf, 0, np.zeros(0, np.int32), np.zeros(0))
    for cost, most in ((3.0, library.kHighsInf), (2.0, 1.0)):
        program.addCol(cost, 0.0, most, 1, np.zeros(1, np.int32), np.ones(1))
    program.run()
    assert program.getInfo().objective_function_value == 11.0
    assert program.getOptionValue("output_flag")[1] is False
