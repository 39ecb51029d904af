"""How many small faults the tests of a room notice: seeded mutants, each run by the tests that reach it.

``python benchmarks/mutants.py renomap/deficits tests/deficits --count 40 --seed 1`` prints a line for each
mutant that no test notices and the share that was noticed. All tests run once to see which functions each of
them calls; then every mutant lives in a process of its own, with only the tests that call its function,
module by module and the quickest first, until one fails. ``--again LOG`` runs only those mutants that the run
printed to LOG did not notice. Kernels are left out: what is compiled cannot be changed so. Nothing is written
to the sources. Works where processes can be forked.
"""

from __future__ import annotations

import argparse
import ast
import copy
import functools
import gc
import importlib
import os
import random
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest

#: A mutant that computes longer than this on one processor goes round in circles: it was noticed.
CPU_SECONDS = 60
SWAPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
#: Functions of numbers that are easily taken for each other.
NAMES = {
    "maximum": "minimum",
    "minimum": "maximum",
    "fmax": "fmin",
    "fmin": "fmax",
    "max": "min",
    "min": "max",
    "any": "all",
    "all": "any",
    "floor": "ceil",
    "ceil": "floor",
    "isnan": "isfinite",
}


def mutate(node: ast.AST) -> str | None:
    """Change a node in place; what was changed, or None where there is nothing to change."""
    match node:
        case ast.BinOp() | ast.BoolOp() | ast.AugAssign() if type(node.op) in SWAPPED:
            former, node.op = type(node.op), SWAPPED[type(node.op)]()  # type: ignore[assignment]
            return f"{former.__name__} -> {type(node.op).__name__}"
        case ast.Compare() if type(node.ops[0]) in SWAPPED:
            old, node.ops[0] = type(node.ops[0]), SWAPPED[type(node.ops[0])]()  # type: ignore[call-overload]
            return f"{old.__name__} -> {type(node.ops[0]).__name__}"
        case ast.UnaryOp(op=ast.Not() | ast.Invert()):
            node.op = ast.UAdd() if isinstance(node.op, ast.Not) else ast.USub()
            return "negation left out"
        case ast.Constant(value=bool() as value):
            node.value = not value
            return f"{value} -> {not value}"
        case ast.Constant(value=int() | float() as value):
            node.value = value + 1
            return f"{value} -> {value + 1}"
        case ast.Attribute(attr=name) if name in NAMES:
            node.attr = NAMES[name]
            return f"{name} -> {NAMES[name]}"
        case ast.Name(id=name) if name in NAMES:
            node.id = NAMES[name]
            return f"{name} -> {NAMES[name]}"
    return None


def functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Functions and methods of a module by qualified name, those inside functions left to their owner."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            for part in node.body:
                if isinstance(part, ast.FunctionDef):
                    yield f"{node.name}.{part.name}", part


def places(path: Path) -> list[tuple[Path, str, int]]:
    """Every place of a module that can be changed: path, function, position in the walk of its body."""
    found = []
    for name, function in functions(ast.parse(path.read_text(encoding="utf-8"))):
        for at, node in enumerate(ast.walk(ast.Module(function.body, []))):
            if mutate(copy.copy(node)) is not None:
                found.append((path, name, at))
    return found


def mutant(path: Path, name: str, at: int) -> tuple[CodeType, str]:
    """The code of a function with one change, and a line that says which."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    function = dict(functions(tree))[name]
    function.decorator_list = []
    node = next(node for i, node in enumerate(ast.walk(ast.Module(function.body, []))) if i == at)
    line = getattr(node, "lineno", function.lineno)
    change = mutate(node)
    code = compile(ast.fix_missing_locations(tree), str(path), "exec", dont_inherit=True)
    for part in name.split("."):
        code = next(c for c in code.co_consts if isinstance(c, CodeType) and c.co_name == part)
    return code, f"{path.as_posix()}:{line} {name}: {change}"


def living(path: Path, name: str) -> FunctionType | None:
    """The function itself, to be given other code; None where a decorator hides it."""
    thing: Any = importlib.import_module(".".join(path.with_suffix("").parts))
    for part in name.split("."):
        thing = thing.__dict__[part]
    for kind, inside in ((property, "fget"), (staticmethod, "__func__"), (classmethod, "__func__")):
        if isinstance(thing, kind):
            thing = getattr(thing, inside)
    thing = getattr(thing, "__wrapped__", thing)
    return thing if isinstance(thing, FunctionType) else None


def forget_answers() -> None:
    """Empty the caches of functions of the package: they hold what was computed without the mutant."""
    for thing in gc.get_objects():
        if isinstance(thing, functools._lru_cache_wrapper) and str(thing.__module__).startswith("renomap"):
            thing.cache_clear()


def in_order(items: list[tuple[float, pytest.Item]]) -> list[pytest.Item]:
    """Tests module by module, for these share fixtures: quick modules first, and in them quick tests."""
    modules: dict[Path, float] = {}
    for seconds, item in items:
        modules[item.path] = modules.get(item.path, 0.0) + seconds
    ordered = sorted(items, key=lambda pair: (modules[pair[1].path], str(pair[1].path), pair[0]))
    return [item for _, item in ordered]


class Mutants:
    """A plugin that runs the collected tests once as they are and then against each mutant."""

    def __init__(self, chosen: list[tuple[Path, str, int]], slowest: float) -> None:
        self.chosen = chosen
        self.slowest = slowest
        self.failed = False

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self) -> None:
        """One random example that fails is enough: it need not be made simple."""
        from hypothesis import Phase, settings

        phases = (Phase.explicit, Phase.generate)
        settings.register_profile("mutants", settings.default, max_examples=25, phases=phases, database=None)
        settings.load_profile("mutants")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.failed |= report.failed

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        reached: dict[CodeType, list[tuple[float, pytest.Item]]] = {}
        for item in session.items:
            called, seconds = self._watched(item)
            for code in called if seconds <= self.slowest else ():
                reached.setdefault(code, []).append((seconds, item))
        if self.failed:
            raise pytest.UsageError("the tests fail as they are")
        noticed = 0
        for number, (path, name, at) in enumerate(self.chosen, 1):
            code, line = mutant(path, name, at)
            function = living(path, name)
            items = reached.get(function.__code__, []) if function is not None else []
            killed = bool(items) and function is not None and self._is_noticed(function, code, items)
            noticed += killed
            if not killed:
                print(f"\nnot noticed ({len(items)} tests): {line}", flush=True)
            print(f"\r{noticed} of {number}", end="", flush=True)
        print(f"\nnoticed {noticed} of {len(self.chosen)}: {noticed / len(self.chosen):.0%}")
        return True

    def _watched(self, item: pytest.Item) -> tuple[set[CodeType], float]:
        """Run a test; the functions that it calls and how long it takes."""
        called: set[CodeType] = set()
        began = time.process_time()
        sys.setprofile(lambda frame, event, _: called.add(frame.f_code) if event == "call" else None)
        try:
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
        finally:
            sys.setprofile(None)
        return called, time.process_time() - began

    def _is_noticed(self, function: FunctionType, code: CodeType, items: list[Any]) -> bool:
        child = os.fork()
        if child == 0:
            quiet = os.open(os.devnull, os.O_WRONLY)
            os.dup2(quiet, 1)
            os.dup2(quiet, 2)
            resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
            function.__code__ = code
            forget_answers()
            tests = in_order(items)
            for item, after in zip(tests, [*tests[1:], None], strict=True):
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
                if self.failed:
                    os._exit(1)
            os._exit(0)
        return os.waitpid(child, 0)[1] != 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("room", type=Path, help="folder of modules, from here")
    parser.add_argument("tests", nargs="+", help="folders or files of its tests")
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--slowest", type=float, default=30.0, help="no test of more seconds meets a mutant")
    parser.add_argument("--again", type=Path, help="only those that a run printed here did not notice")
    asked, more = parser.parse_known_args()  # the rest is pytest's, such as -m "not property"
    modules = [path for path in sorted(asked.room.rglob("*.py")) if "kernels" not in path.parts]  # compiled
    every = [place for path in modules for place in places(path)]
    chosen = random.Random(asked.seed).sample(every, min(asked.count, len(every)))
    if asked.again is not None:
        former = asked.again.read_text(encoding="utf-8").splitlines()
        missed = {line.partition(" tests): ")[2] for line in former}
        chosen = [place for place in chosen if mutant(*place)[1] in missed]
    print(f"{len(chosen)} of {len(every)} places")
    options = ["-q", "-o", "timeout=0", "-p", "no:cacheprovider"]
    sys.exit(pytest.main([*options, *more, *asked.tests], [Mutants(chosen, asked.slowest)]))


if __name__ == "__main__":
    main()
