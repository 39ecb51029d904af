"""The only place that finds resources and the sample: the installed package first, then the checkout."""

from __future__ import annotations

import importlib.util
import tomllib
from functools import cache
from pathlib import Path
from typing import Any


@cache
def _home(package: str, folder: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is not None and spec.submodule_search_locations:
        return Path(next(iter(spec.submodule_search_locations)))
    return Path(__file__).resolve().parent.parent / folder


def resource(name: str) -> Path:
    """Path of a file or folder below ``resources``; ``name`` is relative, with forward slashes."""
    return _inside(_home("renomap.resources", "resources"), name)


@cache
def table(name: str) -> dict[str, Any]:
    """A table of ``resources/tables`` by name without ending, read once; callers must not change it."""
    return tomllib.loads(resource(f"tables/{name}.toml").read_text(encoding="utf-8"))


def sample(name: str = "") -> Path:
    """Path of a file of the sample town, or of its folder when ``name`` is empty."""
    return _inside(_home("renomap.sample_data", "sample_data"), name)


def _inside(home: Path, name: str) -> Path:
    if name.startswith("/") or ".." in name.split("/"):
        raise ValueError(f"not a name below the resources: {name!r}")
    return home / name
