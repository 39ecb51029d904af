"""From a code and its values to a sentence, for every room that is handed a catalogue of words."""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter
from typing import Any


class _Forgiving(Formatter):
    def get_value(self, key: int | str, args: Any, kwargs: Mapping[str, Any]) -> Any:
        name, *forms = str(key).split("|")
        if len(forms) == 2 and name in kwargs:
            return forms[str(kwargs[name]) != "1"]
        return kwargs.get(name, f"{{{key}}}")


def placeholders(text: str) -> frozenset[str]:
    """The names of the values that a sentence asks for.

    >>> sorted(placeholders("{count} {count|row|rows} of {layer}"))
    ['count', 'layer']
    """
    return frozenset(name.split("|")[0] for _, name, _, _ in Formatter().parse(text) if name)


def sentence(catalogue: Mapping[str, str], code: str, params: Mapping[str, Any] | None = None) -> str:
    """The sentence of ``code`` with its placeholders filled; an unknown code shows itself.

    A text parameter that is itself a code of the catalogue is replaced by its words, with the parameters in
    them filled; a list is written item by item, a mapping as ``key → value``, both in words. A placeholder
    without a value stays visible as ``{name}``. ``{count|row|rows}`` is the first word where ``count`` is 1,
    else the second; such a word has no dot and no bracket in it.

    >>> [sentence({"rows": "{n} {n|row|rows}"}, "rows", {"n": n}) for n in (0, 1, 2)]
    ['0 rows', '1 row', '2 rows']
    """
    filled = {key: _worded(catalogue, value) for key, value in (params or {}).items()}
    if code not in catalogue:
        return code
    for key, value in (params or {}).items():
        if isinstance(value, str) and value in catalogue and "{" in catalogue[value]:
            filled[key] = _Forgiving().vformat(catalogue[value], (), filled)
    return _Forgiving().vformat(catalogue[code], (), filled)


def _worded(catalogue: Mapping[str, str], value: Any) -> Any:
    if isinstance(value, str):
        return catalogue.get(value, value)
    if isinstance(value, Mapping):
        pairs = (f"{_worded(catalogue, key)} → {_worded(catalogue, item)}" for key, item in value.items())
        return catalogue.get("list.between", ", ").join(pairs)
    if isinstance(value, list | tuple):
        return catalogue.get("list.between", ", ").join(str(_worded(catalogue, item)) for item in value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
