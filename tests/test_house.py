"""The house stands as it was designed: layers, Qt only where it may be, sizes, words, packaging."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from renomap.assets import resource
from renomap.model.words import placeholders
from renomap.wording.catalogue import LANGUAGES, words

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "renomap"
MODULES = sorted(PACKAGE.rglob("*.py"))
#: Which parts of Qt a room may name; all others may name none.
QT_ROOMS = {
    "desktop": {"QtCore", "QtGui", "QtWidgets", "QtPrintSupport", "QtSvg", "QtTest"},
    "session": {"QtCore", "QtGui"},
    "cartography": {"QtCore", "QtGui"},
}


@dataclass(frozen=True)
class _Read:
    """What these tests ask of a module: its lines, every import, its functions and classes.

    A function is its name, its lines below the docstring and its parameters but self and cls.
    """

    lines: int
    imports: tuple[ast.Import | ast.ImportFrom, ...]
    functions: tuple[tuple[str, int, int], ...]
    classes: tuple[str, ...]


@cache
def _read(path: Path) -> _Read:
    text = path.read_text(encoding="utf-8")
    nodes = list(ast.walk(ast.parse(text)))
    return _Read(
        len(text.splitlines()),
        tuple(node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)),
        tuple(_measured(node) for node in nodes if isinstance(node, ast.FunctionDef)),
        tuple(node.name for node in nodes if isinstance(node, ast.ClassDef)),
    )


def _measured(node: ast.FunctionDef) -> tuple[str, int, int]:
    body = node.body[1:] if ast.get_docstring(node) is not None and len(node.body) > 1 else node.body
    taken = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    count = sum(each.arg not in ("self", "cls") for each in taken)
    return node.name, (node.end_lineno or 0) - body[0].lineno + 1, count


def _qt_modules(path: Path) -> set[str]:
    found = set()
    for node in _read(path).imports:
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif node.module:
            names = [node.module] if node.module != "PySide6" else [f"PySide6.{a.name}" for a in node.names]
        else:
            continue
        for name in names:
            if name.split(".")[0] in ("PySide6", "shiboken6", "qtawesome"):
                found.add(name.split(".")[1] if "." in name else "QtWidgets")
    return found


def test_imports_point_down_only() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([str(linter), "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def _name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imported(path: Path, known: frozenset[str]) -> set[str]:
    """Modules that a module names in any import: at its head, inside a function, for types only."""
    names = set()
    for node in _read(path).imports:
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        else:
            assert node.level == 0, f"{path}: imports are absolute"
            parts = {f"{node.module}.{alias.name}" for alias in node.names}
            names |= parts if parts <= known else {str(node.module)} | parts
    return (names & known) - {_name(path)}


def _in_circles(graph: dict[str, set[str]]) -> set[str]:
    """Modules that import themselves by way of others."""
    reached = {name: set(to) for name, to in graph.items()}
    for name in graph:
        todo = list(graph[name])
        while todo:
            new = graph[todo.pop()] - reached[name]
            reached[name] |= new
            todo += new
    return {name for name in graph if name in reached[name]}


def test_a_circle_is_found() -> None:
    graph = {"a": {"b"}, "b": {"c"}, "c": {"b", "d"}, "d": set()}
    assert _in_circles(graph) == {"b", "c"}


def test_no_module_imports_itself_by_way_of_others() -> None:
    """Imports for types only count as well: who has to read one module has to read the other."""
    known = frozenset(map(_name, MODULES))
    assert _in_circles({_name(path): _imported(path, known) for path in MODULES}) == set()


def test_qt_only_where_it_may_be() -> None:
    rooms = {path: QT_ROOMS.get(path.relative_to(PACKAGE).parts[0], set()) for path in MODULES}
    assert {path: more for path, known in rooms.items() if (more := _qt_modules(path) - known)} == {}


def test_no_module_over_500_lines() -> None:
    assert [path for path in MODULES if _read(path).lines > 500] == []


def test_functions_are_short_and_take_few_values() -> None:
    """At most 60 lines below the docstring and 8 parameters; compiled loops pass arrays one by one."""
    found = [
        (path, *each) for path in MODULES if "kernels" not in path.parts for each in _read(path).functions
    ]
    assert [each for each in found if each[2] > 60] == []
    assert [each for each in found if each[3] > 8] == []


#: Public classes of one name, and why both keep it.
TWICE = {
    "Desk": "that of the compiled frontage never leaves its module",
    "Ground": "that of the compiled search never leaves grouping",
    "Plan": "that of the compiled search never leaves grouping",
}


#: Words that are to be avoided for one thing of the glossary and are the right word for another.
SENSES = {
    "assumption": "what a plan rests on and says so; a guess is the import's",
    "block": "of a page, or of cells that are pasted",
    "demand": "what residents ask for (需求点单); a standard has needs",
    "measure": "the tool that measures lengths",
    "result": "what a run gave, before a plan is made from it",
    "sharing": "of supply across the line of an area; within it is pooled",
    "status": "how far a number was checked, or an item of work is",
    "unplaced": "in no year of the phasing; waiting is for a place on the map",
}


@cache
def _classes() -> dict[str, list[str]]:
    """The modules that each class is in."""
    found: dict[str, list[str]] = {}
    for path in MODULES:
        for name in _read(path).classes:
            found.setdefault(name, []).append(_name(path))
    return found


def test_each_class_has_a_name_of_its_own() -> None:
    """Whoever reads a name in one room knows what it is in every other."""
    twice = {
        name: places for name, places in _classes().items() if len(places) > 1 and not name.startswith("_")
    }
    assert twice.keys() == TWICE.keys(), twice
    assert all(any("kernels" in place for place in places) for places in twice.values()), twice


def _words_to_avoid() -> set[str]:
    """Words that the glossary gives up for another one, unless they are the word for something else."""
    avoided: set[str] = set()
    words: set[str] = set()
    for line in (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()[6:]:
        word, _, _, instead = line.strip("|").split("|")
        words |= {each.strip() for each in word.split(",")}
        avoided |= {each.strip() for each in re.sub(r"\(.*?\)", "", instead).split(",")}
    return {word for word in avoided - words if word.isalpha()}


def _is_said(name: str, avoided: set[str]) -> bool:
    parts = [part.lower() for part in re.findall(r"[A-Z]?[a-z]+", name)]
    return any(part in avoided or part.removesuffix("s") in avoided for part in parts)


def test_names_of_classes_and_modules_keep_to_the_glossary() -> None:
    """No synonym that the glossary avoids; a street is a road, so that 街道 is a subdistrict."""
    avoided = _words_to_avoid()
    assert {"street", "cluster", "compound"} <= avoided
    assert SENSES.keys() <= avoided
    assert _is_said("ClusterRows", avoided)
    names = {*_classes(), *(path.stem for path in MODULES)}
    assert {name for name in names if _is_said(name, avoided - SENSES.keys())} == set()


def test_modules_of_tests_have_names_of_their_own() -> None:
    """Two modules of one name in two folders cannot be collected together."""
    names = [path.stem for path in (ROOT / "tests").rglob("*.py") if path.stem != "conftest"]
    assert sorted(name for name in set(names) if names.count(name) > 1) == []


def test_every_package_is_packed() -> None:
    listed = (ROOT / "setup.cfg").read_text(encoding="utf-8").split("package_dir")[0].split()
    rooms = [path.parent.relative_to(ROOT) for path in PACKAGE.rglob("__init__.py")]
    assert [room for room in rooms if ".".join(room.parts) not in listed] == []


def test_the_command_line_needs_no_qt() -> None:
    code = (
        "import sys; import renomap.commands.run, renomap.steps.group, renomap.steps.import_, "
        "renomap.steps.judge, renomap.wording.catalogue; "
        "sys.exit(any(name.startswith('PySide6') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


@pytest.mark.parametrize("words", [["--version"], ["--help"], ["group", "--help"], ["group", "--aras", "8"]])
def test_what_needs_no_data_loads_no_library_for_it(words: list[str]) -> None:
    """Version, help and a slip in the options are answered before tables and geometry are loaded."""
    code = (
        "import sys\nfrom renomap.__main__ import main\n"
        f"try: main({words!r})\nexcept SystemExit: pass\n"
        "sys.exit(any(name in sys.modules for name in ('numpy', 'pandas', 'shapely', 'PySide6')))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False, capture_output=True)
    assert done.returncode == 0


def test_both_languages_know_every_code() -> None:
    own = {}
    for language in LANGUAGES:
        codes: dict[str, str] = {}
        for path in sorted(resource(f"i18n/{language}").glob("*.toml")):
            table = tomllib.loads(path.read_text(encoding="utf-8"))
            for code, text in _flat(table):
                assert code not in codes, f"{code} stands twice in {language}"
                codes[code] = text
        own[language] = codes
    assert own["zh"].keys() == own["en"].keys()
    for code, text in own["en"].items():
        assert text.strip(), code
        assert own["zh"][code].strip(), code


def _flat(table: dict[str, object], prefix: str = "") -> list[tuple[str, str]]:
    found = []
    for key, value in table.items():
        if isinstance(value, dict):
            found += _flat(value, f"{prefix}{key}.")
        else:
            found.append((prefix + key, str(value)))
    return found


def test_sentences_take_the_same_values_in_both_languages() -> None:
    zh, en = words("zh"), words("en")
    for code in en:
        plain = {name.replace("_zh", "_*").replace("_en", "_*") for name in placeholders(en[code])}
        chinese = {name.replace("_zh", "_*").replace("_en", "_*") for name in placeholders(zh[code])}
        assert plain == chinese, code


def test_every_error_and_note_has_a_sentence() -> None:
    known = words("en")
    pattern = re.compile(r"""(?:RenomapError|Note)\(\s*["']([a-z0-9_.-]+)["']""")
    for path in MODULES:
        for code in pattern.findall(path.read_text(encoding="utf-8")):
            assert code in known, f"{path.relative_to(ROOT)}: {code}"


def test_resources_are_found_in_the_checkout() -> None:
    assert resource("fonts/NotoSansSC-Regular.otf").is_file()
    with pytest.raises(ValueError, match="not a name"):
        resource("../setup.cfg")


def test_no_module_of_tests_is_skipped_whole() -> None:
    """Tests that run side by side do not report such a skip, so that nobody would notice it."""
    words = re.compile(r"importorskip\(|allow_module_level")
    found = [
        p.name
        for p in (ROOT / "tests").rglob("*.py")
        if p != Path(__file__) and words.search(p.read_text("utf-8"))
    ]
    assert not found
