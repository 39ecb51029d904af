"""What the user calls files, layers and columns, and the options given for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from renomap.errors import RenomapError
from renomap.model.note import LEAVE_OUT, Guess, GuessKind
from renomap.sources.containers import DataSet
from renomap.sources.options import AUTO, ImportOptions


@dataclass(frozen=True)
class ColumnOptions:
    """What the user says of the columns of one table, and how a remark about one of them is addressed."""

    source: str = ""
    layer: str = ""
    fields: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    units: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def guess(
        self,
        kind: GuessKind,
        column: str,
        chosen: str,
        alternatives: Sequence[str],
        *,
        samples: Sequence[str] = (),
    ) -> Guess:
        """A guess about a column of this table, with some of what stands in it."""
        return Guess(
            kind, self.source, self.layer, column, chosen, tuple(alternatives), samples=tuple(samples)
        )


def source_of(data_set: DataSet) -> str:
    """The name that tells a file from all others of the import: its path where it was given by itself."""
    return str(data_set.given) if data_set.given.name == data_set.name else data_set.name


def file_names(data_set: DataSet) -> set[str]:
    """All the ways a user may name a file."""
    given = data_set.given
    return {str(given), given.name, given.stem, data_set.name, data_set.stem}


def layer_names(data_set: DataSet, title: str) -> set[str]:
    """All the ways a user may name a layer or a sheet."""
    sources = file_names(data_set)
    return {title, *sources, *(f"{source}:{title}" for source in sources)}


def option_of(options: Mapping[str, str], names: Iterable[str], otherwise: str = AUTO) -> str:
    """The option given for a thing with these names; the longest name wins, as it says most."""
    hits = sorted((name for name in names if name in options), key=lambda name: (len(name), name))
    return options[hits[-1]] if hits else otherwise


def options_of_columns(
    options: Mapping[str, str], names: Iterable[str], columns: Iterable[str]
) -> dict[str, str]:
    """Column -> the option given for it, by itself or as ``NAME.COLUMN``; the longer name wins."""
    owners = sorted(names, key=lambda name: (len(name), name))
    return {
        column: option_of(options, (column, *(f"{owner}.{column}" for owner in owners)))
        for column in columns
        if column in options or any(f"{owner}.{column}" in options for owner in owners)
    }


def columns_of(
    options: ImportOptions, data_set: DataSet, title: str, columns: Iterable[str], layer: str | None = None
) -> ColumnOptions:
    """What the user says of the columns of a layer or of a table (``layer`` is '' for a whole workbook)."""
    names, known = layer_names(data_set, title), [str(column) for column in columns]
    return ColumnOptions(
        source_of(data_set),
        title if layer is None else layer,
        options_of_columns(options.fields, names, known),
        options_of_columns(options.units, names, known),
    )


def require_named(said: Mapping[str, str], known: Iterable[str], option: str, shown: Iterable[str]) -> None:
    """Refuse an option that names what the import does not have.

    Raises
    ------
    RenomapError
        ``sources.unknown-target``
    """
    names = set(known)
    for key in said:
        if key not in names:
            listed = ", ".join(dict.fromkeys(shown))
            raise RenomapError("sources.unknown-target", option=option, target=key, known=listed)


def left_out(value: str) -> bool:
    """Whether an answer leaves out what it is about."""
    return value.strip().casefold() == LEAVE_OUT
