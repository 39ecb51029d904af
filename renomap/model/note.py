"""A remark of the program to the planner: a guess, a repair, an assumption, a problem."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePath
from typing import Any, Final

from renomap.errors import RenomapError


class Severity(StrEnum):
    """How much a remark matters; an error makes ``renomap check`` exit 1."""

    INFO = "info"
    GUESS = "guess"
    WARNING = "warning"
    ERROR = "error"


class GuessKind(StrEnum):
    """What was decided; the value is also the name of the command-line option that decides otherwise."""

    CRS = "crs"  # system of a file's or a layer's coordinates
    ENCODING = "encoding"  # text encoding of a file
    ROLE = "role"  # part a layer plays
    FIELD = "field"  # canonical column that a column means
    UNIT = "unit"  # unit of area that a column is in
    ROWS = "rows"  # what a row of a sheet is: neighbourhoods, buildings, or none to leave the sheet out
    HEADER = "header"  # row of a sheet (from 1) that holds the names of the columns
    JOIN = "join"  # what joins an inventory to the map: auto, code or name


#: Leaves a layer, a column or a sheet out.
LEAVE_OUT: Final = "none"


@dataclass(frozen=True)
class Guess:
    """A decision of an import that the user can take otherwise; ``sources.options.overrule`` does it.

    Parameters
    ----------
    kind : GuessKind
    source : str
        File as the user names it.
    layer : str
        Layer or sheet in it; '' where the decision is about the whole file.
    column : str
        Column as it came; '' where the decision is about no column.
    chosen : str
        What was decided; '' where nothing could be.
    alternatives : tuple of str
        What else makes sense, ``chosen`` among them where it is one, best first. Each has a word of the
        catalogue under ``choice_code``, or is shown as it is.
    open : bool
        Whether any other value may be typed (a system, an encoding, the number of a row).
    samples : tuple of str
        Of a column: its first different cells that say anything, as written.
    """

    kind: GuessKind
    source: str
    layer: str = ""
    column: str = ""
    chosen: str = ""
    alternatives: tuple[str, ...] = ()
    open: bool = False
    samples: tuple[str, ...] = field(default=(), compare=False)

    @property
    def address(self) -> str:
        """What an option calls it: ``FILE``, ``FILE:LAYER`` or ``FILE:LAYER.COLUMN``."""
        place = f"{self.source}:{self.layer}" if self.layer else self.source
        return f"{place}.{self.column}" if self.column else place

    def option(self, value: str) -> str:
        """The option of the command line that decides for ``value``."""
        return f"--{self.kind} {self.address}={value}"

    def hint(self, value: str) -> str:
        """The same as one would type it: without the path of the file."""
        place = self.layer or PurePath(self.source).name
        place = f"{place}.{self.column}" if self.column else place
        return f"--{self.kind} {place}={value}"


def choice_code(kind: GuessKind, value: str) -> str:
    """The code of the catalogue that words a value of a guess; a value without words is shown as it is."""
    if value in ("", LEAVE_OUT, "auto"):
        return f"choice.{kind}-{value or 'open'}"
    if kind is GuessKind.ROWS and value in ("whole", "parts"):
        return f"choice.rows-{value}"
    if kind in (GuessKind.ROLE, GuessKind.ROWS):
        return f"role.{value}"
    if kind is GuessKind.FIELD:
        return f"field.{value}"
    if kind is GuessKind.JOIN:
        return f"field.{value}"
    return f"choice.{value}"


@dataclass(frozen=True)
class Note:
    """A remark; its sentence is found in the catalogue under ``code``.

    ``params`` holds plain texts and numbers for the sentence, or a list or mapping of them, which the
    sentence lists. ``layer`` and ``fids`` say what it is about, ``where`` is a point (x, y) in project
    coordinates to look at. A guess carries ``confidence`` (0..1) and in ``params["overrule"]`` the
    command-line option that overrules it; ``guesses`` are the decisions behind the remark, each of which can
    be taken otherwise as long as the sources are at hand; they are not saved.
    """

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    severity: Severity = Severity.INFO
    layer: str | None = None
    fids: tuple[int, ...] = ()
    where: tuple[float, float] | None = None
    confidence: float | None = None
    guesses: tuple[Guess, ...] = field(default=(), compare=False, metadata={"stored": False})


class Question(RenomapError):
    """An import cannot go on before ``guess``, which has no ``chosen``, is decided by the user."""

    def __init__(self, code: str, guess: Guess, **params: Any) -> None:
        super().__init__(code, **params)
        self.guess = guess
