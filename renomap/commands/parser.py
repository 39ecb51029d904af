"""The grammar of the command line. Scripts rely on these names."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NoReturn

from renomap import __version__
from renomap.commands.places import place
from renomap.commands.values import bound, number, positive, whole_number
from renomap.errors import RenomapError
from renomap.wording.catalogue import LANGUAGES

#: Options of ``group`` that override a bound of the preset, with the bound's key.
BOUND_OPTIONS: tuple[tuple[str, str], ...] = (
    ("--min-households", "households_min"),
    ("--max-households", "households_max"),
    ("--max-ha", "area_ha_max"),
    ("--min-count", "count_min"),
    ("--max-count", "count_max"),
    ("--max-walk", "walk_m_max"),
)


#: What the parser of options says, in its English, and the code of our own sentence for it.
_MESSAGES: tuple[tuple[str, str], ...] = (
    (r"the following arguments are required: (?P<names>.+)", "commands.usage-missing"),
    (r"unrecognized arguments: (?P<names>.+)", "commands.usage-unknown"),
    (r"argument (?P<option>.+?): expected (?:one argument|at least one argument)", "commands.usage-empty"),
    (
        r"argument (?P<option>.+?): invalid choice: (?P<text>.+?) \(choose from (?P<known>.+)\)",
        "commands.usage-choice",
    ),
    (
        r"ambiguous option: (?P<option>.+?) could match (?P<known>.+)",
        "commands.usage-ambiguous",
    ),
    (r"argument (?P<option>.+?): ignored explicit argument (?P<text>.+)", "commands.usage-flag"),
)


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence of the user's language instead of printing the whole usage.

    ``closing`` makes the last lines of the help, asked for only when somebody reads it.
    """

    closing: Callable[[], str] | None = None

    def format_help(self) -> str:
        if self.closing is not None:
            self.epilog = self.closing()
        return super().format_help()

    def error(self, message: str) -> NoReturn:
        for pattern, code in _MESSAGES:
            found = re.fullmatch(pattern, message)
            if found:
                raise RenomapError(code, program=self.prog, **found.groupdict())
        raise RenomapError("commands.usage", message=message, program=self.prog)


def make_parser() -> argparse.ArgumentParser:
    """The parser of ``renomap COMMAND ...``."""
    parser = _Parser(prog="renomap", description="Plan the renewal of old neighbourhoods, area by area.")
    parser.add_argument("--version", action="version", version=f"renomap {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, parser_class=_Parser)
    _demo(commands)
    _import(commands)
    _check(commands)
    _group(commands)
    _deficits(commands)
    _export(commands)
    _sheets(commands, "report", "write the map report as PDF")
    _sheets(commands, "pack", "write the whole meeting pack into a folder")
    _compare(commands)
    _programme(commands)
    return parser


COMMANDS = (
    *("demo", "import", "check", "group", "deficits", "export", "report", "pack", "compare"),
    *("programme", "record", "plan", "phase", "sites", "progress", "rebuild"),
)

_Sub = argparse._SubParsersAction  # the only name argparse has for it


def _command(commands: _Sub[_Parser], name: str, text: str) -> _Parser:
    command = commands.add_parser(name, help=text, description=text)
    command.add_argument("--json", action="store_true", help="print one JSON object")
    command.add_argument("--lang", choices=LANGUAGES, help="language of sentences and outputs")
    return command


def _demo(commands: _Sub[_Parser]) -> None:
    command = _command(commands, "demo", "run the sample town through the whole chain, without a screen")
    command.add_argument("--out", type=place, default=Path("renomap-demo"), metavar="DIR")
    command.add_argument("--preset", metavar="NAME", help="by the rules of one city, not of two")


def _import(commands: _Sub[_Parser]) -> None:
    command = _command(commands, "import", "read any vector files and an inventory into a project")
    command.add_argument("sources", nargs="*", type=place, metavar="SRC")
    command.add_argument("-o", "--output", type=place, required=True, metavar="P.gpkg")
    command.add_argument(
        "--table",
        action="append",
        default=[],
        metavar="X.xlsx[:SHEET]=TABLE",
        help="works, funds, events, surveys, problems, projects, units, ... of the programme, into P.gpkg",
    )
    command.add_argument("--inventory", type=place, metavar="X.xlsx")
    command.add_argument(
        "--crs",
        action="append",
        default=[],
        metavar="[SRC[:LAYER]=]CRS",
        help="auto, EPSG:n, gcj02, bd09 or WKT, for all sources or for one",
    )
    command.add_argument("--near", metavar="LON,LAT", help="settles which zone the numbers are in")
    command.add_argument("--encoding", action="append", default=[], metavar="[SRC=]NAME")
    command.add_argument("--role", action="append", default=[], metavar="SRC[:LAYER]=ROLE")
    command.add_argument("--field", action="append", default=[], metavar="[LAYER.]NAME=CANONICAL")
    command.add_argument("--unit", action="append", default=[], metavar="[LAYER.]NAME=UNIT")
    command.add_argument(
        "--rows",
        action="append",
        default=[],
        metavar="SHEET=KIND",
        help="neighbourhoods, buildings or none; of a layer: parts or whole",
    )
    command.add_argument("--header", action="append", default=[], metavar="SHEET=ROW")
    command.add_argument("--join", action="append", default=[], metavar="X.xlsx=code|name")
    command.add_argument("--control", action="append", default=[], metavar="SRC=POINTS.csv")
    command.add_argument(
        "--m2-per-household",
        type=partial(positive, option="--m2-per-household"),
        metavar="M2",
        help="floor area of one household, where households are estimated from buildings",
    )
    command.add_argument(
        "--storeys",
        type=partial(positive, option="--storeys"),
        metavar="N",
        help="assumed of buildings that state none, where households are estimated from them",
    )
    command.add_argument("--update", action="store_true", help="bring a corrected survey into the project")


def _check(commands: _Sub[_Parser]) -> None:
    command = _command(commands, "check", "list the problems of the data; exit 1 if there are errors")
    command.add_argument("source", type=place, metavar="P.gpkg|SRC")


def _group(commands: _Sub[_Parser]) -> None:
    command = _command(commands, "group", "group the neighbourhoods into contiguous areas")
    command.add_argument("source", type=place, metavar="P.gpkg|SRC")
    command.add_argument("-o", "--output", type=place, required=True, metavar="P.gpkg")
    command.add_argument("--preset", metavar="NAME|FILE")
    command.add_argument("--areas", default="auto", metavar="K|auto|most|fewest")
    command.add_argument("--target", action="append", default=[], metavar="households|count=N")
    for option, _ in BOUND_OPTIONS:
        command.add_argument(option, type=partial(bound, option=option), metavar="N")
    command.add_argument("--gap", type=partial(number, option="--gap"), metavar="M")
    command.add_argument("--within", metavar="FIELD|LAYER.FIELD|none")
    command.add_argument("--weight", action="append", default=[], metavar="TERM=W")
    command.add_argument("--only", metavar="selected|unassigned|everything", help="what may change")
    command.add_argument("--fids", metavar="FID,FID...", help="the neighbourhoods of --only selected")
    command.add_argument(
        "--warm", action=argparse.BooleanOptionalAction, help="start from the areas of the active scheme"
    )
    command.add_argument("--seed", type=partial(whole_number, option="--seed"), default=1, metavar="N")
    command.add_argument("--time-limit", type=partial(number, option="--time-limit"), metavar="S")
    command.add_argument("--title", metavar="T")
    command.add_argument("--labels", type=place, metavar="OUT.csv")


def _deficits(commands: _Sub[_Parser]) -> None:
    command = _command(commands, "deficits", "what each area lacks against the standard")
    command.add_argument("project", type=place, metavar="P.gpkg")
    command.add_argument("--standard", metavar="NAME|FILE")
    command.add_argument("--set", action="append", default=[], metavar="FACILITY.KEY=VALUE")
    command.add_argument("-o", "--output", type=place, metavar="OUT.xlsx|.csv")


def _export(commands: _Sub[_Parser]) -> None:
    command = _command(commands, "export", "write one file; its ending says what")
    command.formatter_class, command.closing = argparse.RawDescriptionHelpFormatter, _formats
    command.add_argument("project", type=place, metavar="P.gpkg")
    command.add_argument("-o", "--output", type=place, required=True, metavar="OUT")
    command.add_argument("--layer", default="areas", metavar="areas|members|neighbourhoods")
    command.add_argument(
        "--contents", default="", metavar="LIST",
        help="chapters of a .docx in the order wanted, such as brief,works,areas; all without it",
    )  # fmt: skip


def _formats() -> str:
    """What ``export`` can write, a line a format."""
    from renomap.outputs.formats import FORMATS, format_of
    from renomap.wording.catalogue import words

    english = words("en")
    reached = [each for each in FORMATS if format_of(each.ending, each.layer or "areas") is each]
    ways = [each.ending + (f" --layer {each.layer}" if each.layer else "") for each in reached]
    return "\n".join(f"  {way:<34}{each.name(english)}" for way, each in zip(ways, reached, strict=True))


#: As ``steps.handover.PAGES``, which is not loaded to read a command.
_PAGES = ("areas", "neighbourhoods", "notices", "all")


def _sheets(commands: _Sub[_Parser], name: str, text: str) -> None:
    command = _command(commands, name, text)
    command.add_argument("project", type=place, metavar="P.gpkg")
    command.add_argument("-o", "--output", type=place, required=True, metavar="OUT")
    command.add_argument("--paper", default="A3", choices=("A3", "A4"))
    command.add_argument("--no-area-pages", action="store_true")
    command.add_argument("--grey", action="store_true", help="without colours")
    command.add_argument(
        "--figures", default="deficits", metavar="LIST",
        help="theme maps: deficits (the first three), all, none, or themes such as year,reach:elder_care",
    )  # fmt: skip
    if name == "report":
        told = "areas (the report), a page for each neighbourhood, two notices for each project, or all"
        command.add_argument("--pages", default="areas", choices=_PAGES, help=told)
        told = "only of this area or neighbourhood; sheets of neighbourhoods and notices"
        command.add_argument("--of", metavar="AREA:12|N:345", help=told)
        told = "sheets of neighbourhoods without mobile numbers, persons and funding gaps"
        command.add_argument("--public", action="store_true", help=told)
    command.add_argument("--scheme", metavar="T", help="title or key of the scheme; else the active one")
    told = "scheme, or another project file: a page of the report says what differs from it"
    command.add_argument("--beside", metavar="T|P.gpkg", help=told)


def _compare(commands: _Sub[_Parser]) -> None:
    command = _command(commands, "compare", "what differs between two schemes, versions or files")
    command.add_argument("project", type=place, metavar="P.gpkg")
    command.add_argument("one", metavar="A", help="title or key of a scheme or version, or another file")
    command.add_argument("two", metavar="B", help="title or key of a scheme or version, or another file")
    command.add_argument("-o", "--output", type=place, metavar="OUT.xlsx")


def _programme(commands: _Sub[_Parser]) -> None:
    command = _command(commands, "programme", "gates, works, cost and funding of each project")
    command.add_argument("project", type=place, metavar="P.gpkg")
    command.add_argument("--programme", metavar="NAME|FILE", help="the city's rules")
    told = "works.ITEM.price=VALUE/UNIT, district.rate=VALUE, addon.KEY=SHARE or consent.yes_min=SHARE"
    command.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help=told)
    command.add_argument("--propose", action="store_true", help="works for everything that is known to lack")
    told = "its sheets as a workbook, or the list of projects as CSV"
    command.add_argument("-o", "--output", type=place, metavar="OUT.xlsx|.csv", help=told)
    command.add_argument("--check", action="store_true", help="exit 1 if there are errors")
    command = _command(commands, "progress", "what is done of what is planned, and what acceptance lacks")
    command.add_argument("project", type=place, metavar="P.gpkg")
    command.add_argument("--on", metavar="DATE", help="the day on which a report counts as old; today")
    command = _command(commands, "rebuild", "what owners pay, and whether a rebuilding balances")
    command.add_argument("case", type=place, metavar="CASE.toml")
    command.add_argument("-o", "--output", type=place, metavar="OUT.xlsx")
    _phase(commands)
    _sites(commands)
    command = _command(commands, "record", "a step taken for a gate or a procedure")
    command.add_argument("project", type=place, metavar="P.gpkg")
    command.add_argument("-o", "--output", type=place, metavar="P.gpkg")
    command.add_argument("--of", required=True, metavar="AREA:12|N:345")
    command.add_argument("--gate", required=True, metavar="GATE[.ROUND]")
    command.add_argument("--start", metavar="DATE")
    command.add_argument("--end", metavar="DATE")
    command.add_argument("--result", choices=("passed", "returned"))
    for name in ("body", "evidence", "document"):
        command.add_argument(f"--{name}", metavar="TEXT")
    command.add_argument("--override", metavar="REASON", help="count a gate as passed that is not")
    command = _command(commands, "plan", "move neighbourhoods or areas from one list to another")
    command.add_argument("project", type=place, metavar="P.gpkg")
    command.add_argument("-o", "--output", type=place, metavar="P.gpkg")
    command.add_argument(
        "--move", action="append", default=[], metavar="N:345|AREA:12=pool|annual:2027|exited"
    )
    command.add_argument("--roll", type=partial(whole_number, option="--roll"), metavar="YEAR")
    command.add_argument("--reason", metavar="R")
    command.add_argument("--by", metavar="WHO")


def _sites(commands: _Sub[_Parser]) -> None:
    command = _command(commands, "sites", "idle rooms for what lacks, within the radius in a straight line")
    command.add_argument("project", type=place, metavar="P.gpkg")
    command.add_argument("-o", "--output", type=place, metavar="P.gpkg")
    listed = partial(command.add_argument, action="append", default=[])
    listed("--accept", metavar="SITE:AREA:FACILITY", help="becomes planned works; the deficit stays")
    listed("--refuse", metavar="SITE:AREA:FACILITY", help="is not proposed again; needs --reason")
    listed("--withdraw", metavar="SITE:AREA:FACILITY", help="takes a decision back")
    listed("--set", metavar="FACILITY=M2", help="surface for one unit, as parking=30")
    command.add_argument("--reason", metavar="TEXT")


def _phase(commands: _Sub[_Parser]) -> None:
    command = _command(commands, "phase", "a year for each project, within the caps of the years")
    command.add_argument("project", type=place, metavar="P.gpkg")
    command.add_argument("-o", "--output", type=place, metavar="P.gpkg")
    command.add_argument("--years", metavar="2026-2030")
    listed = partial(command.add_argument, action="append", default=[])
    listed("--cap", metavar="2026[:SOURCE]=3000万", help="what may be spent; none = not limited")
    listed("--capacity", metavar="2026=5", help="projects a year")
    listed("--weight", metavar="FACTOR=SHARE", help="weights of the ranking; together 1")
    listed("--fix", metavar="AREA:4=2026|N:345=none", help="a year that stays, or is open again")
    seconds = partial(number, option="--time-limit")
    command.add_argument("--time-limit", type=seconds, default=10.0, metavar="SECONDS")
    command.add_argument("--rank-only", action="store_true", help="the order alone; nothing is changed")
